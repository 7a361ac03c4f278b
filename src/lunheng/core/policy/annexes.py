"""附表: the tables of works, defects and hazards, laid over each other row by row, and what is wrong with them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lunheng.core.checklists import load_defects, load_hazards
from lunheng.core.policy.faults import Problem, worded
from lunheng.core.policy.pack import Pack
from lunheng.core.scope import PLAN_REVIEW, load_works
from lunheng.core.tables import TableError

ANNEXES: dict[str, Callable[..., object]] = {
    "works.toml": load_works,
    "defects.toml": load_defects,
    "hazards.toml": load_hazards,
}
"""Annex → how its layers are laid over each other, lowest first."""

Labels = Mapping[str, Mapping[str, str]]


def annex_problems(layers: Sequence[Pack], labels: Labels) -> Iterator[Problem]:
    """What is wrong with the annexes of the layers (highest first), each in the layer that has it."""
    for file, load in ANNEXES.items():
        below: list[Mapping[str, Any]] = []
        for layer in reversed(layers):
            if file not in layer.current:
                continue
            found = list(_faults(layer, file, load, below)) or list(_unknown_words(layer, file, labels))
            if found:
                yield from found
                break
            below.append(layer.current[file])


def _faults(
    layer: Pack, file: str, load: Callable[..., object], below: list[Mapping[str, Any]]
) -> Iterator[Problem]:
    try:
        load(*below, layer.current[file])
    except ValidationError as error:
        for detail in error.errors():
            path = tuple(part for part in detail["loc"][2:] if isinstance(part, str)) or detail["loc"]
            message, remedy = worded({**detail, "loc": path})
            yield Problem(file, _row(layer.current[file], detail["loc"]), 0, message, remedy, layer.id)
    except TableError as error:
        for flaw in error.flaws:
            yield Problem(file, flaw.row, 0, flaw.message, flaw.remedy, layer.id)


def _row(table: Mapping[str, Any], path: tuple[int | str, ...]) -> str:
    """What names the place of a fault: the row by its id, the chapter by its number, else the field itself."""
    if len(path) < 2 or not isinstance(path[1], int):
        return str(path[1] if len(path) > 1 else path[0]) if path else ""
    row = table[str(path[0])][path[1]]
    named = row.get("id", row.get("number", "")) if isinstance(row, Mapping) else ""
    return str(named or path[0])


def _unknown_words(layer: Pack, file: str, labels: Labels) -> Iterator[Problem]:
    """Kinds of works and activities of rows are words of their vocabularies."""
    yield from _unknown_kinds(layer, file, labels)
    activities = labels.get("activities", {})
    for row in layer.current[file].get("works", []):
        word = row.get("activity", PLAN_REVIEW)
        if word not in activities and word != PLAN_REVIEW:
            remedy = f"只能用：{'、'.join(activities)}"
            yield Problem(file, row["id"], 0, f"词 {word} 不在词汇表 activities", remedy, layer.id)


def _unknown_kinds(layer: Pack, file: str, labels: Labels) -> Iterator[Problem]:
    """Kinds of works are words of the vocabulary `work_kinds`."""
    known = labels.get("work_kinds", {})
    table = layer.current[file]
    used = {kind: kind for kind in table.get("kinds", {})}
    for chapter in table.get("chapters", []):
        used |= {kind: str(chapter.get("number")) for kind in chapter.get("kinds", [])}
    for kind in sorted(used.keys() - known.keys()):
        remedy = f"只能用：{'、'.join(known)}" if known else "先在 vocabulary.toml 的 work_kinds 表中登记"
        yield Problem(file, used[kind], 0, f"词 {kind} 不在词汇表 work_kinds", remedy, layer.id)
