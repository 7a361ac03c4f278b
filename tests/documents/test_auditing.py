"""S2. What was handed in is hashed whenever it is read and once a day: what is missing or changed is never handed out,
told in words, kept as an alarm, and marked in its case."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from lunheng.cases.models import Case
from lunheng.documents import auditing, case_file, store
from lunheng.documents.models import Audit, DamagedFile, Document
from lunheng.jobs.clock import FixedClock
from tests.documents import samples
from tests.factories.world import SeatClient, World

pytestmark = pytest.mark.django_db


def kept(name: str, content: bytes, clock: FixedClock, case: Case | None = None) -> Document:
    """A file of the contractor's, bound to the case if there is one."""
    return Document.objects.create(
        sha256=store.put(content), name=name, media_type="application/pdf", size=len(content), kind=Document.Kind.SIGN_IN,
        case=case, bound_at=clock.now() if case else None, uploaded_by="contractor", uploaded_at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def document(case: Case, clock: FixedClock) -> Document:
    """A plan that is part of the case."""
    return kept("方案.pdf", samples.pdf(), clock, case)


def change(document: Document) -> Path:
    """Somebody with the disk writes other bytes under the digest."""
    path = store.path_of(document.sha256)
    path.chmod(0o600)
    path.write_bytes(samples.pdf(pages=9))
    return path


def remove(document: Document) -> Path:
    """Somebody with the disk takes the file away."""
    path = store.path_of(document.sha256)
    path.unlink()
    return path


def damaged() -> list[tuple[str, str]]:
    """What is noted as damaged now."""
    return list(DamagedFile.objects.filter(mended_at__isnull=True).values_list("sha256", "fault"))


DAMAGE = {"changed": (change, "文件已被改动"), "missing": (remove, "文件缺失")}


@pytest.mark.parametrize("fault", DAMAGE)
@pytest.mark.parametrize("page", ["download", "show"])
def test_a_damaged_file_is_told_in_words_and_not_handed_out(
    fault: str, page: str, world: World, document: Document
) -> None:
    spoil, words = DAMAGE[fault]
    spoil(document)
    client = SeatClient(world.seat("contractor"))
    answer = client.http.get(f"/documents/{document.pk}/{page}/")
    text = answer.content.decode()
    assert (answer.status_code, words in text, document.sha256 in text) == (503, True, True)
    assert damaged() == [(document.sha256, fault)]


@pytest.mark.parametrize("fault", DAMAGE)
def test_the_daily_round_finds_it_without_anybody_reading(
    fault: str, document: Document, clock: FixedClock
) -> None:
    assert (auditing.audit(clock.now()), damaged()) == (1, [])
    DAMAGE[fault][0](document)
    assert (auditing.audit(clock.now()), damaged()) == (0, [])
    clock.advance(days=1)
    assert (auditing.audit(clock.now()), damaged()) == (1, [(document.sha256, fault)])


def test_the_round_goes_on_where_it_ended(
    case: Case, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [kept(f"{one}.pdf", samples.pdf(pages=one), clock, case) for one in range(1, 6)]
    remove(files[-1])
    monkeypatch.setattr(auditing, "ROWS", 2)
    assert [auditing.audit(clock.now()) for _ in range(4)] == [2, 2, 1, 0]
    assert damaged() == [(files[-1].sha256, "missing")]
    state = Audit.objects.get()
    assert (state.looked_at, state.finished_at) == (5, clock.now())


def test_a_piece_of_the_round_ends_with_its_budget(
    case: Case, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in range(1, 4):
        kept(f"{one}.pdf", samples.pdf(pages=one), clock, case)
    monkeypatch.setattr(auditing, "BUDGET", 1)
    assert [auditing.audit(clock.now()) for _ in range(4)] == [1, 1, 1, 0]


def test_what_is_shown_instead_of_an_original_is_looked_at_too(case: Case, clock: FixedClock) -> None:
    document = kept("现场.jpg", samples.jpeg_with_place(), clock, case)
    document.shown_sha256 = store.put(samples.png())
    document.save()
    store.path_of(document.shown_sha256).unlink()
    auditing.audit(clock.now())
    assert damaged() == [(document.shown_sha256, "missing")]


def test_the_alarm_stands_until_the_right_bytes_are_back(
    world: World, document: Document, clock: FixedClock
) -> None:
    path, right = change(document), samples.pdf()
    auditing.audit(clock.now())
    told = Client().get("/readyz")
    desk = world.client("station").get("/desk/").content.decode()
    assert (told.status_code, told.content.decode().splitlines()[0]) == (200, "ok")
    assert "1 份存储的文件缺失或内容被改动" in told.content.decode()
    assert "1 份存储的文件缺失或内容被改动" in desk
    path.write_bytes(right)
    auditing.audit(clock.now() + timedelta(days=1))
    assert (damaged(), Client().get("/readyz").content) == ([], b"ok")


def test_the_case_file_names_what_it_cannot_bring(case: Case, document: Document, clock: FixedClock) -> None:
    whole = kept("签到表.pdf", samples.pdf(pages=2), clock, case)
    remove(document)
    with zipfile.ZipFile(io.BytesIO(case_file.build(case, {}))) as archive:
        listed = {
            one.get("name"): (one.get("damaged"), one["path"] in archive.namelist())
            for one in json.loads(archive.read("manifest.json"))["files"]
            if one["path"].startswith("documents/")
        }
        page = archive.read("timeline.html").decode()
    assert listed == {document.name: ("missing", False), whole.name: (None, True)}
    assert (document.sha256 in page, "本归档没有附上" in page) == (True, True)


def test_what_was_hashed_is_what_is_handed_out(document: Document) -> None:
    with store.open_checked(document.sha256) as file:
        change(document)
        assert file.read() == samples.pdf()
