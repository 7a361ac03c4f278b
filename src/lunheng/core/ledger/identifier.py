"""Identifiers of version 7 (RFC 9562): a millisecond of Unix time, then 74 random bits."""

from datetime import datetime
from uuid import UUID


def uuid7(at: datetime, randomness: bytes) -> UUID:
    """The identifier for moment ``at`` (aware) from ten random bytes.

    Raises:
        ValueError: fewer than ten bytes, or a moment before 1970.
    """
    if len(randomness) < 10:
        raise ValueError("uuid7 needs ten random bytes")
    milliseconds = int(at.timestamp() * 1000)
    if milliseconds < 0:
        raise ValueError("uuid7 cannot hold a moment before 1970")
    tail = int.from_bytes(randomness[:10], "big")
    high = (milliseconds << 16) | 0x7000 | (tail >> 68 & 0x0FFF)
    low = (0b10 << 62) | (tail & (2**62 - 1))
    return UUID(int=(high << 64) | low)
