"""A review begins: its case is opened under the law of the day."""

from datetime import date, datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.opening import open_case, set_parties
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.policy import Law
from lunheng.core.procedures.preparing import ENTER_LEGACY_REVIEW, OPEN_REVIEW
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.documents.models import Document
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import PackRecord
from lunheng.organizations import queries as units
from lunheng.organizations.models import Organization
from lunheng.plans import permissions, queries
from lunheng.plans.models import Plan, Review
from lunheng.works import queries as works
from lunheng.works.models import HazardousWork

NOT_HAZARDOUS = Clause(
    "住房城乡建设部办公厅关于实施〈危险性较大的分部分项工程安全管理规定〉有关问题的通知", "附件一"
)


@act(OPEN_REVIEW)
def open_review(
    *,
    work_id: int,
    title: str,
    is_by_subcontractor: bool = False,
    author_code: str = "",
    previous_case_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Review:
    """发起专家论证: a case pinned to the pack in force, with the parties of the project.

    After a failed, void or superseded review of the same works, it is linked to that one.
    """
    work = works.work(work_id)
    record = permissions.pack_in_force(work, at)
    law = laws.of(record.digest)
    require(combine(permissions.may_start(actor, law, work.project), _is_hazardous(work)))
    require(_is_first(work, title, law))
    contractor = Organization.objects.get(code=actor.organization)
    author = _author(work, law, contractor, author_code) if is_by_subcontractor else contractor
    previous = _previous(work, law, previous_case_id)
    case = _open(work, title, record, at, previous)
    plan = _plan(work, title, author, is_by_subcontractor, previous, at)
    review = Review.objects.create(case=case, plan=plan, contractor=contractor)
    data = {"label": "发起专家论证", "clause": str(law.clause("roles.organiser")), **_pinned(record)}
    if previous is not None:
        data["previous"] = previous.reference
    case.enter(actor=actor, at=at, data={**data, "work": work.pk, "plan": plan.lineage})
    return review


@act(ENTER_LEGACY_REVIEW)
def enter_legacy_review(
    *,
    work_id: int,
    title: str,
    requested_on: date,
    meeting_on: date,
    proof_document_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Review:
    """录入启用前已约定的论证: only with proof, marked 启用前, shown to the supervising office."""
    work = works.work(work_id)
    record = permissions.pack_in_force(work, at)
    law = laws.of(record.digest)
    proof = _proof(proof_document_id)
    verdict = law.judge(
        "scope.transition", requested_on=requested_on, meeting_on=meeting_on, has_proof=proof is not None
    )
    require(combine(permissions.may_start(actor, law, work.project), _is_hazardous(work), verdict))
    if requested_on >= _first_day(record):
        clause = law.clause("scope.transition")
        message = "申请在启用之后，应在平台发起论证"
        raise Refused(refused(clause, message, "请使用“发起专家论证”", str(requested_on)))
    contractor = Organization.objects.get(code=actor.organization)
    case = _open(work, title, record, at, None, requested_on)
    plan = _plan(work, title, contractor, False, None, at)
    review = Review.objects.create(case=case, plan=plan, contractor=contractor, is_legacy=True)
    if proof is not None:
        proof.bind(case, Document.Kind.PROOF, actor=actor, at=at)
    data = {
        "label": "录入启用前已约定的论证",
        "clause": str(law.clause("scope.transition")),
        "requested_on": str(requested_on),
        "meeting_on": str(meeting_on),
        "proof": proof.sha256 if proof else "",
        **_pinned(record),
    }
    case.enter(actor=actor, at=at, data=data)
    return review


def _proof(document_id: int | None) -> Document | None:
    return None if document_id is None else Document.objects.filter(pk=document_id).first()


def _pinned(record: PackRecord) -> dict[str, str]:
    return {"pack": record.pack_id, "pack_version": record.version, "pack_digest": record.digest}


def _first_day(record: PackRecord) -> date:
    """The first day of the pack, from which reviews begin on the platform."""
    return record.effective_from or date.min


def _is_hazardous(work: HazardousWork) -> Verdict:
    if work.is_hazardous:
        return allowed(NOT_HAZARDOUS, "属于危大工程")
    return refused(NOT_HAZARDOUS, "该工程不属于危大工程，无须专家论证", "核对危大工程的参数", work.name)


def _is_first(work: HazardousWork, title: str, law: Law) -> Verdict:
    """A review of the same plan that was opened and left empty is gone on with; of two at once the second waits here."""
    HazardousWork.objects.select_for_update(no_key=True).get(pk=work.pk)
    clause = law.clause("platform.order")
    begun = queries.empty_review(work, title.strip() or work.name)
    if begun is None:
        return allowed(clause, "同名方案没有尚未提交的论证")
    message = "同名方案的论证已经发起，还没有提交方案"
    return refused(clause, message, "打开已发起的论证，在其中提交方案", begun.case.reference)


def _author(work: HazardousWork, law: Law, contractor: Organization, code: str) -> Organization:
    found = units.by_given_code(code)
    roles = works.roles_of(work.project, found.code) if found else ()
    if found is None or Role.SUBCONTRACTOR.value not in roles:
        clause = law.clause("plan.readiness")
        message = "分包单位编制的方案，须写明已登记在本工程的分包单位"
        raise Refused(refused(clause, message, "先在工程中登记该分包单位", code or "未填写"))
    return found


def _previous(work: HazardousWork, law: Law, case_id: int | None) -> Case | None:
    """The review that is repeated: the one named, or the last one of these works that has to be."""
    if case_id is None:
        return queries.last_over(work)
    previous = lock(case_id)
    earlier = queries.review_of(previous)
    if earlier.plan.work_id != work.pk or previous.state not in queries.TO_BE_REPEATED:
        clause = law.clause("platform.order")
        message = "只有同一危大工程未通过、无效或已变更的论证才能重新论证"
        raise Refused(refused(clause, message, "从原论证的页面发起", previous.state_label))
    return previous


def _open(
    work: HazardousWork,
    title: str,
    record: PackRecord,
    at: datetime,
    previous: Case | None,
    requested_on: date | None = None,
) -> Case:
    project = work.project
    case = open_case(
        Case.Kind.REVIEW,
        title=title.strip() or work.name,
        division=project.division,
        district=project.district,
        is_city_run=project.is_city_run,
        pack=record,
        requested_on=requested_on or at.astimezone(CHINA).date(),
        at=at,
        previous=previous,
    )
    set_parties(case, [(one.organization, one.role) for one in works.parties_of(project)], at)
    return case


def _plan(
    work: HazardousWork,
    title: str,
    author: Organization,
    is_by_subcontractor: bool,
    previous: Case | None,
    at: datetime,
) -> Plan:
    """A new plan, or the next of a line whose earlier one was reviewed."""
    line = {"lineage": queries.review_of(previous).plan.lineage} if previous else {}
    return Plan.objects.create(
        work=work,
        title=title.strip() or work.name,
        author=author,
        is_by_subcontractor=is_by_subcontractor,
        created_at=at,
        **line,
    )
