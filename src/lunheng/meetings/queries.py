"""Reads of meetings: who has to be there, who is, when each expert had the plan."""

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from lunheng.accounts.models import Account, Seat
from lunheng.cases.locks import CaseKey
from lunheng.cases.models import Case
from lunheng.cases.queries import parties_of
from lunheng.core.actor import Role
from lunheng.core.deadlines import morning_before
from lunheng.core.policy.rules.meetings import Attendance as AttendanceRule
from lunheng.meetings.models import EXPERTS, Meeting, SiteVisit
from lunheng.panels.models import Member, PanelRequest
from lunheng.plans.models import PlanDelivery, PlanVersion

PARTIES_OF_ATTENDEES = {
    "owner_manager": (Role.OWNER,),
    "designer_head": (Role.INVESTIGATOR, Role.DESIGNER),
    "contractor_director": (Role.CONTRACTOR, Role.SUBCONTRACTOR),
    "contractor_manager": (Role.CONTRACTOR,),
    "contractor_head": (Role.CONTRACTOR,),
    "plan_author": (Role.CONTRACTOR,),
    "safety_officer": (Role.CONTRACTOR,),
    "chief_supervisor": (Role.SUPERVISOR,),
    "specialist_supervisor": (Role.SUPERVISOR,),
}
"""Which parties send the people that 31号（三） names; one line of the sheet for each."""


def case_of_meeting(meeting_id: int) -> CaseKey:
    """The key of the case, to be locked before the meeting is read."""
    return Meeting.objects.filter(pk=meeting_id).order_by().values("case_id")


def case_of_member(member_id: int) -> CaseKey:
    """The key of the case, to be locked before the member is read."""
    return Member.objects.filter(pk=member_id).order_by().values("case_id")


def last_meeting(case: Case) -> Meeting | None:
    """The meeting that the case is about now."""
    return case.meetings.order_by("-number").first()


def living_meeting(case: Case) -> Meeting | None:
    """The meeting that is planned or under way."""
    meeting = last_meeting(case)
    return meeting if meeting is not None and meeting.is_living else None


def confirmed_members(case: Case) -> QuerySet[Member]:
    """The panel as it stands, in the order of the draw."""
    return (
        case.members.filter(state=Member.State.CONFIRMED)
        .select_related("expert", "expert__unit", "expert__file", "expert__account", "request")
        .order_by("is_extra", "draw", "order")
    )


def leader_of(case: Case) -> Member | None:
    """The panel's leader, if there is one."""
    return case.members.filter(is_leader=True).select_related("expert").first()


def request_of(case: Case) -> PanelRequest:
    """The request that the panel came from."""
    return case.panel_requests.exclude(state=PanelRequest.State.CANCELLED).get()


def current_version(case: Case) -> PlanVersion:
    """The version that the panel reviews: the newest of the review."""
    return PlanVersion.objects.filter(review__case=case).latest("number")


def expected_lines(case: Case) -> list[tuple[str, str]]:
    """The roles of the pack's attendance rule, each with the organization that sends the person."""
    rule = case.law.rule("meeting.attendance")
    roles = rule.roles if isinstance(rule, AttendanceRule) else ()
    names: dict[str, list[str]] = {}
    for party in parties_of(case):
        names.setdefault(party.role, []).append(party.organization.name)
    return [line for role in roles if role != EXPERTS for line in _lines_of_role(role, names)]


def _lines_of_role(role: str, names: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    senders = [name for party in PARTIES_OF_ATTENDEES.get(role, ()) for name in names.get(party.value, ())]
    yield from ((role, name) for name in senders or [""])


def absent_roles(meeting: Meeting) -> list[str]:
    """Roles of the sheet for which nobody signed in."""
    lines = list(meeting.attendances.all())
    present = {line.role for line in lines if line.is_present}
    return list(dict.fromkeys(line.role for line in lines if line.role not in present))


def present_members(meeting: Meeting) -> set[int]:
    """Keys of the members who signed in."""
    lines = meeting.attendances.filter(member__isnull=False, is_present=True)
    return {key for key in lines.values_list("member_id", flat=True) if key is not None}


def deliveries(version: PlanVersion) -> dict[int, datetime]:
    """When each member (by key) had the version, or the notice to download it."""
    found = PlanDelivery.objects.filter(version=version).values_list("member_id", "delivered_at")
    return dict(found)


def visits_of(case: Case) -> QuerySet[SiteVisit]:
    """Site visits asked for, oldest first."""
    return case.site_visits.select_related("member", "member__expert").order_by("pk")


def reminder_before(due_at: datetime, case: Case) -> datetime:
    """Nine in the morning of the working day before a time limit's last day."""
    return morning_before(due_at, case.law.calendar, case.law.region)


def party_accounts(case: Case, *roles: Role) -> list[Account]:
    """The people of the case's parties who should be told (all parties when no role is named)."""
    parties = parties_of(case).filter(role__in=[role.value for role in roles]) if roles else parties_of(case)
    seats = [Q(role=party.role, organization=party.organization_id) for party in parties]
    if not seats:
        return []
    wanted = reduce(or_, seats)
    found = Seat.objects.filter(wanted, is_active=True).select_related("account").order_by("account_id")
    return list({seat.account_id: seat.account for seat in found}.values())
