"""Randomness that anyone can recompute: SHA-256 in counter mode, rejection sampling, nothing else.

The stream is a public function of the seed; whoever knows the seed can repeat every decision of a draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

Item = TypeVar("Item")

_PREFIX = b"EXPERT-DRAW/1 stream\0"


def digest(tag: str, *parts: bytes) -> bytes:
    """SHA-256 over length-prefixed parts, so that no two different lists of parts give the same bytes."""
    state = hashlib.sha256()
    for part in (tag.encode(), *parts):
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.digest()


class Stream:
    """The bytes SHA-256(prefix, seed, 0), SHA-256(prefix, seed, 1), … read from the front."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._counter = 0
        self._buffer = b""
        self._position = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._buffer) - self._position < count:
            block = hashlib.sha256(_PREFIX + self._seed + self._counter.to_bytes(8, "big")).digest()
            self._buffer = self._buffer[self._position :] + block
            self._position = 0
            self._counter += 1
        start = self._position
        self._position += count
        return self._buffer[start : self._position]

    def uniform(self, bound: int) -> int:
        """A whole number from 0 to bound - 1, each equally likely; bound 1 reads nothing."""
        if bound < 1:
            raise ValueError("bound must be positive")
        if bound == 1:
            return 0
        bits = (bound - 1).bit_length()
        count, mask = (bits + 7) // 8, (1 << bits) - 1
        while True:
            value = int.from_bytes(self.take(count), "big") & mask
            if value < bound:
                return value

    def shuffle(self, items: MutableSequence[Item]) -> None:
        """Put the items in a random order, in place (Fisher and Yates, from the back)."""
        for index in range(len(items) - 1, 0, -1):
            other = self.uniform(index + 1)
            items[index], items[other] = items[other], items[index]

    def pick(self, weights: Sequence[int]) -> int:
        """An index, with a chance proportional to its weight."""
        rest, index = self.uniform(sum(weights)), 0
        while rest >= weights[index]:
            rest -= weights[index]
            index += 1
        return index


def shuffle(items: Sequence[Item], seed: bytes, label: str) -> tuple[Item, ...]:
    """The items in a random order; different labels give independent orders under one seed."""
    shuffled = list(items)
    Stream(digest("shuffle", label.encode(), seed)).shuffle(shuffled)
    return tuple(shuffled)
