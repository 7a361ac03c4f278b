"""Pool and request as files: CSV and TOML text in, candidates and request out."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .hashing import SHA256
from .model import Candidate, Category, Group, Request, RequestError, Seat

_COLUMNS = ("id", "unit", "territory", "specialties")
_KEYS = frozenset(
    {"size", "per_unit", "tiers", "fixed", "excluded", "quota", "category", "group"}
    | {"seated", "conflicts", "hash"}
)


def read_pool(text: str) -> tuple[Candidate, ...]:
    """The candidates of a CSV text with the columns id, unit, territory, specialties (separated by ";").

    Other columns are ignored. Raises `RequestError`.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise RequestError(f"专家名单缺少栏目：{'、'.join(missing)}")
        return tuple(_candidate(row, reader.line_num) for row in reader)
    except csv.Error as error:
        raise RequestError(f"专家名单第 {reader.line_num} 行之后不是有效的 CSV") from error


def _candidate(row: Mapping[str | None, Any], line: int) -> Candidate:
    if None in row or None in row.values():
        raise RequestError(f"专家名单第 {line} 行的栏目数与表头不符")
    identity, unit, territory, specialties = (row[name].strip() for name in _COLUMNS)
    if not identity or not unit:
        raise RequestError(f"专家名单第 {line} 行缺少编号或单位")
    names = tuple(name.strip() for name in specialties.split(";") if name.strip())
    return Candidate(identity, unit, names, territory)


def read_request(text: str) -> Request:
    """The request of a TOML text.

    `size`, `per_unit`, `tiers`, `fixed`, `excluded`, `[quota]` with specialty = [fewest, most] (or one number
    for both), `[category.NAME]` with specialties and range, `[group.NAME]` with units and range, `[seated]` with
    member = specialty, `conflicts` as pairs, `hash`.
    Raises `RequestError`.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise RequestError(f"抽取要求不是有效的 TOML：{error}") from error
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise RequestError(f"抽取要求中有不认识的项目：{'、'.join(unknown)}")
    if "size" not in table or "quota" not in table:
        raise RequestError("抽取要求缺少人数 size 或席位 [quota]")
    return Request(
        size=_whole(table["size"], "size"),
        quota={name: _range(value, f"quota.{name}") for name, value in _table(table, "quota").items()},
        per_unit=None if "per_unit" not in table else _whole(table["per_unit"], "per_unit"),
        categories=tuple(
            Category(*_set("category", name, "specialties", one))
            for name, one in _table(table, "category").items()
        ),
        groups=tuple(
            Group(*_set("group", name, "units", one)) for name, one in _table(table, "group").items()
        ),
        tiers=_texts(table.get("tiers", []), "tiers"),
        fixed=_texts(table.get("fixed", []), "fixed"),
        excluded=_texts(table.get("excluded", []), "excluded"),
        seated=tuple(Seat(*_texts(list(pair), "seated")) for pair in _table(table, "seated").items()),
        conflicts=_pairs(table.get("conflicts", []), "conflicts"),
        hash=_texts([table.get("hash", SHA256)], "hash")[0],
    )


def _pairs(value: object, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not all(isinstance(one, list) and len(one) == 2 for one in value):
        raise RequestError(f"{where} 应为由两个编号组成的列表")
    texts = [_texts(one, where) for one in value]
    return tuple((one[0], one[1]) for one in texts)


def _table(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key, {})
    if not isinstance(value, dict):
        raise RequestError(f"{key} 应为表")
    return value


def _whole(value: object, where: str) -> int:
    if type(value) is not int:
        raise RequestError(f"{where} 应为整数")
    return value


def _range(value: object, where: str) -> tuple[int, int]:
    if type(value) is int:
        return value, value
    if not isinstance(value, list) or len(value) != 2:
        raise RequestError(f"{where} 应为 [最少, 最多]")
    return _whole(value[0], where), _whole(value[1], where)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RequestError(f"{where} 应为文字列表")
    return tuple(value)


def _set(kind: str, name: str, members: str, value: object) -> tuple[str, tuple[str, ...], int, int]:
    where = f"{kind}.{name}"
    if not isinstance(value, dict) or set(value) != {members, "range"}:
        raise RequestError(f"{where} 应只有 {members} 和 range 两项")
    return name, _texts(value[members], f"{where}.{members}"), *_range(value["range"], f"{where}.range")


def check_excluded(candidates: tuple[Candidate, ...], request: Request) -> None:
    """A misspelled exclusion must not pass silently: raises `RequestError` for ids outside the pool."""
    missing = sorted(set(request.excluded) - {one.id for one in candidates})
    if missing:
        raise RequestError(f"回避人选不在名单中：{'、'.join(missing)}")


def probability_lines(candidates: tuple[Candidate, ...], chances: Mapping[str, Fraction]) -> str:
    """One line `id,p/q` in lowest terms for every candidate, in the order of the pool."""
    lines = (f"{one.id},{chances[one.id].numerator}/{chances[one.id].denominator}\n" for one in candidates)
    return "".join(lines)
