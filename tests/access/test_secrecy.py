"""What is not for everybody, or not yet: names before the seat is confirmed, opinions before one's own, files of
others; and by which way one must have come in."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client

from lunheng.accounts.middleware import AUTH_KEY, SEAT_KEY
from lunheng.documents.models import Document
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import RefusedAttempt
from lunheng.plans.models import Entrustment
from tests.access.staging import JUNE, name_apart
from tests.factories.chance import PROMISE
from tests.factories.files import a_pdf
from tests.factories.story import Story
from tests.factories.world import SeatClient, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def qingdao(clock: FixedClock) -> Story:
    """Qingdao, everybody with a name of one's own."""
    return told("qingdao", clock)


@pytest.fixture
def nanning(clock: FixedClock) -> Story:
    """Nanning, everybody with a name of one's own."""
    return told("nanning", clock)


def told(city: str, clock: FixedClock) -> Story:
    clock.set(JUNE)
    world = build(city)
    name_apart(world)
    return Story(world, clock)


@pytest.fixture
def drawn(qingdao: Story) -> Story:
    """Invitations have arrived, nobody has answered."""
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    return qingdao


@pytest.fixture
def seated(qingdao: Story) -> Story:
    """A complete panel whose members have committed themselves."""
    qingdao.ready()
    qingdao.panel()
    qingdao.commit_all()
    return qingdao


def lines_of(story: Story, seat: str) -> list[dict[str, Any]]:
    """The timeline as this seat downloads it."""
    found: list[dict[str, Any]] = (
        story.as_(seat).get(f"/cases/{story.case_id}/timeline.json").json()["entries"]
    )
    return found


def opinion(story: Story, seat: str, member_id: int, **fields: Any) -> Any:
    """A first opinion."""
    given = {"items": [story.item()], "conclusion": "not_approved", **fields}
    return story.as_(seat).act("reports.submit_opinion", member_id=member_id, **given)


# Names before the seat is confirmed


def test_who_declines_stays_unnamed_to_the_contractor_and_not_to_the_authority(drawn: Story) -> None:
    member = drawn.members("invited")[0]
    drawn.as_(drawn.seat_of(member)).done("panels.decline_seat", member_id=member.pk, reason="外出")
    case = f"/cases/{drawn.case_id}"
    pages = ("/", "/panel/", "/timeline.json")
    seen = [member.expert.name in drawn.as_("contractor").get(case + page).content.decode() for page in pages]
    assert seen == [False, False, False]
    assert member.expert.name in json.dumps(lines_of(drawn, "station"), ensure_ascii=False)


def test_the_ground_of_an_expert_is_not_for_the_parties(drawn: Story) -> None:
    member = drawn.members("invited")[0]
    drawn.as_(drawn.seat_of(member)).done(
        "panels.recuse_member", member_id=member.pk, ground="与业主有亲属关系"
    )
    told_to = {
        seat: "亲属关系" in json.dumps(lines_of(drawn, seat), ensure_ascii=False)
        for seat in ("contractor", "station")
    }
    assert told_to == {"contractor": False, "station": True}


@pytest.mark.parametrize("address", ["leak", "loss", "remove", "contact"])
def test_no_page_about_an_invited_expert_names_him_to_the_contractor(drawn: Story, address: str) -> None:
    member = drawn.members("invited")[0]
    path = f"/cases/{drawn.case_id}/panel/members/{member.pk}/{address}/"
    named = {
        seat: member.expert.name in drawn.as_(seat).get(path).content.decode()
        for seat in ("contractor", "station")
    }
    assert named == {"contractor": False, "station": True}


# Opinions before one's own


def test_a_first_opinion_is_sealed_until_the_meeting_begins(seated: Story) -> None:
    first, second = seated.members("confirmed")[:2]
    assert opinion(seated, seated.seat_of(first), first.pk).status_code == 200
    readers = ("contractor", seated.seat_of(second), "station", seated.seat_of(first))
    assert [_reads_conclusion(seated, seat, "opinion.submitted/1") for seat in readers] == [
        False,
        False,
        True,
        True,
    ]
    for member in seated.members("confirmed")[1:]:
        opinion(seated, seated.seat_of(member), member.pk)
    seated.start_meeting()
    assert _reads_conclusion(seated, "contractor", "opinion.submitted/1")


def test_the_case_file_leaves_out_what_is_sealed_and_says_so(seated: Story) -> None:
    member = seated.members("confirmed")[0]
    opinion(seated, seated.seat_of(member), member.pk)
    given = {seat: _case_file(seated, seat) for seat in ("contractor", "station")}
    assert {seat: "not_approved" in content for seat, (content, _) in given.items()} == {
        "contractor": False,
        "station": True,
    }
    assert {seat: "opinion.submitted/1" in withheld for seat, (_, withheld) in given.items()} == {
        "contractor": True,
        "station": False,
    }


