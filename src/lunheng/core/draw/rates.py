"""The closed form without caps and categories (specification 4.4).

Every specialty has a rate, and an expert's chance is the best of his rates. The table can be recomputed
by hand, which makes it the public explanation of a draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

LIMIT = 13
"""The closed form looks at every set of specialties; beyond this many the flow is faster."""


class NoRates(Exception):
    """The quotas cannot be filled."""


def specialty_rates(size: int, ranges: Sequence[tuple[int, int]], masks: dict[int, int]) -> list[Fraction]:
    """The rate of every specialty, given how many experts there are per specialty mask; raises `NoRates`."""
    everything = (1 << len(ranges)) - 1
    covered = _covered(len(ranges), masks)
    limit = _limits(size, ranges)
    rates = [Fraction(0)] * len(ranges)
    done = 0
    while done != everything:
        rate, grown = _next_set(done, everything, covered, limit)
        for specialty in range(len(ranges)):
            if (grown & ~done) >> specialty & 1:
                rates[specialty] = rate
        done = grown
    return rates


def _covered(width: int, masks: dict[int, int]) -> list[int]:
    """For every set of specialties, the experts who have no other specialty."""
    covered = [masks.get(mask, 0) for mask in range(1 << width)]
    for bit in range(width):
        for mask in range(1 << width):
            if mask >> bit & 1:
                covered[mask] += covered[mask ^ 1 << bit]
    return covered


def _limits(size: int, ranges: Sequence[tuple[int, int]]) -> list[int]:
    """For every set of specialties, the most seats it may fill."""
    most, least = [0], [0]
    for low, high in ranges:
        most += [value + high for value in most]
        least += [value + low for value in least]
    total = least[-1]
    if not total <= size <= most[-1]:
        raise NoRates
    return [min(high, size - total + low) for high, low in zip(most, least, strict=True)]


def _next_set(done: int, everything: int, covered: list[int], limit: list[int]) -> tuple[Fraction, int]:
    """The lowest rate at which a further set of specialties is used up, and the largest such set."""
    best: tuple[int, int] | None = None
    grown = done
    rest = everything & ~done
    extra = rest
    while extra:
        people, seats = covered[done | extra] - covered[done], limit[done | extra] - limit[done]
        if seats < 0 or (people == 0 and done | extra == everything and seats > 0):
            raise NoRates
        if people:
            order = -1 if best is None else seats * best[1] - best[0] * people
            if order < 0:
                best, grown = (seats, people), done | extra
            elif order == 0:
                grown |= done | extra
        extra = (extra - 1) & rest
    # the set of everything has people left, or it would have joined the set before
    assert best is not None
    if best[0] > best[1]:
        raise NoRates
    return Fraction(*best), grown
