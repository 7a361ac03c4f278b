"""Chance that always falls the same way: the demo looks alike wherever it is built."""

from collections.abc import Sequence
from typing import TypeVar

from lunheng.core.draw.stream import Stream, digest

Item = TypeVar("Item")
SEED = b"lunheng demo"


class Chance:
    """A stream of choices of its own for every label."""

    def __init__(self, *labels: str) -> None:
        self._stream = Stream(digest("demo", SEED, *(label.encode() for label in labels)))

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1."""
        return self._stream.uniform(bound)

    def between(self, first: int, last: int) -> int:
        """A whole number from first to last, both included."""
        return first + self.below(last - first + 1)

    def one(self, items: Sequence[Item]) -> Item:
        """One of the items, each equally likely."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[Item], weights: Sequence[int]) -> Item:
        """One of the items, with a chance proportional to its weight."""
        return items[self._stream.pick(weights)]

    def order(self, items: Sequence[Item]) -> list[Item]:
        """All items in a random order."""
        ordered = list(items)
        self._stream.shuffle(ordered)
        return ordered

    def take(self, count: int) -> bytes:
        """So many bytes."""
        return self._stream.take(count)