def test_nobody_reads_the_votes_of_others_before_the_own_is_in(seated: Story) -> None:
    seated.prereview()
    seated.start_meeting()
    first, second = seated.members("confirmed")[:2]
    seat = seated.as_(seated.seat_of(first))
    seat.done(
        "reports.cast_vote",
        member_id=first.pk,
        conclusion="approved",
        items=[seated.item(problem="虚构之独有问题")],
    )
    readers = {
        "contractor": False,
        seated.seat_of(second): False,
        seated.seat_of(first): True,
        "station": True,
    }
    pages = [f"/cases/{seated.case_id}/report/", f"/cases/{seated.case_id}/report/compile/"]
    for page in pages:
        seen = {one: "虚构之独有问题" in seated.as_(one).get(page).content.decode() for one in readers}
        assert seen == readers
    assert not _reads_conclusion(seated, "contractor", "vote.cast/1")


def _reads_conclusion(story: Story, seat: str, event: str) -> bool:
    return any("conclusion" in line["data"] for line in lines_of(story, seat) if line["event"] == event)


def _case_file(story: Story, seat: str) -> tuple[str, list[str]]:
    """Everything readable in the ZIP, and the events whose content it withholds."""
    content = story.as_(seat).get(f"/cases/{story.case_id}/file.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith((".json", ".txt"))
        ]
        manifest = json.loads(archive.read("manifest.json"))
    withheld = [one["event"] for one in manifest["files"] if one.get("withheld") and one["kind"] == "payload"]
    return "\n".join(texts), withheld


# Files of others


def test_an_opinion_takes_only_the_experts_own_file(seated: Story) -> None:
    """The start of the meeting opens these files to the case: somebody else's would become readable."""
    member = seated.members("confirmed")[0]
    foreign = seated.upload("stranger", "别家方案.pdf", a_pdf(5))
    assert opinion(seated, seated.seat_of(member), member.pk, document_id=foreign).status_code == 403
    assert Document.objects.get(pk=foreign).case is None
    own = seated.upload(seated.seat_of(member), "意见表.pdf", a_pdf(3), "opinion_form")
    assert opinion(seated, seated.seat_of(member), member.pk, document_id=own).status_code == 200


def test_nobody_takes_an_opinion_that_waits_for_the_meeting(seated: Story) -> None:
    """The sheets are drawn up at once and join the case at the start: until then they are no plan of anybody."""
    member = seated.members("confirmed")[0]
    opinion(seated, seated.seat_of(member), member.pk)
    seated.sweep()
    sheet = Document.objects.get(kind="opinion_form", is_generated=True, case=None)
    mine = Story(seated.world, seated.clock)
    mine.project()
    mine.work()
    mine.review()
    given = {"review_id": mine.review_id, "parts": {}, "has_site_statement": True}
    assert (
        mine.as_("contractor").act("plans.submit_version", document_ids=[sheet.pk], **given).status_code
        == 403
    )
    assert mine.as_("contractor").get(f"/documents/{sheet.pk}/download/").status_code == 403


def test_an_upload_of_another_case_is_no_part_of_this_one(seated: Story) -> None:
    foreign = seated.upload("stranger", "别家方案.pdf", a_pdf(6))
    given = {
        "review_id": seated.review_id,
        "document_ids": [foreign],
        "parts": {},
        "has_site_statement": True,
    }
    assert seated.as_("contractor").act("plans.submit_version", **given).status_code == 403
    assert seated.as_("contractor").get(f"/documents/{foreign}/download/").status_code == 403
    assert "别家方案" not in seated.as_("contractor").get(f"/documents/{foreign}/").content.decode()


# Access that ends


def test_the_agency_is_out_when_the_entrustment_ends(nanning: Story) -> None:
    nanning.ready()
    code, agency = nanning.world.unit("agency").code, nanning.as_("agency")
    nanning.as_("contractor").done("plans.entrust_agency", review_id=nanning.review_id, agency_code=code)
    entrustment = Entrustment.objects.get(review_id=nanning.review_id)
    agency.done("plans.accept_entrustment", entrustment_id=entrustment.pk)
    path = f"/cases/{nanning.case_id}/"
    assert agency.get(path).status_code == 200
    nanning.as_("contractor").done("plans.end_entrustment", entrustment_id=entrustment.pk, reason="自行组织")
    after = [
        agency.get(path + page).status_code for page in ("", "plan/", "panel/", "entrustment/", "file.zip")
    ]
    assert after == [403] * 5


