"""Nobody learns from an answer whether there is a matter that he may not see; tries and reads are bounded; a draft is kept."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lunheng.ledger.models import RefusedAttempt
from lunheng.notices.models import Objection
from lunheng.procedures import queries
from lunheng.procedures.models import Candidate, Draft, Proceeding
from tests.factories.world import SeatClient
from tests.procedures.matters import IDENTITIES, Matter, newcomer
from tests.procedures.test_objections import WORDS, noticed, object_to
from tests.procedures.test_pages import person

pytestmark = pytest.mark.django_db
NOTHING = 10**9


def answers(client: SeatClient, matter: int, objection: int) -> list[tuple[int, Any]]:
    """What pages and interface answer about a matter and an objection."""
    found = [
        client.get(f"/procedures/{matter}/"),
        client.get(f"/procedures/{matter}/step/approval/"),
        client.get(f"/procedures/{matter}/withdraw/"),
        client.get(f"/procedures/objections/{objection}/"),
    ]
    told = [(one.status_code, "没有这一办理事项，或者您不能查看" in one.content.decode()) for one in found]
    step = {"proceeding_id": matter, "step": "approval", "outcome": "accept"}
    acts = [
        client.act("procedures.take_step", **step),
        client.act("procedures.take_step", **{**step, "step": "nothing"}),
        client.act("procedures.withdraw_proceeding", proceeding_id=matter, reason="工作变动"),
        client.act("procedures.answer_objection", objection_id=objection, is_upheld=True, answer="属实"),
        client.act("procedures.draw_sample", proceeding_id=matter, step="approval"),
        client.act(
            "procedures.review_jointly",
            step="approval",
            results=[{"proceeding_id": matter, "outcome": "accept"}],
            group=["虚构·甲"],
            held_on="2026-11-24",
        ),
    ]
    return [*told, *((one.status_code, one.json()["reasons"]) for one in acts)]


@pytest.mark.parametrize("seat", ["contractor", "expert:0", "district", "public"])
def test_a_matter_that_is_hidden_reads_like_one_that_is_not_there(nanning: Matter, seat: str) -> None:
    objection = object_to(nanning, noticed(nanning))
    client = SeatClient(None) if seat == "public" else nanning.hand.world.client(seat)
    before = RefusedAttempt.objects.count()

    hidden = answers(client, nanning.proceeding_id, objection.pk)

    assert RefusedAttempt.objects.count() > before, "what was tried is kept, with the true ground"
    assert hidden == answers(client, NOTHING, NOTHING)
    assert {status for status, _ in hidden} == {403}


def test_who_may_see_the_matter_reads_the_true_ground(nanning: Matter) -> None:
    nanning.apply()
    step = {"proceeding_id": nanning.proceeding_id, "step": "approval", "outcome": "accept"}

    told = nanning.hand.world.client("bureau").act("procedures.take_step", **step).json()

    assert told["reasons"][0]["message"] == "专家库管理部门审核由市建管中心办理"


def test_objections_by_the_interface_are_as_many_as_by_the_page(nanning: Matter) -> None:
    notice = noticed(nanning)
    client = SeatClient(None)
    given = {"notice_id": notice.pk, **WORDS}
    statuses = [client.act("notices.file_objection", **given).status_code for _ in range(12)]

    assert statuses == [200] * 10 + [429] * 2
    assert Objection.objects.count() == 10
    page = client.http.post(f"/notices/{notice.pk}/", WORDS)
    assert (page.status_code, Objection.objects.count()) == (429, 10)


def test_what_waits_is_found_by_office_and_not_by_reading_every_running_matter(nanning: Matter) -> None:
    nanning.apply()
    clerk = nanning.by("station")
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert [one.pk for one, _ in queries.waiting_for(clerk)] == [nanning.proceeding_id]
    elsewhere = Proceeding.objects.get(pk=nanning.proceeding_id)
    for number in range(30):
        other = Matter(nanning.hand, newcomer(f"第{number}", 100 + number))
        made = other.apply(identity_number=IDENTITIES[3])
        Proceeding.objects.filter(pk=made.pk).update(turn_office="bureau")
    with CaptureQueriesContext(connection) as many:
        assert [one.pk for one, _ in queries.waiting_for(clerk)] == [elsewhere.pk]

    assert len(many) == len(few)


def test_a_matter_of_the_release_before_waits_for_whom_it_waited(nanning: Matter) -> None:
    nanning.apply()
    Proceeding.objects.update(turn_office=None, turn_division=None)

    assert [one.pk for one, _ in queries.waiting_for(nanning.by("station"))] == [nanning.proceeding_id]
    assert queries.waiting_for(nanning.by("bureau")) == []


def test_a_draft_is_kept_for_one_person_and_one_matter_without_secrets(nanning: Matter) -> None:
    path = "/apply/nanning/admission/"
    client = person(nanning)
    typed = {"name": "虚构·写到一半", "years": "12", "identity_number": IDENTITIES[1], "is_voluntary": "on"}

    saved = client.http.post(f"{path}draft/", typed)

    assert (saved.status_code, saved.headers["Location"]) == (302, path)
    kept = Draft.objects.get()
    assert kept.data == {"name": "虚构·写到一半", "years": "12"}, "no identity, no promise"
    page = client.get(path).content.decode()
    assert ("虚构·写到一半" in page, IDENTITIES[1] in page) == (True, False)
    other = Matter(nanning.hand, newcomer("旁边", 8))
    assert "虚构·写到一半" not in person(other).get(path).content.decode()

    nanning.apply()
    assert (Draft.objects.count(), Candidate.objects.count()) == (0, 1)


def test_who_has_not_logged_in_keeps_no_draft(nanning: Matter) -> None:
    client = SeatClient(None)
    assert client.http.post("/apply/nanning/admission/draft/", {"name": "x"}).status_code == 302
    assert Draft.objects.count() == 0
