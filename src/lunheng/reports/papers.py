"""The sheet of opinions and the report as official documents."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from lunheng.cases.models import Case
from lunheng.cases.queries import parties_of
from lunheng.documents.models import Document
from lunheng.documents.papers import Form
from lunheng.meetings.models import Meeting, SiteVisit
from lunheng.meetings.queries import confirmed_members
from lunheng.panels.models import Member
from lunheng.plans.models import PlanVersion
from lunheng.plans.permissions import risk_level
from lunheng.plans.queries import organizer_of
from lunheng.reports import queries
from lunheng.reports.models import OpinionForm, Report
from lunheng.works.models import HazardousWork
from lunheng.works.queries import thresholds

QUESTIONS = {
    "complete": "专项施工方案内容是否完整、可行",
    "calculation": "专项施工方案计算书和验算依据、施工图是否符合有关标准规范",
    "site": "专项施工方案是否满足现场实际情况，并能够确保施工安全",
}
"""The three questions of 31号（四）."""
ACCEPTANCE = "acceptance"
"""The part of a plan that names what is accepted, and when."""


class ItemLine(TypedDict):
    """One opinion as it is printed."""

    number: int
    place: str
    problem: str
    basis: str
    advice: str
    is_required: bool


class DefectLine(TypedDict):
    """One severe defect that was looked for."""

    item: str
    text: str
    answer: str
    place: str


class OpinionData(TypedDict):
    """项目、方案、专家、意见、严重缺陷核对和踏勘."""

    project: str
    work: str
    plan: str
    version: int
    plan_sha256: str
    expert: str
    unit: str
    specialty: str
    stage: str
    conclusion: str
    site_visit: str
    items: list[ItemLine]
    defects: list[DefectLine]
    submitted_at: str
    is_late: bool


class PartyLine(TypedDict):
    """One unit of the project."""

    role: str
    name: str
    code: str


class ParameterLine(TypedDict):
    """One measure of the works."""

    label: str
    value: str


class MemberLine(TypedDict):
    """One expert of the panel."""

    name: str
    unit: str
    title: str
    specialty: str
    is_leader: bool
    vote: str


class AttendeeLine(TypedDict):
    """Who was asked to the meeting, and whether he came."""

    role: str
    person: str
    organization: str
    presence: str


class ReportData(TypedDict):
    """31号（五）, and what the form of a report names."""

    number: str
    project: str
    overview: str
    work: str
    grading: str
    risk: str
    contractor: str
    organizer: str
    plan: str
    version: int
    plan_sha256: str
    parties: list[PartyLine]
    parameters: list[ParameterLine]
    mode: str
    place: str
    started_at: str
    ended_at: str
    attendees: list[AttendeeLine]
    members: list[MemberLine]
    questions: dict[str, str]
    three_questions: dict[str, str]
    defects: list[DefectLine]
    items: list[dict[str, object]]
    conclusion: str
    summary: str
    nodes: list[str]
    dissents: list[dict[str, object]]
    compiler: str
    compiled_at: str
    attachments: list[str]


def opinion_data(form: OpinionForm) -> OpinionData:
    """What 专家审查意见表 shows."""
    case, expert = form.case, form.member.expert
    work = case.review.plan.work
    return {
        "project": work.project.name,
        "work": _works(case, work),
        "plan": case.review.plan.title,
        "version": form.version.number,
        "plan_sha256": digest_of(form.version),
        "expert": expert.name,
        "unit": expert.unit.name,
        "specialty": case.law.label("specialties", form.member.specialty),
        "stage": form.get_stage_display(),
        "conclusion": form.get_conclusion_display(),
        "site_visit": _site_visit(form.member),
        "items": [_item(number, item) for number, item in enumerate(form.items.all(), 1)],
        "defects": _defects(case, by=form.member),
        "submitted_at": _written(form.submitted_at),
        "is_late": form.is_late,
    }


def report_data(report: Report) -> ReportData:
    """What 专家论证报告 shows: works and parties, the meeting, every member with the opinion, the three questions, the
    severe defects, the items, the conclusion."""
    case, meeting, review = report.case, report.meeting, report.case.review
    work, votes = review.plan.work, {form.member_id: form for form in queries.votes_of(meeting)}
    return {
        "number": report.number,
        "project": work.project.name,
        "overview": _overview(work),
        "work": _works(case, work),
        "grading": "；".join(f"{hit['text']}（{hit['clause']}）" for hit in work.hits),
        "risk": risk_level(case.law, work.risk_level),
        "contractor": review.contractor.name,
        "organizer": organizer_of(review).name,
        "plan": review.plan.title,
        "version": report.version.number,
        "plan_sha256": digest_of(report.version),
        "parties": _parties(case),
        "parameters": _parameters(case, work),
        "mode": meeting.get_mode_display(),
        "place": meeting.place,
        "started_at": _written(meeting.started_at),
        "ended_at": _written(meeting.ended_at),
        "attendees": _attendees(meeting),
        "members": [_member(case, member, votes.get(member.pk)) for member in confirmed_members(case)],
        "questions": QUESTIONS,
        "three_questions": report.three_questions,
        "defects": _defects(case),
        "items": report.items,
        "conclusion": report.get_conclusion_display(),
        "summary": report.summary,
        "nodes": _nodes(case, report.version),
        "dissents": report.dissents,
        "compiler": queries.compiler_of(report),
        "compiled_at": _written(report.compiled_at),
        "attachments": _attachments(case),
    }


def digest_of(version: PlanVersion) -> str:
    """The digests of a version's files, so that paper says which plan was reviewed."""
    return "\n".join(version.documents.order_by("pk").values_list("sha256", flat=True))


