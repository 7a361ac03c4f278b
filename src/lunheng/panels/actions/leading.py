"""组长: elected by the members, or set with the final list; nobody is leader by default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import OPEN_ELECTION
from lunheng.core.procedures.seating import CAST_BALLOT, NAME_LEADER, OPEN_THE_ELECTION
from lunheng.core.verdict import refused
from lunheng.core.workflow import ReviewState
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_ELECTION
from lunheng.panels import permissions, queries
from lunheng.panels.models import Ballot, Election, Member
from lunheng.panels.queries import rounds, rows


@act(NAME_LEADER)
def name_leader(*, case_id: int, member_id: int, actor: Actor, at: datetime) -> Entry:
    """指定组长: where the city has the client set the leader, and the leader was lost; elsewhere refused."""
    case = lock(case_id)
    if not case.law.has("panel.leader"):
        clause = case.law.clause("panel.leader")
        raise Refused(refused(clause, "本市规则不设组长", "无须确定组长", actor.role.label))
    require(case.law.judge("panel.leader", named_by=actor.role.value, elected=False, has_leader=False))
    require(permissions.may_organize(actor, case))
    member = rows.member_for_update(case, member_id)
    require(may_now(case, NAME_LEADER))
    require(permissions.may_now(member, "确定为组长", (Member.State.CONFIRMED,)))
    Member.objects.filter(case=case, is_leader=True).exclude(pk=member.pk).update(is_leader=False)
    member.is_leader = True
    member.save(update_fields=("is_leader",))
    sitting = rows.members_for_update(case, member.request, Member.State.CONFIRMED)
    is_waiting = case.state == ReviewState.CONFIRMING
    if is_waiting and permissions.lawful_list(member.request, sitting, at).is_allowed:
        member.request.complete(at)
    data: dict[str, JsonValue] = {
        "label": "确定组长",
        "clause": str(case.law.clause("panel.leader")),
        "request": member.request.number,
        "leader": rounds.person_of(member),
    }
    return case.enter(actor=actor, at=at, data=data)


@answers(OPEN_ELECTION, OPEN_THE_ELECTION)
def open_election(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """推选组长: opens when the panel is whole; every member may vote and may be voted for."""
    case, deadline = due.case, due.deadline
    members = list(rows.confirmed(case))
    clause = str(case.law.clause("panel.leader"))
    if any(member.is_leader for member in members) or rows.open_election(case) or not members:
        data: dict[str, JsonValue] = {"label": "无需推选组长", "clause": clause}
        return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)
    election = _open(case, members, at)
    data = {
        "label": f"开始推选组长（第{election.round}轮）",
        "clause": clause,
        "request": members[0].request.number,
        "round": election.round,
        "candidates": [rounds.person_of(member) for member in members],
    }
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


@act(CAST_BALLOT)
def cast_ballot(*, election_id: int, choice_id: int, actor: Actor, at: datetime) -> Entry:
    """投票推选组长: one vote each; when all have voted the result stands, and a tie opens a ballot among the tied."""
    case = lock(rows.case_of_election(election_id))
    election = Election.objects.select_for_update(of=("self",)).get(pk=election_id, case=case)
    members = {member.expert.reference: member for member in queries.confirmed(case)}
    voter = _voter(case, members, actor)
    voted = Ballot.objects.filter(election=election, voter=voter).exists()
    require(case.law.judge("platform.vote", voted=voted))
    lawful = ["投票推选组长"] if election.closed_at is None else []
    state = "推选进行中" if lawful else "本轮推选已结束"
    require(case.law.judge("platform.order", state=state, act="投票推选组长", lawful=lawful))
    clause = case.law.clause("panel.leader")
    choice = election.candidates.filter(pk=choice_id).first()
    if choice is None:
        raise Refused(refused(clause, "只能投给本轮的候选人", "从本轮候选人中选择一名", f"编号{choice_id}"))
    Ballot.objects.create(election=election, voter=voter, choice=choice, cast_at=at)
    data: dict[str, JsonValue] = {
        "label": "投票推选组长",
        "clause": str(clause),
        "request": voter.request.number,
        "round": election.round,
        "person": rounds.person_of(voter),
        "choice": choice.expert.reference,
    }
    if election.ballots.count() == len(members):
        data |= _close(case, election, at)
    return case.enter(actor=actor, at=at, data=data)


def _voter(case: Case, members: dict[str, Member], actor: Actor) -> Member:
    voter = members.get(actor.expert) if actor.role == Role.EXPERT else None
    if voter is None:
        clause = case.law.clause("panel.leader")
        message = "组长由已确认的组员自行选出，其他人不能投票"
        raise Refused(refused(clause, message, "请已确认的组员登录后投票", actor.role.label))
    return voter


def _open(case: Case, candidates: Sequence[Member], at: datetime) -> Election:
    number = Election.objects.filter(case=case).count() + 1
    election = Election.objects.create(case=case, round=number, opened_at=at)
    election.put_up(candidates)
    sitting = queries.confirmed(case).select_related("case", "request__organizer", "expert__account")
    Message.post_all(
        member.draft(PANEL_ELECTION, at=at, key=f"election-{number}", round=number) for member in sitting
    )
    return election


def _close(case: Case, election: Election, at: datetime) -> dict[str, JsonValue]:
    """Count: the most votes win; a tie opens the next round among the tied."""
    counts = queries.tally(election)
    most = counts[0][1]
    first = [member for member, votes in counts if votes == most]
    election.closed_at = at
    if len(first) > 1:
        election.save()
        following = _open(case, first, at)
        label = f"票数相同，开始第{following.round}轮推选"
        return {"label": label, "candidates": [rounds.person_of(member) for member in first]}
    winner = first[0]
    election.winner = winner
    election.save()
    winner.is_leader = True
    winner.save(update_fields=("is_leader",))
    return {"label": f"推选出组长（{most}票）", "leader": rounds.person_of(winner)}
