"""Rows against their last state in the ledger, table by table, a few hundred at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection

from lunheng.clockwork.reconcile.difference import WHOLE, Difference, read
from lunheng.ledger.coverage import APPENDED, WITHOUT_CASE, covered, key_of
from lunheng.ledger.models import RowState, Touched
from lunheng.ledger.rowstates import Cells, cells, digests_of, last_states
from lunheng.ledger.touching import unwatched

CHUNK = 500
EMPTY = (None, "NULL")
"""How the two databases write an empty cell."""
Latest = Mapping[str, int]
"""The number of the last state of each row, by key."""


def differences() -> Iterator[Difference]:
    """Every cell that is not what its last act left, every row too many or too few, every write outside of acts."""
    for name in unwatched(connection):
        table, _, verb = name.rpartition("_touched_")
        yield Difference(table, "—", WHOLE, f"缺少记录改动的触发器（{verb}）")
    named: set[tuple[str, str]] = set()
    for table in covered():
        for difference in read(table, "—", _of_table(table)):
            named.add((table, difference.row))
            yield difference
    yield from _outside(named)


def _of_table(table: str) -> Iterator[Difference]:
    latest = last_states(table)
    keys = sorted({*_entered_by_now(table, latest), *latest})
    for begin in range(0, len(keys), CHUNK):
        chunk = keys[begin : begin + CHUNK]
        suspects = {one.row for one in _compare(table, chunk, latest)}
        if suspects:
            # An act may have come between the two readings; what is wrong is still wrong at the second look.
            yield from _compare(
                table, [key for key in chunk if key in suspects], last_states(table, suspects)
            )


def _keys(table: str) -> list[str]:
    key = key_of(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({key} AS TEXT) FROM {table}")  # noqa: S608  # nosec B608
        return [row[0] for row in cursor.fetchall()]


def _entered_by_now(table: str, latest: Latest) -> Iterable[str]:
    """The keys of a table; of one that only grows, those that the last hour's entry has passed."""
    keys = _keys(table)
    if table not in APPENDED:
        return keys
    passed = max((int(key) for key in latest), default=0)
    return [key for key in keys if int(key) <= passed]


def _is_free(table: str, found: Cells) -> bool:
    """Whether the row needs no entry yet."""
    return table in WITHOUT_CASE and found["case_id"] in EMPTY


def _compare(table: str, keys: Sequence[str], latest: Latest) -> Iterator[Difference]:
    present = cells((table, key) for key in keys)
    states = RowState.objects.in_bulk([latest[key] for key in keys if key in latest])
    for key in keys:
        state = states.get(latest[key]) if key in latest else None
        if state is not None and state.salt is None:
            reason = f"最后一条存证（{state.entry_id}）对此行的记载已擦除，无从核对"
            yield Difference(table, key, WHOLE, reason)
        else:
            yield from _of_row(table, key, present.get((table, key)), state)


def _of_row(table: str, key: str, found: Cells | None, state: RowState | None) -> Iterator[Difference]:
    if found is None:
        if state is not None and state.digests is not None:
            yield Difference(table, key, WHOLE, "存证记有此行，表中没有")
    elif state is None:
        if not _is_free(table, found):
            yield Difference(table, key, WHOLE, "没有对应的存证")
    elif state.digests is None:
        yield Difference(table, key, WHOLE, "存证记有此行已删除，表中仍有")
    else:
        actual = digests_of(bytes(state.salt or b""), table, key, found)
        entered = _digests(state)
        for column in sorted({*actual, *entered}):
            if actual.get(column) != entered.get(column) and not _is_later(column, entered, found):
                yield Difference(table, key, column, f"与最后一条存证（{state.entry_id}）不一致")


def _is_later(column: str, entered: Mapping[str, str], found: Cells) -> bool:
    """Whether a later release than the row's last act brought the column, and nobody has written in it."""
    return column not in entered and found[column] in EMPTY


def _digests(state: RowState) -> dict[str, str]:
    """The digests by column; none where somebody made the state unreadable, which is a difference of its own."""
    try:
        return dict(json.loads(state.digests or "{}"))
    except (ValueError, TypeError):
        return {}


def _outside(named: set[tuple[str, str]]) -> Iterator[Difference]:
    """Rows that somebody wrote outside of any act and that look as they should all the same."""
    notes = set(Touched.objects.exclude(table_name__in=WITHOUT_CASE).values_list("table_name", "key"))
    for table, key in sorted(notes - named):
        yield Difference(table, key, WHOLE, "曾在行为之外被改动，现值与存证一致")
