"""Addresses of this app."""

from django.urls import path

from lunheng.panels.views import invitations, members, mine, panel

app_name = "panels"
urlpatterns = [
    path("cases/<int:case_id>/panel/", panel.show_panel, name="panel"),
    path("cases/<int:case_id>/panel/seats/", panel.show_seats, name="seats"),
    path("cases/<int:case_id>/panel/draw/", panel.draw, name="draw"),
    path("cases/<int:case_id>/panel/reveal/", panel.reveal, name="reveal"),
    path("cases/<int:case_id>/panel/pick/", panel.pick, name="pick"),
    path("cases/<int:case_id>/panel/list/", panel.confirm_list, name="list"),
    path("cases/<int:case_id>/panel/reduce/", panel.reduce, name="reduce"),
    path("cases/<int:case_id>/panel/transcript.json", panel.download_transcript, name="transcript"),
    path("cases/<int:case_id>/panel/exclusions/", members.show_exclusions, name="exclusions"),
    path("cases/<int:case_id>/panel/sisters/<int:decision_id>/", members.decide_sister, name="sister"),
    path(
        "cases/<int:case_id>/panel/members/<int:member_id>/contact/", members.record_contact, name="contact"
    ),
    path("cases/<int:case_id>/panel/members/<int:member_id>/loss/", members.report_loss, name="member_loss"),
    path("cases/<int:case_id>/panel/members/<int:member_id>/remove/", members.remove_member, name="remove"),
    path("cases/<int:case_id>/panel/members/<int:member_id>/leak/", members.file_leak, name="leak"),
    path("cases/<int:case_id>/panel/members/<int:member_id>/leader/", members.name_leader, name="leader"),
    path("my/draws/", mine.DRAWS, name="my_draws"),
    path("my/invitations/", invitations.INVITATIONS, name="invitations"),
    path("my/invitations/<int:member_id>/", invitations.show_invitation, name="invitation"),
    path("my/invitations/<int:member_id>/confirm/", invitations.confirm, name="confirm"),
    path("my/invitations/<int:member_id>/answer/", invitations.answer_contact, name="answer"),
    path("my/invitations/<int:member_id>/decline/", invitations.decline, name="decline"),
    path("my/invitations/<int:member_id>/recuse/", invitations.recuse, name="recuse"),
    path("my/invitations/<int:member_id>/loss/", invitations.report_loss, name="loss"),
    path("my/invitations/<int:member_id>/commitment/", invitations.sign_commitment, name="commitment"),
    path("my/invitations/<int:member_id>/vote/", invitations.vote, name="vote"),
]
