"""Small pools and requests of every kind, numbered: the same number always gives the same draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lunheng.core.draw import (
    Candidate,
    Category,
    Group,
    Infeasible,
    Prepared,
    Request,
    RequestError,
    Seat,
    Stream,
    prepare,
)


def small_draw(number: int) -> tuple[tuple[Candidate, ...], Request]:
    """Up to eight experts of up to six units and four specialties, with every feature on at times."""
    dice = Stream(b"small draw %d" % number)
    specialties = [f"s{index}" for index in range(1 + dice.uniform(4))]
    units = 2 + dice.uniform(5)
    pool = tuple(_candidate(index, specialties, units, dice) for index in range(4 + dice.uniform(5)))
    size = 1 + dice.uniform(min(4, len(pool)))
    ids = [one.id for one in pool]
    dice.shuffle(ids)
    apart = dice.uniform(3) == 0
    return pool, Request(
        size=size,
        quota={name: _quota(size, dice) for name in specialties},
        per_unit=(1, 1, 2, None)[dice.uniform(4)],
        categories=_categories(specialties, size, dice) if dice.uniform(2) else (),
        groups=_groups(size, dice) if dice.uniform(3) == 0 else (),
        tiers=("A", "B")[: 1 + dice.uniform(2)] if dice.uniform(3) == 0 else (),
        fixed=tuple(ids[:1]) if apart else (),
        excluded=tuple(ids[-1:]) if apart and dice.uniform(2) else (),
    )


def _candidate(index: int, specialties: list[str], units: int, dice: Stream) -> Candidate:
    known = list(specialties)
    dice.shuffle(known)
    held = tuple(known[: 1 + dice.uniform(min(3, len(known)))])
    return Candidate(f"e{index}", f"u{dice.uniform(units)}", held, "ABC"[dice.uniform(3)])


def _quota(size: int, dice: Stream) -> tuple[int, int]:
    low = (0, 0, 0, 1)[dice.uniform(4)]
    return low, low + dice.uniform(size + 1)


def _categories(specialties: list[str], size: int, dice: Stream) -> tuple[Category, ...]:
    low = dice.uniform(2)
    inner = Category("inner", tuple(specialties[:2]), low, low + dice.uniform(size))
    outer = Category("outer", tuple(specialties[:3]), 0, 1 + dice.uniform(size))
    return (outer, inner) if dice.uniform(2) else (inner,)


def _groups(size: int, dice: Stream) -> tuple[Group, ...]:
    low = (0, 0, 1)[dice.uniform(3)]
    inner = Group("inner", ("u0", "u1"), low, low + dice.uniform(size))
    outer = Group("outer", ("u0", "u1", "u2", "u3"), 0, 1 + dice.uniform(size))
    return (inner, outer) if dice.uniform(2) else (inner,)


def full_draw(number: int) -> tuple[tuple[Candidate, ...], Request]:
    """A small draw that at times also settles a seat, knows pairs in conflict, and hashes with SM3."""
    pool, request = small_draw(number)
    dice = Stream(b"full draw %d" % number)
    seated = tuple(
        Seat(one.id, one.specialties[dice.uniform(len(one.specialties))])
        for one in pool
        if one.id in request.fixed and dice.uniform(2)
    )
    pairs = []
    for _ in range(dice.uniform(3)):
        one, other = dice.uniform(len(pool)), dice.uniform(len(pool))
        if one != other:
            pairs.append((pool[one].id, pool[other].id))
    hash_name = ("sha256", "sha256", "sm3")[dice.uniform(3)]
    return pool, replace(request, seated=seated, conflicts=tuple(pairs), hash=hash_name)


def possible_full_draws(first: int, last: int) -> Iterator[tuple[int, tuple[Candidate, ...], Prepared]]:
    """The numbered full draws that have at least one panel: number, pool, and the draw ready to be drawn."""
    for number in range(first, last):
        pool, request = full_draw(number)
        try:
            yield number, pool, prepare(pool, request)
        except (Infeasible, RequestError):
            continue


def possible_draws(first: int, last: int) -> Iterator[tuple[tuple[Candidate, ...], Request]]:
    """The numbered draws that have at least one panel, in the engine's own opinion."""
    for number in range(first, last):
        pool, request = small_draw(number)
        try:
            prepare(pool, request)
        except (Infeasible, RequestError):
            continue
        yield pool, request
