"""Whole histories of a panel: members accept, decline, recuse or stay silent, and every gap is drawn anew.

What is lawful is checked here sentence by sentence, on nothing of the engine but its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from lunheng.core.draw import Candidate, Category, Group, Infeasible, Request, Seat, Stream, draw
from tests.core.draw.exhaustive import seatings

Pool = tuple[Candidate, ...]
SMALL = 10
"""Pools up to this size are also searched panel by panel."""


def breaches(pool: Pool, request: Request, seats: Sequence[Seat]) -> list[str]:
    """Every sentence of the request that these seats break."""
    by_id = {one.id: one for one in pool}
    ids = [seat.candidate_id for seat in seats]
    people = [by_id[identity] for identity in ids]
    filled = Counter(seat.specialty for seat in seats)
    units = Counter(one.unit for one in people)
    found = [] if len(ids) == request.size else ["size"]
    found += ["twice"] * (len(set(ids)) < len(ids))
    found += ["excluded"] * bool(set(ids) & set(request.excluded))
    found += ["confirmed lost"] * (not set(request.fixed) <= set(ids))
    found += ["confirmed moved"] * (not set(request.seated) <= set(seats))
    found += ["not qualified" for seat in seats if seat.specialty not in by_id[seat.candidate_id].specialties]
    found += ["not asked for" for name in filled if name not in request.quota]
    found += ["seats" for name, (low, high) in request.quota.items() if not low <= filled[name] <= high]
    found += [
        "category"
        for one in request.categories
        if not one.low <= sum(filled[name] for name in one.specialties) <= one.high
    ]
    found += [
        "group" for one in request.groups if not one.low <= sum(units[unit] for unit in one.units) <= one.high
    ]
    cap = request.per_unit
    found += ["unit" for count in units.values() if cap is not None and count > cap]
    found += ["conflict" for one, other in request.conflicts if {one, other} <= set(ids)]
    return found


def is_possible(pool: Pool, request: Request) -> bool:
    """Whether any panel is lawful, by looking at all of them."""
    able = [
        one for one in pool if one.id not in request.excluded and set(one.specialties) & set(request.quota)
    ]
    wanted = set(request.fixed)
    seated = {seat.candidate_id: seat.specialty for seat in request.seated}
    return any(
        all(seated.get(one.id, seat) == seat for one, seat in zip(chosen, seats, strict=True))
        for chosen in combinations(able, request.size)
        if wanted <= {one.id for one in chosen}
        for seats in seatings(chosen, request)
    )


@dataclass
class History:
    """One request from the first draw until everybody has confirmed or no panel is left."""

    pool: Pool
    request: Request
    dice: Stream
    keeps_seats: bool
    confirmed: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    rounds: int = 0

    def now(self) -> Request:
        """The request of the next round."""
        seated = (
            tuple(Seat(one, seat) for one, seat in sorted(self.confirmed.items())) if self.keeps_seats else ()
        )
        return replace(
            self.request,
            fixed=tuple(sorted(self.confirmed)),
            seated=seated,
            excluded=tuple(sorted(self.gone)),
        )

    def answer(self, seats: Sequence[Seat]) -> None:
        """Everybody newly called answers: most confirm, some do not come, and of some the whole unit may not."""
        unit_of = {one.id: one.unit for one in self.pool}
        for seat in seats:
            if seat.candidate_id in self.confirmed:
                continue
            word = ("confirm", "confirm", "confirm", "decline", "silence", "recusal")[self.dice.uniform(6)]
            if word == "confirm":
                self.confirmed[seat.candidate_id] = seat.specialty
            elif word == "recusal":
                self.gone |= {one for one, unit in unit_of.items() if unit == unit_of[seat.candidate_id]}
            else:
                self.gone.add(seat.candidate_id)
        if not self.keeps_seats:
            self.confirmed |= {
                seat.candidate_id: seat.specialty for seat in seats if seat.candidate_id in self.confirmed
            }
        self.gone -= self.confirmed.keys()

    def run(self) -> Iterator[tuple[Request, tuple[Seat, ...] | None]]:
        """Every round's request with the panel drawn; with None where there was none."""
        while True:
            request = self.now()
            self.rounds += 1
            try:
                seats = draw(self.pool, request, self.dice.take(32)).panel.seats
            except Infeasible:
                yield request, None
                return
            yield request, seats
            self.answer(seats)
            if len(self.confirmed) == self.request.size:
                return


def history(number: int) -> History:
    """The numbered history; every third one has a pool that is small enough to be searched."""
    dice = Stream(b"history %d" % number)
    count = 5 + dice.uniform(SMALL - 4) if number % 3 == 0 else 12 + dice.uniform(60)
    specialties = [f"s{index}" for index in range(1 + dice.uniform(4))]
    units = 2 + dice.uniform(max(2, count // 2))
    pool = tuple(
        Candidate(f"e{index:02}", f"u{dice.uniform(units)}", _held(specialties, dice), "ABC"[dice.uniform(3)])
        for index in range(count)
    )
    size = 1 + dice.uniform(4 if count <= SMALL else 8)
    request = Request(
        size=size,
        quota=_quota(specialties, size, dice),
        per_unit=(1, 1, 2, None)[dice.uniform(4)],
        categories=(Category("main", tuple(specialties[:2]), dice.uniform(2), size),)
        if dice.uniform(4) == 0
        else (),
        groups=(Group("holding", ("u0", "u1"), 0, 1 + dice.uniform(2)),) if dice.uniform(4) == 0 else (),
        tiers=("A", "B")[: dice.uniform(3)],
    )
    return History(pool, request, dice, keeps_seats=bool(dice.uniform(2)))


def _held(specialties: Sequence[str], dice: Stream) -> tuple[str, ...]:
    known = list(specialties)
    dice.shuffle(known)
    return tuple(known[: 1 + dice.uniform(min(3, len(known)))])


def _quota(specialties: Sequence[str], size: int, dice: Stream) -> dict[str, tuple[int, int]]:
    """Exact numbers, as a city asks for them, or ranges."""
    if dice.uniform(2):
        seats = Counter(specialties[dice.uniform(len(specialties))] for _ in range(size))
        return {name: (count, count) for name, count in sorted(seats.items())}
    return {name: ((0, 0, 1)[dice.uniform(3)], size) for name in specialties}
