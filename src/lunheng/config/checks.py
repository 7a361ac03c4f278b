"""What must hold of the database before anything starts: what was acknowledged is on the disk, and writers queue.

The values are read back from the database itself; a setting that was written down and not obeyed is found too.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = {
    "journal_mode": ({"wal"}, "WAL", "读写会互相阻塞"),
    "synchronous": ({"2", "3"}, "FULL", "断电会丢失已经确认的办理结果"),
    "foreign_keys": ({"1"}, "ON", "数据之间的联系得不到保证"),
}
POSTGRESQL = {
    "fsync": "断电会损坏数据库",
    "synchronous_commit": "断电会丢失已经确认的办理结果",
    "full_page_writes": "断电会损坏数据库",
    "data_checksums": "磁盘上坏掉的数据会被当成真的读出来",
}
FIXED_AT_REST = {"data_checksums": "停止数据库，运行 pg_checksums --enable，再启动"}
"""What no setting changes while the server runs."""


@register(Tags.database)
def check_durability(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a database that could lose or tear what it acknowledged."""
    return [fault for alias in databases or () for fault in faults_of(connections[alias], settings.MODE)]


def faults_of(connection: BaseDatabaseWrapper, mode: str) -> list[CheckMessage]:
    """What is unsafe about one database; the throw-away PostgreSQL of tests and demos may be."""
    try:
        if connection.vendor == "sqlite":
            return [*_sqlite(connection)]
        return [*_postgresql(connection)] if mode == "production" else []
    except DatabaseError as error:
        hint = "检查 LUNHENG_DATABASE 的地址，并确认数据库已经启动"
        return [Error(f"无法连接数据库：{str(error).strip()}", hint=hint, id="lunheng.E001")]


def _sqlite(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        for name, (safe, wanted, danger) in SQLITE.items():
            value = str(cursor.execute(f"PRAGMA {name}").fetchone()[0]).lower()
            if value not in safe:
                yield _unsafe(f"SQLite 的 {name} 为 {value}", danger, f"{name}={wanted}")
    manner = str(getattr(connection, "transaction_mode", None) or "DEFERRED").upper()
    if manner not in {"IMMEDIATE", "EXCLUSIVE"}:
        danger = "同时办理时会失败"
        yield _unsafe(f"SQLite 的 transaction_mode 为 {manner}", danger, "transaction_mode=IMMEDIATE")


def _postgresql(connection: BaseDatabaseWrapper) -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        for name, danger in POSTGRESQL.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            value = cursor.fetchone()[0]
            if value == "off":
                hint = FIXED_AT_REST.get(name, _hint(f"{name}=on"))
                yield Error(f"PostgreSQL 的 {name} 为 off，{danger}", hint=hint, id="lunheng.E003")


def _unsafe(found: str, danger: str, wanted: str) -> CheckMessage:
    return Error(f"{found}，{danger}", hint=_hint(wanted), id="lunheng.E002")


def _hint(wanted: str) -> str:
    return f"改为 {wanted} 后重新启动"
