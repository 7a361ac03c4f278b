"""The record of the draw as an official document, printed from the page of the panel."""

from typing import TypedDict
from uuid import UUID

from lunheng.cases.models import Case
from lunheng.cases.permissions import may_supervise
from lunheng.core.actor import Actor
from lunheng.core.procedures.drawing import CONCLUDE_DRAW
from lunheng.core.verdict import Verdict, allowed
from lunheng.documents.papers import Form, Printed
from lunheng.ledger.queries import entries_of
from lunheng.panels.models import Contribution, Draw, Exclusion, Member, PanelRequest
from lunheng.panels.permissions import is_organizer
from lunheng.panels.queries import living_request, person_of
from lunheng.panels.queries.published import excluded_by_ground, public_parts
from lunheng.panels.queries.record import because_of
from lunheng.web.wording import write_moment
from lunheng.works.models import Project


class NeedLine(TypedDict):
    """What was asked for."""

    specialty: str
    count: int
    is_extra: bool


class DrawnLine(TypedDict):
    """Whom chance gave, under the name of this draw."""

    order: int
    person: str
    specialty: str
    outcome: str


class BackfillLine(TypedDict):
    """One further draw for a lost seat."""

    number: int
    at: str
    because: str
    person: str


class ExcludedLine(TypedDict):
    """How many could not be drawn, and why; nobody is named."""

    ground: str
    people: int
    clause: str


class RecordData(TypedDict):
    """申请、规则、承诺、随机数、次序、补抽和未列入的原因."""

    project: str
    organizer: str
    request: int
    pack: str
    mode: str
    snapshot: str
    eligible: int
    committed_at: str
    commit: str
    shares: str
    seed: str
    algorithm: str
    drawn_at: str
    rounds: int
    operator: str
    witness: str
    digest: str
    needs: list[NeedLine]
    order: list[DrawnLine]
    backfills: list[BackfillLine]
    exclusions: list[ExcludedLine]


def record_data(request: PanelRequest) -> RecordData:
    """What 专家抽取记录表 shows: the first draw whole, then every further one with its reason."""
    case, draws = request.case, list(_done(request))
    first, document = draws[0], draws[0].document
    label = case.law.label
    shares = list(first.contributions.all())
    return {
        "project": _project(request),
        "organizer": request.organizer.name,
        "request": request.number,
        "pack": f"{case.pack.title}（{case.pack.version}）" if case.pack else "",
        "mode": request.get_mode_display(),
        "snapshot": public_parts(first)["hashes"]["snapshot"],
        "eligible": len(document["snapshot"]),
        "committed_at": write_moment(first.committed_at),
        "commit": first.commit,
        "shares": "、".join(share.get_party_display() for share in shares),
        "seed": first.seed,
        "algorithm": f"{document['format']}，{document['rules']['algorithm']}，{document['rules']['hash']}",
        "drawn_at": write_moment(first.drawn_at or first.committed_at),
        "rounds": len(draws),
        "operator": request.organizer.name,
        "witness": _witness(shares),
        "digest": document["digest"],
        "needs": [
            {"specialty": label("specialties", one.specialty), "count": one.count, "is_extra": one.is_extra}
            for one in request.wanted
        ],
        "order": _order(first),
        "backfills": [_backfill(draw) for draw in draws[1:]],
        "exclusions": _excluded(first),
    }


def _project(request: PanelRequest) -> str:
    found = Project.objects.filter(file__reference=request.project).first() if request.project else None
    return found.name if found else ""


def _done(request: PanelRequest) -> list[Draw]:
    found = request.draws.filter(state=Draw.State.DONE).order_by("number")
    return list(found.prefetch_related("contributions"))


def _witness(shares: list[Contribution]) -> str:
    """Who beside applicant and platform gave a share of the random number."""
    others = {Contribution.Party.AUTHORITY, Contribution.Party.BEACON}
    return "、".join(share.get_party_display() for share in shares if share.party in others) or "无"


def _order(draw: Draw) -> list[DrawnLine]:
    members = Member.objects.filter(draw=draw).select_related("expert", "draw").order_by("order")
    label = draw.request.case.law.label
    return [
        {
            "order": member.order,
            "person": person_of(member),
            "specialty": label("specialties", member.specialty),
            "outcome": member.get_state_display(),
        }
        for member in members
    ]


def _backfill(draw: Draw) -> BackfillLine:
    return {
        "number": draw.number,
        "at": write_moment(draw.drawn_at or draw.committed_at),
        "because": because_of(draw) or draw.reason or draw.get_kind_display(),
        "person": "、".join(line["person"] for line in _order(draw)),
    }


def _excluded(draw: Draw) -> list[ExcludedLine]:
    excluded = Exclusion.objects.filter(draw=draw)
    clauses: dict[str, str] = {one.get_ground_display(): one.clause for one in excluded}
    return [
        {"ground": ground, "people": people, "clause": clauses.get(ground, "")}
        for ground, people in excluded_by_ground(excluded)
    ]


def _find(case: Case) -> PanelRequest | None:
    request = living_request(case)
    if request is None or not _done(request):
        return None
    request.case = case
    return request


def may_have_record(actor: Actor, case: Case) -> Verdict:
    """Whether the actor may have the whole record of the draw: who asked for it, and the supervising office."""
    if is_organizer(actor, case):
        return allowed(case.law.clause("draw.mode"), "组织单位可以取得抽取记录")
    return may_supervise(actor, case)


def _entry(request: PanelRequest) -> UUID | None:
    entries = entries_of(request.case.reference).filter(event=CONCLUDE_DRAW.event)
    last = entries.last()
    return last.pk if last else None


DRAW_RECORD = Printed[PanelRequest](
    form=Form[PanelRequest](
        key="draw_record",
        title="专家抽取记录表",
        rule="draw.mode",
        data=RecordData,
        fill=record_data,
        case_of=lambda request: request.case,
        number_of=lambda request: f"{request.case.reference}-{request.number}",
    ),
    find=_find,
    may=may_have_record,
    entry_of=_entry,
)
