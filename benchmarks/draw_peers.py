"""The lotteries of sortition-algorithms on the same set of panels: specialty and category as features, unit as address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from lunheng.core.draw import Candidate, Request


def maximin(pool: Sequence[Candidate], request: Request, backend: str) -> dict[str, float]:
    """The largest smallest chance; what lies above it is arbitrary."""
    from sortition_algorithms.committee_generation.maximin import find_distribution_maximin

    features, people = _told(pool, request, backend)
    panels, weights, _ = find_distribution_maximin(
        features, people, request.size, ["unit"], solver_backend=backend
    )
    return _chances(pool, panels, weights)


def leximin(pool: Sequence[Candidate], request: Request) -> dict[str, float]:
    """The fairest chances within the peer's tolerance of 5e-4. Raises what Gurobi raises beyond its free size."""
    from sortition_algorithms.committee_generation.leximin import find_distribution_leximin

    features, people = _told(pool, request, "highspy")
    panels, weights, _ = find_distribution_leximin(
        features, people, request.size, ["unit"], solver_backend="highspy"
    )
    return _chances(pool, panels, weights)


def _told(pool: Sequence[Candidate], request: Request, backend: str) -> tuple[Any, Any]:
    """Features and people as the peer wants them."""
    from sortition_algorithms.features import read_in_features
    from sortition_algorithms.people import read_in_people
    from sortition_algorithms.settings import Settings

    category_of = {name: one.name for one in request.categories for name in one.specialties}
    rows = [
        {"feature": "specialty", "value": name, "min": str(low), "max": str(high)}
        for name, (low, high) in request.quota.items()
    ]
    rows += [
        {"feature": "category", "value": one.name, "min": str(one.low), "max": str(one.high)}
        for one in request.categories
    ]
    features, _, _ = read_in_features(["feature", "value", "min", "max"], rows)
    settings = Settings(
        id_column="id",
        columns_to_keep=["unit"],
        check_same_address=True,
        check_same_address_columns=["unit"],
        solver_backend=backend,
    )
    body: list[dict[str, str | int]] = [
        {"id": one.id, "unit": one.unit, "specialty": one.specialties[0]}
        | ({"category": category_of[one.specialties[0]]} if category_of else {})
        for one in pool
    ]
    people, _ = read_in_people(list(body[0]), body, features, settings)
    return features, people


def _chances(
    pool: Sequence[Candidate], panels: Iterable[Iterable[str]], weights: Iterable[float]
) -> dict[str, float]:
    chances: defaultdict[str, float] = defaultdict(float)
    for panel, weight in zip(panels, weights, strict=True):
        for one in panel:
            chances[one] += weight
    return {one.id: chances[one.id] for one in pool}
