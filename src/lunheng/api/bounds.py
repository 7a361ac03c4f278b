"""What the interface lets in at all: whole numbers that fit, text of a sane length without control signs, moments with
a zone. Everything else is for the acts to judge."""

import math
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from lunheng.core.ledger.canonical import LARGEST_INTEGER
from lunheng.core.reasons import Written
from lunheng.web.fonts import unprintable
from lunheng.web.moments import FIRST_YEAR, LAST_YEAR, in_our_time

PROSE = 4_000
LENGTHS: Mapping[str, int] = {
    "title": 160, "name": 120, "address": 200,
    "meeting_place": 200, "place": 200, "basis": 200, "person": 64, "organization_name": 120, "permit_number": 64,
    "registration": 64, "specialty": 32, "organization_code": 40, "agency_code": 40, "author_code": 40, "code": 40,
    "identity_number": 40, "phone": 40, "conclusion": 24, "item": 24, "mode": 8, "meeting_mode": 8, "role": 40,
    "division_id": 6, "district_id": 6, "expert_reference": 32, "pool_key": 32,
}  # fmt: skip
"""Characters of a text by the name of its field; what its type says (``core.reasons``) or prose elsewhere."""
ELEMENTS = 500
"""Of one list or table."""
DEPTH = 6
NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Line ends and tabs are text; a zero byte is none."""
CONTROLS = frozenset(map(chr, [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F]))


def bounded(name: str, hint: Any) -> Any:
    """The type of one field of a body, kept within bounds to its last leaf."""
    return Annotated[_strict(name, hint), BeforeValidator(partial(within, name))]


def _strict(name: str, hint: Any) -> Any:
    """The same type without guessing: ``true`` is no number, ``"5"`` neither, and a moment says where."""
    if hint is int:
        return Annotated[int, Field(strict=True, ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
    if hint is bool:
        return StrictBool
    if hint is str or get_origin(hint) is Annotated:
        return _of_length(_longest(name, hint))
    if hint is datetime:
        return Annotated[AwareDatetime, AfterValidator(_in_our_time)]
    if hint is date:
        return Annotated[date, AfterValidator(_in_our_time)]
    if get_origin(hint) in (Union, types.UnionType):
        return Union[tuple(_strict(name, part) for part in get_args(hint))]  # noqa: UP007
    if get_origin(hint) is list:
        return Annotated[list[_strict(name, get_args(hint)[0])], Field(max_length=ELEMENTS)]  # type: ignore[misc]
    return hint


def _longest(name: str, hint: Any) -> int:
    written = (one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Written))
    return next((one.longest for one in written), LENGTHS.get(name, PROSE))


def _of_length(most: int) -> Any:
    return Annotated[str, StringConstraints(max_length=most, pattern=NO_CONTROLS, strict=True)]


def _in_our_time(value: Any) -> Any:
    if in_our_time(value):
        return value
    raise PydanticCustomError(
        "time_out_of_range", "年份须在{first}与{last}之间", {"first": FIRST_YEAR, "last": LAST_YEAR}
    )


def within(name: str, value: Any, depth: int = 0) -> Any:
    """The value as it came, when nothing in it is out of bounds.

    Raises:
        PydanticCustomError: a number too large or not finite, a text too long or with control signs, too many parts.
    """
    if isinstance(value, str):
        _text(name, value)
    elif isinstance(value, int | float):
        _number(value)
    elif isinstance(value, list | dict):
        if depth >= DEPTH or len(value) > ELEMENTS:
            raise PydanticCustomError(
                "too_many_parts", "最多{most}项、{depth}层", {"most": ELEMENTS, "depth": DEPTH}
            )
        pairs = value.items() if isinstance(value, dict) else ((name, part) for part in value)
        for key, part in pairs:
            _text("", str(key))
            within(str(key), part, depth + 1)
    return value


def _text(name: str, value: str) -> None:
    most = LENGTHS.get(name, PROSE)
    if len(value) > most:
        raise PydanticCustomError("string_too_long", "最多{max_length}字", {"max_length": most})
    if not CONTROLS.isdisjoint(value) or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise PydanticCustomError("string_control_signs", "含有不可用的控制字符")
    if fault := unprintable(value):
        raise PydanticCustomError("string_unprintable", "{fault}", {"fault": str(fault)})


def _number(value: float) -> None:
    if abs(value) > LARGEST_INTEGER or math.isnan(value):
        raise PydanticCustomError("number_out_of_range", "数值超出范围")
