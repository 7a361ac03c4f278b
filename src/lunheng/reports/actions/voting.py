"""论证意见: each member's final vote; without one agreed opinion there is no conclusion (Order 37
第十三条)."""

from datetime import datetime

from lunheng.cases import running
from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import RECORD_OVERDUE, REMIND_UPLOAD, SETTLE_VOTES
from lunheng.core.procedures.reporting import CAST_VOTE, REOPEN_VOTES, SETTLE_THE_VOTES
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.workflow import ReviewState
from lunheng.ledger.models import Entry
from lunheng.meetings.models import Meeting
from lunheng.meetings.queries import case_of_member, current_version
from lunheng.panels.models import Member
from lunheng.panels.permissions import may_organize
from lunheng.reports import permissions, queries
from lunheng.reports.actions.opinions import OpinionLine
from lunheng.reports.models import Dissent, OpinionForm


@act(CAST_VOTE)
def cast_vote(
    *, member_id: int, conclusion: str, items: list[OpinionLine], actor: Actor, at: datetime
) -> OpinionForm:
    """论证意见: one final vote of each member at the meeting; the last one shows whether the panel agrees.

    Votes that differ make the review 未形成结论, and are archived; no majority decides.
    """
    case = lock(case_of_member(member_id))
    member = Member.objects.select_related("expert").get(pk=member_id)
    require(permissions.may_write(actor, member))
    require(may_now(case, CAST_VOTE))
    meeting, version = queries.present_meeting(case), current_version(case)
    voted = queries.own_form(member, queries.Stage.FINAL, version, meeting) is not None
    require(case.law.judge("platform.vote", voted=voted))
    require(permissions.judge_form(case, items, conclusion))
    form = OpinionForm.objects.create(
        case=case,
        member=member,
        version=version,
        stage=queries.Stage.FINAL,
        meeting=meeting,
        conclusion=conclusion,
        submitted_at=at,
    )
    form.keep(items)
    running.forget("votes", meeting.pk)
    is_undecided = case.state == ReviewState.REPORTING and _settle(case, meeting, at)
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": "提交论证意见（未形成一致意见）" if is_undecided else "提交论证意见",
            "clause": str(case.law.clause("report.consensus")),
            "expert": member.expert.reference,
            "meeting": meeting.number,
            "conclusion": conclusion,
            "items": len(items),
            "state": case.state,
        },
    )
    return form


@answers(SETTLE_VOTES, SETTLE_THE_VOTES)
def settle_votes(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """The meeting has ended: when every member voted and the votes differ, there is no conclusion
    (Order 37 第十三条); the differing opinions are archived."""
    case = due.case
    meeting = Meeting.objects.get(pk=due.key)
    is_undecided = case.state == ReviewState.REPORTING and _settle(case, meeting, at)
    missing = queries.missing_votes(meeting)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "未形成一致意见" if is_undecided else "清点论证意见",
            "clause": str(case.law.clause("report.consensus")),
            "meeting": meeting.number,
            "missing": sorted(member.expert.reference for member in missing),
            "votes": sorted(
                f"{vote.member.expert.reference}:{vote.conclusion}" for vote in queries.votes_of(meeting)
            ),
            "state": case.state,
        },
    )


def _settle(case: Case, meeting: Meeting, at: datetime) -> bool:
    """Once the last vote is in: whether the panel is divided; if so archive the votes and move the case, unless enough of
    them agree by the rule."""
    votes = queries.votes_of(meeting)
    if queries.missing_votes(meeting) or not queries.is_divided(votes):
        return False
    if not case.dissents.filter(meeting=meeting).exists():
        _archive(case, meeting, votes, at)
    if queries.has_agreed(case, votes):
        return False
    case.move(ReviewState.UNDECIDED)
    return True


def _archive(case: Case, meeting: Meeting, votes: list[OpinionForm], at: datetime) -> None:
    common = queries.most_common(votes)
    Dissent.objects.bulk_create(
        Dissent(
            case=case,
            meeting=meeting,
            form=vote,
            is_differing=vote.conclusion != common,
            archived_at=at,
        )
        for vote in votes
    )


@act(REOPEN_VOTES)
def reopen_votes(*, case_id: int, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """未形成结论: the organizer calls the panel together again; a new meeting is arranged, with new votes.
    The archived votes stay."""
    case = lock(case_id)
    require(may_organize(actor, case))
    require(may_now(case, REOPEN_VOTES))
    clause = case.law.clause("report.consensus")
    require(judge_reason(reason, clause, "再次召开论证会须写明理由"))
    for duty in queries.DUTIES:
        for kind in (RECORD_OVERDUE, REMIND_UPLOAD):
            case.met(kind, key=duty, at=at)
    case.move(ReviewState.PREPARING)
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "再次召开论证会", "clause": str(clause), "reason": reason},
    )
