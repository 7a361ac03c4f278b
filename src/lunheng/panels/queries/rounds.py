"""One round of the draw, computed before anything is written: pseudonyms, the pool, the panel, the transcript."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lunheng.core import draw
from lunheng.core.deadlines import CHINA
from lunheng.core.eligibility import Candidate, Sifted
from lunheng.panels.models import Member, PanelRequest
from lunheng.panels.queries import pool

LENGTH = 32
"""Hexadecimal digits of a pseudonym."""


@dataclass(frozen=True)
class Chosen:
    """One drawn expert on one seat of one specialty."""

    reference: str
    specialty: str


@dataclass(frozen=True)
class Round:
    """What chance gave, and what must be kept of it."""

    chosen: tuple[Chosen, ...]
    document: dict[str, Any]
    sifted: Sifted
    result: list[list[str]]


@dataclass(frozen=True)
class SeatPlan:
    """One numbered seat of a request."""

    number: int
    specialty: str
    is_extra: bool


def pseudonym(salt: bytes, kind: str, text: str) -> str:
    """A name for one draw only: nobody without the salt can tell who it is, nor link it to another draw."""
    return hmac.new(salt, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def person_of(member: Member) -> str:
    """The pseudonym under which a member stands in the public record of the draw."""
    return pseudonym(bytes.fromhex(member.draw.salt), "expert", member.expert.reference)


def seat_plans(request: PanelRequest) -> list[SeatPlan]:
    """The seats of a request, numbered: main specialties first."""
    needs = request.needs.order_by("is_extra", "specialty")
    wanted = [(need.specialty, need.is_extra) for need in needs for _ in range(need.count)]
    return [SeatPlan(number, specialty, extra) for number, (specialty, extra) in enumerate(wanted, start=1)]


def per_unit(request: PanelRequest) -> int | None:
    """The most experts of one unit, where the city demands different units."""
    rule = request.case.law.rule("draw.units")
    return 1 if getattr(rule, "distinct", False) else None


def conditions(
    request: PanelRequest,
    salt: bytes,
    sifted: Sifted,
    vacant: Mapping[str, int],
    held: Sequence[Member] = (),
) -> tuple[list[draw.Candidate], draw.Request, dict[str, str]]:
    """The pool, the rules and the reasons of exclusion of one round, all in pseudonyms.

    `vacant` are the seats to fill by specialty; `held` sit or are still asked, each on the seat's specialty.
    """
    excluded = {one.reference: one.ground.label for one in sifted.excluded}
    sitting = {member.expert.reference: member for member in held}
    names = {reference: pseudonym(salt, "expert", reference) for reference in excluded}
    everyone = pool.candidates(request, [member.expert for member in held], request.requested_at)
    by_reference = {one.reference: one for one in (*sifted.included, *everyone)}
    people = [
        _candidate(one, salt, (sitting[one.reference].specialty,) if one.reference in sitting else vacant)
        for one in by_reference.values()
    ]
    counts = dict(vacant)
    for member in held:
        counts[member.specialty] = counts.get(member.specialty, 0) + 1
    drawable = draw.Request(
        size=sum(counts.values()),
        quota={specialty: (count, count) for specialty, count in sorted(counts.items())},
        per_unit=per_unit(request),
        fixed=tuple(sorted(pseudonym(salt, "expert", reference) for reference in sitting)),
        excluded=tuple(sorted(names[reference] for reference in excluded if reference not in sitting)),
    )
    reasons = {names[reference]: label for reference, label in excluded.items() if reference not in sitting}
    return people, drawable, reasons


def compute(
    request: PanelRequest,
    vacant: Mapping[str, int],
    *,
    seed: bytes,
    salt: bytes,
    at: datetime,
    held: Sequence[Member] = (),
    asked: frozenset[str] = frozenset(),
    previous: str = "",
    number: int = 1,
) -> Round:
    """Draw the vacant seats from the pool as it is now.

    Raises:
        Infeasible: no panel satisfies the request; nothing was drawn.
    """
    sifted = pool.sifted(request, vacant, at, asked=asked - {member.expert.reference for member in held})
    people, drawable, reasons = conditions(request, salt, sifted, vacant, held)
    outcome = draw.draw(people, drawable, seed)
    document = draw.transcript(
        people, drawable, outcome, seed, exclusions=reasons, occasion=occasion(request, number, previous, at)
    )
    names = {pseudonym(salt, "expert", one.reference): one.reference for one in sifted.included}
    sitting = set(drawable.fixed)
    chosen = tuple(
        Chosen(names[one.candidate_id], one.specialty)
        for one in outcome.panel.seats
        if one.candidate_id not in sitting
    )
    result = [[pseudonym(salt, "expert", one.reference), one.specialty] for one in chosen]
    return Round(chosen, document, sifted, result)


def occasion(request: PanelRequest, number: int, previous: str, at: datetime) -> draw.Occasion:
    """Which draw this is, as the transcript states it."""
    return draw.Occasion(
        reference=f"{request.case.reference}/{request.number}",
        round=number,
        previous=previous,
        at=at.astimezone(CHINA).isoformat(),
    )


def depth(request: PanelRequest, at: datetime) -> list[draw.Depth]:
    """How deep the pool is for each specialty of the request, before or after the draw."""
    vacant: dict[str, int] = {}
    for need in request.needs.all():
        vacant[need.specialty] = vacant.get(need.specialty, 0) + need.count
    if not vacant:
        return []
    sifted = pool.sifted(request, vacant, at)
    people, drawable, _ = conditions(request, b"depth", sifted, vacant)
    return draw.depth(people, drawable)


def _candidate(
    one: Candidate, salt: bytes, specialties: Mapping[str, int] | tuple[str, ...]
) -> draw.Candidate:
    active = tuple(sorted(word for word in one.specialties if word in specialties))
    return draw.Candidate(
        id=pseudonym(salt, "expert", one.reference),
        unit=pseudonym(salt, "unit", one.unit),
        specialties=active or tuple(specialties),
    )
