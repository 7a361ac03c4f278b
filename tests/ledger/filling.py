"""A row for every table that a story leaves empty, so that no table is missing from a drill."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Field, Model

from lunheng.ledger import coverage
from tests.conftest import OPENING

DEPTH = 8
"""How far empty tables may refer to one another."""
EMPTY = frozenset({("cases_reader", "office")})
"""Columns of which one excludes the other."""
ASKED: dict[str, dict[str, Any]] = {"notices_notice": {"ends_at": OPENING + timedelta(days=7)}}
"""What a table asks for although the column may be empty."""
PLAIN: dict[str, Any] = {
    "BooleanField": False,
    "JSONField": {"note": "虚构", "numbers": [1, 2.5, "2.5", None]},
    "BinaryField": b"\x01\x02",
    "DateTimeField": OPENING,
    "DateField": date(2026, 11, 24),
    "UUIDField": UUID(int=7),
    "CharField": "虚",
    "TextField": "虚构",
}


def fill() -> None:
    """Put a row into every covered table that has none."""
    for _ in range(DEPTH):
        for table in coverage.covered():
            model = coverage.models()[table]
            if not model._default_manager.exists():
                _make(model)


def _make(model: type[Model]) -> None:
    needed = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key and field.remote_field is None)
        and not field.has_default()
        and (field.remote_field is not None or not field.null)
    ]
    table = model._meta.db_table
    values = {
        field.attname: "" if (table, field.column) in EMPTY else _value(field, place)
        for place, field in enumerate(needed)
    }
    if all(value is not None or field.null for field, value in zip(needed, values.values(), strict=True)):
        model._default_manager.create(**values, **ASKED.get(table, {}))


def _value(field: "Field[Any, Any]", place: int) -> Any:
    """Something plain; two columns that name rows of one table name two of them."""
    if field.remote_field is not None:
        keys = list(field.remote_field.model._default_manager.order_by("pk").values_list("pk", flat=True))
        return keys[place % len(keys)] if keys else None
    if field.choices:
        return next(iter(field.flatchoices))[0]
    return PLAIN.get(field.get_internal_type(), 1)
