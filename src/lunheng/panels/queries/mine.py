"""我的抽取: what one expert may know of every draw of the pool: own leaf, own chance, own exclusion, nothing of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from lunheng.core.eligibility import Ground
from lunheng.experts.models import Expert
from lunheng.panels.models import Draw, Exclusion, Member
from lunheng.panels.queries import rounds
from lunheng.panels.queries.outlook import ChanceRow, listed
from lunheng.panels.queries.published import PURPOSES, is_open
from lunheng.panels.queries.pushes import wanted


@dataclass(frozen=True)
class OwnDraw:
    """One draw as one expert of the pool may see it."""

    draw: Draw
    person: str
    opening: str
    chance: ChanceRow | None
    is_drawn: bool
    sat_before: bool
    exclusion: str
    clause: str
    path: str
    is_named: bool

    @property
    def purpose(self) -> str:
        """What the draw is for."""
        return PURPOSES[Draw.Kind(self.draw.kind)]

    @property
    def outcome(self) -> tuple[str, str]:
        """Meaning and words of the badge."""
        if self.exclusion:
            return "wait", "未列入"
        if self.sat_before:
            return "good", "已在名单中"
        if self.chance is None:
            return "wait", "不需要您的专业"
        left = self.draw.kind == Draw.Kind.REDUCTION
        words = ("被减去", "未被减去") if left else ("抽中", "未抽中")
        return ("good", words[0]) if self.is_drawn else ("wait", words[1])


def draws_for(expert: Expert) -> QuerySet[Draw]:
    """Every completed draw of the expert's pool, the latest first."""
    return (
        Draw.objects.filter(request__pool_id=expert.pool_id, state=Draw.State.DONE)
        .select_related("request__case", "request__pool")
        .order_by("-drawn_at", "-pk")
    )


def own_draws(expert: Expert, draws: Iterable[Draw]) -> list[OwnDraw]:
    """These draws as the expert may see them: two questions, however many they are."""
    rows = list(draws)
    kept_out = {one.draw_id: one for one in Exclusion.objects.filter(expert=expert, draw__in=rows)}
    asked = set(
        Member.objects.filter(expert=expert, request__draws__in=rows)
        .exclude(state__in=(Member.State.PUSHED, Member.State.SKIPPED))
        .values_list("request_id", flat=True)
    )
    return [_own(expert, draw, kept_out.get(draw.pk), draw.request_id in asked) for draw in rows]


def _own(expert: Expert, draw: Draw, out: Exclusion | None, was_asked: bool) -> OwnDraw:
    salt = bytes.fromhex(draw.salt)
    person = rounds.pseudonym(salt, "expert", expert.reference)
    opened = is_open(draw.request.case)
    return OwnDraw(
        draw=draw,
        person=person,
        opening=rounds.opening(salt, "expert", expert.reference).hex(),
        chance=None if out else _chance(draw, person),
        is_drawn=any(name == person for name, _ in draw.result),
        sat_before=person in draw.document["rules"]["fixed"],
        exclusion=Ground(out.ground).label if out else "",
        clause=out.clause if out else "",
        path=out.path if out and opened else "",
        is_named=opened or was_asked,
    )


def _chance(draw: Draw, person: str) -> ChanceRow | None:
    """The own chance; nothing for somebody whose specialties the draw did not ask for."""
    found = chance_of(draw.document, person)
    if found is None:
        return None
    if draw.kind == Draw.Kind.PUSH:
        rules = draw.document["rules"]
        people = sum(one["count"] for one in draw.document["plan"]["types"] if not one["fixed"])
        found = listed(found, rules["size"], wanted(draw.request, people), people)
    return ChanceRow("", 1, found)


def chance_of(document: Mapping[str, Any], person: str) -> Fraction | None:
    """The chance of one pseudonym, read from the committed plan; None for whoever is not in the draw."""
    row = next((one for one in document["snapshot"] if one[0] == person), None)
    if row is None or person in {name for name, _ in document["exclusions"]}:
        return None
    _, unit, territory, specialties = row
    rules, plan = document["rules"], document["plan"]
    active = {name for name, _, most in rules["quota"] if most}
    held = sorted(set(specialties) & active)
    tiers = rules["tiers"]
    tier = tiers.index(territory) if territory in tiers else len(tiers)
    fixed = person if person in rules["fixed"] else ""
    for place in _places(document, unit):
        for one in plan["types"]:
            if (one["place"], sorted(one["specialties"]), one["fixed"]) == (place, held, fixed) and one[
                "tier"
            ] == tier:
                return Fraction(int(one["share"]), int(plan["denominator"]))
    return None


def _places(document: Mapping[str, Any], unit: str) -> Iterator[list[str]]:
    """Where an expert of this unit stands in the plan: the unit, else its innermost group, else the hub."""
    rules, plan = document["rules"], document["plan"]
    if unit in plan["units"]:
        yield ["unit", unit]
        return
    groups = sorted((len(units), name) for name, units, _, _ in rules["groups"] if unit in units)
    yield from (["group", name] for _, name in groups if name in plan["groups"])
    yield ["hub", ""]
