"""A pushed list of ten holds a lawful panel of five whenever the pool does."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from lunheng.core.draw import Candidate, Request, Stream, can_compose, push
from tests.core.draw.exhaustive import seatings

FIVE = Request(size=5, quota={"a": (0, 5), "b": (0, 5), "c": (0, 5)}, per_unit=1)


def random_pool(number: int) -> list[Candidate]:
    dice = Stream(b"pool %d" % number)
    return [
        Candidate(f"e{index:02}", f"u{dice.uniform(7)}", tuple("aaabc"[dice.uniform(5)] for _ in range(1)))
        for index in range(5 + dice.uniform(9))
    ]


def holds_panel(people: list[Candidate]) -> bool:
    """Some five of different units with at least two specialties, found by looking at all."""
    return any(
        len({one.unit for one in five}) == 5 and len({name for one in five for name in one.specialties}) >= 2
        for five in combinations(people, 5)
    )


def test_a_deep_pool_gives_ten_experts_of_ten_units() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index % 25:02}", ("abc"[index % 3],)) for index in range(60)]

    pushed = push(pool, FIVE, 10, b"seed")

    assert len(pushed) == 10
    assert len({one.unit for one in pushed}) == 10
    assert holds_panel(list(pushed))


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_the_list_holds_a_panel_whenever_the_pool_does(start: int) -> None:
    for number in range(start, start + 20):
        pool = random_pool(number)

        pushed = list(push(pool, FIVE, 10, b"%d" % number))

        assert len(pushed) == len({one.id for one in pushed}) == min(10, len(pool))
        assert holds_panel(pushed) == holds_panel(pool) == can_compose(pool, FIVE)


def test_one_expert_of_a_second_specialty_is_always_on_the_list() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index:02}", ("b" if index == 29 else "a",)) for index in range(30)]

    assert all("e29" in {one.id for one in push(pool, FIVE, 10, b"%d" % number)} for number in range(20))


def test_quotas_of_the_panel_can_be_kept_from_the_list() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index:02}", ("abc"[index % 3],)) for index in range(30)]
    request = replace(FIVE, quota={"a": (2, 2), "b": (2, 2), "c": (1, 1)})

    for number in range(20):
        pushed = push(pool, request, 10, b"%d" % number)
        assert any(seatings(five, request) for five in combinations(pushed, 5))


def test_a_shallow_pool_fills_up_with_colleagues() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index % 6}", ("ab"[index % 2],)) for index in range(18)]

    pushed = push(pool, FIVE, 10, b"seed")

    assert len(pushed) == 10
    assert len({one.unit for one in pushed}) == 6


def test_nobody_excluded_or_of_another_specialty_is_pushed() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index:02}", ("abx"[index % 3],)) for index in range(24)]

    pushed = push(pool, replace(FIVE, excluded=("e00", "e01")), 24, b"seed")

    assert {one.id for one in pushed} == {
        one.id for one in pool if one.id not in ("e00", "e01") and one.specialties != ("x",)
    }


def test_the_list_is_random_and_repeatable() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index:02}", ("ab"[index % 2],)) for index in range(20)]

    assert push(pool, FIVE, 10, b"one") == push(tuple(reversed(pool)), FIVE, 10, b"one")
    count = Counter(one.id for number in range(200) for one in push(pool, FIVE, 10, b"%d" % number))
    assert set(count) == {one.id for one in pool}
    assert min(count.values()) > 60


def test_a_panel_of_one_specialty_is_composed_when_one_is_enough() -> None:
    pool = [Candidate(f"e{index:02}", f"u{index:02}", ("a",)) for index in range(12)]
    only = replace(FIVE, quota={"a": (5, 5)})

    assert can_compose(pool, only, kinds=1)
    assert not can_compose(pool, only, kinds=2)
    assert len(push(pool, only, 10, b"seed", kinds=1)) == 10
