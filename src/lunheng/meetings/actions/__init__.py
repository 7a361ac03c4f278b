"""The acts of the meeting: planning, signing in, holding, site visits."""

from lunheng.meetings.actions.attendance import sign_in, sign_in_member
from lunheng.meetings.actions.holding import end_meeting, start_meeting, stop_meeting
from lunheng.meetings.actions.planning import plan_meeting, reschedule_meeting
from lunheng.meetings.actions.sheet import attach_sheet
from lunheng.meetings.actions.visits import answer_site_visit, ask_site_visit

__all__ = [
    "answer_site_visit",
    "ask_site_visit",
    "attach_sheet",
    "end_meeting",
    "plan_meeting",
    "reschedule_meeting",
    "sign_in",
    "sign_in_member",
    "start_meeting",
    "stop_meeting",
]
