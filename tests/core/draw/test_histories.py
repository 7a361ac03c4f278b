"""Declines, recusals, silence and exhaustion: no round of any history breaks a rule, and nobody confirmed is lost."""

from collections import Counter

import pytest

from lunheng.core.draw import Candidate, Request, Seat, Stream, draw
from tests.core.draw.histories import SMALL, Pool, breaches, history, is_possible


def check_histories(first: int, last: int) -> Counter[str]:
    """Run the numbered histories; count how they went."""
    found = Counter[str]()
    for number in range(first, last):
        one = history(number)
        for request, seats in one.run():
            assert set(request.fixed) == set(one.confirmed)
            if seats is None:
                found["exhausted" if one.rounds > 1 else "impossible"] += 1
                if len(one.pool) <= SMALL:
                    found["searched"] += 1
                    assert not is_possible(one.pool, request), number
            else:
                assert breaches(one.pool, request, seats) == [], number
                found["replaced"] += one.rounds > 1
        found["complete"] += len(one.confirmed) == one.request.size
    return found


def test_three_hundred_histories_break_no_rule() -> None:
    found = check_histories(0, 300)

    assert found["complete"] > 80
    assert found["exhausted"] > 20
    assert found["searched"] > 20
    assert found["replaced"] > 200


@pytest.mark.drill
def test_ten_thousand_histories_break_no_rule() -> None:
    found = check_histories(1000, 11000)

    assert found["complete"] > 3000
    assert found["exhausted"] > 700
    assert found["searched"] > 700


def naive(pool: Pool, request: Request, dice: Stream) -> list[Seat]:
    """Specialty after specialty at random among whoever is free, without a look at the units."""
    seats: list[Seat] = []
    for name, (low, _) in request.quota.items():
        taken = {seat.candidate_id for seat in seats}
        free = [one.id for one in pool if name in one.specialties and one.id not in taken]
        dice.shuffle(free)
        seats += [Seat(identity, name) for identity in free[:low]]
    return seats


def test_the_check_catches_a_draw_that_ignores_the_units() -> None:
    pool = tuple(Candidate(f"e{index}", f"u{index % 6}", ("ab"[index % 2],)) for index in range(18))
    request = Request(size=5, quota={"a": (3, 3), "b": (2, 2)}, per_unit=1)
    found = Counter(
        word
        for number in range(200)
        for word in breaches(pool, request, naive(pool, request, Stream(b"%d" % number)))
    )

    assert found.keys() == {"unit"}
    assert found["unit"] > 100
    assert not any(
        breaches(pool, request, draw(pool, request, b"%d" % number).panel.seats) for number in range(200)
    )


LITTLE = tuple(Candidate(name, f"u{name in 'ab'}", ("x",) if name in "ac" else ("y",)) for name in "abcd")


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        ([("c", "x"), ("b", "y")], set()),
        ([("b", "y")], {"size", "seats"}),
        ([("c", "x"), ("c", "x")], {"twice", "confirmed lost", "confirmed moved", "seats", "unit"}),
        ([("a", "x"), ("b", "y")], {"unit"}),
        ([("d", "y"), ("b", "y")], {"excluded", "seats"}),
        ([("c", "y"), ("b", "x")], {"confirmed moved", "not qualified"}),
        ([("c", "z"), ("b", "y")], {"not qualified", "not asked for", "seats"}),
    ],
)
def test_every_breach_has_its_word(seats: list[tuple[str, str]], words: set[str]) -> None:
    request = Request(
        size=2,
        quota={"x": (1, 1), "y": (1, 1)},
        per_unit=1,
        fixed=("b",),
        seated=(Seat("b", "y"),),
        excluded=("d",),
    )

    assert set(breaches(LITTLE, request, [Seat(*seat) for seat in seats])) == words
