"""The meeting's pages: whose turn it is, the desk, refusals with their clause."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    """The page's words."""
    return str(response.content.decode())


@pytest.mark.parametrize("who", ["contractor", "supervisor", "station", "expert"])
def test_the_page_opens_before_during_and_after_the_meeting(panel: Seated, who: str) -> None:
    seat = panel.world.expert_seat(panel.world.experts[0]) if who == "expert" else who
    client = panel.world.client(seat)
    address = reverse("meetings:meeting", args=(panel.case.pk,))
    assert "还没有论证会" in text(client.get(address))
    panel.plan_meeting()
    assert "虚构路1号项目部会议室" in text(client.get(address))
    panel.gather()
    panel.start()
    assert "应到人员缺席" in text(client.get(address))
    panel.end()
    assert client.get(address).status_code == 200


def test_a_refused_start_stays_on_the_page_with_its_clause(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather(panel.members[0])
    response = panel.world.client("contractor").http.post(reverse("meetings:start", args=(panel.case.pk,)))
    assert (response.status_code, "二（二）" in text(response)) == (403, True)


def test_the_desk_signs_in_an_expert_and_the_owner(panel: Seated) -> None:
    panel.plan_meeting()
    http = panel.world.client("contractor").http
    desk = reverse("meetings:sign_in", args=(panel.case.pk,))
    assert "data:image/svg+xml" in text(http.get(desk))
    member = panel.members[0]
    http.post(reverse("meetings:sign_in_member", args=(panel.case.pk, member.pk)))
    http.post(
        desk,
        {
            "role": "owner_manager",
            "person": "虚构甲",
            "organization_name": panel.world.unit("owner").name,
            "is_present": "1",
        },
    )
    present = panel.meeting().attendances.filter(is_present=True)
    assert sorted(line.person for line in present) == sorted(["虚构甲", member.expert.name])


def test_an_expert_signs_in_with_one_button(panel: Seated) -> None:
    meeting = panel.plan_meeting()
    member = panel.members[1]
    http = panel.world.client(panel.world.expert_seat(member.expert)).http
    address = reverse("meetings:arrive", args=(meeting.pk,))
    assert "签到" in text(http.get(address))
    assert http.post(address).status_code == 302
    assert "已签到" in text(http.get(address))


def test_a_partys_person_signs_in_by_the_code(panel: Seated) -> None:
    meeting = panel.plan_meeting()
    http = panel.world.client("supervisor").http
    given = {
        "role": "chief_supervisor",
        "person": "虚构乙",
        "organization_name": panel.world.unit("supervisor").name,
        "is_present": "1",
    }
    assert http.post(reverse("meetings:arrive", args=(meeting.pk,)), given).status_code == 302


def test_the_meeting_is_moved_stopped_and_visited_through_forms(panel: Seated) -> None:
    panel.plan_meeting()
    http = panel.world.client("contractor").http
    move = reverse("meetings:reschedule", args=(panel.case.pk,))
    assert "会议形式" in text(http.get(move))
    when = (panel.at + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    remote = {"mode": "remote", "place": "", "planned_at": when, "reason": "疫情"}
    assert http.post(move, remote).status_code == 403
    assert http.post(move, {**remote, "mode": "on_site", "place": "虚构路2号"}).status_code == 302
    expert = panel.world.client(panel.world.expert_seat(panel.members[0].expert)).http
    ask = reverse("meetings:ask_visit", args=(panel.case.pk,))
    assert expert.get(ask).status_code == 200
    assert expert.post(ask, {"reason": "核实周边管线"}).status_code == 302
    visit = panel.case.site_visits.get()
    answer = reverse("meetings:answer_visit", args=(visit.pk,))
    assert "核实周边管线" in text(http.get(answer))
    assert http.post(answer, {"answer": "周三上午", "visit_at": when}).status_code == 302
    stop = reverse("meetings:stop", args=(panel.case.pk,))
    assert "不能恢复" in text(http.get(stop))
    assert http.post(stop, {"reason": "停电"}).status_code == 302
    assert panel.meeting().state == "stopped"


def test_a_stranger_sees_no_meeting(panel: Seated) -> None:
    response = panel.world.client("stranger").get(reverse("meetings:meeting", args=(panel.case.pk,)))
    assert response.status_code == 403


def test_signing_in_nobody_is_told_as_a_missing_page(panel: Seated) -> None:
    panel.plan_meeting()
    nobody = reverse("meetings:sign_in_member", args=(panel.case.pk, 0))

    assert panel.world.client("contractor").http.post(nobody).status_code == 404
