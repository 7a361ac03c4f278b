"""Randomness that anyone can recompute: a hash in counter mode, rejection sampling, nothing else.

The stream is a public function of the seed; whoever knows the seed can repeat every decision of a draw.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import TypeVar

from .hashing import SHA256, hasher
from .hashing import digest as digest

Item = TypeVar("Item")

_PREFIX = b"EXPERT-DRAW/1 stream\0"
_FARTHEST = 256


class Stream:
    """The bytes hash(prefix, seed, 0), hash(prefix, seed, 1), … read from the front."""

    def __init__(self, seed: bytes, name: str = SHA256) -> None:
        self._seed = seed
        self._hash = hasher(name)
        self._counter = 0
        self._ahead = 1
        self._buffer = b""
        self._position = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        if len(self._buffer) - self._position < count:
            self._fill(count)
        start = self._position
        self._position += count
        return self._buffer[start : self._position]

    def _fill(self, count: int) -> None:
        """Make more blocks at a time the longer the stream is read."""
        start, wanted = self._counter, max(self._ahead, -(-count // 32))
        self._counter += wanted
        self._ahead = min(2 * self._ahead, _FARTHEST)
        head = _PREFIX + self._seed
        blocks = [self._hash(head + number.to_bytes(8, "big")) for number in range(start, self._counter)]
        self._buffer = self._buffer[self._position :] + b"".join(blocks)
        self._position = 0

    def uniform(self, bound: int) -> int:
        """A whole number from 0 to bound - 1, each equally likely; bound 1 reads nothing."""
        if bound < 1:
            raise ValueError("bound must be positive")
        if bound == 1:
            return 0
        bits = (bound - 1).bit_length()
        count, mask = (bits + 7) // 8, (1 << bits) - 1
        while True:
            end = self._position + count
            if end > len(self._buffer):
                self._fill(count)
                end = count
            value = int.from_bytes(self._buffer[self._position : end], "big") & mask
            self._position = end
            if value < bound:
                return value

    def shuffle(self, items: MutableSequence[Item]) -> None:
        """Put the items in a random order, in place (Fisher and Yates, from the back)."""
        uniform = self.uniform
        for index in range(len(items) - 1, 0, -1):
            other = uniform(index + 1)
            items[index], items[other] = items[other], items[index]

    def pick(self, weights: Sequence[int]) -> int:
        """An index, with a chance proportional to its weight."""
        rest, index = self.uniform(sum(weights)), 0
        while rest >= weights[index]:
            rest -= weights[index]
            index += 1
        return index


def shuffle(items: Sequence[Item], seed: bytes, label: str, name: str = SHA256) -> tuple[Item, ...]:
    """The items in a random order; different labels give independent orders under one seed."""
    shuffled = list(items)
    Stream(digest("shuffle", label.encode(), seed, name=name), name).shuffle(shuffled)
    return tuple(shuffled)
