"""Signing in: the roles of 31号（三） at the desk, each expert in person."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.identity import clean_name, folded, read
from lunheng.core.procedures.meeting import SIGN_IN, SIGN_IN_MEMBER
from lunheng.ledger.models import Entry
from lunheng.meetings import permissions, queries
from lunheng.meetings.models import EXPERTS, Attendance, Meeting
from lunheng.panels.models import Member


@act(SIGN_IN)
def sign_in(
    *,
    meeting_id: int,
    role: str,
    person: str,
    organization_name: str,
    is_present: bool,
    actor: Actor,
    at: datetime,
) -> Entry:
    """签到: a person of a party is present or absent (31号（三）); in a video meeting by log-in."""
    case = lock(queries.case_of_meeting(meeting_id))
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    meeting.case = case
    require(permissions.may_sign_in(actor, case, role, organization_name))
    require(may_now(case, SIGN_IN))
    person = read(clean_name, person, case.law.clause("meeting.attendance"))
    line = _line(meeting, role, organization_name, person)
    line.person, line.is_present = person, is_present
    line.organization_name = organization_name
    line.method = meeting.method if is_present else ""
    line.signed_at = at if is_present else None
    line.save()
    label = case.law.label("attendees", role)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": f"{'签到' if is_present else '登记缺席'}：{label}",
            "clause": str(case.law.clause("meeting.attendance")),
            "meeting": meeting.number,
            "role": role,
            "person": person,
            "organization": organization_name,
            "is_present": is_present,
            "method": line.method,
        },
    )


def _line(meeting: Meeting, role: str, organization_name: str, person: str) -> Attendance:
    """The person's line, or a free line of the role, or a new one: several people may come in one role."""
    lines = meeting.attendances.filter(role=role, organization_name__in=(organization_name, ""))
    same = next((line for line in lines if folded(line.person) == folded(person)), None)
    return same or lines.filter(signed_at=None).first() or Attendance(meeting=meeting, role=role)


@act(SIGN_IN_MEMBER)
def sign_in_member(*, meeting_id: int, member_id: int, actor: Actor, at: datetime) -> Entry:
    """专家签到: presence on site, log-in by the expert in a video meeting (NN 四（六）)."""
    case = lock(queries.case_of_meeting(meeting_id))
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    meeting.case = case
    member = Member.objects.select_related("expert", "expert__unit").get(pk=member_id, case=case)
    require(permissions.may_sign_in_member(actor, member, meeting))
    require(may_now(case, SIGN_IN_MEMBER))
    line, _ = Attendance.objects.get_or_create(meeting=meeting, member=member, defaults={"role": EXPERTS})
    line.person, line.organization_name = member.expert.name, member.expert.unit.name
    line.is_present, line.method, line.signed_at = True, meeting.method, line.signed_at or at
    line.save()
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "专家签到",
            "clause": str(case.law.clause("meeting.mode")),
            "meeting": meeting.number,
            "expert": member.expert.reference,
            "method": line.method,
        },
    )
