"""事实: what a kind of rule is judged by; a fact that it does not know, or of another type, is a mistake of the caller."""

import inspect
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from lunheng.core.policy.rules import Rule


@cache
def facts_of(kind: type[Rule]) -> dict[str, Any]:
    """The facts that a kind of rule takes, each with its type."""
    hints = get_type_hints(kind.judge)
    parameters = inspect.signature(kind.judge).parameters.values()
    return {one.name: hints[one.name] for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY}


def check_facts(kind: type[Rule], facts: Mapping[str, object]) -> None:
    """Raise TypeError unless exactly the facts of the rule are given, each of its type."""
    known = facts_of(kind)
    if facts.keys() != known.keys():
        strange = "、".join(sorted(facts.keys() ^ known.keys()))
        raise TypeError(f"{kind.key} 的事实应为：{'、'.join(known) or '无'}；不符的是：{strange}")
    for name, value in facts.items():
        if not _is_of(value, known[name]):
            raise TypeError(f"{kind.key} 的事实 {name} 类型不符：{value!r}")


def _is_of(value: object, wanted: Any) -> bool:
    if type(value) is wanted or wanted is object:
        return True
    parts, origin = get_args(wanted), get_origin(wanted)
    if origin is not None:
        return _is_made_of(value, origin, parts)
    if wanted in (int, date):  # a truth value is no number, a moment is no day
        return isinstance(value, wanted) and not isinstance(value, bool | datetime)
    return isinstance(value, NoneType if wanted is None else wanted)


def _is_made_of(value: object, origin: Any, parts: tuple[Any, ...]) -> bool:
    if origin is UnionType:
        return any(_is_of(value, part) for part in parts)
    if origin is Mapping:
        return isinstance(value, Mapping) and all(_is_of(inner, parts[1]) for inner in value.values())
    if not isinstance(value, list | tuple):
        return False
    if origin is Sequence:
        return all(_is_of(inner, parts[0]) for inner in value)
    return len(value) == len(parts) and all(map(_is_of, value, parts))
