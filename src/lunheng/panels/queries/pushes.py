"""推送: the list of candidates, whether it can hold a lawful group, and whether a further push is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lunheng.core import draw
from lunheng.core.eligibility import Candidate, Sifted
from lunheng.panels.models import Member, PanelRequest
from lunheng.panels.queries import pool, rows
from lunheng.panels.queries.rounds import occasion, per_unit, pseudonym

Tag = Callable[[Candidate, tuple[str, ...]], str]


class NobodyFits(Exception):
    """No eligible expert of the pool fits the plan, or all were pushed before."""


@dataclass(frozen=True)
class Pushed:
    """One pushed expert with the tags that fit the plan."""

    reference: str
    specialty: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Push:
    """A push as it will be kept."""

    people: tuple[Pushed, ...]
    document: dict[str, Any]
    shortage: dict[str, Any]
    sifted: Sifted
    result: list[list[Any]]


def rarest_first(people: Sequence[Candidate], tags: tuple[str, ...]) -> tuple[str, ...]:
    """The fitting tags with those that fewest people hold in front."""
    held = {tag: sum(tag in one.specialties for one in people) for tag in tags}
    return tuple(sorted(tags, key=lambda tag: (held[tag], tags.index(tag))))


def first_tag(candidate: Candidate, tags: tuple[str, ...]) -> str:
    """The first of these tags that the expert holds: people with different first tags differ in specialty."""
    return next(tag for tag in tags if tag in candidate.specialties)


def all_tags(candidate: Candidate, tags: tuple[str, ...]) -> str:
    """All fitting tags together: exactly what the law compares."""
    return "+".join(tag for tag in tags if tag in candidate.specialties)


def smallest_panel(request: PanelRequest) -> int:
    """The smallest lawful number of experts: at least the minimum, and odd where the city says so."""
    rule = request.case.law.rule("panel.size")
    minimum = int(getattr(rule, "minimum", 5))
    odd = getattr(rule, "parity", "any") == "odd"
    return minimum + 1 if odd and minimum % 2 == 0 else minimum


def kinds_available(request: PanelRequest, people: Sequence[Candidate], tags: tuple[str, ...]) -> int:
    """How many fitting specialties these people hold between them."""
    return len({tag for one in people for tag in one.specialties if tag in tags})


def kinds_needed(request: PanelRequest, available: int) -> int:
    """How many different specialties a group must have; a short pool is excused where the city excuses it."""
    rule = request.case.law.rule("draw.specialties")
    needed = int(getattr(rule, "different_at_least", 1))
    if available < needed and getattr(rule, "shortage", "") == "allow_recorded":
        return max(1, available)
    return needed


def conditions(
    request: PanelRequest,
    people: Sequence[Candidate],
    tags: tuple[str, ...],
    tag: Tag,
    *,
    size: int,
    kinds: int,
    salt: bytes,
    fixed: Sequence[str] = (),
) -> tuple[list[draw.Candidate], draw.Request]:
    """A list of `size` experts of different units in which no single specialty takes every place."""
    drawable = [
        draw.Candidate(
            id=pseudonym(salt, "expert", one.reference),
            unit=pseudonym(salt, "unit", one.unit),
            specialties=(tag(one, tags),),
        )
        for one in people
    ]
    most = size - 1 if kinds > 1 else size
    words = sorted({one.specialties[0] for one in drawable})
    rules = draw.Request(
        size=size,
        quota={word: (0, most) for word in words},
        per_unit=per_unit(request),
        fixed=tuple(sorted(pseudonym(salt, "expert", reference) for reference in fixed)),
    )
    return drawable, rules


def can_form_panel(
    request: PanelRequest, people: Sequence[Candidate], *, available: int, fixed: Sequence[str] = ()
) -> bool:
    """Whether a lawful group can be composed of these people, with whoever already sits."""
    tags, size = pool.fitting_tags(request), smallest_panel(request)
    fitting = [one for one in people if set(one.specialties) & set(tags)]
    if len(fitting) < size:
        return False
    sitting = fixed if len(fixed) <= size else ()
    drawable, rules = conditions(
        request,
        fitting,
        tags,
        all_tags,
        size=size,
        kinds=kinds_needed(request, available),
        salt=b"question",
        fixed=sitting,
    )
    return draw.is_feasible(drawable, rules)


def needs_further_push(request: PanelRequest, at: datetime) -> bool:
    """Whether those who agreed or have not answered cannot form a lawful group any more."""
    members = list(
        Member.objects.filter(request=request, state__in=rows.STILL_POSSIBLE).select_related(
            "expert", "expert__unit"
        )
    )
    experts = [member.expert for member in members]
    people = pool.sift_experts(request, experts, at).included
    known = {one.reference for one in people}
    sitting = [
        member.expert.reference
        for member in members
        if member.state == Member.State.CONFIRMED and member.expert.reference in known
    ]
    return not can_form_panel(request, people, available=available_kinds(request, at), fixed=sitting)


def available_kinds(request: PanelRequest, at: datetime) -> int:
    """How many fitting specialties the eligible experts of the pool hold between them."""
    tags = pool.fitting_tags(request)
    return kinds_available(request, pool.sifted(request, tags, at).included, tags)


def compute(
    request: PanelRequest, *, seed: bytes, salt: bytes, at: datetime, number: int, previous: str
) -> Push:
    """The next push: up to the pack's number of experts whose tags fit, who were not pushed before.

    The list holds a lawful group whenever the eligible experts hold one.

    Raises:
        NobodyFits: nobody is left.
    """
    tags = pool.fitting_tags(request)
    asked = frozenset(Member.objects.filter(request=request).values_list("expert__reference", flat=True))
    sifted = pool.sifted(request, tags, at, asked=asked)
    count = int(getattr(request.case.law.rule("draw.mode"), "candidates", None) or 10)
    by_name = {pseudonym(salt, "expert", one.reference): one for one in sifted.included}
    if not by_name:
        raise NobodyFits
    drawable, rules = _lottery(request, sifted, tags, count, salt)
    outcome = draw.draw(drawable, rules, seed)
    order = rarest_first(sifted.included, tags)
    names = list(outcome.panel.ids)
    rest = [name for name in sorted(by_name) if name not in set(names)]
    names += list(draw.shuffle(rest, seed, "push"))[: max(0, count - len(names))]
    document = draw.transcript(
        drawable, rules, outcome, seed, occasion=occasion(request, number, previous, at)
    )
    people = tuple(_pushed(by_name[name], tags, order) for name in names)
    result = [[name, list(one.tags)] for name, one in zip(names, people, strict=True)]
    return Push(people, document, _shortage(request, sifted, tags, count, len(names)), sifted, result)


def _pushed(one: Candidate, tags: tuple[str, ...], order: tuple[str, ...]) -> Pushed:
    """The specialty is the rarest fitting tag: it tells the experts apart best."""
    return Pushed(one.reference, first_tag(one, order), tuple(tag for tag in tags if tag in one.specialties))


def _lottery(
    request: PanelRequest, sifted: Sifted, tags: tuple[str, ...], count: int, salt: bytes
) -> tuple[list[draw.Candidate], draw.Request]:
    """The longest list that holds a lawful group; without such a list the longest one of different units."""
    people = sifted.included
    order = rarest_first(people, tags)
    kinds = kinds_needed(request, kinds_available(request, people, tags))
    size = smallest_panel(request)
    lengths = [(length, kinds) for length in range(count, size - 1, -1)]
    lengths += [(length, 1) for length in range(count, 0, -1)]
    for length, wanted in lengths:
        for tag in (first_tag, all_tags):
            drawable, rules = conditions(request, people, order, tag, size=length, kinds=wanted, salt=salt)
            if draw.is_feasible(drawable, rules):
                return drawable, rules
    raise NobodyFits


def _shortage(
    request: PanelRequest, sifted: Sifted, tags: tuple[str, ...], count: int, pushed: int
) -> dict[str, Any]:
    """What the pool lacks, in numbers and words; empty when it lacks nothing."""
    eligible = len(sifted.included)
    available = kinds_available(request, sifted.included, tags)
    notes = [f"符合条件的专家{eligible}人，不足{count}人，已全部推送"] if eligible < count else []
    sitting = [member.expert for member in rows.confirmed(request.case)]
    together = [*sifted.included, *pool.candidates(request, sitting, request.requested_at)]
    unique = list({one.reference: one for one in together}.values())
    if not can_form_panel(
        request, unique, available=available, fixed=[expert.reference for expert in sitting]
    ):
        notes.append(f"符合条件的专家不能组成{smallest_panel(request)}人、不同单位、不同专业的专家组")
    if available < int(getattr(request.case.law.rule("draw.specialties"), "different_at_least", 1)):
        notes.append(f"库内与方案匹配的专业只有{available}种")
    return {"eligible": eligible, "wanted": count, "pushed": pushed, "notes": notes} if notes else {}
