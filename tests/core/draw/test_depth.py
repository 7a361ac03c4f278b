"""Before a draw people see how deep the pool is, and whose seat is not random."""

from fractions import Fraction

from lunheng.core.draw import Candidate, Depth, Flag, Mark, Request, depth, flags, probabilities

GEOTECHNICS = [Candidate(f"g{index}", f"u{index}", ("geotechnics",)) for index in range(6)]
STRUCTURE = [Candidate(f"s{index}", f"u{index}", ("structure",)) for index in range(3)]


def test_head_room_counts_further_seats_under_the_cap_per_unit() -> None:
    request = Request(size=5, quota={"geotechnics": (2, 4), "structure": (2, 3)}, per_unit=1)

    assert depth(GEOTECHNICS + STRUCTURE, request) == [
        Depth("geotechnics", needed=2, eligible=6, headroom=1),
        Depth("structure", needed=2, eligible=3, headroom=1),
    ]


def test_without_a_panel_the_lacking_specialty_is_below_zero_and_the_others_have_no_room() -> None:
    request = Request(size=6, quota={"geotechnics": (1, 4), "structure": (5, 5)}, per_unit=1)

    assert depth(GEOTECHNICS + STRUCTURE, request) == [
        Depth("geotechnics", needed=1, eligible=6, headroom=0),
        Depth("structure", needed=5, eligible=3, headroom=-2),
    ]


def test_a_chance_of_zero_one_or_above_one_half_is_flagged() -> None:
    """The colleague of an indispensable expert can never sit; two of the other three always do."""
    pool = [
        Candidate("colleague", "x", ("a",)),
        Candidate("only", "x", ("b",)),
        *(Candidate(f"e{index}", f"u{index}", ("a",)) for index in range(3)),
    ]
    request = Request(size=3, quota={"a": (2, 2), "b": (1, 1)}, per_unit=1)

    assert flags(pool, request, probabilities(pool, request)) == [
        Flag("colleague", Mark.NEVER, Fraction(0)),
        *(Flag(f"e{index}", Mark.LIKELY, Fraction(2, 3)) for index in range(3)),
        Flag("only", Mark.CERTAIN, Fraction(1)),
    ]


def test_whoever_is_fixed_excluded_or_of_another_specialty_is_not_flagged() -> None:
    pool = [*GEOTECHNICS, *STRUCTURE]
    request = Request(size=3, quota={"geotechnics": (3, 3)}, fixed=("g0",), excluded=("g1",))

    assert flags(pool, request, probabilities(pool, request)) == []
