"""抽取公示: what anybody may read of a draw, and when: chances and pseudonyms at once, the pool after the review.

Before the review is over the public sees hashes, the plan (how many experts with which chance) and the result under
pseudonyms; the pool itself and the record to recompute the draw follow when the report stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT

from lunheng.cases.models import Case
from lunheng.core import draw as lottery
from lunheng.core.eligibility import Ground
from lunheng.core.policy import Law
from lunheng.core.workflow import Standing, over
from lunheng.panels.models import Contribution, Draw, Exclusion, PanelRequest
from lunheng.panels.queries import rounds
from lunheng.panels.queries.outlook import ChanceRow, listed
from lunheng.panels.queries.pushes import wanted
from lunheng.panels.queries.record import because_of
from lunheng.panels.queries.tallies import words_of

MEANINGS = {Draw.State.COMMITTED: "wait", Draw.State.DONE: "good", Draw.State.WITHHELD: "late"}
SECRET_PARTS = ("exclusions", "snapshot")
"""Parts of a commit of which the public sees only the hash until the review is over."""
PURPOSES = {
    Draw.Kind.FIRST: "抽取全部席位",
    Draw.Kind.BACKFILL: "补抽空缺的席位",
    Draw.Kind.PUSH: "推送候选专家",
    Draw.Kind.REDUCTION: "随机减去一人",
}
"""What a draw is for; the first draw of a panel may have to be begun again."""
KINDS = {"nonce": "随机数", "link": "随机数链的一环", "beacon": "公开随机数"}


@dataclass(frozen=True)
class RateRow(ChanceRow):
    """Experts of one kind: how many there are, the chance of each, and the seats they fill on average."""

    @property
    def expected(self) -> str:
        """The seats of all of them together, with two decimals."""
        hundredths = int(100 * self.people * self.chance + Fraction(1, 2))
        return f"{hundredths // 100}.{hundredths % 100:02}"


@dataclass(frozen=True)
class Share:
    """What one party promised and what it revealed."""

    party: str
    kind: str
    commitment: str
    value: str
    place: str
    row: Contribution


@dataclass(frozen=True)
class Drawn:
    """One place of the result under the pseudonym of this draw."""

    order: int
    person: str
    specialty: str
    sat_before: bool


@dataclass(frozen=True)
class DrawPage:
    """Everything of one draw that anybody may read now."""

    draw: Draw
    meaning: str
    because: str
    needs: tuple[tuple[str, int, bool], ...]
    eligible: int
    fixed: int
    excluded: tuple[tuple[str, int], ...]
    rates: tuple[RateRow, ...]
    shares: tuple[Share, ...]
    result: tuple[Drawn, ...]
    steps: tuple[str, ...]
    is_open: bool

    @property
    def purpose(self) -> str:
        """What the draw is for."""
        return PURPOSES[Draw.Kind(self.draw.kind)]

    @property
    def is_alone(self) -> bool:
        """Whether nobody but the platform contributed."""
        return {one.row.party for one in self.shares} == {Contribution.Party.PLATFORM}

    @property
    def is_reduction(self) -> bool:
        """Whether somebody was drawn to leave."""
        return self.draw.kind == Draw.Kind.REDUCTION

    @property
    def excluded_count(self) -> int:
        """How many experts could not be drawn."""
        return sum(count for _, count in self.excluded)

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has not revealed, the platform left out."""
        platform = Contribution.Party.PLATFORM
        return tuple(one.party for one in self.shares if not one.value and one.row.party != platform)

    @property
    def flags(self) -> dict[str, int]:
        """How many experts could not be drawn at all, were more likely than not, or certain."""
        return {
            "never": sum(row.people for row in self.rates if row.chance == 0),
            "likely": sum(row.people for row in self.rates if 1 < 2 * row.chance < 2),
            "certain": sum(row.people for row in self.rates if row.chance == 1),
        }


