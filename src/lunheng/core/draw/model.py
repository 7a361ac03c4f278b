"""What a draw is made of: candidates, the request, the panel, the plan.

Everything here is immutable and speaks of ids given by the caller (pseudonyms in a published draw).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .hashing import HASHES, SHA256


class RequestError(ValueError):
    """The request contradicts itself or names what the pool does not hold; the message is for its author."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One expert of the pool: the unit counts for the cap per unit, the territory for the tiers."""

    id: str
    unit: str
    specialties: tuple[str, ...]
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A range of seats over several specialties together; categories must be nested or disjoint."""

    name: str
    specialties: tuple[str, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Group:
    """A range of seats over several units together (a group company); groups must be nested or disjoint."""

    name: str
    units: tuple[str, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Seat:
    """One expert on one seat of one of the expert's specialties."""

    candidate_id: str
    specialty: str


@dataclass(frozen=True, slots=True)
class Request:
    """What the panel must look like.

    `quota` maps a specialty to its (fewest, most) seats; a specialty that is not named is not drawn.
    `per_unit` is the cap per unit (None: no cap). `tiers` are territories in order of preference, whoever
    lives elsewhere comes last. `fixed` sit already, `seated` says on which seat those of them sit who may not
    be moved to another of their specialties, `excluded` may not sit. Of every pair in `conflicts` at most one
    may sit. `hash` names the hash function of stream and record ("sha256" or "sm3").
    Raises `RequestError` when the request contradicts itself.
    """

    size: int
    quota: Mapping[str, tuple[int, int]]
    per_unit: int | None = None
    categories: tuple[Category, ...] = ()
    groups: tuple[Group, ...] = ()
    tiers: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    seated: tuple[Seat, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    hash: str = SHA256

    def __post_init__(self) -> None:
        if self.size < 1:
            raise RequestError("专家组人数至少为 1")
        if self.per_unit is not None and self.per_unit < 1:
            raise RequestError("同一单位人数上限至少为 1")
        for name, (low, high) in self.quota.items():
            _check_range(f"专业「{name}」", low, high)
        for category in self.categories:
            _check_range(f"专业大类「{category.name}」", category.low, category.high)
        for group in self.groups:
            _check_range(f"单位分组「{group.name}」", group.low, group.high)
        _refuse_repetition("专业大类", [category.name for category in self.categories])
        _refuse_repetition("单位分组", [group.name for group in self.groups])
        _refuse_repetition("地域顺序", self.tiers)
        _refuse_repetition("已确定人选", self.fixed)
        both = sorted(set(self.fixed) & set(self.excluded))
        if both:
            raise RequestError(f"既列为已确定人选又列为回避人选：{'、'.join(both)}")
        _check_persons(self)


def _check_range(what: str, low: int, high: int) -> None:
    if not 0 <= low <= high:
        raise RequestError(f"{what}的席位范围 {low} 至 {high} 不成立")


def _check_persons(request: Request) -> None:
    _refuse_repetition("已确定席位的人选", [seat.candidate_id for seat in request.seated])
    loose = sorted({seat.candidate_id for seat in request.seated} - set(request.fixed))
    if loose:
        raise RequestError(f"席位已定而人选未定：{'、'.join(loose)}")
    if any(one == other for one, other in request.conflicts):
        raise RequestError("利害关系的双方不能是同一人")
    if request.hash not in HASHES:
        raise RequestError(f"不认识的杂凑算法：{request.hash}")


def _refuse_repetition(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise RequestError(f"{what}重复：{name}")
        seen.add(name)


@dataclass(frozen=True, slots=True)
class Panel:
    """The drawn seats in the order in which the experts are to be called."""

    seats: tuple[Seat, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The drawn candidates in the order of call."""
        return tuple(seat.candidate_id for seat in self.seats)


@dataclass(frozen=True, slots=True)
class TypePlan:
    """Candidates that the network cannot tell apart, and their chance.

    `place` is ("hub", ""), ("group", name) or ("unit", name): the nearest cap that binds.
    `share` is the chance of each, `seats` the mass per specialty of all of them, in units of 1/denominator.
    """

    place: tuple[str, str]
    specialties: tuple[str, ...]
    tier: int
    fixed: str
    count: int
    share: int
    seats: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The lottery before the seed is known: it determines every chance, the seed then the panel.

    A drawn panel is thrown away for a conflict with a chance of at most `redraw` / `denominator`.
    """

    denominator: int
    units: tuple[str, ...]
    groups: tuple[str, ...]
    types: tuple[TypePlan, ...]
    redraw: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A draw: who sits, by which plan, and with which chance each candidate of the pool went in.

    `redraws` panels before this one were thrown away because of a conflict.
    """

    panel: Panel
    plan: Plan
    probabilities: Mapping[str, Fraction] = field(hash=False)
    redraws: int = 0


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep the pool is for a specialty: least seats needed, candidates, further seats it could fill."""

    specialty: str
    needed: int
    eligible: int
    headroom: int


@dataclass(frozen=True, slots=True)
class UnitSupply:
    """A unit in the shortage: qualified candidates, and how many of them may sit."""

    unit: str
    candidates: int
    usable: int


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that was tried and makes the draw possible, as small as possible.

    `kind` says what is changed: "least" or "most" seats of a specialty, its "seats" together with the size of the
    panel, "category", "group", "per_unit", "size", or whether somebody is an "exclusion" or "fixed".
    """

    kind: str
    name: str
    before: int
    after: int
    text: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why no panel exists: `need` seats are demanded where at most `supply` can be filled.

    `demands` and `limits` spell the two sums out; every one of `changes` was tried and makes the draw possible.
    """

    specialties: tuple[str, ...]
    need: int
    supply: int
    eligible: int
    units: tuple[UnitSupply, ...]
    demands: tuple[str, ...]
    limits: tuple[str, ...]
    changes: tuple[Fix, ...]

    @property
    def fixes(self) -> tuple[str, ...]:
        """The changes in words."""
        return tuple(change.text for change in self.changes)

    @property
    def shortage(self) -> int:
        """Seats that stay empty."""
        return self.need - self.supply

    def explain(self) -> str:
        """The shortage in plain Chinese, one statement per line."""
        lines = [self._headline()]
        lines += [f"要求：{text}" for text in self.demands]
        lines += [f"限制：{text}" for text in self.limits]
        if self.units:
            shown = "、".join(f"{one.unit}（{one.candidates} 人）" for one in self.units[:10])
            more = f"等共 {len(self.units)} 家" if len(self.units) > 10 else ""
            lines.append(f"涉及单位：{shown}{more}")
        lines.append(
            "以下任一调整后即可抽取：" if self.fixes else "没有单独一项调整可以解决，请同时调整多项要求。"
        )
        lines += [f"· {text}" for text in self.fixes]
        return "\n".join(lines)

    def _headline(self) -> str:
        if not self.specialties:
            lacking = f"至多只能达到 {self.supply}，差 {self.shortage}"
            return f"各项要求不能同时满足：要求至少 {self.need}，{lacking}。"
        names = "、".join(f"「{name}」" for name in self.specialties)
        people = (
            f"符合条件的专家 {self.eligible} 人，来自 {len(self.units)} 家单位"
            if self.units
            else "库内没有符合条件的专家"
        )
        seats = f"最多只能坐满 {self.supply} 席，差 {self.shortage} 席"
        return f"{names}需要 {self.need} 个席位；{people}，{seats}。"


class Infeasible(Exception):
    """No panel satisfies the request; `certificate` says why and what would help."""

    def __init__(self, certificate: Certificate) -> None:
        super().__init__(certificate.explain())
        self.certificate = certificate

    def explain(self) -> str:
        """The certificate in plain Chinese."""
        return self.certificate.explain()
