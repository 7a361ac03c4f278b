"""The definition of the fairest lottery, taken literally.

Every panel is listed and every stage solved as an exact linear program. Slow and short on
purpose, and built on nothing of the engine but its words (candidate, request).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

from lunheng.core.draw import Candidate, Request


def seatings(panel: Sequence[Candidate], request: Request) -> list[tuple[str, ...]]:
    """Every lawful way to seat these experts, as the specialty of each."""
    units = Counter(one.unit for one in panel)
    if request.per_unit is not None and any(count > request.per_unit for count in units.values()):
        return []
    if any(
        not group.low <= sum(units[unit] for unit in group.units) <= group.high for group in request.groups
    ):
        return []
    return [
        seats
        for seats in product(*(sorted(set(one.specialties) & set(request.quota)) for one in panel))
        if _seats_allowed(Counter(seats), request)
    ]


def _seats_allowed(count: Counter[str], request: Request) -> bool:
    return all(low <= count[name] <= high for name, (low, high) in request.quota.items()) and all(
        one.low <= sum(count[name] for name in one.specialties) <= one.high for one in request.categories
    )


def panels(pool: Sequence[Candidate], request: Request) -> list[frozenset[str]]:
    """Every lawful panel; with tiers only those nobody lawful can better."""
    able = [one for one in pool if one.id not in request.excluded]
    lawful = [
        chosen
        for chosen in combinations(able, request.size)
        if set(request.fixed) <= {one.id for one in chosen} and seatings(chosen, request)
    ]

    def nearness(chosen: tuple[Candidate, ...]) -> tuple[int, ...]:
        return tuple(
            sum(one.territory in request.tiers[: tier + 1] for one in chosen)
            for tier in range(len(request.tiers))
        )

    best = max(map(nearness, lawful), default=())
    return [frozenset(one.id for one in chosen) for chosen in lawful if nearness(chosen) == best]


def fairest(lawful: Sequence[frozenset[str]], ids: Sequence[str]) -> dict[str, Fraction]:
    """Raise the smallest chance as far as possible, settle whoever cannot get more, go on with the others."""
    settled: dict[str, Fraction] = {}
    while len(settled) < len(ids):
        free = [one for one in ids if one not in settled]
        level = _best(lawful, settled, free, None, Fraction(0))
        stuck = [one for one in free if _best(lawful, settled, free, one, level) == level]
        assert stuck
        settled |= dict.fromkeys(stuck, level)
    return settled


def _best(
    lawful: Sequence[frozenset[str]],
    settled: dict[str, Fraction],
    free: Sequence[str],
    favored: str | None,
    level: Fraction,
) -> Fraction:
    """The highest common chance of the free ones, or of the favored one if all free ones have the level.

    Variables: a weight per panel, and (without a favored one) the common chance.
    """
    extra = [Fraction(-1)] if favored is None else []
    rows = [[Fraction(one in panel) for panel in lawful] + extra for one in free]
    sides = [level] * len(free)
    rows += [[Fraction(one in panel) for panel in lawful] + [Fraction(0)] * len(extra) for one in settled]
    sides += list(settled.values())
    goal = [Fraction(favored in panel) for panel in lawful] + [Fraction(1)] * len(extra)
    total = [Fraction(1)] * len(lawful) + [Fraction(0)] * len(extra)
    return _maximum(goal, rows, sides, total)


def _maximum(
    goal: list[Fraction], rows: list[list[Fraction]], sides: list[Fraction], total: list[Fraction]
) -> Fraction:
    """max goal·z with rows·z >= sides, total·z = 1, z >= 0 (simplex in two phases, Bland's rule)."""
    width, count = len(goal), len(rows) + 1
    slack_end = width + len(rows)
    table: list[list[Fraction]] = []
    for index, (row, side) in enumerate(zip([*rows, total], [*sides, Fraction(1)], strict=True)):
        slack = [Fraction(-(column == index)) for column in range(len(rows))]
        helper = [Fraction(column == index) for column in range(count)]
        table.append([*row, *slack, *helper, side])
    basis = [slack_end + index for index in range(count)]
    first = [Fraction(0)] * slack_end + [Fraction(-1)] * count
    assert _simplex(table, basis, first, slack_end + count) == 0
    _drop_helpers(table, basis, slack_end)
    second = goal + [Fraction(0)] * (len(rows) + count)
    return _simplex(table, basis, second, slack_end)


def _drop_helpers(table: list[list[Fraction]], basis: list[int], slack_end: int) -> None:
    """A helper that stayed at zero must not grow again in the second phase."""
    for index in reversed(range(len(table))):
        if basis[index] < slack_end:
            continue
        entering = next((column for column in range(slack_end) if table[index][column]), None)
        if entering is None:
            del table[index], basis[index]
        else:
            _pivot(table, index, entering)
            basis[index] = entering


def _simplex(table: list[list[Fraction]], basis: list[int], goal: list[Fraction], columns: int) -> Fraction:
    while True:
        priced = [goal[column] for column in basis]
        entering = next(
            (
                column
                for column in range(columns)
                if goal[column]
                > sum(p * row[column] for p, row in zip(priced, table, strict=True) if p and row[column])
            ),
            None,
        )
        if entering is None:
            return sum((p * row[-1] for p, row in zip(priced, table, strict=True)), Fraction(0))
        leaving = min(
            (row[-1] / row[entering], basis[index], index)
            for index, row in enumerate(table)
            if row[entering] > 0
        )[2]
        _pivot(table, leaving, entering)
        basis[leaving] = entering


def _pivot(table: list[list[Fraction]], leaving: int, entering: int) -> None:
    pivot = table[leaving][entering]
    table[leaving] = [value / pivot for value in table[leaving]]
    for index, row in enumerate(table):
        if index != leaving and row[entering]:
            factor = row[entering]
            table[index] = [value - factor * lead for value, lead in zip(row, table[leaving], strict=True)]