def is_open(case: Case) -> bool:
    """Whether the pool of the draws may be known to everybody."""
    return case.state in over(Standing.CONCLUDED)


def draw_page(draw: Draw) -> DrawPage:
    """One draw as the public sees it now. `draw.request.case` must be loaded."""
    request, document = draw.request, draw.document
    case = request.case
    rates = tuple(_rates(draw))
    return DrawPage(
        draw=draw,
        meaning=MEANINGS[Draw.State(draw.state)],
        because=because_of(draw),
        needs=needs_of(request),
        eligible=sum(row.people for row in rates),
        fixed=len(document["rules"]["fixed"]),
        excluded=tuple(excluded_by_ground(Exclusion.objects.filter(draw=draw))),
        rates=rates,
        shares=tuple(_shares(draw)),
        result=tuple(_result(draw)) if draw.state == Draw.State.DONE else (),
        steps=tuple(_steps(draw)) if draw.state == Draw.State.DONE else (),
        is_open=is_open(case),
    )


def excluded_by_ground(excluded: QuerySet[Exclusion]) -> Iterator[tuple[str, int]]:
    """How many experts each ground kept out, the most frequent first."""
    counted = excluded.order_by().values("ground").annotate(people=Count("id")).order_by("-people", "ground")
    for one in counted:
        yield Ground(one["ground"]).label, one["people"]


def needs_of(request: PanelRequest) -> tuple[tuple[str, int, bool], ...]:
    """Specialty in words, number of experts, whether an extra."""
    label = request.case.law.label
    return tuple(
        (label("specialties", one.specialty), one.count, one.is_extra) for one in request.needs.all()
    )


def public_parts(draw: Draw) -> dict[str, Any]:
    """What stands behind a commit while the pool is secret: every other part, and the hash of each.

    commit = H("commit", the hashes in the order of their names), so that anybody can check that the plan shown is
    the plan that was committed.
    """
    document = draw.document
    name = document["rules"]["hash"]
    keys = sorted(
        (*SECRET_PARTS, "at", "contributors", "format", "plan", "previous", "reference", "round", "rules")
    )
    given = ("reveals", "seed", "redraws", "result")
    return {
        "commit": document["commit"],
        "hashes": {
            key: lottery.digest(f"draw.{key}", lottery.canonical_bytes(document[key]), name=name).hex()
            for key in keys
        },
        "parts": {key: document[key] for key in keys if key not in SECRET_PARTS},
        **{key: document[key] for key in given if key in document},
    }


def attempts_of(requests: Iterable[PanelRequest]) -> dict[int, list[Draw]]:
    """The draws of these requests by request, numbered, without their documents; `commit_hash` stands for it."""
    found: dict[int, list[Draw]] = {request.pk: [] for request in requests}
    draws = (
        Draw.objects.filter(request__in=found)
        .defer("document")
        .annotate(commit_hash=KT("document__commit"))
        .prefetch_related("contributions")
        .order_by("request", "number")
    )
    for draw in draws:
        found[draw.request_id].append(draw)
    return found


def attempt_counts(case: Case) -> dict[str, int]:
    """How often the case was drawn for, over all its requests."""
    withheld = Count("draws", filter=Q(draws__state=Draw.State.WITHHELD))
    rows = list(case.panel_requests.annotate(attempts=Count("draws"), missed=withheld))
    return {
        "requests": len(rows),
        "cancelled": sum(row.state == PanelRequest.State.CANCELLED for row in rows),
        "attempts": sum(row.attempts for row in rows),
        "withheld": sum(row.missed for row in rows),
    }


