"""The platform's own file: what is written outside acts is entered here, and nothing else makes it count.

``written`` for the few places that keep registers (people, units, packs, days off); ``keep`` once an hour for what is
only ever added (who looked, what was refused, checkpoints); ``take_over`` for rows that were there before the ledger.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from lunheng.core.actor import Actor
from lunheng.core.ledger import EMPTY_LEAF
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.files import (
    CHANGE_REGISTERS,
    KEEP_REGISTERS,
    TAKE_OVER_REGISTERS,
    UPGRADE_DATABASE,
)
from lunheng.ledger import rowstates, touching
from lunheng.ledger.append import Line, append, new_identifier
from lunheng.ledger.coverage import APPENDED, WITHOUT_CASE, covered, key_of
from lunheng.ledger.models import Entry, RowState, Touched
from lunheng.ledger.rotation import SUBJECT as LOG_SUBJECT

SUBJECT = "registers"
"""The file of the registers; no case stands behind it."""
OWN = (SUBJECT, LOG_SUBJECT)
"""The files that no act writes."""
TAKEN_OVER = TAKE_OVER_REGISTERS.event
UPGRADED = UPGRADE_DATABASE.event
NO_DIVISION = "000000"
LOCK = 0x726567
"""Number of the advisory lock on PostgreSQL; SQLite has one writer anyway."""
BATCH = 5_000
Rows = list[tuple[str, str]]


@contextmanager
def written(label: str, at: datetime) -> Iterator[None]:
    """Enter every covered row that the block changes; nothing is entered when it changes none. Not inside an act."""
    with transaction.atomic():
        since = touching.mark()
        yield
        enter(CHANGE_REGISTERS.event, label, _changed(touching.take(since)), at)


def keep(at: datetime) -> int:
    """Enter what was added to the tables that only grow; returns how many rows."""
    with transaction.atomic():
        rows = [row for table in APPENDED for row in unbound(table)[:BATCH]]
        enter(KEEP_REGISTERS.event, "访问记录、拒绝记录、检查点留痕", rows, at)
    return len(rows)


def take_over(at: datetime, *, keeps_notes: bool = False) -> int:
    """Enter every covered row that no entry knows; returns how many. For data that is older than the ledger.

    ``keeps_notes`` once the ledger lives: the notes of other rows may be all that tells of a write behind the acts.
    """
    with transaction.atomic():
        rows = [row for table in covered() for row in unbound(table)]
        for begin in range(0, len(rows), BATCH):
            enter(TAKEN_OVER, "接收已有数据", rows[begin : begin + BATCH], at)
        notes = Touched.objects.filter(table_name__in=covered())
        if keeps_notes:
            taken = set(rows)
            found = notes.values_list("pk", "table_name", "key")
            notes = notes.filter(pk__in=[pk for pk, table, key in found if (table, key) in taken])
        notes.delete()
    return len(rows)


@contextmanager
def upgraded(at: datetime, *, migrates: bool = True) -> Iterator[None]:
    """Enter what an upgrade of the database in the block made of the covered rows; around the migrations, in no transaction.

    Rows that a migration wrote are entered as they are now. Rows of which a migration only took or gave columns are
    entered anew when every cell that both shapes have is as the last entry left it: what somebody changed behind the
    acts before stays a difference. Where nothing ``migrates``, no write of the meantime is an upgrade's.
    """
    tables = connection.introspection.table_names()
    is_upgrade = (
        Touched._meta.db_table in tables and Entry._meta.db_table in tables and Entry.objects.exists()
    )
    last = Touched.objects.aggregate(last=Max("pk"))["last"] or 0 if is_upgrade else 0
    yield
    if not is_upgrade:
        return
    with transaction.atomic():
        notes = Touched.objects.filter(pk__gt=last, table_name__in=covered())
        notes = notes if migrates else notes.none()
        written_rows = set(notes.values_list("table_name", "key"))
        rows = sorted(written_rows | set(reshaped()))
        for begin in range(0, len(rows), BATCH):
            enter(UPGRADED, "升级数据库", rows[begin : begin + BATCH], at)
        notes.delete()


def reshaped() -> Iterator[tuple[str, str]]:
    """The rows whose last entry knows other columns than the table has, all others being as that entry left them."""
    for table, columns in covered().items():
        latest = rowstates.last_states(table)
        for begin in range(0, len(latest), BATCH):
            keys = sorted(latest)[begin : begin + BATCH]
            states = RowState.objects.in_bulk([latest[key] for key in keys])
            others = [key for key in keys if rowstates.is_of_another_shape(states[latest[key]], columns)]
            present = rowstates.cells((table, key) for key in others)
            for key in others:
                cells = present.get((table, key))
                if cells is not None and rowstates.is_same_where_shared(states[latest[key]], cells):
                    yield table, key


@dataclass(frozen=True)
class TakenOver:
    """An entry by which rows were taken over, with their number by table, and whether acts had been entered before."""

    entry: Entry
    counts: Mapping[str, int]
    is_late: bool

    def __str__(self) -> str:
        rows = "、".join(f"表 {table} {count} 行" for table, count in sorted(self.counts.items()))
        when = "已有行为留痕之后接收" if self.is_late else "接收已有数据"
        return f"{when}（{self.entry.at:%Y-%m-%d %H:%M:%S %Z}，存证 {self.entry.pk}）：{rows}"


def taken_over() -> list[TakenOver]:
    """Every time that rows were taken over, oldest first; the rows are counted as the entries bind them."""
    acts = Entry.objects.exclude(subject__in=OWN)
    first = acts.order_by("recorded_at").values_list("recorded_at", flat=True).first()
    found = []
    for entry in Entry.objects.filter(subject=SUBJECT, event=TAKEN_OVER).order_by("subject_number"):
        counts = Counter(RowState.objects.filter(entry_id=entry.pk).values_list("table_name", flat=True))
        found.append(TakenOver(entry, counts, first is not None and first < entry.recorded_at))
    return found


def is_living() -> bool:
    """Whether acts have been entered: nothing is older than the ledger any more."""
    return Entry.objects.exclude(subject__in=OWN).exists()


def behind_the_acts() -> Rows:
    """The rows that no entry knows although acts have been entered."""
    if not is_living():
        return []
    return [row for table in covered() if table not in APPENDED for row in unbound(table)]


def _changed(rows: Rows) -> Rows:
    """Without those that were written again as they were: somebody logs in and is still who he was."""
    present = rowstates.cells(rows)
    found = []
    for table, key in rows:
        number = rowstates.last_states(table, {key}).get(key)
        cells = present.get((table, key))
        if number is None or cells is None or not rowstates.is_same(RowState.objects.get(pk=number), cells):
            found.append((table, key))
    return found


def unbound(table: str) -> Rows:
    """The rows of a table that no entry knows, oldest first."""
    key = key_of(table)
    needed = "AND row.case_id IS NOT NULL" if table in WITHOUT_CASE else ""
    statement = (
        f"SELECT '{table}', CAST(row.{key} AS TEXT) FROM {table} AS row WHERE NOT EXISTS (SELECT 1 FROM "  # noqa: S608  # nosec B608
        f"ledger_rowstate AS state WHERE state.table_name = '{table}' AND state.key = CAST(row.{key} AS TEXT)) "
        f"{needed} ORDER BY row.{key}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [(str(name), str(found)) for name, found in cursor.fetchall()]


def enter(event: str, label: str, rows: Rows, at: datetime) -> Entry | None:
    """One entry in the file of the registers that binds these rows, inside the caller's transaction."""
    if not rows:
        return None
    _wait_for_turn()
    identifier = new_identifier(at)
    states = rowstates.prepare(rows, identifier)
    last = Entry.objects.filter(subject=SUBJECT).order_by("subject_number").last()
    data: dict[str, JsonValue] = {"label": label, "rows": len(rows)}
    line = Line(
        subject=SUBJECT,
        number=last.subject_number + 1 if last else 1,
        previous=bytes(last.leaf_sha256).hex() if last else EMPTY_LEAF,
        tenant=NO_DIVISION,
        event=event,
        actor=Actor.system(),
        at=at,
        data=data,
        files=rowstates.files_of(states),
        identifier=identifier,
    )
    return append(line, recorded_at=at, states=states)


def _wait_for_turn() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
