"""Where the demo may be built: an empty database, or one that holds nothing but an earlier demo.

SQLite: a new file is built beside the old one and takes its place when it is whole, so that nobody ever sees half a
demo. PostgreSQL: the tables of the earlier demo are emptied and filled again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet

from lunheng.core.procedures.files import CHANGE_REGISTERS
from lunheng.demo.models import Mark
from lunheng.ledger import touching, triggers

NOT_DATA = frozenset({"jurisdictions.PackRecord", "jobs.Tick"})
"""What a database holds before anybody used it."""
REGISTERS = CHANGE_REGISTERS.event
TAIL = ("-wal", "-shm", "-journal")


class NotOurs(Exception):
    """The database holds something that is not the demo; it is left as it is."""


def is_built() -> bool:
    """Whether this database holds a whole demo."""
    return _has_table(Mark) and Mark.objects.filter(finished_at__isnull=False).exists()


def require_ours() -> None:
    """Stop unless this is a demo that may be thrown away, or nothing at all.

    Raises:
        NotOurs: production mode, or rows that no demo made.
    """
    if settings.MODE not in ("demo", "test"):
        raise NotOurs(f"演示数据只能在演示模式下生成（当前 LUNHENG_MODE={settings.MODE}）")
    if _has_table(Mark) and Mark.objects.exists():
        return
    if found := next(_foreign(), None):
        raise NotOurs(f"数据库中已有不属于演示的数据（{found}），没有改动。请换一个数据库再生成演示数据")


def _foreign() -> Iterator[str]:
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    yield from (name for name in _tables() if name.startswith("lunheng") and name not in ours)
    for config in apps.get_app_configs():
        if config.name.startswith("lunheng."):
            for model in config.get_models():
                if model._meta.label not in NOT_DATA and _has_table(model) and _rows(model).exists():
                    yield f"{config.verbose_name}：{model._meta.model_name}"


def _rows(model: type[Model]) -> QuerySet[Model]:
    """The rows that somebody made: the ledger of a database that nobody used holds its registers alone."""
    rows = model._default_manager.all()
    if model._meta.app_label == "ledger":
        return rows.exclude(event=REGISTERS) if model._meta.model_name == "entry" else rows.none()
    return rows


def _has_table(model: type) -> bool:
    return model._meta.db_table in _tables()  # type: ignore[attr-defined]


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


@contextmanager
def anew() -> Iterator[None]:
    """An empty, migrated database for the block; when the block ends well it is the database of this site.

    Raises:
        NotOurs: the database holds something else, or a running site still has it open.
    """
    require_ours()
    if connection.vendor == "sqlite":
        with _beside():
            yield
    else:
        _empty()
        yield


@contextmanager
def _beside() -> Iterator[None]:
    target = Path(str(connection.settings_dict["NAME"]))
    _claim(target)
    draft = target.with_name(f"{target.name}.building")
    options = connection.settings_dict["OPTIONS"]
    kept = dict(options)
    _remove(draft)
    connection.close()
    connection.settings_dict["NAME"] = str(draft)
    # The draft is worth nothing until it is whole: it is flushed to the disk once, at the end.
    options["init_command"] = f"{kept['init_command']}PRAGMA synchronous=OFF;"
    try:
        _migrate()
        yield
        _close_file()
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        connection.close()
        options.update(kept)
        connection.settings_dict["NAME"] = str(target)
        _remove(draft)


def _claim(target: Path) -> None:
    """See that nobody has the file open: a rollback journal can be chosen only by the last connection."""
    if not target.exists():
        return
    try:
        _close_file()
    except DatabaseError:
        raise NotOurs("数据库正在使用。请先停止正在运行的论衡（lunheng up），再重建演示数据") from None


def _close_file() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=1000")
        cursor.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def _remove(path: Path) -> None:
    for tail in ("", *TAIL):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _migrate() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    # A migration that made a table anew took its triggers away.
    touching.watch(connection)
    triggers.create(connection)


def _empty() -> None:
    _migrate()
    triggers.drop(connection)
    call_command("flush", verbosity=0, interactive=False)
    triggers.create(connection)
