"""抽取前: what the lottery holds in store before anybody is drawn, in counts and chances, never in names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from lunheng.core import draw
from lunheng.core.eligibility import Sifted
from lunheng.core.verdict import Outcome, combine
from lunheng.panels.models import PanelRequest
from lunheng.panels.queries import pool, pushes, rounds

SALT = b"outlook"
"""These questions are asked under pseudonyms of their own, so that nothing here can be linked to a draw."""
NARROW = 3
"""With less head-room than this, a few refusals already leave a seat empty."""


@dataclass(frozen=True)
class DepthRow:
    """How deep the pool is for one specialty; `needed` is None where the city does not ask by specialty."""

    label: str
    needed: int | None
    eligible: int
    headroom: int

    @property
    def meaning(self) -> str:
        """The meaning of the badge."""
        return "late" if self.headroom < 0 else "soon" if self.headroom < NARROW else "good"

    @property
    def judgement(self) -> str:
        """The words of the badge."""
        if self.headroom == 0:
            return "没有补抽余地"
        return {"late": "不足，不能抽取", "soon": "补抽余地小", "good": "充足"}[self.meaning]


@dataclass(frozen=True)
class ChanceRow:
    """Experts of the same specialties and the same chance."""

    label: str
    people: int
    chance: Fraction

    @property
    def percent(self) -> str:
        """The chance as a percentage that never looks like certainty or impossibility unless it is."""
        if self.chance in (0, 1):
            return f"{100 * self.chance}%"
        tenths = min(max(int(1000 * self.chance + Fraction(1, 2)), 1), 999)
        return f"{tenths // 10}.{tenths % 10}%"

    @property
    def badge(self) -> tuple[str, str]:
        """Meaning and words of the badge; nothing to say gives empty words."""
        if self.chance == 1:
            return "late", "该席位没有随机性"
        if self.chance == 0:
            return "soon", "不可能抽中"
        return ("soon", "超过50%") if 2 * self.chance > 1 else ("good", "")


@dataclass(frozen=True)
class Notice:
    """One sentence about the chances, with its meaning."""

    meaning: str
    text: str


@dataclass(frozen=True)
class UnitRow:
    """A unit in the shortage: its eligible experts, and how many of them may sit."""

    name: str
    experts: int
    usable: int


@dataclass(frozen=True)
class Shortage:
    """Why no panel is possible, in the words of the request, and single changes that were tried and help."""

    headline: str
    demands: tuple[str, ...]
    limits: tuple[str, ...]
    units: tuple[UnitRow, ...]
    fixes: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """What people should see before the draw. Nobody is named: `chances` counts experts."""

    eligible: int
    depth: tuple[DepthRow, ...] = ()
    chances: tuple[ChanceRow, ...] = ()
    notices: tuple[Notice, ...] = ()
    shortage: Shortage | None = None


@dataclass(frozen=True)
class _Question:
    """The pool and the rules under the pseudonyms of this page."""

    request: PanelRequest
    people: tuple[draw.Candidate, ...]
    rules: draw.Request
    units: Mapping[str, str]


def outlook_of(request: PanelRequest, at: datetime) -> Outlook:
    """Depth, chances and shortage of a request as the pool is now; the questions to the database are always as many."""
    return _direct(request, at) if request.is_direct else _pushed(request, at)


def shortage_words(request: PanelRequest, certificate: draw.Certificate) -> tuple[str, str, str]:
    """Message, remedy and value of a refusal, in the words of the contractor's own request."""
    fixes = tuple(_seat_fixes(request, certificate))
    return (
        f"{_headline(request, certificate)}；没有抽取任何专家",
        "以下任一调整后即可抽取：" + "；".join(fixes)
        if fixes
        else "改选其他对应专业，或请专家库管理部门增聘专家后重新申请",
        f"需要{certificate.need}席，可坐{certificate.supply}席",
    )


# --- the two ways to a panel ----------------------------------------------------------------------------


def _direct(request: PanelRequest, at: datetime) -> Outlook:
    """Every seat is drawn: the question is the draw's own, with the specialties that could be chosen instead."""
    asked = Counter[str]()
    for need in request.needs.all():
        asked[need.specialty] += need.count
    if not asked:
        return Outlook(0)
    others = [tag for tag in pool.fitting_tags(request) if tag not in asked]
    sifted = pool.sifted(request, (*asked, *others), at)
    people, rules, _ = rounds.conditions(request, SALT, sifted, {**dict.fromkeys(others, 0), **asked})
    question = _Question(request, tuple(people), rules, _unit_names(sifted))
    held = {one.id: tuple(name for name in one.specialties if name in asked) for one in people}
    held = {identity: names for identity, names in held.items() if names}
    depth = tuple(
        DepthRow(_label(request, one.specialty), one.needed, one.eligible, one.headroom)
        for one in draw.depth(people, rules)
    )
    proof = draw.certificate(people, rules)
    if proof is not None:
        fixes = (*_seat_fixes(request, proof), *_exchanges(question, proof), *_recruits(question, proof))
        return Outlook(len(held), depth, shortage=_shortage(question, proof, fixes))
    prepared = draw.prepare(people, rules)
    chances = {identity: prepared.probabilities[identity] for identity in held}
    notices = tuple(_notices(question, prepared, chances))
    return Outlook(len(held), depth, _table(request, chances, held), notices)


