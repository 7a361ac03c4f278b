"""What no person should send: numbers no column holds, signs no text may have, days no calendar knows."""

from collections.abc import Iterator
from typing import Any

NUMBERS: tuple[str, ...] = ("0", str(2**31), str(2**63 - 1), str(2**63), "9" * 40, "9" * 4400)
"""As part of an address: the first that no row has, the first that a whole number does not hold, and so on."""
TEXTS: tuple[str, ...] = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "a" * 3_000,
    "论衡",
    "'%22;--",
    "%F0%9F%8F%97",
    "%2E%2E%2F%2E%2E%2F",
)
IDENTIFIERS: tuple[str, ...] = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
)
FILLINGS: dict[str, str] = {
    "nothing": "",
    "zero byte": "论\x00衡",
    "beyond the smallest": str(2**31),
    "beyond the largest": str(2**63),
    "huge": "9" * 40,
    "too many digits": "9" * 4_400,
    "negative": "-1",
    "naught": "0",
    "no row": "987654321",
    "raised two": "²",
    "another two": "٢",
    "no number": "NaN",
    "endless": "-Infinity",
    "exponent": "1e999",
    "long": "论" * 10_000,
    "half a sign": "\ufffd\ufeff\u202e",
    "before time": "0001-01-01T00:00",
    "year naught": "0000-01-01",
    "year ten thousand": "10000-01-01T00:00",
    "end of time": "9999-12-31T23:59",
    "no date": "2025-02-30",
    "markup": "<script>'\";--",
    "list": "[]",
    "way up": "../../etc/passwd",
}  # fmt: skip
"""What one field of a form or of a query is filled with."""


def mutations(value: Any) -> Iterator[Any]:
    """The same body of an act with one leaf after the other replaced by what does not belong there."""
    yield from WRONG
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: one for name, one in value.items() if name != key}
            for wrong in mutations(part):
                yield {**value, key: wrong}
        yield {**value, "论\x00": 1}
    elif isinstance(value, list):
        yield value * 2
        yield [*value, *[987_654_321]]
        yield value[:1] * 501
        for wrong in mutations(value[0]) if value else ():
            yield [wrong, *value[1:]]


WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**53 - 1, -(2**53), 2**63, 10**30, 1.5, 1e300, "", " ", "\x00", "\ud800", "²", "论" * 300,
    "a" * 5_000, "0000-01-01", "10000-01-01", "0001-01-01", "9999-12-31T23:59:59Z", "2025-06-02T09:00:00+23:59", "987654321",
    [], {}, [[]], [None], [{}], {"": ""}, {"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}},
)  # fmt: skip
