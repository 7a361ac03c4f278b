"""推送: the list of candidates, whether it can hold a lawful group, and whether a further push is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lunheng.core import draw
from lunheng.core.eligibility import Candidate, Sifted
from lunheng.core.policy.rules.draws import DrawMode
from lunheng.core.policy.rules.panels import PanelSize
from lunheng.experts.models import ExpertSpecialty
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.panels.queries import pool, rows
from lunheng.panels.queries.rounds import (
    Opened,
    Stage,
    hash_of,
    occasion,
    per_unit,
    pseudonym,
    references_of,
)

Tag = Callable[[Candidate, tuple[str, ...]], str]


class NobodyFits(Exception):
    """No eligible expert of the pool fits the plan, or all were pushed before."""


@dataclass(frozen=True)
class Pushed:
    """One pushed expert with the tags that fit the plan."""

    reference: str
    specialty: str
    tags: tuple[str, ...]


def rarest_first(people: Sequence[tuple[str, ...]], tags: tuple[str, ...]) -> tuple[str, ...]:
    """The fitting tags with those that fewest people hold in front; of everybody the specialties are given."""
    held = {tag: sum(tag in specialties for specialties in people) for tag in tags}
    return tuple(sorted(tags, key=lambda tag: (held[tag], tags.index(tag))))


def first_tag(candidate: Candidate, tags: tuple[str, ...]) -> str:
    """The first of these tags that the expert holds: people with different first tags differ in specialty."""
    return next(tag for tag in tags if tag in candidate.specialties)


def all_tags(candidate: Candidate, tags: tuple[str, ...]) -> str:
    """All fitting tags together: exactly what the law compares."""
    return "+".join(tag for tag in tags if tag in candidate.specialties)


def smallest_panel(request: PanelRequest) -> int:
    """The smallest lawful number of experts: at least the minimum, and odd where the city says so."""
    rule = request.case.law.demand(PanelSize)
    return rule.minimum + 1 if rule.parity == "odd" and rule.minimum % 2 == 0 else rule.minimum


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
        hash=hash_of(request),
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
            "expert", "expert__unit", "expert__membership"
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


def open_push(request: PanelRequest, stage: Stage) -> Opened:
    """The next push, ready to be committed: experts whose tags fit, who were not pushed before.

    The list holds a lawful group whenever the eligible experts hold one.

    Raises:
        NobodyFits: nobody is left.
    """
    tags = pool.fitting_tags(request)
    asked = frozenset(Member.objects.filter(request=request).values_list("expert__reference", flat=True))
    sifted = pool.sifted(request, tags, stage.at, asked=asked)
    count = wanted(request, len(sifted.included))
    if not sifted.included:
        raise NobodyFits
    drawable, rules = lottery_over(request, sifted, tags, count, stage.salt)
    document = draw.committed(
        drawable, rules, contributors=stage.contributors, occasion=occasion(request, stage)
    )
    pushed = min(count, len(sifted.included))
    return Opened(document, sifted, _shortage(request, sifted, tags, count, pushed))


def pushed_by(drawn: Draw) -> tuple[Pushed, ...]:
    """The list that a completed push gave: the lottery's places in order, then the rest of the pool shuffled."""
    request, document = drawn.request, drawn.document
    tags, names = pool.fitting_tags(request), references_of(drawn)
    snapshot = sorted(identity for identity, *_ in document["snapshot"])
    listed = [name for name, _ in document["result"]]
    rest = [name for name in snapshot if name not in set(listed)]
    more = draw.shuffle(rest, bytes.fromhex(document["seed"]), "push", name=document["rules"]["hash"])
    listed += list(more)[: max(0, wanted(request, len(snapshot)) - len(listed))]
    held = _tags_held(request, tags)
    people = {
        identity: held.get(names[identity]) or tuple(specialties[0].split("+"))
        for identity, _, _, specialties in document["snapshot"]
    }
    order = rarest_first(tuple(people.values()), tags)
    return tuple(_pushed(names[name], people[name], order) for name in listed)


def wanted(request: PanelRequest, eligible: int) -> int:
    """How many experts the city has listed at once: so many pushed, or everybody who is eligible."""
    mode = request.case.law.demand(DrawMode)
    return eligible if mode.mode == "select" else mode.candidates or 10


def _tags_held(request: PanelRequest, tags: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Reference → the fitting tags that the expert holds, in the order of `tags`."""
    rows = ExpertSpecialty.objects.filter(expert__pool_id=request.pool_id, specialty__in=tags)
    held: dict[str, set[str]] = {}
    for reference, specialty in rows.values_list("expert__reference", "specialty"):
        held.setdefault(reference, set()).add(specialty)
    return {reference: tuple(tag for tag in tags if tag in words) for reference, words in held.items()}


def _pushed(reference: str, held: tuple[str, ...], order: tuple[str, ...]) -> Pushed:
    """The specialty is the rarest fitting tag: it tells the experts apart best."""
    return Pushed(reference, next(tag for tag in order if tag in held), held)


def lottery_over(
    request: PanelRequest, sifted: Sifted, tags: tuple[str, ...], count: int, salt: bytes
) -> tuple[list[draw.Candidate], draw.Request]:
    """The longest list that holds a lawful group; without such a list the longest one of different units."""
    people = sifted.included
    order = rarest_first([one.specialties for one in people], tags)
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
