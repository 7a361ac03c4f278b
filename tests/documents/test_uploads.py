"""Handing in files: who may, what is answered, who may open them afterwards, and that every look is kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lunheng.cases.models import Case, Participant
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.documents import store
from lunheng.documents.guard import LARGEST
from lunheng.documents.models import Document
from lunheng.documents.permissions import may_open
from lunheng.documents.queries import waiting_uploads
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, RefusedAttempt
from tests.documents import samples
from tests.factories.world import World

pytestmark = pytest.mark.django_db

CONTENT = samples.pdf(pages=2)


def send(world: World, seat: str, *contents: bytes, name: str = "方案.pdf", **headers: str) -> Any:
    """Upload files as this person; the answer is data unless told otherwise."""
    files = [SimpleUploadedFile(name, content) for content in contents or (CONTENT,)]
    client = world.client(seat).http
    return client.post(
        "/documents/upload/", {"file": files}, headers={"accept": "application/json", **headers}
    )


def uploaded(world: World, seat: str = "contractor") -> Document:
    """A file that this person handed in."""
    return Document.objects.get(pk=send(world, seat).json()["id"])


def clauses(response: Any) -> list[str]:
    """The clauses that a refusal names."""
    return [reason["clause"] for reason in response.json()["reasons"]]


def test_an_upload_answers_with_number_and_digest(world: World, clock: FixedClock) -> None:
    response = send(world, "contractor")
    document = Document.objects.get()
    assert response.json()["documents"] == [
        {
            "id": document.pk,
            "name": "方案.pdf",
            "sha256": document.sha256,
            "size": len(CONTENT),
            "media_type": "application/pdf",
            "pages": 2,
        }
    ]
    assert (response.json()["id"], store.read(document.sha256)) == (document.pk, CONTENT)
    assert (document.uploaded_organization, document.uploaded_at) == (
        world.unit("contractor").code,
        clock.now(),
    )


def test_several_files_come_at_once(world: World) -> None:
    response = send(world, "contractor", samples.pdf(1), samples.pdf(2))
    assert [line["pages"] for line in response.json()["documents"]] == [1, 2]


@pytest.mark.parametrize("seat", ["contractor", "chief_supervisor", "expert:0", "station"])
def test_everybody_with_a_seat_may_hand_in_files(world: World, seat: str) -> None:
    assert send(world, seat).status_code == 200


def test_the_public_may_not(world: World) -> None:
    assert (send(world, "public").status_code, Document.objects.count()) == (422, 0)


def test_a_hostile_file_is_refused_with_its_clause_and_kept_as_an_attempt(world: World) -> None:
    response = send(world, "contractor", samples.pdf_with_action("/JavaScript"))
    assert (response.status_code, clauses(response)) == (422, ["《论衡平台运行规则》第二条"])
    assert (Document.objects.count(), RefusedAttempt.objects.get().act) == (0, "documents.upload")


def test_a_refused_file_leaves_nothing_in_the_store(world: World, folder: Any) -> None:
    send(world, "contractor", samples.pdf_with_action("/Launch"))
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_over_the_limit_is_stopped_while_it_comes_in(world: World) -> None:
    response = send(world, "contractor", CONTENT + bytes(LARGEST))
    assert (response.status_code, response.json()["reasons"][0]["message"]) == (413, "文件超过 50 MB 上限")


def test_a_request_that_announces_too_much_is_not_read(world: World) -> None:
    client = world.client("contractor").http
    response = client.post(
        "/documents/upload/", CONTENT_LENGTH=str(11 * LARGEST), headers={"accept": "application/json"}
    )
    assert response.status_code == 413


def test_a_form_without_a_file_says_so(world: World) -> None:
    response = world.client("contractor").http.post("/documents/upload/")
    assert "文件是空的" in response.content.decode()


def test_a_form_from_elsewhere_is_not_accepted(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        world.seat("contractor").account, backend="lunheng.accounts.authentication.PhoneBackend"
    )
    response = client.post("/documents/upload/", {"file": SimpleUploadedFile("方案.pdf", CONTENT)})
    assert (response.status_code, Document.objects.count()) == (403, 0)


def test_without_script_the_page_shows_what_waits_to_be_used(world: World) -> None:
    client = world.client("contractor").http
    page = client.post(
        "/documents/upload/", {"file": SimpleUploadedFile("方案.pdf", CONTENT)}
    ).content.decode()
    document = Document.objects.get()
    assert (f'name="document_ids" value="{document.pk}"' in page, page.count("方案.pdf")) == (True, 2)


def test_with_script_only_the_line_of_the_file_comes_back(world: World) -> None:
    response = send(world, "contractor", accept="text/html", hx_request="true")
    assert (response.status_code, "<html" in response.content.decode()) == (200, False)
    refused = send(world, "contractor", b"", accept="text/html", hx_request="true")
    assert (refused.status_code, "<html" in refused.content.decode()) == (422, False)


def test_the_page_to_upload_opens(world: World) -> None:
    assert world.client("contractor").get("/documents/upload/").status_code == 200


def test_a_waiting_file_is_its_units_alone(world: World) -> None:
    document = uploaded(world)
    path = f"/documents/{document.pk}/download/"
    answers = [
        world.client(seat).get(path).status_code
        for seat in ("contractor", "technical_director", "supervisor")
    ]
    assert answers == [200, 200, 403]
    assert list(waiting_uploads(world.actor("technical_director"))) == [document]


def test_every_look_and_every_download_is_kept(world: World) -> None:
    document = uploaded(world)
    for seat, page in (("contractor", ""), ("contractor", "download/"), ("stranger", "download/")):
        world.client(seat).get(f"/documents/{document.pk}/{page}")
    kept = [
        (line.kind, line.allowed)
        for line in Access.objects.filter(what__startswith="document").order_by("id")
    ]
    assert kept == [("view", True), ("download", True), ("download", False)]


def test_a_download_gives_the_bytes_and_lets_them_do_nothing(world: World) -> None:
    document = uploaded(world)
    response = world.client("contractor").get(f"/documents/{document.pk}/download/")
    assert b"".join(response.streaming_content) == CONTENT
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''%E6%96%B9%E6%A1%88.pdf"
    assert (response["X-Content-Type-Options"], "sandbox" in response["Content-Security-Policy"]) == (
        "nosniff",
        True,
    )


def test_only_pictures_and_pdf_are_shown_in_the_page(world: World) -> None:
    shown = uploaded(world)
    saved = send(world, "contractor", samples.docx(), name="方案.docx").json()["id"]
    client = world.client("contractor")
    manners = [
        client.get(f"/documents/{pk}/show/")["Content-Disposition"].split(";")[0] for pk in (shown.pk, saved)
    ]
    assert manners == ["inline", "attachment"]


def test_a_bound_file_opens_for_the_parties_and_the_authority(world: World, case: Case) -> None:
    document = uploaded(world)
    document.bind(case, Document.Kind.PLAN, actor=world.actor("contractor"))
    seats = ("contractor", "supervisor", "station", "stranger", "agency", "expert:1")
    answers = {seat: may_open(world.actor(seat), document).is_allowed for seat in seats}
    assert answers == {
        "contractor": True,
        "supervisor": True,
        "station": True,
        "stranger": False,
        "agency": False,
        "expert:1": False,
    }


@pytest.mark.parametrize(("kind", "is_secret"), [("plan", False), ("drawing", False), ("report", True)])
def test_an_expert_opens_the_plan_only_after_the_commitment(
    kind: str, is_secret: bool, world: World, case: Case, clock: FixedClock
) -> None:
    document = uploaded(world)
    document.bind(case, kind, actor=world.actor("contractor"), is_secret=is_secret)
    expert = world.actor("expert:0")
    before = may_open(expert, document)
    assert (before.is_allowed, [str(reason.clause) for reason in before.reasons]) == (
        False,
        [str(case.law.clause("security.plan_access"))],
    )
    Participant.objects.filter(case=case).update(committed_at=clock.now())
    assert may_open(expert, document).is_allowed


def test_other_files_need_no_commitment(world: World, case: Case) -> None:
    document = uploaded(world)
    document.bind(case, Document.Kind.SIGN_IN, actor=world.actor("contractor"))
    assert may_open(world.actor("expert:0"), document).is_allowed


def test_access_ends_with_the_seat(world: World, case: Case, clock: FixedClock) -> None:
    document = uploaded(world)
    document.bind(case, Document.Kind.PLAN, actor=world.actor("contractor"))
    Participant.objects.filter(case=case).update(committed_at=clock.now(), left_at=clock.now())
    assert not may_open(world.actor("expert:0"), document).is_allowed


def test_a_file_is_bound_once(world: World, case: Case, clock: FixedClock) -> None:
    document = uploaded(world)
    document.bind(case, Document.Kind.PLAN, actor=world.actor("contractor"), at=clock.now())
    again = Document.objects.get()
    assert (again.case, again.kind, again.bound_at) == (case, "plan", clock.now())
    other = Case.objects.create(
        reference="GC-1",
        kind="project",
        title="另一工程",
        division=world.division,
        state="open",
        opened_at=clock.now(),
    )
    with pytest.raises(Refused, match="已用于另一个案件"):
        again.bind(other, Document.Kind.PLAN, actor=world.actor("contractor"))


@pytest.mark.parametrize("seat", ["supervisor", "stranger", "expert:0"])
def test_nobody_uses_anothers_file(seat: str, world: World, case: Case) -> None:
    document = uploaded(world, "contractor")
    with pytest.raises(Refused, match="由其他单位上传"):
        document.bind(case, Document.Kind.PLAN, actor=world.actor(seat))


@pytest.mark.parametrize(
    ("seat", "is_theirs"),
    [("supervisor", True), ("expert:0", True), ("stranger", False), ("expert:2", False)],
)
def test_an_act_that_names_no_actor_takes_what_the_cases_people_uploaded(
    seat: str, is_theirs: bool, world: World, case: Case
) -> None:
    document = uploaded(world, seat)
    if is_theirs:
        document.bind(case, Document.Kind.OTHER)
        assert document.case == case
    else:
        with pytest.raises(Refused):
            document.bind(case, Document.Kind.OTHER)


def test_the_platforms_own_documents_belong_to_every_case(case: Case, clock: FixedClock) -> None:
    document = Document.generate(name="论证报告.pdf", content=CONTENT, kind="report", at=clock.now())
    document.bind(case, Document.Kind.REPORT, actor=Actor.system())
    assert (document.case, document.read(), document.media_type) == (case, CONTENT, "application/pdf")
