"""Nearest territory first: whoever is nearer sits as far as the other rules allow, then the draw is fair."""

from fractions import Fraction

from lunheng.core.draw import Candidate, Request, draw, probabilities


def pool_of(*counts: tuple[str, int], specialty: str = "a") -> list[Candidate]:
    return [
        Candidate(f"{territory}{index}", f"unit-{territory}{index}", (specialty,), territory)
        for territory, count in counts
        for index in range(count)
    ]


def test_a_home_region_that_fills_everything_leaves_nothing_for_others() -> None:
    pool = pool_of(("home", 6), ("far", 4))

    chances = probabilities(pool, Request(size=3, quota={"a": (3, 3)}, tiers=("home",)))

    assert chances == {one.id: Fraction(1, 2) if one.territory == "home" else Fraction(0) for one in pool}


def test_neighbors_come_after_home_and_before_the_rest() -> None:
    pool = pool_of(("home", 2), ("near", 4), ("far", 4))

    chances = probabilities(pool, Request(size=3, quota={"a": (3, 3)}, tiers=("home", "near")))

    assert chances == {
        one.id: {"home": Fraction(1), "near": Fraction(1, 4), "far": Fraction(0)}[one.territory]
        for one in pool
    }


def test_the_first_tier_is_never_given_up_for_more_of_the_second() -> None:
    """The one from home shares a unit with both neighbors, who together would be two against one."""
    pool = [
        Candidate("home", "x", ("a",), "home"),
        Candidate("near", "x", ("b",), "near"),
        Candidate("other", "y", ("a", "b"), "far"),
    ]
    request = Request(size=2, quota={"a": (1, 1), "b": (1, 1)}, per_unit=1, tiers=("home", "near"))

    chances = probabilities(pool, request)

    assert chances == {"home": 1, "near": 0, "other": 1}


def test_every_drawn_panel_has_the_best_count_of_each_tier() -> None:
    pool = [
        *pool_of(("home", 3), ("near", 3), ("far", 6)),
        *(Candidate(f"b{index}", f"unit-far{index}", ("b",), "far") for index in range(4)),
    ]
    request = Request(size=6, quota={"a": (3, 5), "b": (1, 2)}, per_unit=1, tiers=("home", "near"))
    territory = {one.id: one.territory for one in pool}

    for number in range(40):
        drawn = [territory[identity] for identity in draw(pool, request, b"%d" % number).panel.ids]
        assert (drawn.count("home"), drawn.count("near"), drawn.count("far")) == (3, 2, 1)