def _rates(draw: Draw) -> Iterator[RateRow]:
    """The plan by kind of expert, the best chance first; whoever sat already has no chance to speak of."""
    plan, rules = draw.document["plan"], draw.document["rules"]
    whole, counted = int(plan["denominator"]), dict[tuple[tuple[str, ...], Fraction], int]()
    for one in plan["types"]:
        if not one["fixed"]:
            key = words_of(one["specialties"]), Fraction(int(one["share"]), whole)
            counted[key] = counted.get(key, 0) + one["count"]
    people = sum(counted.values())
    if draw.kind == Draw.Kind.PUSH:
        count = wanted(draw.request, people)
        counted = _merged(
            ((words, listed(chance, rules["size"], count, people)), number)
            for (words, chance), number in counted.items()
        )
    label = specialty_label(draw.request.case.law)
    rows = (
        RateRow("、".join(label(word) for word in words), number, chance)
        for (words, chance), number in counted.items()
    )
    yield from sorted(rows, key=lambda row: (-row.chance, row.label))


def _merged(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key, number in pairs:
        found[key] = found.get(key, 0) + number
    return found


def specialty_label(law: Law) -> Any:
    """Specialty → what people call it; the list from which one leaves is called by itself."""
    return lambda word: "已确认的名单" if word == rounds.LEAVING else law.label("specialties", word)


def _shares(draw: Draw) -> Iterator[Share]:
    for one in draw.contributions.select_related("chain").order_by("order"):
        place = f"第{one.chain.number}条链第{one.link}环" if one.chain else ""
        yield Share(one.get_party_display(), KINDS[one.kind], one.commitment, one.value, place, one)


def _result(draw: Draw) -> Iterator[Drawn]:
    label, sitting = specialty_label(draw.request.case.law), set(draw.document["rules"]["fixed"])
    order = 0
    for person, given in draw.result:
        words = [given] if isinstance(given, str) else given
        sat_before = person in sitting
        order += not sat_before
        yield Drawn(0 if sat_before else order, person, "、".join(map(label, words)), sat_before)


def _steps(draw: Draw) -> Iterator[str]:
    """What the computer did with the seed, in the order of the specification."""
    document = draw.document
    rules, plan = document["rules"], document["plan"]
    name = "SM3" if rules["hash"] == "sm3" else "SHA-256"
    label = specialty_label(draw.request.case.law)
    values = "、".join(one.get_party_display() for one in draw.contributions.all())
    yield f"把承诺值与{values}揭示的数值依次连接，用 {name} 算出种子；少一个、改一个，种子都不同。"
    yield f"由种子用 {name} 产生一串随机数；同一种子永远得到同一串，任何人都可以重算。"
    if plan["units"]:
        yield f"{len(plan['units'])}家单位受人数上限约束，各自单独成组，保证同一单位不超过{rules['per_unit']}人。"
    yield "随机打乱专家的先后，按各人的机会依次装入容量为一个席位的“箱”：一箱至多出一人，箱内各人按机会分享这一席。"
    seats = "、".join(_quota(label, row) for row in rules["quota"] if row[2])
    yield f"逐次用随机数把各箱的份额取整：每取整一次，平均值不变，最后共{rules['size']}席（{seats}）。"
    yield "每个得到席位的箱，按箱内各人的份额抽出一人。每人被抽中的可能，正好是上表公布的机会。"
    if document.get("redraws"):
        yield f"其中{document['redraws']}次抽出的名单含有互相回避的两人，按公开的规则重抽。"
    if len(draw.result) > len(document["result"]):
        more = len(draw.result) - len(document["result"])
        yield f"名单不足应推送的人数，其余专家用同一种子打乱先后，依次补入{more}人。"
    yield "最后随机打乱先后，得到下面的结果。"


def _quota(label: Any, row: list[Any]) -> str:
    name, least, most = row
    words = "兼".join(map(label, name.split("+")))
    return f"{words}{least}席" if least == most else f"{words}{least}至{most}席"


def history_of(case: Case) -> Mapping[int, PanelRequest]:
    """Every request of the case by number, cancelled ones too, the first one first."""
    rows = case.panel_requests.order_by("number").prefetch_related("needs")
    found: dict[int, PanelRequest] = {}
    for row in rows:
        row.case = case
        found[row.number] = row
    return found
