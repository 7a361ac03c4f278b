"""The sign-in sheet as an official document."""

from typing import TypedDict

from lunheng.documents.models import Document
from lunheng.documents.papers import Form
from lunheng.meetings.models import Attendance, Meeting
from lunheng.web.wording import mask_phone, write_due


class SheetLine(TypedDict):
    """Who was expected, and whether and when he came."""

    role: str
    person: str
    organization: str
    title: str
    phone: str
    presence: str
    method: str
    signed_at: str


class SheetData(TypedDict):
    """会议名、时间、地点和到会情况."""

    project: str
    number: int
    mode: str
    place: str
    planned_at: str
    started_at: str
    ended_at: str
    lines: list[SheetLine]


def sheet_data(meeting: Meeting) -> SheetData:
    """What the sign-in sheet shows."""
    case = meeting.case
    lines = meeting.attendances.select_related("member__expert")
    return {
        "project": case.review.plan.work.project.name,
        "number": meeting.number,
        "mode": meeting.get_mode_display(),
        "place": meeting.place,
        "planned_at": write_due(meeting.planned_at),
        "started_at": meeting.started_at.isoformat() if meeting.started_at else "",
        "ended_at": meeting.ended_at.isoformat() if meeting.ended_at else "",
        "lines": [_line(meeting, line) for line in lines],
    }


def _line(meeting: Meeting, line: Attendance) -> SheetLine:
    expert = line.member.expert if line.member else None
    return {
        "role": meeting.case.law.label("attendees", line.role),
        "person": line.person,
        "organization": line.organization_name,
        "title": expert.title if expert else "",
        "phone": mask_phone(expert.phone) if expert and expert.phone else "",
        "presence": {True: "到会", False: "缺席", None: "未签到"}[line.is_present],
        "method": line.get_method_display() if line.method else "",
        "signed_at": line.signed_at.isoformat() if line.signed_at else "",
    }


SIGN_IN = Form[Meeting](
    key="sign_in",
    title="专家论证会签到表",
    rule="meeting.attendance",
    data=SheetData,
    fill=sheet_data,
    case_of=lambda meeting: meeting.case,
    number_of=lambda meeting: f"{meeting.case.reference}-{meeting.number}",
    kind=Document.Kind.SIGN_IN,
)