def test_a_replaced_expert_is_out_at_once(seated: Story) -> None:
    member = seated.members("confirmed")[0]
    seat, path = seated.as_(seated.seat_of(member)), f"/cases/{seated.case_id}/"
    assert seat.get(path).status_code == 200
    seat.done("panels.report_loss", member_id=member.pk, ground="生病")
    document = seated.latest_version().documents.first()
    assert document is not None
    pages = (
        path,
        f"{path}plan/",
        f"{path}panel/",
        f"/my/reviews/{seated.case_id}/",
        f"/documents/{document.pk}/download/",
    )
    assert [seat.get(page).status_code for page in pages] == [403] * 5


# The way one came in


@pytest.mark.clause("QD-三(一)")
def test_a_password_opens_no_case_of_a_city_that_asks_for_the_real_name(seated: Story) -> None:
    browser = came_in_by(seated.as_("contractor"), "phone_password")
    page = browser.get(f"/cases/{seated.case_id}/")
    assert (page.status_code, "三（一）" in page.content.decode()) == (403, True)
    member = seated.members("confirmed")[0]
    assert browser.refused("panels.file_leak", member_id=member.pk, text="外传") == [
        str(seated.latest_version().review.case.law.clause("security.login"))
    ]


def test_whoever_proved_the_name_works_in_both_cities(nanning: Story, seated: Story) -> None:
    assert came_in_by(seated.as_("contractor"), "oidc").get(f"/cases/{seated.case_id}/").status_code == 200
    nanning.ready()
    assert (
        came_in_by(nanning.as_("contractor"), "phone_password").get(f"/cases/{nanning.case_id}/").status_code
        == 200
    )


def came_in_by(browser: SeatClient, how: str) -> SeatClient:
    """The same person, come in by another way."""
    session = browser.http.session
    session[AUTH_KEY] = how
    session.save()
    return browser


# Seats


def test_a_seat_of_somebody_else_is_neither_chosen_nor_forged(seated: Story) -> None:
    station, stranger = seated.world.seat("station"), seated.as_("stranger")
    assert stranger.http.post("/seat/", {"seat": station.pk}).status_code == 404
    session = stranger.http.session
    session[SEAT_KEY] = station.pk
    session.save()
    assert stranger.get(f"/cases/{seated.case_id}/").status_code == 403
    assert RefusedAttempt.objects.latest("pk").role == "contractor"


def test_the_interface_takes_no_actor_and_no_moment(seated: Story) -> None:
    body = {"review_id": seated.review_id, "reason": "x"}
    for forged in ({"actor": "station"}, {"at": "2020-01-01T00:00:00+08:00"}, {"seed": "00"}):
        assert (
            seated.as_("stranger")
            .act("panels.commit_draw", request_id=seated.request_id, commitment=PROMISE, **forged)
            .status_code
            == 422
        )
    assert seated.as_("stranger").act("reports.reopen_votes", **body).status_code == 422


# Requests from elsewhere


def test_an_act_by_the_sessions_cookie_needs_the_token_of_our_page(drawn: Story) -> None:
    seat = drawn.world.seat(drawn.seat_of(drawn.members("invited")[0]))
    member = drawn.members("invited")[0]
    browser = SeatClient(seat)
    browser.http.handler.enforce_csrf_checks = True
    assert browser.act("panels.confirm_seat", member_id=member.pk).status_code == 403
    member.refresh_from_db()
    assert member.state == "invited"
    browser.http.cookies["csrftoken"] = "a" * 32
    sent = browser.http.post(
        "/api/acts/panels.confirm_seat",
        data={"member_id": member.pk},
        content_type="application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert sent.status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("path", ["/seat/", "/display/large-type/"])
def test_no_form_leads_to_another_site(seated: Story, path: str, target: str) -> None:
    browser = seated.as_("contractor").http
    answer = browser.post(path, {"seat": seated.world.seat("contractor").pk, "next": target})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_public_pages_of_the_demonstration_are_not_there_in_production(db: None, settings: Any) -> None:
    settings.MODE, settings.IS_DEMO = "production", False
    paths = ("/demo/", "/demo/login/", "/demo/messages/")
    assert [Client().get(path).status_code for path in paths] == [404, 404, 404]
    posts = ("/demo/clock/", "/demo/login/", "/demo/messages/phones/", "/demo/messages/1/report/")
    assert [Client().post(path).status_code for path in posts] == [404, 404, 404, 404]
