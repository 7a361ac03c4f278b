"""What an act left of the rows that it touched: a salted digest of every cell, bound by the act's entry.

1. ``cells`` reads rows as the database itself writes them down, so nothing between us and the table beautifies them.
2. Each cell's digest is SHA-256(salt ‖ [table, key, column, value]), 16 bytes; the salt is the state's own, so that what
   stays of another row does not help to guess an erased one.
3. Each row's seal is the hash of its line; the entry's public body names the hash of all seals, each with its table and
   key, among its files. Without salt and digests nothing can be guessed from a seal, and it is bound all the same.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from lunheng.ledger.coverage import covered, key_of, models
from lunheng.ledger.models import RowState

KIND = "rows"
"""The kind under which a body's files name the rows."""
CHUNK = 500
SALT = 16
"""Bytes of a state's salt."""
_text = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
Row = tuple[str, str]
"""Table and key."""
Rows = Iterable[Row]
Cells = Mapping[str, Any]


def prepare(rows: Rows, entry_id: UUID, present: Mapping[Row, Cells] | None = None) -> list[RowState]:
    """The present state of each row, for the entry that will bind it; a row that is gone has no digests.

    ``present`` where the rows have just been read.
    """
    wanted = list(rows)
    found = cells(wanted) if present is None else present
    return [
        state_of(entry_id, place, row, found.get(row), secrets.token_bytes(SALT))
        for place, row in enumerate(wanted)
    ]


def last_states(table: str, keys: set[str] | None = None) -> dict[str, int]:
    """The last state of each row, in the order of the log; what is not numbered yet comes in the order of waiting."""
    states = RowState.objects.filter(table_name=table)
    if keys is not None:
        states = states.filter(key__in=keys)
    order = (F("entry__sequence__number").asc(nulls_last=True), "entry__pending__id", "place")
    return dict(states.order_by(*order).values_list("key", "id"))


def passed(entry_id: UUID) -> list[int]:
    """Those states of an entry that are not the last of their row any more, and are not erased yet."""
    by_table: dict[str, dict[int, str]] = {}
    whole = RowState.objects.filter(entry=entry_id, salt__isnull=False)
    for number, table, key in whole.values_list("pk", "table_name", "key"):
        by_table.setdefault(table, {})[number] = key
    last = {
        number
        for table, keys in by_table.items()
        for number in last_states(table, set(keys.values())).values()
    }
    return [number for keys in by_table.values() for number in keys if number not in last]


def is_same(state: RowState, found: Cells) -> bool:
    """Whether the row is as it was left."""
    salt = bytes(state.salt or b"")
    return state.digests == _text(digests_of(salt, state.table_name, state.key, found))


def is_of_another_shape(state: RowState, columns: Iterable[str]) -> bool:
    """Whether the state knows other columns than these; what is erased or gone has no shape."""
    return (
        state.salt is not None
        and state.digests is not None
        and set(json.loads(state.digests)) != set(columns)
    )


def is_same_where_shared(state: RowState, found: Cells) -> bool:
    """Whether every cell that the row has now and had then is as it was left."""
    entered = json.loads(state.digests or "{}")
    actual = digests_of(bytes(state.salt or b""), state.table_name, state.key, found)
    return all(actual[column] == entered[column] for column in actual.keys() & entered.keys())


def files_of(states: Sequence[RowState]) -> list[dict[str, str | int]]:
    """What the body says of the rows; nothing when the act touched none."""
    return [{"kind": KIND, "sha256": digest((state, state.seal) for state in states)}] if states else []


def digest(sealed: Iterable[tuple[RowState, str]]) -> str:
    """The hash that the body names, of the states in their order with their seals.

    Table and key are written beside the seal: they are bound where the rest of the state was erased.
    """
    lines = (_text([state.table_name, state.key, seal]) for state, seal in sealed)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal_of(state: RowState) -> str:
    """The hash of everything that the line says of its row."""
    line = [
        str(state.entry_id),
        state.place,
        state.table_name,
        state.key,
        bytes(state.salt or b"").hex(),
        state.digests,
    ]
    return hashlib.sha256(_text(line).encode()).hexdigest()


