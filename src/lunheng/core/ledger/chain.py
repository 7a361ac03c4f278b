"""The chain of one file: entry after entry, each naming the leaf before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from lunheng.core.ledger.body import parse_body
from lunheng.core.ledger.canonical import CanonicalError
from lunheng.core.ledger.hashing import EMPTY_LEAF, leaf_hash


@dataclass(frozen=True)
class ChainBreak:
    """Where a chain does not hold: the number of the entry in its file, and why."""

    number: int
    reason: str


def check_chain(subject: str, links: Iterable[tuple[bytes, bytes]]) -> list[ChainBreak]:
    """Re-hash every ``(body, stored leaf)`` of one file, in order; an empty list means that it holds."""
    breaks: list[ChainBreak] = []
    previous = EMPTY_LEAF
    for number, (body, leaf) in enumerate(links, start=1):
        breaks.extend(ChainBreak(number, reason) for reason in _faults(subject, number, previous, body, leaf))
        previous = leaf_hash(body).hex()
    return breaks


def _faults(subject: str, number: int, previous: str, body: bytes, leaf: bytes) -> list[str]:
    try:
        fields = parse_body(body)
    except CanonicalError as error:
        return [str(error)]
    expected = {"subject": subject, "n": number, "prev": previous}
    faults = [
        f"{name} is {fields[name]!r}, not {value!r}"
        for name, value in expected.items()
        if fields[name] != value
    ]
    if leaf_hash(body) != leaf:
        faults.append("the stored leaf is not the hash of the body")
    return faults
