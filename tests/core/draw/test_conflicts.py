"""Two experts in conflict are never drawn together; where that costs nothing, nobody's chance changes."""

from collections import Counter
from fractions import Fraction

import pytest

from lunheng.core.draw import Candidate, Group, Request, RequestError, Seat, prepare, probabilities
from tests.core.draw.instances import possible_full_draws
from tests.core.draw.test_rounding import frequencies

TWELVE = [Candidate(f"e{index:02}", f"u{index:02}", ("a",)) for index in range(12)]
REQUEST = Request(size=4, quota={"a": (4, 4)}, conflicts=(("e00", "e01"), ("e02", "e01")))


def test_a_conflict_whose_sides_fit_into_one_seat_changes_no_chance() -> None:
    prepared = prepare(TWELVE, REQUEST)

    total, drawn = frequencies(prepared, order=b"order")

    assert prepared.plan.redraw == 0
    assert total == dict.fromkeys((one.id for one in TWELVE), Fraction(1, 3))
    assert not any({"e00", "e01"} <= panel or {"e01", "e02"} <= panel for panel in drawn)


def test_without_the_conflict_the_two_do_meet() -> None:
    free = prepare(TWELVE, Request(size=4, quota=REQUEST.quota))

    met = [{"e00", "e01"} <= set(free.draw(b"%d" % number).panel.ids) for number in range(300)]

    assert any(met)


def test_colleagues_of_a_unit_that_may_send_several_are_kept_apart_too() -> None:
    pool = [Candidate(f"e{index}", "u0" if index < 6 else f"u{index}", ("a",)) for index in range(9)]
    prepared = prepare(pool, Request(size=3, quota={"a": (3, 3)}, conflicts=(("e0", "e5"),)))

    total, drawn = frequencies(prepared, order=b"order")

    assert total == dict.fromkeys((one.id for one in pool), Fraction(1, 3))
    assert not any({"e0", "e5"} <= panel for panel in drawn)


def test_members_of_a_group_are_kept_apart_from_people_outside() -> None:
    group = Group("holding", ("u00", "u01"), 0, 1)
    prepared = prepare(
        TWELVE, Request(size=3, quota={"a": (3, 3)}, groups=(group,), conflicts=(("e01", "e05"),))
    )

    total, drawn = frequencies(prepared, order=b"order")

    assert total == dict.fromkeys((one.id for one in TWELVE), Fraction(1, 4))
    assert not any({"e01", "e05"} <= panel for panel in drawn)


def test_every_decision_of_every_kind_of_draw_keeps_chances_and_conflicts() -> None:
    kept = 0
    for number, pool, prepared in possible_full_draws(0, 150):
        instance = prepared.instance
        pairs = [{instance.ids[one], instance.ids[other]} for one, other in instance.conflicts]
        if prepared.plan.redraw:
            continue
        total, drawn = frequencies(prepared, order=b"%d" % number)
        assert total == prepared.probabilities
        assert len(total) == len(pool)
        assert not any(pair <= panel for pair in pairs for panel in drawn)
        kept += len(pairs)
    assert kept > 10


def coupled() -> tuple[list[Candidate], Request]:
    """The one of u0 for "a" is drawn exactly when the one of u1 for "c" is: once in a hundred draws."""
    first = [Candidate(f"e{index:03}", "u0", ("b",) if index else ("a",)) for index in range(100)]
    second = [Candidate(f"f{index:03}", "u1", ("a",) if index else ("c",)) for index in range(100)]
    quota = {"a": (1, 1), "b": (0, 1), "c": (0, 1)}
    return first + second, Request(size=2, quota=quota, per_unit=1, conflicts=(("f000", "e000"),))


def test_a_rare_conflict_that_does_not_fit_into_one_seat_is_published_and_redrawn() -> None:
    pool, request = coupled()
    prepared = prepare(pool, request)

    outcomes = [prepared.draw(b"%d" % number) for number in range(300)]

    assert Fraction(prepared.plan.redraw, prepared.plan.denominator) == Fraction(1, 100)
    assert not any({"e000", "f000"} <= set(outcome.panel.ids) for outcome in outcomes)
    assert set(Counter(outcome.redraws for outcome in outcomes)) == {0, 1}


def test_the_published_bound_is_reached() -> None:
    """The two are drawn together in exactly one of a hundred draws, so no smaller bound would be true."""
    pool, request = coupled()

    total, drawn = frequencies(prepare(pool, request), order=b"order")

    assert total["e000"] == Fraction(1, 100)
    assert {"e000", "f000"} in drawn
    assert [panel for panel in drawn if "e000" in panel] == [{"e000", "f000"}]


def test_a_frequent_conflict_is_refused() -> None:
    pool = [Candidate(f"e{index}", f"u{index}", ("a",)) for index in range(4)]

    with pytest.raises(RequestError, match=r"超过百分之一.*e0 与 e1"):
        prepare(pool, Request(size=3, quota={"a": (3, 3)}, conflicts=(("e1", "e0"),)))


def test_whoever_is_in_conflict_with_a_confirmed_member_has_to_stand_back() -> None:
    with pytest.raises(RequestError, match="请将另一方列入回避人选"):
        prepare(TWELVE, Request(size=4, quota=REQUEST.quota, fixed=("e00",), conflicts=(("e00", "e01"),)))

    prepared = prepare(
        TWELVE,
        Request(size=4, quota=REQUEST.quota, fixed=("e00",), excluded=("e01",), conflicts=(("e00", "e01"),)),
    )
    assert prepared.probabilities["e01"] == 0


def test_nobody_is_in_conflict_with_himself() -> None:
    with pytest.raises(RequestError, match="不能是同一人"):
        Request(size=1, quota={"a": (1, 1)}, conflicts=(("e0", "e0"),))


def test_a_confirmed_member_may_be_moved_to_another_seat_unless_it_is_settled() -> None:
    pool = [Candidate("e0", "u0", ("a", "b")), Candidate("e1", "u1", ("a",)), Candidate("e2", "u2", ("b",))]
    quota = {"a": (1, 1), "b": (1, 1)}
    half, whole = Fraction(1, 2), Fraction(1)

    movable = probabilities(pool, Request(size=2, quota=quota, fixed=("e0",)))
    settled = probabilities(pool, Request(size=2, quota=quota, fixed=("e0",), seated=(Seat("e0", "a"),)))

    assert movable == {"e0": whole, "e1": half, "e2": half}
    assert settled == {"e0": whole, "e1": Fraction(0), "e2": whole}


@pytest.mark.parametrize(
    ("seated", "message"),
    [
        ((Seat("e0", "c"),), "不具备席位「c」的专业"),
        ((Seat("e0", "b"),), "不具备席位「b」的专业"),
        ((Seat("e1", "a"),), "席位已定而人选未定：e1"),
        ((Seat("e0", "a"), Seat("e0", "a")), "已确定席位的人选重复：e0"),
    ],
)
def test_a_settled_seat_belongs_to_a_confirmed_member_who_can_fill_it(
    seated: tuple[Seat, ...], message: str
) -> None:
    pool = [Candidate("e0", "u0", ("a",)), Candidate("e1", "u1", ("b",))]

    with pytest.raises(RequestError, match=message):
        prepare(pool, Request(size=2, quota={"a": (1, 1), "b": (1, 1)}, fixed=("e0",), seated=seated))
