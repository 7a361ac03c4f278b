"""The demo is built where nothing is, or where an earlier demo is, and nowhere else."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lunheng.accounts.models import Account
from lunheng.demo import database
from lunheng.demo.models import Mark
from tests.conftest import OPENING

pytestmark = pytest.mark.django_db

BUILD = """
import django; django.setup()
from lunheng.demo import database
from lunheng.demo.models import Mark
from datetime import datetime, timezone
with database.anew():
    Mark.objects.create(built_at=datetime(2026, 11, 24, tzinfo=timezone.utc), finished_at=None)
"""
FAIL = BUILD.replace("11, 24", "11, 25") + "    raise RuntimeError('虚构的故障')\n"


def somebody() -> Account:
    """Anybody at all."""
    return Account.objects.create_account(phone="+8619900000001", name="虚构·用户")


def test_an_empty_database_may_become_the_demo() -> None:
    database.require_ours()


def test_a_database_with_somebody_in_it_is_refused_and_left_as_it_is() -> None:
    somebody()
    with pytest.raises(database.NotOurs):
        database.require_ours()
    assert Account.objects.count() == 1


def test_a_demo_that_people_have_used_may_be_built_anew() -> None:
    somebody()
    Mark.objects.create(built_at=OPENING, finished_at=OPENING)
    database.require_ours()


def test_production_never_gets_demo_data(settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]
    with pytest.raises(database.NotOurs):
        database.require_ours()


def test_a_demo_that_was_not_finished_does_not_count_as_built() -> None:
    Mark.objects.create(built_at=OPENING)
    assert not database.is_built()


def test_a_finished_demo_counts_as_built() -> None:
    Mark.objects.create(built_at=OPENING, finished_at=OPENING)
    assert database.is_built()


def run(program: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a program on a SQLite file of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lunheng.config.settings",
        "LUNHENG_DATABASE": f"sqlite:///{folder}/site.sqlite3",
        "LUNHENG_VAR": str(folder),
    }
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )


def marks(folder: Path) -> list[str]:
    """When the demos in the file were built."""
    with sqlite3.connect(folder / "site.sqlite3") as connection:
        return [row[0] for row in connection.execute("SELECT built_at FROM demo_mark")]


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a demo was built for the first time."""
    folder = tmp_path_factory.mktemp("built")
    assert run(BUILD, folder).returncode == 0
    return folder


@pytest.fixture
def built(first_build: Path, tmp_path: Path) -> Path:
    """Such a folder of one's own."""
    return Path(shutil.copytree(first_build, tmp_path / "site"))


def test_the_new_file_takes_the_place_of_the_old_one_when_it_is_whole(built: Path) -> None:
    assert run(BUILD, built).returncode == 0
    assert marks(built) == ["2026-11-24 00:00:00"]
    assert sorted(path.name for path in built.glob("site*")) == ["site.sqlite3"]


def test_a_new_file_has_every_trigger_of_the_ledger(built: Path) -> None:
    ask = "import django; django.setup()\nfrom django.db import connection\nfrom lunheng.ledger import touching\n"
    assert run(f"{ask}print(touching.unwatched(connection))", built).stdout == "[]\n"


def test_a_build_that_fails_leaves_the_old_file(built: Path) -> None:
    assert "虚构的故障" in run(FAIL, built).stderr
    assert marks(built) == ["2026-11-24 00:00:00"]


def test_a_file_that_somebody_reads_is_not_replaced(built: Path) -> None:
    reader = sqlite3.connect(built / "site.sqlite3", isolation_level=None)
    reader.execute("PRAGMA journal_mode=WAL")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM demo_mark").fetchall()
    try:
        assert "NotOurs" in run(BUILD, built).stderr
    finally:
        reader.close()
