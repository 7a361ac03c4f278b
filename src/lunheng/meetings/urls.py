"""Addresses of the meeting."""

from django.urls import path

from lunheng.meetings.views import arrivals, meeting

app_name = "meetings"
urlpatterns = [
    path("cases/<int:case_id>/meeting/", meeting.show_meeting, name="meeting"),
    path("cases/<int:case_id>/meeting/reschedule/", meeting.reschedule, name="reschedule"),
    path("cases/<int:case_id>/meeting/start/", meeting.start, name="start"),
    path("cases/<int:case_id>/meeting/end/", meeting.end, name="end"),
    path("cases/<int:case_id>/meeting/stop/", meeting.stop, name="stop"),
    path("cases/<int:case_id>/meeting/sign-in/", arrivals.sign_in, name="sign_in"),
    path(
        "cases/<int:case_id>/meeting/sign-in/<int:member_id>/", arrivals.sign_in_member, name="sign_in_member"
    ),
    path("cases/<int:case_id>/meeting/visits/", meeting.ask_visit, name="ask_visit"),
    path("visits/<int:visit_id>/answer/", meeting.answer_visit, name="answer_visit"),
    path("meetings/<int:meeting_id>/sign-in/", arrivals.arrive, name="arrive"),
]
