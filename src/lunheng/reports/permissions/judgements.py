"""What the law says of an opinion, an agreement, a signature, an approval and the start of works, as the
case stands."""

from collections.abc import Mapping, Sequence

from lunheng.cases.models import Case
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import require
from lunheng.core.verdict import Verdict, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.meetings.queries import last_meeting
from lunheng.panels import permissions as panels
from lunheng.panels.models import Member
from lunheng.plans.models import Approval, PlanVersion
from lunheng.reports import queries
from lunheng.reports.models import Report

FIELDS = ("place", "problem", "basis", "advice")


def judge_form(case: Case, items: Sequence[Mapping[str, object]], conclusion: str) -> Verdict:
    """Whether every item is complete and the conclusion is one of the lawful ones."""
    told = [{name: str(line.get(name, "")) for name in FIELDS} for line in items]
    require(case.law.judge("opinion.form", items=told, conclusion=conclusion))
    return case.law.judge("report.conclusion", conclusion=conclusion, change_items=1)


def judge_agreement(case: Case, conclusion: str) -> Verdict:
    """Whether every member voted, and voted for this conclusion."""
    meeting = last_meeting(case)
    cast = queries.votes_of(meeting) if meeting else []
    votes = [(vote.member.expert.name, vote.conclusion) for vote in cast]
    lawful = case.law.judge("report.conclusion", conclusion=conclusion, change_items=1)
    agreed = case.law.judge(
        "report.consensus", votes=votes, conclusion=conclusion, activity=queries.activity_of(case)
    )
    if not lawful.is_allowed:
        return lawful
    missing = queries.missing_votes(meeting) if meeting else []
    if agreed.is_allowed and missing:
        names = "、".join(member.expert.name for member in missing)
        clause = case.law.clause("report.consensus")
        return refused(
            clause, f"{names}尚未提交论证意见，不能形成论证报告", "待全体专家提交意见后汇总", names
        )
    return agreed


def judge_defects(case: Case, conclusion: str) -> Verdict:
    """Whether an open severe defect bars the conclusion."""
    return case.law.judge(
        "report.defects",
        open_items=queries.open_defects(case),
        conclusion=conclusion,
        requested_on=case.requested_on or case.opened_at.astimezone(CHINA).date(),
    )


def judge_method(
    case: Case, report: Report, method: str, signed: Sequence[str], members: Sequence[str]
) -> Verdict:
    """Whether this form of signature is the lawful one for the meeting, and nobody's is missing."""
    return case.law.judge(
        "report.signature",
        mode=report.meeting.mode,
        method=str(method),
        signed=list(signed),
        members=list(members),
    )


def judge_validity(case: Case, signers: Sequence[Member], outsiders: Sequence[str]) -> Verdict:
    """Whether the right experts signed, and enough of them, each on a seat whose specialty fits the works."""
    main = panels.main_seats(case, signers)
    extras = sum(member.is_extra for member in signers)
    validity = case.law.judge("report.validity", outsiders=list(outsiders), main=main, total=main + extras)
    return combine(validity, panels.seats_suit(case, signers))


def judge_approval(case: Case) -> Verdict:
    """Whether the revised plan may be approved; after 不通过 there is nothing to approve (QD 四（二）4,
    NN 四（七）). After 通过, and for a later change of the plan, the panel's new opinion is not asked for."""
    if case.state == ReviewState.FAILED:
        return case.law.judge("closure.fail", is_new_version=False, has_new_approvals=False)
    revision = queries.current_revision(case)
    latest = PlanVersion.objects.filter(review__case=case).latest("number")
    sent = revision.version if revision else None
    rule = queries.asked_of_panel(case)
    is_led = rule is None or rule.members == 0
    opinion = queries.leader_opinion(sent) if sent and is_led else ""
    return case.law.judge(
        "closure.leader_opinion",
        director_signed=queries.has_approval(latest, Approval.Kind.TECHNICAL_DIRECTOR),
        leader_opinion="positive" if queries.is_closed(case) else opinion,
        same_version=sent == latest,
        confirmed=queries.confirmations(sent) if sent else 0,
    )


def judge_works(case: Case) -> Verdict:
    """Whether works may start now, by what the case holds."""
    review = case.review
    improved = queries.improved_version(case)
    if improved is not None:
        return refused(
            case.law.clause("closure.works"),
            "论证后修改完善的方案尚未提交和批准，不得开工",
            "逐条答复论证意见并提交修改后的方案，由技术负责人、总监理工程师审批后开工",
            f"第{improved.number}版",
        )
    return case.law.judge(
        "closure.works",
        conclusion=review.conclusion,
        revision_closed=review.revision_closed_at is not None,
        approvals=queries.has_approvals(case),
        void=case.state == ReviewState.VOID,
        changed=case.state == ReviewState.SUPERSEDED
        or queries.is_changed(case)
        or queries.waits_after_change(case),
        over_scale=review.plan.work.is_over_scale,
    )
