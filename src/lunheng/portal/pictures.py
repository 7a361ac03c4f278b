"""Pictures of the statistics as numbers of percent, so that they fit every width and need no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lunheng.panels.queries.fairness import Comparison

ROW = 58
"""Height of one row in pixels: two lines of words and a bar."""
HEIGHT = 320
"""Height of the picture of chances in pixels."""
NICE = (1, 2, 3, 4, 6, 8)


@dataclass(frozen=True)
class Bar:
    """One row: where the band begins, how wide it is, where expectation and reality lie, in percent."""

    one: Comparison
    top: int
    start: float
    width: float
    expected: float
    actual: float

    @property
    def words(self) -> int:
        """The line on which the words stand."""
        return self.top + 16

    @property
    def middle(self) -> int:
        """The line on which the marks stand."""
        return self.top + 36

    @property
    def upper(self) -> int:
        """The upper edge of the bar."""
        return self.top + 27


@dataclass(frozen=True)
class Rows:
    """Rows one below the other over a common scale."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    bottom: int

    @property
    def height(self) -> int:
        """The height of the picture with its scale."""
        return self.bottom + 24


@dataclass(frozen=True)
class Point:
    """One group of experts: its mean chance (from the left), what came and the band (from above, in pixels)."""

    one: Comparison
    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Calibration:
    """Chance against frequency over one common scale from 0."""

    points: tuple[Point, ...]
    ticks: tuple[tuple[float, float, str], ...]


def comparison_rows(rows: Sequence[Comparison]) -> Rows:
    """Bars with a common scale that begins at zero."""
    most = scale(max((max(one.high, one.actual) for one in rows), default=1))
    bars = tuple(
        Bar(
            one,
            ROW * number,
            _percent(one.low, most),
            max(0.4, _percent(one.high - one.low, most)),
            _percent(one.expected, most),
            _percent(one.actual, most),
        )
        for number, one in enumerate(rows)
    )
    marks = (0, most // 2, most) if most > 1 else (0, most)
    return Rows(bars, tuple((_percent(mark, most), mark) for mark in marks), ROW * len(rows))


def calibration(rows: Sequence[Comparison]) -> Calibration:
    """One point a group; the nearer to the diagonal, the truer the published chance."""
    reach = [max(one.expected, one.actual, one.high) / one.people for one in rows]
    most = min(1.0, scale(100 * max(reach, default=1.0)) / 100)
    points = tuple(
        Point(
            one,
            _percent(one.expected / one.people, most),
            _down(one.actual / one.people, most),
            _down(one.high / one.people, most),
            _down(one.low / one.people, most),
        )
        for one in rows
    )
    parts = [most * step / 4 for step in range(5)]
    ticks = tuple((_percent(part, most), _down(part, most), f"{100 * part:g}%") for part in parts)
    return Calibration(points, ticks)


def scale(most: float) -> int:
    """The next of 1, 2, 3, 4, 6, 8, 10, 20, 30, … that is not smaller."""
    power = 1
    while True:
        for digit in NICE:
            if digit * power >= most:
                return digit * power
        power *= 10


def _percent(value: float, most: float) -> float:
    return round(100 * value / most, 2)


def _down(value: float, most: float) -> float:
    return round(HEIGHT - HEIGHT * value / most, 1)
