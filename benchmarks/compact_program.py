"""The draw's own flow model written down as a compact linear program, for HiGHS: an independent answer in floats."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_array

from lunheng.core.draw import Candidate, Request

Key = TypeVar("Key")
TIGHT = 1e-9
"""A dual value above this says that the type can never have more."""


class _Rows:
    """Inequalities `coefficients · mass <= side`, collected one by one."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, int, float]] = []
        self.sides: list[float] = []

    def at_most(self, coefficients: Iterable[tuple[int, float]], side: float) -> int:
        """Add one; returns its number."""
        row = len(self.sides)
        self.entries += [(row, column, value) for column, value in coefficients]
        self.sides.append(side)
        return row

    def between(self, columns: Sequence[int], low: float, high: float) -> None:
        """Both ends of a range over a sum."""
        self.at_most([(column, 1.0) for column in columns], high)
        if low:
            self.at_most([(column, -1.0) for column in columns], -low)


def leximin_program(pool: Sequence[Candidate], request: Request) -> dict[str, float]:
    """The fairest chances by a sequence of linear programs, each raising the smallest chance not yet settled.

    A variable is the mass of one type (unit, specialties) on one specialty, the last one the common chance.
    """
    counts = Counter((one.unit, one.specialties) for one in pool)
    types = sorted(counts)
    cells = [(index, name) for index, (_, names) in enumerate(types) for name in names]
    rows = _rows(request, types, cells)
    own = _grouped((index, column) for column, (index, _) in enumerate(cells))
    for index, kind in enumerate(types):
        rows.between(own[index], 0, counts[kind])
    level = len(cells)
    first = len(rows.sides)
    for index, kind in enumerate(types):
        rows.at_most([*((column, -1.0) for column in own[index]), (level, float(counts[kind]))], 0.0)
    chances = _raised(rows, first, [counts[kind] for kind in types], level, request.size)
    by_type = dict(zip(types, chances, strict=True))
    return {one.id: by_type[one.unit, one.specialties] for one in pool}


def _rows(
    request: Request, types: Sequence[tuple[str, tuple[str, ...]]], cells: Sequence[tuple[int, str]]
) -> _Rows:
    rows = _Rows()
    by_unit = _grouped((types[index][0], column) for column, (index, _) in enumerate(cells))
    by_name = _grouped((name, column) for column, (_, name) in enumerate(cells))
    for columns in by_unit.values():
        rows.between(columns, 0, request.per_unit or request.size)
    for name, (low, high) in request.quota.items():
        rows.between(by_name[name], low, high)
    for one in request.categories:
        rows.between([column for name in one.specialties for column in by_name[name]], one.low, one.high)
    return rows


def _grouped(pairs: Iterable[tuple[Key, int]]) -> defaultdict[Key, list[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for key, column in pairs:
        found[key].append(column)
    return found


def _raised(rows: _Rows, first: int, counts: Sequence[int], level: int, size: int) -> list[float]:
    at, columns, values = (list(part) for part in zip(*rows.entries, strict=True))
    matrix = coo_array((values, (at, columns)), shape=(len(rows.sides), level + 1)).tolil()
    sides = numpy.array(rows.sides)
    whole = numpy.ones((1, level + 1))
    whole[0, level] = 0
    goal = numpy.zeros(level + 1)
    goal[level] = -1
    settled: dict[int, float] = {}
    while len(settled) < len(counts):
        found = linprog(goal, matrix.tocsr(), sides, whole, [size], (0, None), method="highs")
        assert found.success, found.message
        duals = -found.ineqlin.marginals[first:]
        tight = [index for index in range(len(counts)) if index not in settled and duals[index] > TIGHT]
        assert tight, "no type is tight"
        for index in tight:
            settled[index] = float(found.x[level])
            matrix[first + index, level] = 0
            sides[first + index] = -settled[index] * counts[index]
    return [settled[index] for index in range(len(counts))]