def _pushed(request: PanelRequest, at: datetime) -> Outlook:
    """A list is drawn, of which the convener composes the panel: the chance is that of standing in the list."""
    tags = pool.fitting_tags(request)
    sifted = pool.sifted(request, tags, at)
    panel = _panel_question(request, sifted, tags)
    proof = draw.certificate(panel.people, panel.rules)
    shortage = None if proof is None else _shortage(panel, proof, tuple(_recruits(panel, proof)))
    if not sifted.included:
        return Outlook(0, shortage=shortage)
    count = pushes.wanted(request, len(sifted.included))
    people, rules = pushes.lottery_over(request, sifted, tags, count, SALT)
    prepared = draw.prepare(people, rules)
    chances = {
        identity: listed(chance, rules.size, count, len(people))
        for identity, chance in prepared.probabilities.items()
    }
    held = {
        rounds.pseudonym(SALT, "expert", one.reference): tuple(tag for tag in tags if tag in one.specialties)
        for one in sifted.included
    }
    return Outlook(
        len(people),
        tuple(_list_depth(panel, held, tags, count)),
        _table(request, chances, held),
        tuple(_notices(replace(panel, people=tuple(people), rules=rules), prepared, chances)),
        shortage,
    )


def _panel_question(request: PanelRequest, sifted: Sifted, tags: tuple[str, ...]) -> _Question:
    """Whether the eligible experts hold the smallest lawful panel at all."""
    kinds = pushes.kinds_needed(request, pushes.kinds_available(request, sifted.included, tags))
    size = pushes.smallest_panel(request)
    people, rules = pushes.conditions(
        request, sifted.included, tags, pushes.all_tags, size=size, kinds=kinds, salt=SALT
    )
    most = size - 1 if kinds > 1 else size
    rules = replace(rules, quota={**dict.fromkeys(tags, (0, most)), **rules.quota})
    return _Question(request, tuple(people), rules, _unit_names(sifted))


def listed(chance: Fraction, drawn: int, count: int, eligible: int) -> Fraction:
    """A list that the lottery leaves short is filled up from the rest, each of these with the same chance."""
    if eligible <= drawn:
        return chance
    return chance + (1 - chance) * min(Fraction(1), Fraction(max(0, count - drawn), eligible - drawn))


def _list_depth(
    panel: _Question, held: Mapping[str, tuple[str, ...]], tags: tuple[str, ...], count: int
) -> Iterator[DepthRow]:
    """Per fitting specialty: who holds it, and how many more could stand in the list beside the others."""
    people = [replace(one, specialties=held[one.id]) for one in panel.people]
    known = [tag for tag in tags if any(tag in names for names in held.values())]
    rules = replace(panel.rules, size=min(count, len(people)), quota={tag: (0, count) for tag in known})
    rooms = {one.specialty: one for one in draw.depth(people, rules)}
    for tag in tags:
        found = rooms.get(tag)
        eligible, headroom = (found.eligible, max(0, found.headroom)) if found else (0, 0)
        yield DepthRow(_label(panel.request, tag), None, eligible, headroom)


# --- chances --------------------------------------------------------------------------------------------


def _table(
    request: PanelRequest, chances: Mapping[str, Fraction], held: Mapping[str, tuple[str, ...]]
) -> tuple[ChanceRow, ...]:
    """How many experts of which specialties have which chance, the best chance first."""
    counted = Counter((names, chances[identity]) for identity, names in held.items())
    rows = (
        ChanceRow("、".join(_label(request, name) for name in names), people, chance)
        for (names, chance), people in counted.items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.chance, row.label)))


def _notices(
    question: _Question, prepared: draw.Prepared, chances: Mapping[str, Fraction]
) -> Iterator[Notice]:
    what = "抽中" if question.request.is_direct else "列入名单"
    certain = sum(chance == 1 for chance in chances.values())
    likely = sum(1 < 2 * chance < 2 for chance in chances.values())
    never = [one for one in question.people if one.id in chances and chances[one.id] == 0]
    capped = sum(one.unit in prepared.plan.units for one in never)
    if certain == len(chances) - len(never):
        yield Notice("late", f"全部没有随机性：能{what}的{certain}名专家必定{what}。")
    elif certain:
        yield Notice(
            "late", f"{certain}名专家必定{what}：该席位没有随机性。请核对专业和人数是否只为少数人而设。"
        )
    if likely:
        yield Notice("soon", f"{likely}名专家{what}的机会超过50%。")
    if capped:
        yield Notice(
            "soon",
            f"{capped}名专家符合条件但不可能{what}：同一单位至多{question.rules.per_unit}人，"
            "而本单位的一名同事不可缺少，没有同事就坐不满其他席位。",
        )
    if len(never) > capped:
        yield Notice(
            "soon",
            f"{len(never) - capped}名专家符合条件但不可能{what}：先从就近地域抽取，就近的专家已能坐满全部席位。",
        )
    if not certain and not likely and not never:
        yield Notice("good", "每名符合条件的专家都有机会，没有人的机会超过50%。")


