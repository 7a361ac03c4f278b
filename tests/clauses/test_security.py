"""登录与保密: who may come in, and who may see what."""

import io
import re
import zipfile

import pytest
from django.test import Client

from lunheng.ledger.models import Access, Entry
from lunheng.messaging.models import Message
from lunheng.pools.models import ServiceRecord
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import qingdao as qd
from tests.factories.story import Story
from tests.factories.world import SeatClient

SECRECY = {"qingdao": qd("四（二）1"), "nanning": nn("五（四）")}


@pytest.fixture
def seated(city: Story) -> Story:
    city.ready()
    city.panel()
    return city


def archive_of(browser: SeatClient, story: Story) -> list[str]:
    """The plan's files in the case file as this person gets it."""
    answer = browser.get(f"/cases/{story.case_id}/file.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    return [name for name in names if name.startswith("documents/") and "方案" in name]


@pytest.mark.clause("QD-四(二)1b/others refused")
@pytest.mark.parametrize("seat", ["stranger", "agency", "other_district"])
def test_plan_and_opinions_open_only_for_the_parties_and_the_authority(qingdao: Story, seat: str) -> None:
    qingdao.ready()
    qingdao.panel()
    document = qingdao.latest_version().documents.get()
    answer = qingdao.as_(seat).get(f"/documents/{document.pk}/download/")
    told = answer.content.decode()
    assert (answer.status_code, "四（二）1" in told or "二（一）" in told) == (403, True)


@pytest.mark.clause("QD-四(二)1b/others refused")
def test_an_expert_of_another_case_is_refused(qingdao: Story) -> None:
    qingdao.ready()
    members = {member.expert_id for member in qingdao.panel()}
    other = next(expert for expert in qingdao.world.experts if expert.pk not in members)
    document = qingdao.latest_version().documents.get()
    answer = qingdao.as_(qingdao.world.expert_seat(other)).get(f"/documents/{document.pk}/download/")
    assert (answer.status_code, "四（二）1" in answer.content.decode()) == (403, True)


@pytest.mark.clause("QD-四(二)1b/leak")
def test_a_leak_can_be_filed_against_an_expert(qingdao: Story) -> None:
    qingdao.ready()
    member = qingdao.panel()[0]
    qingdao.as_("contractor").done("panels.file_leak", member_id=member.pk, text="会前向外透露评审意见")
    assert ServiceRecord.objects.get(file=member.expert.file).kind == "leak"


@pytest.mark.clause("QD-五(三)b/before the commitment", "NN-五(四)/after the commitment")
def test_the_plan_stays_closed_before_the_commitment(seated: Story) -> None:
    member = seated.members("confirmed")[0]
    expert = seated.as_(seated.seat_of(member))
    document = seated.latest_version().documents.get()
    before = expert.get(f"/documents/{document.pk}/download/")
    expert.done("panels.sign_commitment", member_id=member.pk)
    after = expert.get(f"/documents/{document.pk}/download/")
    words = {"qingdao": "五（三）", "nanning": "五（四）"}[seated.world.city]
    assert (before.status_code, words in before.content.decode(), after.status_code) == (403, True, 200)


@pytest.mark.clause("QD-四(二)1b/views logged", "QD-五(三)b/downloads", "NN-五(四)/views logged")
def test_every_view_and_download_is_logged_also_after_closing(seated: Story) -> None:
    seated.conclude()
    seated.as_("contractor").done("reports.start_works", case_id=seated.case_id)
    document = seated.latest_version().documents.get()
    member = seated.members("confirmed")[0]
    for seat in (seated.seat_of(member), "station"):
        seated.as_(seat).get(f"/documents/{document.pk}/download/")
    logged = Access.objects.filter(kind="download", at=seated.clock.now()).values_list("account", flat=True)
    accounts = {seated.world.seat(seat).account.reference for seat in (seated.seat_of(member), "station")}
    assert accounts <= set(logged)


@pytest.mark.clause("NN-五(四)/others refused")
@pytest.mark.parametrize("seat", ["stranger", "agency_two"])
def test_other_accounts_are_refused_secret_files(nanning: Story, seat: str) -> None:
    nanning.ready()
    nanning.panel()
    document = nanning.latest_version().documents.get()
    answer = nanning.as_(seat).get(f"/documents/{document.pk}/download/")
    assert (answer.status_code, "五（四）" in answer.content.decode()) == (403, True)


def secret(story: Story, marker: str = "contractor") -> int:
    """A file of the plan that the client marks as secret after it was submitted."""
    document = story.latest_version().documents.get()
    story.as_(marker).done("plans.mark_secret", version_id=story.version_id, document_ids=[document.pk])
    return document.pk


@pytest.mark.clause("NN-五(四)/marked as secret")
def test_a_file_is_marked_when_it_is_submitted_or_on_the_page_of_the_plan(nanning: Story) -> None:
    nanning.project(), nanning.work(), nanning.review()
    files = [nanning.upload("contractor", content=nanning.fresh_pdf()) for _ in range(2)]
    nanning.version(document_ids=files, secret_document_ids=files[:1])
    first = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/plan/").content.decode()
    nanning.as_("contractor").http.post(f"/cases/{nanning.case_id}/plan/secret/", {"document_ids": files[1:]})
    then = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/plan/").content.decode()
    said = Entry.objects.filter(event="plan.secrecy_marked/1").count()
    assert (first.count("保密</span>"), then.count("保密</span>"), said) == (1, 2, 1)


@pytest.mark.clause("NN-五(四)/marked as secret")
@pytest.mark.parametrize("marker", ["supervisor", "owner", "station", "agency", "stranger"])
def test_only_the_client_marks(nanning: Story, marker: str) -> None:
    nanning.ready()
    document = nanning.latest_version().documents.get()
    assert nanning.as_(marker).refused(
        "plans.mark_secret", version_id=nanning.version_id, document_ids=[document.pk]
    )


@pytest.mark.clause("NN-五(四)/marked as secret")
def test_only_files_of_the_version_are_marked_and_once(nanning: Story) -> None:
    nanning.ready()
    other = nanning.upload("contractor", content=nanning.fresh_pdf())
    given = {"version_id": nanning.version_id}
    told = nanning.as_("contractor").refused("plans.mark_secret", **given, document_ids=[other])
    document = secret(nanning)
    again = nanning.as_("contractor").refused("plans.mark_secret", **given, document_ids=[document])
    assert told == again == [nn("五（四）")]


@pytest.mark.clause("NN-五(四)/others refused", "NN-五(四)/after the commitment")
def test_who_agreed_and_is_not_confirmed_opens_nothing_secret_even_after_the_commitment(
    nanning: Story,
) -> None:
    nanning.ready()
    document = secret(nanning)
    nanning.request()
    nanning.push()
    chosen = nanning.lawful_pick(6)
    nanning.pick(chosen)
    nanning.consent(chosen)
    asked = chosen[5]
    expert = nanning.as_(nanning.seat_of(asked))
    expert.done("panels.sign_commitment", member_id=asked.pk)
    told = expert.get(f"/documents/{document}/download/")
    kept = archive_of(expert, nanning)
    assert (told.status_code, nn("五（四）") in told.content.decode(), kept) == (403, True, [])


@pytest.mark.clause("NN-五(四)/others refused", "NN-五(四)/after the commitment")
def test_in_the_case_file_a_secret_file_goes_only_to_those_who_may_open_it(nanning: Story) -> None:
    nanning.ready()
    secret(nanning)
    member = nanning.panel()[0]
    expert = nanning.as_(nanning.seat_of(member))
    before = archive_of(expert, nanning)
    expert.done("panels.sign_commitment", member_id=member.pk)
    got = {
        seat: len(archive_of(nanning.as_(seat), nanning)) for seat in ("contractor", "supervisor", "station")
    }
    assert (before, len(archive_of(expert, nanning)), got) == (
        [], 1, {"contractor": 1, "supervisor": 1, "station": 1},
    )  # fmt: skip


@pytest.mark.clause("NN-五(四)/views logged")
def test_every_look_at_a_secret_file_is_shown_to_client_and_authority(nanning: Story) -> None:
    nanning.ready()
    document = secret(nanning)
    nanning.panel()
    nanning.as_("stranger").get(f"/documents/{document}/download/")
    nanning.as_("supervisor").get(f"/documents/{document}/download/")
    archive_of(nanning.as_("owner"), nanning)
    pages = {
        seat: nanning.as_(seat).get(f"/documents/{document}/").content.decode()
        for seat in ("supervisor", "contractor", "station")
    }
    told = {seat: page.count('data-label="查阅"') for seat, page in pages.items()}
    refused = {seat: page.count("被拒绝</span>") for seat, page in pages.items()}
    assert told == {"supervisor": 0, "contractor": 5, "station": 6}
    assert refused == {"supervisor": 0, "contractor": 1, "station": 1}


@pytest.mark.clause("NN-三(一)")
def test_the_start_page_opens_without_login_and_leads_to_both_entrances(nanning: Story) -> None:
    page = Client().get("/").content.decode()
    assert ("/login/company/" in page, "/login/expert/" in page) == (True, True)


def choose_password(local: str, password: str) -> None:
    """By the code that is sent to the number."""
    client = Client()
    client.post("/login/reset/", {"phone": local})
    code = re.search(r"\d{6}", Message.objects.filter(phone=f"+86{local}").latest("id").text)
    assert code is not None
    client.post(
        "/login/reset/password/", {"phone": local, "code": code[0], "password": password, "again": password}
    )


@pytest.mark.clause("NN-三(三)")
def test_the_expert_logs_in_with_number_and_password_and_can_reset_it(nanning: Story) -> None:
    phone = nanning.world.seat("expert:0").account.phone
    browser, local = Client(), str(phone).removeprefix("+86")
    choose_password(local, "Old-Password-9")
    entered = browser.post("/login/expert/?city=nanning", {"phone": local, "password": "Old-Password-9"})
    assert (entered.status_code, browser.get("/my/").status_code) == (302, 200)
    nanning.clock.advance(hours=1)
    choose_password(local, "New-Password-9")
    old = Client().post("/login/expert/?city=nanning", {"phone": local, "password": "Old-Password-9"})
    new = Client().post("/login/expert/?city=nanning", {"phone": local, "password": "New-Password-9"})
    assert (old.status_code != 302, new.status_code) == (True, 302)
