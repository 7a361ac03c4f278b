"""Submitting a version of the plan, and marking files of it as secret."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy import Law
from lunheng.core.policy.rules.plans import Readiness
from lunheng.core.procedures.preparing import MARK_SECRET, SUBMIT_PLAN
from lunheng.core.reasons import GivenReason
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.panels.permissions import no_draw_waits
from lunheng.plans import permissions, queries
from lunheng.plans.models import PlanVersion, Review


@act(SUBMIT_PLAN)
def submit_version(
    *,
    review_id: int,
    document_ids: list[int],
    parts: dict[str, int],
    has_site_statement: bool,
    note: GivenReason = "",
    secret_document_ids: list[int] | None = None,
    actor: Actor,
    at: datetime,
) -> PlanVersion:
    """提交方案版本: files, the pages of the nine parts, the signed statement that the plan fits the site.

    Parts may still be missing; they are asked for at the request. Every version needs approvals of its own. Files that
    hold what must be kept secret are marked so at once, or later (``mark_secret``).
    """
    secret = set(secret_document_ids or ())
    review = queries.review(review_id)
    case = review.case = lock(review.case_id)
    law = case.law
    require(
        combine(
            permissions.may_submit(actor, review),
            permissions.order(review, SUBMIT_PLAN),
            law.judge("draw.request", missing=[] if document_ids else ["plan_file"]),
            _known_parts(law, parts),
            _are_of(law, secret, set(document_ids)),
            no_draw_waits(case),
        )
    )
    require(_is_new(review, set(document_ids), _pages(parts), (has_site_statement, note.strip())))
    version = PlanVersion.objects.create(
        review=review,
        number=queries.next_number(review.plan),
        parts=_pages(parts),
        has_site_statement=has_site_statement,
        site_statement_by=actor.reference if has_site_statement else "",
        submitted_by=actor.reference,
        submitted_at=at,
        note=note.strip(),
    )
    documents = _documents(document_ids, law)
    for document in documents:
        document.bind(case, _kind_of(document), actor=actor, at=at, is_secret=document.pk in secret)
    version.documents.set(documents)
    if case.state in (ReviewState.DRAFTING, ReviewState.READY):
        case.move(ReviewState.APPROVING)
    data: dict[str, JsonValue] = {
        "label": f"提交方案第{version.number}版",
        "clause": str(law.clause("plan.readiness")),
        "version": version.number,
        "parts": version.parts,
        "site_statement": has_site_statement,
    }
    files: list[dict[str, str | int]] = [
        {"name": one.name, "sha256": one.sha256, "size": one.size} for one in documents
    ]
    if secret:
        data["secret"] = [one.sha256 for one in documents if one.is_secret]
    case.enter(actor=actor, at=at, data=data, files=files)
    return version


@act(MARK_SECRET)
def mark_secret(*, version_id: int, document_ids: list[int], actor: Actor, at: datetime) -> Entry:
    """标明保密文件: from now on these files open only for the confirmed experts who signed the commitment, the parties of
    the review and its supervising authority. A mark is not taken back: what was told is told."""
    version = queries.version(version_id)
    case = version.review.case = lock(version.review.case_id)
    require(permissions.may_submit(actor, version.review))
    clause = case.law.clause("security.secrecy")
    require(_are_of(case.law, set(document_ids), set(version.documents.values_list("pk", flat=True))))
    documents = [one for one in _documents(document_ids, case.law) if not one.is_secret]
    if not documents:
        remedy = "在方案页勾选尚未标明的文件"
        raise Refused(refused(clause, "没有需要标明的文件：未勾选，或已经标明为保密", remedy, "0 个文件"))
    for document in documents:
        document.keep_secret()
    data: dict[str, JsonValue] = {
        "label": f"标明方案第{version.number}版的{len(documents)}个文件含有保密内容",
        "clause": str(clause),
        "version": version.number,
        "secret": [one.sha256 for one in documents],
    }
    return case.enter(actor=actor, at=at, data=data)


def _are_of(law: Law, marked: set[int], given: set[int]) -> Verdict:
    """Only files of the version can be marked."""
    clause = law.clause("security.secrecy")
    others = ", ".join(str(one) for one in sorted(marked - given))
    if others:
        return refused(clause, "只能把本版方案的文件标明为保密", "勾选本版方案中的文件", f"文件 {others}")
    return allowed(clause, "本版方案的文件")


def _known_parts(law: Law, parts: dict[str, int]) -> Verdict:
    rule = law.rule("plan.readiness")
    known = rule.parts if isinstance(rule, Readiness) else ()
    clause = law.clause("plan.readiness")
    unknown = [part for part in parts if part not in known]
    if unknown:
        return refused(clause, "方案内容中有规则没有的部分", "按九个部分填写页码", "、".join(unknown))
    wrong = [law.label("plan_parts", part) for part, page in parts.items() if page < 0]
    if wrong:
        return refused(clause, "页码须为正整数", "填写该部分开始的页码", "、".join(wrong))
    return allowed(clause, "已写明各部分所在页码")


def _pages(parts: dict[str, int]) -> dict[str, int]:
    return {part: page for part, page in parts.items() if page}


def _is_new(review: Review, files: set[int], pages: dict[str, int], said: tuple[bool, str]) -> Verdict:
    """The very same once more is no further version: it would only undo the approvals of the one before, unless that
    one was returned."""
    clause, before = review.case.law.clause("platform.order"), queries.latest_version(review)
    if before is None or review.case.state == ReviewState.DRAFTING:
        return allowed(clause, "没有等待审查的版本")
    is_same = (before.parts, before.has_site_statement, before.note) == (pages, *said)
    if is_same and files == set(before.documents.values_list("pk", flat=True)):
        message = f"这些内容已经作为第{before.number}版提交"
        return refused(clause, message, "方案有修改时再提交新的版本", f"第{before.number}版")
    return allowed(clause, "与上一版不同")


def _documents(document_ids: list[int], law: Law) -> list[Document]:
    found = list(Document.objects.select_for_update(of=("self",)).filter(pk__in=document_ids).order_by("pk"))
    if len(found) != len(set(document_ids)):
        clause = law.clause("plan.readiness")
        raise Refused(refused(clause, "有文件不存在", "重新上传方案文件", str(len(document_ids))))
    return found


def _kind_of(document: Document) -> str:
    kept = (Document.Kind.PLAN, Document.Kind.CALCULATION, Document.Kind.DRAWING)
    return document.kind if document.kind in kept else Document.Kind.PLAN
