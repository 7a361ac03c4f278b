"""A site that the release before stored, with cases under way, is upgraded and answers as that release did.

``tests/vectors/databases`` holds for each release its database and its own answers (made by ``tests.upgrade.keeping`` and
``tests.upgrade.answers`` with that release's source); they are never made anew.
"""

import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.house.tree import ROOT

STORED = ROOT / "tests" / "vectors" / "databases"
RELEASES = sorted(path.name.removesuffix(".sqlite3.xz") for path in STORED.glob("*.sqlite3.xz"))

LED_ON = {"first": {333: "panel", 335: "panel"}}
"""Reviews whose panel was asked for already: the desk then led to the request once more, and leads to the draw since."""

COME = ("/plan/secret/",)
"""Ends of addresses on a case's page that came after the stored releases, which therefore have no answer for them."""


def told(printed: str) -> dict[str, Any]:
    """What this release answers, but for addresses that the stored ones did not have."""
    answers: dict[str, Any] = json.loads(printed)
    for seats in answers["pages"].values():
        for seat, pages in seats.items():
            seats[seat] = {page: answer for page, answer in pages.items() if not page.endswith(COME)}
    return answers


def kept(release: str) -> dict[str, Any]:
    """What the release itself answered, but for what it answered wrongly."""
    text = lzma.decompress((STORED / f"{release}.answers.json.xz").read_bytes()).decode()
    answers: dict[str, Any] = json.loads(text)
    for case, page in LED_ON.get(release, {}).items():
        wrong, right = f"/cases/{case}/panel-request/", f"/cases/{case}/{page}/"
        for seat, ways in answers["desks"].items():
            answers["desks"][seat] = sorted(right if way == wrong else way for way in ways)
    return answers


def file_of(release: str, folder: Path) -> Path:
    """The database as the release left it."""
    path = folder / "site.sqlite3"
    path.write_bytes(lzma.decompress((STORED / f"{release}.sqlite3.xz").read_bytes()))
    return path


def run(module: str, database: str, *arguments: str) -> str:
    """What a program of this folder prints about a database."""
    environment = {
        **os.environ,
        "LUNHENG_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "lunheng.config.settings",
    }
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    call = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    done = subprocess.run(call, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def differences(before: Any, after: Any, place: str = "") -> dict[str, tuple[Any, Any]]:
    """Where two answers differ: by the way to the place, what was and what is."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: dict[str, tuple[Any, Any]] = {}
        for key in sorted(before.keys() | after.keys()):
            found |= differences(before.get(key), after.get(key), f"{place}/{key}")
        return found
    return {} if before == after else {place: (before, after)}


@contextmanager
def database_called(name: str) -> Iterator[str]:
    """The address of an empty database beside that of the tests; it is gone at the end."""
    given = urlsplit(os.environ["LUNHENG_DATABASE"])
    with psycopg.connect(urlunsplit(given._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(given._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_there_is_a_stored_site() -> None:
    assert RELEASES != []


@pytest.mark.sqlite
@pytest.mark.only("sqlite", reason="the stored file is SQLite's")
@pytest.mark.parametrize("release", RELEASES)
def test_a_stored_file_is_upgraded_and_answers_the_same(release: str, tmp_path: Path) -> None:
    file = file_of(release, tmp_path)
    answered = told(run("tests.upgrade.answers", f"sqlite:///{file}"))
    assert differences(kept(release), answered) == {}


@pytest.mark.only("postgresql", reason="the same rows on the other database")
@pytest.mark.parametrize("release", RELEASES)
def test_the_same_rows_on_postgresql_are_upgraded_and_answer_the_same(release: str, tmp_path: Path) -> None:
    file = file_of(release, tmp_path)
    with database_called(f"stored_{os.getpid()}") as database:
        run("tests.upgrade.moving", database, str(file))
        answered = told(run("tests.upgrade.answers", database))
    assert differences(kept(release), answered) == {}
