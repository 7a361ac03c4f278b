"""One round of the draw, computed before anything is written: pseudonyms, the pool, the panel, the transcript."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lunheng.core import draw
from lunheng.core.deadlines import CHINA
from lunheng.core.eligibility import Candidate, Sifted
from lunheng.core.policy.rules.draws import Lottery
from lunheng.core.verdict import Verdict
from lunheng.experts.models import Expert
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.panels.queries import pool
from lunheng.pools.models import pseudonym_key

LEAVING = "减员"
LENGTH = 32
"""Hexadecimal digits of a pseudonym."""


@dataclass(frozen=True)
class Chosen:
    """One drawn expert on one seat of one specialty."""

    reference: str
    specialty: str


@dataclass(frozen=True)
class Opened:
    """A round before chance: what is committed, and what must be kept of the pool."""

    document: dict[str, Any]
    sifted: Sifted
    shortage: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """Where a round stands in its request, and who will contribute to its seed (party, kind, commitment)."""

    number: int
    previous: str
    salt: bytes
    at: datetime
    contributors: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class SeatPlan:
    """One numbered seat of a request."""

    number: int
    specialty: str
    is_extra: bool


def opening(salt: bytes, kind: str, text: str) -> bytes:
    """What opens one pseudonym of a draw and no other: handed to its owner, it tells nothing of anybody else."""
    return hmac.digest(salt, f"{kind}\0{text}".encode(), hashlib.sha256)


def pseudonym(salt: bytes, kind: str, text: str) -> str:
    """A name for one draw only: nobody without its opening can tell who it is, nor link it to another draw."""
    return draw.digest(kind, opening(salt, kind, text), text.encode()).hex()[:LENGTH]


def person_of(member: Member) -> str:
    """The pseudonym under which a member stands in the public record of the draw."""
    return pseudonym(bytes.fromhex(member.draw.salt), "expert", member.expert.reference)


def seat_plans(request: PanelRequest) -> list[SeatPlan]:
    """The seats of a request, numbered: main specialties first."""
    wanted = [(need.specialty, need.is_extra) for need in request.wanted for _ in range(need.count)]
    return [SeatPlan(number, specialty, extra) for number, (specialty, extra) in enumerate(wanted, start=1)]


def extras_of(request: PanelRequest, extras: int) -> Iterator[Verdict]:
    """The law on extra experts, asked where there are any."""
    if extras:
        yield request.case.law.judge("panel.extras", extras=extras, touched=request.touches_other_specialties)


def per_unit(request: PanelRequest) -> int | None:
    """The most experts of one unit, where the city demands different units."""
    rule = request.case.law.rule("draw.units")
    return 1 if getattr(rule, "distinct", False) else None


def territories(request: PanelRequest) -> tuple[str, ...]:
    """The order in which territories are drawn from, where the city prefers near experts; empty elsewhere."""
    return request.case.law.demand(Lottery).territories(request.case.division_id)


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
        tiers=territories(request),
        hash=hash_of(request),
    )
    reasons = {names[reference]: label for reference, label in excluded.items() if reference not in sitting}
    return people, drawable, reasons


def open_round(
    request: PanelRequest,
    vacant: Mapping[str, int],
    stage: Stage,
    *,
    held: Sequence[Member] = (),
    asked: frozenset[str] = frozenset(),
) -> Opened:
    """The vacant seats, the pool as it is now and the lottery over it, ready to be committed.

    Raises:
        Infeasible: no panel satisfies the request; nothing was drawn.
    """
    sitting = {member.expert.reference for member in held}
    sifted = pool.sifted(request, vacant, stage.at, asked=asked - sitting)
    people, drawable, reasons = conditions(request, stage.salt, sifted, vacant, held)
    document = draw.committed(
        people,
        drawable,
        exclusions=reasons,
        contributors=stage.contributors,
        occasion=occasion(request, stage),
    )
    return Opened(document, sifted)


def open_reduction(members: Sequence[Member], request: PanelRequest, stage: Stage) -> Opened:
    """One of these members leaves, each with the same chance."""
    people = [
        draw.Candidate(
            id=pseudonym(stage.salt, "expert", member.expert.reference),
            unit=pseudonym(stage.salt, "unit", member.expert.unit.code),
            specialties=(LEAVING,),
        )
        for member in members
    ]
    rules = draw.Request(size=1, quota={LEAVING: (1, 1)}, hash=hash_of(request))
    document = draw.committed(
        people, rules, contributors=stage.contributors, occasion=occasion(request, stage)
    )
    return Opened(document, Sifted((), (), ()))


def chosen_of(drawn: Draw) -> tuple[Chosen, ...]:
    """Whom the completed draw newly gave, in the order of call."""
    sitting = set(drawn.document["rules"]["fixed"])
    names = references_of(drawn)
    return tuple(
        Chosen(names[name], specialty) for name, specialty in drawn.document["result"] if name not in sitting
    )


def references_of(drawn: Draw) -> dict[str, str]:
    """Pseudonym → reference, for everybody in the draw's pool."""
    salt = bytes.fromhex(drawn.salt)
    known = Expert.objects.filter(pool_id=drawn.request.pool_id).values_list("reference", flat=True)
    return {pseudonym(salt, "expert", reference): reference for reference in known}


def salt_of(request: PanelRequest, number: int) -> bytes:
    """The secret of one draw's pseudonyms: it follows from the pool's key and the draw's number, nobody chooses it."""
    text = f"{request.case.reference}/{request.number}/{number}"
    return hmac.digest(pseudonym_key(request.pool), text.encode(), hashlib.sha256)


def hash_of(request: PanelRequest) -> str:
    """The hash function of the draw, as the law names it."""
    return request.case.law.demand(Lottery).hash


def occasion(request: PanelRequest, stage: Stage) -> draw.Occasion:
    """Which draw this is, as the transcript states it."""
    return draw.Occasion(
        reference=f"{request.case.reference}/{request.number}",
        round=stage.number,
        previous=stage.previous,
        at=stage.at.astimezone(CHINA).isoformat(),
    )


def depth(request: PanelRequest, at: datetime) -> list[draw.Depth]:
    """How deep the pool is for each specialty of the request, before or after the draw."""
    vacant: dict[str, int] = {}
    for need in request.wanted:
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
        territory=one.territory,
    )
