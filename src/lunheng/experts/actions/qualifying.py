"""What evidence shows of somebody in the pool: title, years in the specialty, grade."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy import Law
from lunheng.core.policy.rules.draws import ExpertGrade
from lunheng.core.procedures.files import RECORD_QUALIFICATION
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.documents.models import Document
from lunheng.experts import permissions, queries
from lunheng.experts.enrolling import years_before
from lunheng.experts.holding import hold, look_again
from lunheng.ledger.models import Entry
from lunheng.pools.queries import law_of

MOST_YEARS = 80
LONGEST_GRADE = 16


@act(RECORD_QUALIFICATION)
def record_qualification(
    *,
    expert_id: int,
    has_senior_title: bool,
    years: int,
    has_rich_experience: bool = False,
    grade: str = "",
    document_ids: list[int],
    actor: Actor,
    at: datetime,
) -> Entry:
    """登记职称、年限和等级: what the evidence shows of somebody in the pool, whenever admitted.

    Who is shown not to meet 31号（八） stays in the pool and is left out of draws; open panels look again.
    """
    expert = queries.expert(expert_id)
    held = hold(expert.reference, expert.file_id)
    file = held.file
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    on = at.astimezone(CHINA).date()
    law = law_of(expert.pool, on)
    assert law is not None
    require(_is_qualification(law, years, grade))
    proofs = _proofs(document_ids, file, law.clause("eligibility.floor"), actor, at)
    expert = held.expert
    expert.has_senior_title, expert.has_rich_experience = has_senior_title, has_rich_experience
    expert.practicing_since, expert.grade = years_before(on, years), grade.strip()
    expert.save(update_fields=("has_senior_title", "has_rich_experience", "practicing_since", "grade"))
    look_again(held.reviews, expert, "专家的职称、年限或等级重新登记，重新核对", actor, at)
    data: dict[str, JsonValue] = {
        "label": "登记职称、年限和等级",
        "clause": str(clause),
        "has_senior_title": has_senior_title,
        "years": years,
        "has_rich_experience": has_rich_experience,
        "grade": expert.grade,
    }
    files: list[dict[str, str | int]] = [
        {"name": one.name, "sha256": one.sha256, "size": one.size} for one in proofs
    ]
    return file.enter(actor=actor, at=at, data=data, files=files)


def _is_qualification(law: Law, years: int, grade: str) -> Verdict:
    """Years that a person can have worked, and a grade that the rule knows, where it has grades."""
    clause, rule = law.clause("eligibility.floor"), law.rule("draw.grade")
    if not 0 <= years <= MOST_YEARS:
        return refused(clause, f"从业年限须在0至{MOST_YEARS}年之间", "核对从业年限", str(years))
    if isinstance(rule, ExpertGrade) and grade.strip() not in ("", *rule.order):
        names = "、".join(rule.order)
        return refused(law.clause(rule.key), "规则没有这一专家等级", f"从{names}中选择", grade)
    if len(grade.strip()) > LONGEST_GRADE:
        return refused(clause, f"专家等级不超过{LONGEST_GRADE}个字", "填写等级的名称", grade[:40])
    return allowed(clause, "可以登记")


def _proofs(numbers: list[int], file: Case, clause: Clause, actor: Actor, at: datetime) -> list[Document]:
    """The certificates, made part of the expert's file."""
    found = list(Document.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk"))
    if not found or len(found) != len(set(numbers)):
        raise Refused(
            refused(clause, "须附职称证书、从业年限或等级的证明", "上传证明后再登记", f"{len(found)} 份")
        )
    for document in found:
        document.bind(file, Document.Kind.PROOF, actor=actor, at=at)
    return found
