"""S6. Looking through files is bounded before it begins: few at once, one for each account, two for each address."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from lunheng.accounts.throttle import Limit
from lunheng.documents.guard import places
from lunheng.documents.guard.examine import RULE, platform_law
from lunheng.documents.guard.places import BUSY, Busy, TooOften, held
from lunheng.documents.models import Document
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import RefusedAttempt
from tests.documents import samples
from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def board(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Places of this test's own, and two parsers."""
    settings.VAR = tmp_path
    monkeypatch.setattr(places, "_board", places._Board())
    monkeypatch.setattr(places, "RUNNING", 2)
    monkeypatch.setattr(places, "WAITING", 0)
    monkeypatch.setattr(places, "PATIENCE", 0.2)
    yield


def place(stack: ExitStack, account: str, address: str, clock: FixedClock) -> None:
    """Take a place until the stack ends."""
    clause = platform_law().clause(RULE)
    stack.enter_context(held(account=account, address=address, at=clock.now(), clause=clause))


def is_free(account: str, address: str, clock: FixedClock) -> bool:
    """Whether this account at this address would get a place now."""
    with ExitStack() as stack:
        try:
            place(stack, account, address, clock)
        except Busy:
            return False
    return True


def test_two_files_are_looked_through_at_once_and_no_third(clock: FixedClock) -> None:
    with ExitStack() as stack:
        place(stack, "one", "10.0.0.1", clock)
        assert is_free("two", "10.0.0.2", clock)
        place(stack, "two", "10.0.0.2", clock)
        assert not is_free("three", "10.0.0.3", clock)
    assert is_free("three", "10.0.0.3", clock)


def test_an_account_has_one_place(clock: FixedClock) -> None:
    with ExitStack() as stack:
        place(stack, "one", "10.0.0.1", clock)
        assert [is_free("one", "10.0.0.2", clock), is_free("two", "10.0.0.2", clock)] == [False, True]


def test_an_address_has_two_places(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "RUNNING", 9)
    with ExitStack() as stack:
        for account in ("one", "two"):
            place(stack, account, "10.0.0.1", clock)
        free = [is_free("three", address, clock) for address in ("10.0.0.1", "10.0.0.2")]
    assert free == [False, True]


def test_who_waits_gets_the_place_that_is_left(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "RUNNING", 1)
    monkeypatch.setattr(places, "WAITING", 1)
    monkeypatch.setattr(places, "PATIENCE", 20.0)
    began = threading.Event()
    clause = platform_law().clause(RULE)
    got: list[bool] = []

    def wait() -> None:
        began.set()
        with places._parser(clause):
            got.append(True)

    with places._parser(clause):
        waiting = threading.Thread(target=wait)
        waiting.start()
        began.wait()
        assert got == []
    waiting.join()
    assert got == [True]


OTHER = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
for place in (0, 1):
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
print("held", flush=True)
sys.stdin.read()
"""


def test_places_hold_between_processes_and_end_with_them(clock: FixedClock, tmp_path: Path) -> None:
    assert is_free("one", "10.0.0.1", clock)
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(tmp_path / "parsers.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    assert not is_free("one", "10.0.0.1", clock)
    other.communicate()
    assert is_free("one", "10.0.0.1", clock)


def test_places_leave_nothing_behind(clock: FixedClock, tmp_path: Path) -> None:
    for number in range(20):
        assert is_free(f"account {number}", f"10.0.0.{number}", clock)
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir() if path.is_file()] == [
        ("parsers.lock", 0)
    ]


def test_an_account_has_a_budget_and_gets_it_back(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "FILES_OF_ACCOUNT", Limit("file-account", 2, timedelta(minutes=10)))
    assert [is_free("one", "10.0.0.1", clock) for _ in range(2)] == [True, True]
    with ExitStack() as stack, pytest.raises(TooOften) as caught:
        place(stack, "one", "10.0.0.1", clock)
    assert caught.value.verdict.reasons[0].message == "上传次数过多"
    assert is_free("two", "10.0.0.1", clock)
    clock.advance(minutes=11)
    assert is_free("one", "10.0.0.1", clock)


def test_nothing_of_a_file_is_looked_at_where_there_is_no_place(
    world: World, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("the form was taken apart")

    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", read)
    with ExitStack() as stack:
        place(stack, world.actor("contractor").reference, "10.0.0.9", clock)
        answer = world.client("contractor").http.post(
            "/documents/upload/", {"file": SimpleUploadedFile("方案.pdf", samples.pdf())}
        )
    assert answer.status_code == 503


@pytest.mark.parametrize(("header", "status"), [("application/json", 503), ("text/html", 503)])
def test_a_busy_platform_says_so_and_blames_nobody(
    header: str, status: int, world: World, clock: FixedClock
) -> None:
    with ExitStack() as stack:
        place(stack, "one", "10.0.0.1", clock)
        place(stack, "two", "10.0.0.2", clock)
        answer = world.client("contractor").http.post(
            "/documents/upload/",
            {"file": SimpleUploadedFile("方案.pdf", samples.pdf())},
            headers={"accept": header},
        )
    text = answer.json()["reasons"][0]["message"] if "json" in header else answer.content.decode()
    assert (answer.status_code, BUSY[0] in text) == (status, True)
    assert (Document.objects.count(), RefusedAttempt.objects.count()) == (0, 0)


def test_whoever_may_not_upload_is_told_that_and_asks_for_no_place(client: Client, clock: FixedClock) -> None:
    with ExitStack() as stack:
        place(stack, "one", "10.0.0.1", clock)
        place(stack, "two", "10.0.0.2", clock)
        answer = client.post("/documents/upload/", {"file": SimpleUploadedFile("a.pdf", samples.pdf())})
    assert (answer.status_code, BUSY[0] in answer.content.decode()) == (422, False)