def _written(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _item(number: int, item: object) -> ItemLine:
    fields = ("place", "problem", "basis", "advice", "is_required")
    line: ItemLine = {"number": number, **{name: getattr(item, name) for name in fields}}  # type: ignore[typeddict-item]
    return line


def _works(case: Case, work: HazardousWork) -> str:
    kind = thresholds(case.law).kinds.get(work.kind, work.kind)
    scale = "超过一定规模的危险性较大的分部分项工程" if work.is_over_scale else "危险性较大的分部分项工程"
    return f"{work.name}（{kind}，{scale if work.is_hazardous else '不属于危险性较大的分部分项工程'}）"


def _overview(work: HazardousWork) -> str:
    project = work.project
    place = project.district or project.division
    permit = f"，施工许可证号 {project.permit_number}" if project.permit_number else ""
    where = f"{place.name}{project.address.removeprefix(place.name)}"
    return f"{project.get_kind_display()}，位于{where}{permit}"


def _parties(case: Case) -> list[PartyLine]:
    return [
        {
            "role": party.get_role_display(),
            "name": party.organization.name,
            "code": party.organization.code,
        }
        for party in parties_of(case)
    ]


def _parameters(case: Case, work: HazardousWork) -> list[ParameterLine]:
    table = thresholds(case.law)
    known = table.parameters_of(work.kind) if work.kind in table.kinds else {}
    lines: list[ParameterLine] = []
    for key, value in work.parameters.items():
        if key in known:
            words = (
                {True: "是", False: "否"}.get(value)
                if isinstance(value, bool)
                else f"{value} {known[key].unit}"
            )
            lines.append({"label": known[key].label, "value": str(words).strip()})
    return lines


def _attendees(meeting: Meeting) -> list[AttendeeLine]:
    label = meeting.case.law.label
    return [
        {
            "role": label("attendees", line.role),
            "person": line.person,
            "organization": line.organization_name,
            "presence": {True: "到会", False: "缺席", None: "未签到"}[line.is_present],
        }
        for line in meeting.attendances.filter(member=None)
    ]


def _member(case: Case, member: Member, vote: OpinionForm | None) -> MemberLine:
    return {
        "name": member.expert.name,
        "unit": member.expert.unit.name,
        "title": member.expert.title,
        "specialty": case.law.label("specialties", member.specialty),
        "is_leader": member.is_leader,
        "vote": vote.get_conclusion_display() if vote else "",
    }


def _defects(case: Case, *, by: Member | None = None) -> list[DefectLine]:
    """What was looked for and answered, by the panel or by one of its members."""
    rows: Iterable[queries.DefectRow] = (row for _, lines in queries.defect_rows(case) for row in lines)
    found: list[DefectLine] = []
    for row in rows:
        answer = row.answer
        if answer is None or (by is not None and answer.answered_by_id != by.pk):
            continue
        cleared = f"，已核销：{answer.clear_reason}" if answer.cleared_at else ""
        found.append(
            {
                "item": row.defect.id,
                "text": row.defect.text,
                "answer": f"{answer.get_answer_display()}{cleared}",
                "place": answer.place,
            }
        )
    return found


def _site_visit(member: Member) -> str:
    visit = SiteVisit.objects.filter(member=member).order_by("-pk").first()
    if visit is None:
        return "未申请"
    return f"已申请：{visit.reason}" + (f"；答复：{visit.answer}" if visit.answer else "")


def _nodes(case: Case, version: PlanVersion) -> list[str]:
    """Where the plan names them; the panel's own come with its opinions."""
    page = version.parts.get(ACCEPTANCE)
    part = case.law.label("plan_parts", ACCEPTANCE)
    return [f"专项施工方案“{part}”（第 {page} 页起）所列的验收节点"] if page else []


def _attachments(case: Case) -> list[str]:
    """What the file held when the report was compiled."""
    kinds = Document.Kind
    held = list(
        case.documents.filter(kind__in=(kinds.SIGN_IN, kinds.OPINION_FORM)).values_list("kind", flat=True)
    )
    sheets = held.count(kinds.OPINION_FORM)
    return [
        kinds.SIGN_IN.label,
        f"{kinds.OPINION_FORM.label}（{sheets} 份）" if sheets else kinds.OPINION_FORM.label,
        "专家抽取记录表",
    ]


OPINION_FORM = Form[OpinionForm](
    key="opinion_form",
    title="专家审查意见表",
    rule="prereview.form",
    data=OpinionData,
    fill=opinion_data,
    case_of=lambda form: form.case,
    number_of=lambda form: f"{form.case.reference}-{form.pk}",
    kind=Document.Kind.OPINION_FORM,
    is_secret=True,
)
REPORT = Form[Report](
    key="report",
    title="专家论证报告",
    rule="report.conclusion",
    data=ReportData,
    fill=report_data,
    case_of=lambda report: report.case,
    number_of=lambda report: report.number,
    kind=Document.Kind.REPORT,
)
