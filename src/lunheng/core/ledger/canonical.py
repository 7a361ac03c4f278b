"""Canonical JSON: one value, one sequence of bytes (RFC 8785 within the limits that make every language agree)."""

import json
import unicodedata
from collections.abc import Mapping, Sequence

JsonValue = None | bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 64
"""Lists and mappings within one another at most: what outsiders read has to end somewhere."""
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class CanonicalError(ValueError):
    """The value has no canonical form; the message names the place and the reason."""


def canonical(value: JsonValue) -> bytes:
    """The canonical UTF-8 bytes of ``value``.

    Raises:
        CanonicalError: floats, integers beyond 2**53 - 1, non-ASCII or non-string keys,
            strings that are not NFC or hold lone surrogates, more than 64 levels.
    """
    _check(value, "$", DEEPEST)
    return _encode(value).encode()


def composed(value: JsonValue) -> JsonValue:
    """The same value with every text in NFC: keyboards, clipboards and file systems spell as they like."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [composed(item) for item in value]
    return value


def _check(value: object, place: str, levels: int) -> None:
    if levels < 0:
        raise CanonicalError("$: deeper than 64 levels")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        _check_integer(value, place)
    elif isinstance(value, str):
        _check_string(value, place)
    elif isinstance(value, Mapping):
        _check_mapping(value, place, levels - 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _check(item, f"{place}[{index}]", levels - 1)
    else:
        raise CanonicalError(f"{place}: {type(value).__name__} has no canonical form")


def _check_integer(value: int, place: str) -> None:
    if abs(value) > LARGEST_INTEGER:
        raise CanonicalError(f"{place}: integer beyond 2**53 - 1; write it as a string")


def _check_string(value: str, place: str) -> None:
    if value.isascii():
        return
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise CanonicalError(f"{place}: lone surrogate")
    if not unicodedata.is_normalized("NFC", value):
        raise CanonicalError(f"{place}: string is not NFC")


def _check_mapping(value: Mapping[object, object], place: str, levels: int) -> None:
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise CanonicalError(f"{place}: key {key!r} is not an ASCII string")
        _check(item, f"{place}.{key}", levels)
