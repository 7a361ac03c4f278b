"""Every random decision a draw can take, one after the other, with its exact chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableSequence, Sequence
from fractions import Fraction
from typing import TypeVar

from lunheng.core.draw import Stream

Result = TypeVar("Result")
Item = TypeVar("Item")


class Scripted(Stream):
    """Dice that fall as the script says, then always on the first side that can fall."""

    def __init__(self, script: Sequence[int], order: bytes | None) -> None:
        super().__init__(order or b"")
        self.script, self.order = script, order
        self.taken: list[tuple[int, Sequence[int]]] = []

    @property
    def chance(self) -> Fraction:
        """How likely these falls are together."""
        product = Fraction(1)
        for choice, weights in self.taken:
            product *= Fraction(weights[choice], sum(weights))
        return product

    def pick(self, weights: Sequence[int]) -> int:
        """The scripted side."""
        position = len(self.taken)
        first = next(index for index, weight in enumerate(weights) if weight)
        choice = self.script[position] if position < len(self.script) else first
        self.taken.append((choice, weights))
        return choice

    def shuffle(self, items: MutableSequence[Item]) -> None:
        """With a given order: that order; else every order is a decision."""
        if self.order is not None:
            super().shuffle(items)
            return
        for last in range(len(items) - 1, 0, -1):
            other = self.pick((1,) * (last + 1))
            items[last], items[other] = items[other], items[last]


def all_results(
    run: Callable[[Stream], Result], order: bytes | None = None
) -> Iterator[tuple[Fraction, Result]]:
    """(chance, result) for all falls of the dice; with an order, shuffles follow it and are no decision."""
    script: list[int] | None = []
    while script is not None:
        dice = Scripted(script, order)
        result = run(dice)
        yield dice.chance, result
        script = _next(dice.taken)


def _next(taken: Sequence[tuple[int, Sequence[int]]]) -> list[int] | None:
    for position in range(len(taken) - 1, -1, -1):
        choice, weights = taken[position]
        for other in range(choice + 1, len(weights)):
            if weights[other]:
                return [one for one, _ in taken[:position]] + [other]
    return None
