"""What one completed draw adds to the statistics: expected and actual selections, in whole numbers only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

MILLION = 10**6
"""Expected numbers and variances are kept in millionths."""
BANDS = 20
"""Experts are grouped by their chance: 0–5 %, 5–10 %, …, 95–100 %; certainty belongs to the last."""

Counts = list[int]
"""People, expected selections and their variance in millionths, actual selections."""


def tally_of(document: Mapping[str, Any], chances: Mapping[str, Fraction]) -> dict[str, Any]:
    """Per specialty held and per band of chance: how many experts, what was expected, what came.

    Whoever sat already (`fixed`) does not count. The variance adds up the experts of one draw as if each were drawn
    by himself.
    """
    specialties: dict[str, Counts] = {}
    bands: list[Counts] = [[0, 0, 0, 0] for _ in range(BANDS)]
    for words, chance, people in _types(document["plan"]):
        expected = _millionths(people * chance)
        variance = _millionths(people * chance * (1 - chance))
        for counts in (bands[band_of(chance)], *(specialties.setdefault(word, [0] * 4) for word in words)):
            counts[0] += people
            counts[1] += expected
            counts[2] += variance
    for identity, words in _drawn(document):
        for counts in (bands[band_of(chances[identity])], *(specialties[word] for word in words)):
            counts[3] += 1
    return {"specialties": specialties, "bands": bands}


def band_of(chance: Fraction) -> int:
    """The band to which a chance belongs."""
    return min(int(BANDS * chance), BANDS - 1)


def words_of(specialties: list[str]) -> tuple[str, ...]:
    """The specialties of a type; a push joins those of one expert by a plus sign."""
    return tuple(dict.fromkeys(word for joined in specialties for word in joined.split("+")))


def _types(plan: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Fraction, int]]:
    whole = int(plan["denominator"])
    for one in plan["types"]:
        if not one["fixed"]:
            yield words_of(one["specialties"]), Fraction(int(one["share"]), whole), one["count"]


def _drawn(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Whom chance gave, with the specialties they were in the draw with."""
    held = {identity: specialties for identity, _, _, specialties in document["snapshot"]}
    active = {name for name, _, most in document["rules"]["quota"] if most}
    for identity, _ in document["result"]:
        if identity not in document["rules"]["fixed"]:
            yield identity, words_of([word for word in held[identity] if word in active])


def _millionths(number: Fraction) -> int:
    return int(MILLION * number + Fraction(1, 2))