# --- an impossible request ------------------------------------------------------------------------------


def _shortage(question: _Question, proof: draw.Certificate, fixes: tuple[str, ...]) -> Shortage:
    request = question.request
    units = sorted(proof.units, key=lambda one: (-one.candidates, question.units[one.unit]))
    return Shortage(
        headline=_headline(request, proof) + "。",
        demands=tuple(_in_words(request, text) for text in proof.demands),
        limits=tuple(_in_words(request, text) for text in proof.limits),
        units=tuple(UnitRow(question.units[one.unit], one.candidates, one.usable) for one in units),
        fixes=fixes,
    )


def _headline(request: PanelRequest, proof: draw.Certificate) -> str:
    """Which specialties need how many seats, who there is, and how much is missing."""
    words = dict.fromkeys(part for name in proof.specialties for part in name.split("+"))
    names = "、".join(f"「{_label(request, word)}」" for word in words) or "各项要求"
    people = f"{proof.eligible}人，来自{len(proof.units)}家单位" if proof.units else "0人"
    return f"{names}需要{proof.need}个席位，符合条件的专家{people}，最多坐满{proof.supply}席，差{proof.shortage}席"


def _in_words(request: PanelRequest, text: str) -> str:
    """A sentence of the certificate with the specialties as people call them."""
    return re.sub(
        "「([^」]*)」",
        lambda found: f"「{'兼'.join(_label(request, word) for word in found[1].split('+'))}」",
        text,
    )


def _seat_fixes(request: PanelRequest, proof: draw.Certificate) -> Iterator[str]:
    """Fewer seats of one specialty, where the law still has enough of them."""
    for change in proof.changes:
        if change.kind == "seats" and _is_lawful(request, change.name, change.before - change.after):
            yield f"「{_label(request, change.name)}」由{change.before}名减为{change.after}名"


def _is_lawful(request: PanelRequest, specialty: str, fewer: int) -> bool:
    """Whether the panel keeps its lawful numbers with so many seats fewer, extras first."""
    needs = list(request.needs.all())
    extras = sum(need.count for need in needs if need.is_extra)
    spared = min(fewer, sum(need.count for need in needs if need.is_extra and need.specialty == specialty))
    main = sum(need.count for need in needs if not need.is_extra) - (fewer - spared)
    law = request.case.law
    verdict = combine(
        law.judge("draw.mode", picked=main + extras - spared, outside_push=[]),
        law.judge("panel.size", main=main, extras=extras - spared),
        *rounds.extras_of(request, extras - spared),
    )
    return verdict.outcome is Outcome.ALLOWED


def _exchanges(question: _Question, proof: draw.Certificate) -> Iterator[str]:
    """Seats of a short specialty for another one that the city maps to these works."""
    request, quota = question.request, question.rules.quota
    fitting = [tag for tag in pool.fitting_tags(request) if tag in quota and tag not in proof.specialties]
    for short in (name for name in proof.specialties if quota[name][0]):
        for other in fitting:
            moves = (
                (number, replace(question.rules, quota=_moved(quota, short, other, number)))
                for number in range(1, quota[short][0] + 1)
            )
            helped = _first_that_helps((number, question.people, rules) for number, rules in moves)
            if helped:
                yield f"「{_label(request, short)}」中{helped}名改选「{_label(request, other)}」"


def _moved(
    quota: Mapping[str, tuple[int, int]], short: str, other: str, number: int
) -> dict[str, tuple[int, int]]:
    left, more = quota[short][0] - number, quota[other][0] + number
    return {**quota, short: (left, left), other: (more, more)}


def _recruits(question: _Question, proof: draw.Certificate) -> Iterator[str]:
    """More experts of other units in the pool: for the manager of the pool, tried like everything else."""
    request = question.request
    kinds = [(name, f"「{_label(request, name)}」") for name in proof.specialties]
    if not request.is_direct:
        kinds = [(tag, "对应专业的") for tag in pool.fitting_tags(request)[:1]]
    for specialty, label in kinds:
        helped = _first_that_helps(
            (number, (*question.people, *_newcomers(specialty, number)), question.rules)
            for number in range(1, question.rules.size + 1)
        )
        if helped:
            yield f"由专家库管理部门增聘{label}专家{helped}名，来自其他单位"


def _newcomers(specialty: str, number: int) -> list[draw.Candidate]:
    return [draw.Candidate(f"new-{index}", f"new-unit-{index}", (specialty,)) for index in range(number)]


def _first_that_helps(attempts: Iterable[tuple[int, Sequence[draw.Candidate], draw.Request]]) -> int:
    """The first number with which a panel exists, by one flow each; 0 if none does."""
    return next((number for number, people, rules in attempts if draw.is_feasible(people, rules)), 0)


def _unit_names(sifted: Sifted) -> dict[str, str]:
    return {rounds.pseudonym(SALT, "unit", one.unit): one.unit_name for one in sifted.included}


def _label(request: PanelRequest, specialty: str) -> str:
    return request.case.law.label("specialties", specialty)