def cell_digest(salt: bytes, table: str, key: str, column: str, value: Any) -> str:
    """What the ledger keeps of one cell."""
    return hashlib.sha256(salt + _text([table, key, column, value]).encode()).hexdigest()[:32]


def digests_of(salt: bytes, table: str, key: str, found: Cells) -> dict[str, str]:
    """The digest of every covered cell of a row."""
    return {column: cell_digest(salt, table, key, column, value) for column, value in found.items()}


def cells(rows: Rows) -> dict[tuple[str, str], Cells]:
    """The covered cells of those rows that exist."""
    found: dict[tuple[str, str], Cells] = {}
    by_table: dict[str, list[str]] = {}
    for table, key in rows:
        by_table.setdefault(table, []).append(key)
    parts = [
        (table, keys[begin : begin + CHUNK])
        for table, keys in by_table.items()
        for begin in range(0, len(keys), CHUNK)
    ]
    for begin in range(0, len(parts), 20):
        found.update(_read(parts[begin : begin + 20]))
    return found


def _read(parts: list[tuple[str, list[str]]]) -> Iterator[tuple[tuple[str, str], Cells]]:
    statement = " UNION ALL ".join(_select(table, len(keys)) for table, keys in parts)
    parameters = [key for _, keys in parts for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for table, key, text in cursor.fetchall():
            yield (table, key), json.loads(text, parse_float=str)


def _select(table: str, count: int) -> str:
    key = key_of(table)
    kind = f"::{key_type(table)}" if connection.vendor == "postgresql" else ""
    places = ", ".join([f"%s{kind}"] * count)
    return f"SELECT '{table}', CAST({key} AS TEXT), {row_of(table)} FROM {table} WHERE {key} IN ({places})"  # noqa: S608  # nosec B608


def key_type(table: str) -> str:
    """The database's type of a table's key."""
    return str(models()[table]._meta.pk.rel_db_type(connection))


def row_of(table: str) -> str:
    """The expression that writes the covered cells of a row down as JSON."""
    return {"postgresql": _row_in_postgresql, "sqlite": _row_in_sqlite}[connection.vendor](table)


@cache
def _row_in_postgresql(table: str) -> str:
    """A column of JSON goes as its own text: else the number 2.5 could not be told from the text "2.5", nor null from NULL."""
    fields = models()[table]._meta.concrete_fields
    left_out = ",".join(str(field.column) for field in fields if field.column not in covered()[table])
    structures = [field.column for field in fields if field.get_internal_type() == "JSONField"]
    texts = ", ".join(f"'{column}', {table}.\"{column}\"::text" for column in structures)
    return f"(to_jsonb({table}) - '{{{left_out}}}'::text[]{f' || jsonb_build_object({texts})' if texts else ''})::text"


@cache
def _row_in_sqlite(table: str) -> str:
    """``quote`` stops at a zero byte, so a text goes whole behind a quotation mark, with which nothing quoted begins."""
    pairs = ", ".join(
        f'\'{column}\', CASE typeof("{column}") WHEN \'text\' THEN \'"\' || "{column}" ELSE quote("{column}") END'
        for column in covered()[table]
    )
    return f"json_object({pairs})"


def state_of(entry_id: UUID, place: int, row: tuple[str, str], found: Cells | None, salt: bytes) -> RowState:
    """The state of one row for its place in an entry, with its seal."""
    table, key = row
    digests = None if found is None else _text(digests_of(salt, table, key, found))
    state = RowState(entry_id=entry_id, place=place, table_name=table, key=key, salt=salt, digests=digests)
    state.seal = seal_of(state)
    return state
