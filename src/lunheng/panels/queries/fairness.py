"""期望与实际: what all draws of a pool together gave, against what their chances let expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db.models import Count

from lunheng.panels.models import Contribution, Draw
from lunheng.panels.queries.tallies import BANDS, MILLION, Counts
from lunheng.pools.models import Pool

NORMAL = 1.96
"""95 % of a normal distribution lie within so many standard deviations."""
FEWEST = 5
"""With fewer expected selections a deviation says nothing."""


@dataclass(frozen=True)
class Comparison:
    """Experts taken together (one is counted in every draw he was in): expected and actual selections."""

    label: str
    people: int
    expected: float
    deviation: float
    actual: int

    @property
    def low(self) -> float:
        """The lower end of the band."""
        return max(0.0, self.expected - NORMAL * self.deviation)

    @property
    def high(self) -> float:
        """The upper end of the band."""
        return min(float(self.people), self.expected + NORMAL * self.deviation)

    @property
    def judgement(self) -> tuple[str, str]:
        """Meaning and words of the badge."""
        if self.expected < FEWEST:
            return "wait", "次数尚少，不作判断"
        return ("good", "在范围内") if self.low <= self.actual <= self.high else ("soon", "在范围外")


@dataclass(frozen=True)
class Statistics:
    """All completed draws of one pool."""

    draws: int
    withheld: int
    waiting: int
    with_authority: int
    with_beacon: int
    specialties: tuple[Comparison, ...]
    bands: tuple[Comparison, ...]

    @property
    def outside(self) -> int:
        """How many specialties with enough draws lie outside their band."""
        return sum(one.judgement[0] == "soon" for one in self.specialties)

    @property
    def judged(self) -> int:
        """How many specialties have draws enough."""
        return sum(one.expected >= FEWEST for one in self.specialties)


def statistics_of(pool: Pool, labels: Mapping[str, str]) -> Statistics:
    """Three questions to the database, however many draws there are."""
    states = Draw.objects.filter(request__pool=pool).order_by().values_list("state").annotate(Count("id"))
    counted = dict(states)
    parties = (
        Contribution.objects.filter(draw__request__pool=pool, draw__state=Draw.State.DONE)
        .order_by()
        .values_list("party")
        .annotate(Count("id"))
    )
    by_party = dict(parties)
    specialties, bands = _added(
        Draw.objects.filter(request__pool=pool, state=Draw.State.DONE)
        .exclude(kind=Draw.Kind.REDUCTION)
        .order_by()
        .values_list("tally", flat=True)
        .iterator()
    )
    named = sorted((labels.get(word, word), counts) for word, counts in specialties.items())
    return Statistics(
        draws=counted.get(Draw.State.DONE, 0),
        withheld=counted.get(Draw.State.WITHHELD, 0),
        waiting=counted.get(Draw.State.COMMITTED, 0),
        with_authority=by_party.get(Contribution.Party.AUTHORITY, 0),
        with_beacon=by_party.get(Contribution.Party.BEACON, 0),
        specialties=tuple(comparison(label, counts) for label, counts in named),
        bands=tuple(
            comparison(f"{100 * number // BANDS}%–{100 * (number + 1) // BANDS}%", counts)
            for number, counts in enumerate(bands)
            if counts[0]
        ),
    )


def comparison(label: str, counts: Counts) -> Comparison:
    """Sums in millionths as people read them."""
    people, expected, variance, actual = counts
    return Comparison(label, people, expected / MILLION, sqrt(variance / MILLION), actual)


def _added(tallies: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Counts], list[Counts]]:
    specialties: dict[str, Counts] = {}
    bands: list[Counts] = [[0, 0, 0, 0] for _ in range(BANDS)]
    for tally in tallies:
        for word, counts in tally.get("specialties", {}).items():
            _add(specialties.setdefault(word, [0, 0, 0, 0]), counts)
        for total, counts in zip(bands, tally.get("bands", ()), strict=False):
            _add(total, counts)
    return specialties, bands


def _add(total: Counts, counts: Iterable[int]) -> None:
    for index, number in enumerate(counts):
        total[index] += number
