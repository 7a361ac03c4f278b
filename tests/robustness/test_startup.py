"""Nothing starts on a database that could lose what it acknowledged, and who starts it reads why."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from lunheng.config.checks import POSTGRESQL, check_durability, faults_of
from tests.harness import postgres

ROOT = Path(__file__).parents[2]
OURS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
}


def sqlite(tmp_path: Path, **changes: str) -> DatabaseWrapper:
    """A SQLite file opened with our options but for these changes."""
    given: dict[str, Any] = {**connections["default"].settings_dict, "ENGINE": "django.db.backends.sqlite3"}
    return DatabaseWrapper(
        {**given, "NAME": str(tmp_path / "site.sqlite3"), "OPTIONS": {**OURS, **changes}}, "probe"
    )


def told(connection: Any, mode: str = "production") -> list[str]:
    """The faults as the person at the terminal reads them."""
    return [f"{fault.msg}；{fault.hint}" for fault in faults_of(connection, mode)]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_our_own_settings_for_sqlite_are_safe(tmp_path: Path) -> None:
    assert told(sqlite(tmp_path)) == []


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ours", "changed", "reason"),
    [
        ("journal_mode=WAL", "journal_mode=DELETE", "SQLite 的 journal_mode 为 delete，读写会互相阻塞；改为 journal_mode=WAL 后重新启动"),
        ("synchronous=FULL", "synchronous=NORMAL", "SQLite 的 synchronous 为 1，断电会丢失已经确认的办理结果；改为 synchronous=FULL 后重新启动"),
        ("synchronous=FULL", "synchronous=OFF", "SQLite 的 synchronous 为 0，断电会丢失已经确认的办理结果；改为 synchronous=FULL 后重新启动"),
        ("foreign_keys=ON", "foreign_keys=OFF", "SQLite 的 foreign_keys 为 0，数据之间的联系得不到保证；改为 foreign_keys=ON 后重新启动"),
    ],
)  # fmt: skip
def test_sqlite_with_one_unsafe_setting_is_refused(
    tmp_path: Path, ours: str, changed: str, reason: str
) -> None:
    assert told(sqlite(tmp_path, init_command=OURS["init_command"].replace(ours, changed))) == [reason]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_whose_writers_do_not_queue_is_refused(tmp_path: Path) -> None:
    assert told(sqlite(tmp_path, transaction_mode="DEFERRED")) == [
        "SQLite 的 transaction_mode 为 DEFERRED，同时办理时会失败；改为 transaction_mode=IMMEDIATE 后重新启动"
    ]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_database_of_the_tests_may_be_used_by_tests() -> None:
    assert (settings.MODE, check_durability(databases=["default"])) == ("test", [])


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_throw_away_postgresql_would_be_refused_in_production() -> None:
    unsafe = {"sqlite": [], "postgresql": list(POSTGRESQL)}[connection.vendor]
    assert [message.split(" ")[2] for message in told(connection)] == unsafe


@pytest.fixture(scope="module")
def unsafe_server() -> Iterator[postgres.Server]:
    """A server that does not wait for the disk."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="module")
def safe_server() -> Iterator[postgres.Server]:
    """A server as an authority runs it."""
    with postgres.running(is_durable=True) as server:
        yield server


def start(command: str, url: str) -> "subprocess.CompletedProcess[str]":
    """Run one command of the site in production mode."""
    secrets = {name: "x" * 50 for name in ("LUNHENG_KEY", "LUNHENG_IDENTITY_KEY", "LUNHENG_CHANCE_KEY")}
    bind = ["--bind", f"127.0.0.1:{postgres.free_port()}"] if command in ("up", "serve") else []
    return subprocess.run(
        [sys.executable, "-m", "lunheng", command, *bind],
        env={**os.environ, **secrets, "LUNHENG_MODE": "production", "LUNHENG_DATABASE": url, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "worker", "up", "migrate"])
def test_no_command_starts_on_an_unsafe_server(unsafe_server: postgres.Server, command: str) -> None:
    ended = start(command, unsafe_server.url)
    assert (ended.returncode, ended.stderr.splitlines()[-4:]) == (
        2,
        [
            "拒绝启动：PostgreSQL 的 fsync 为 off，断电会损坏数据库。改为 fsync=on 后重新启动（lunheng.E003）",
            "拒绝启动：PostgreSQL 的 synchronous_commit 为 off，断电会丢失已经确认的办理结果。改为 synchronous_commit=on 后重新启动（lunheng.E003）",
            "拒绝启动：PostgreSQL 的 full_page_writes 为 off，断电会损坏数据库。改为 full_page_writes=on 后重新启动（lunheng.E003）",
            "拒绝启动：PostgreSQL 的 data_checksums 为 off，磁盘上坏掉的数据会被当成真的读出来。停止数据库，运行 pg_checksums --enable，再启动（lunheng.E003）",
        ],
    )


def test_a_database_that_does_not_answer_is_said_so() -> None:
    ended = start("worker", f"postgresql://postgres@127.0.0.1:{postgres.free_port()}/lunheng")
    assert (ended.returncode, "拒绝启动：无法连接数据库" in ended.stderr) == (2, True)


def test_a_safe_server_is_migrated(
    safe_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUNHENG_VAR", str(tmp_path))
    ended = start("migrate", safe_server.url)
    assert (ended.returncode, "政策包 qingdao-2025" in ended.stdout) == (0, True), ended.stderr[-800:]
