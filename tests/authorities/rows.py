"""Every row of the product: what was there before, and whatever leads to it."""

from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

Rows = dict[tuple[str, Any], dict[str, Any]]
"""Kind and key of a row, with its cells."""
RUNNING = frozenset({"ledger"})
"""What the whole site has one of, and continues with every entry."""
PASSING = frozenset({"accounts.Attempt"})
"""What is counted for a while and then forgotten."""


def _kinds() -> list[type[Model]]:
    own = [one for one in apps.get_models() if one.__module__.startswith("lunheng.")]
    return [one for one in own if one._meta.app_label not in RUNNING and one._meta.label not in PASSING]


def all_rows() -> Rows:
    """Every row of every table but the ledger's own."""
    return {
        (kind._meta.label, cells[kind._meta.pk.attname]): cells
        for kind in _kinds()
        for cells in kind._default_manager.values()
    }


def changed(before: Rows, after: Rows) -> list[str]:
    """Rows that are not as they were, or gone."""
    return [f"{label} {key}" for (label, key), cells in before.items() if after.get((label, key)) != cells]


def leading_to(before: Rows, after: Rows) -> list[str]:
    """New rows that lead to a row that was there before."""
    links = {
        kind._meta.label: [
            (field.attname, field.related_model._meta.label)
            for field in kind._meta.fields
            if isinstance(field, ForeignKey) and isinstance(field.related_model, type)
        ]
        for kind in _kinds()
    }
    return [
        f"{label} {key}: {name}"
        for (label, key), cells in after.items()
        if (label, key) not in before
        for name, target in links[label]
        if cells[name] is not None and (target, cells[name]) in before
    ]
