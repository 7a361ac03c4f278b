"""Over many seeds, whoever is called first is drawn as often as the published chances say (chi-square)."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import pytest

from lunheng.core.draw import Candidate, Category, Group, Prepared, Request, prepare
from tests.core.draw.test_fairness import PUBLISHED_POOL, PUBLISHED_REQUEST


def small_units() -> Prepared:
    """Caps bind: four units of very different size for three seats."""
    sizes = (7, 3, 1, 1)
    pool = [
        Candidate(
            f"e{unit}{index}", f"u{unit}", ("a", "b")[index % 2 : index % 2 + 1] if unit else ("a", "b")
        )
        for unit, size in enumerate(sizes)
        for index in range(size)
    ]
    return prepare(pool, Request(size=3, quota={"a": (1, 2), "b": (1, 2)}, per_unit=1))


def with_sets() -> Prepared:
    """Categories over specialties, a group of units with a lower bound, units that may send two."""
    pool = [
        Candidate(f"e{index:02}", f"u{index % 5}", ("abcd"[index % 4], "bcda"[index * 3 % 4]))
        for index in range(24)
    ]
    quota = {"a": (0, 2), "b": (1, 2), "c": (0, 3), "d": (1, 1)}
    category, group = Category("ab", ("a", "b"), 2, 3), Group("g", ("u0", "u1"), 1, 2)
    return prepare(pool, Request(5, quota, 2, (category,), (group,)))


def nearest_first() -> Prepared:
    """The home territory first, one member confirmed, two experts in conflict."""
    pool = [
        Candidate(f"e{index:02}", f"u{index % 29}", ("ab"[index % 2],), "XYZ"[index % 3])
        for index in range(60)
    ]
    quota = {"a": (2, 4), "b": (2, 4)}
    request = Request(6, quota, 1, tiers=("X", "Y"), fixed=("e00",), conflicts=(("e06", "e15"),))
    return prepare(pool, request)


CASES: list[Callable[[], Prepared]] = [
    lambda: prepare(PUBLISHED_POOL, PUBLISHED_REQUEST),
    small_units,
    with_sets,
    nearest_first,
]
NAMES = ["quotas", "caps", "sets", "tiers"]


def check_frequencies(prepared: Prepared, draws: int) -> None:
    """The order of call is shuffled, so the chance to be called first is the chance to sit, shared by all seats."""
    size = prepared.instance.size
    first = Counter(prepared.draw(b"frequency %d" % number).panel.ids[0] for number in range(draws))
    expected = {one: chance * draws / size for one, chance in prepared.probabilities.items() if chance}
    assert set(first) <= set(expected)

    deviation = sum((Fraction(first[one]) - mean) ** 2 / mean for one, mean in expected.items())
    freedom = len(expected) - 1

    # four standard deviations above the mean of the chi-square distribution
    assert deviation < freedom or (deviation - freedom) ** 2 < 16 * 2 * freedom


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_four_thousand_draws_follow_the_published_chances(case: Callable[[], Prepared]) -> None:
    check_frequencies(case(), 4000)


@pytest.mark.drill
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_two_hundred_thousand_draws_follow_the_published_chances(case: Callable[[], Prepared]) -> None:
    check_frequencies(case(), 200_000)
