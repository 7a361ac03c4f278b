"""The pool as one review sees it: candidates with the facts that may exclude, sorted by the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet, prefetch_related_objects

from lunheng.cases import running
from lunheng.cases.models import Case
from lunheng.cases.queries import present_parties
from lunheng.core.deadlines import CHINA
from lunheng.core.eligibility import Candidate, Path, Sifted, sift
from lunheng.core.workflow import Standing, over
from lunheng.experts.models import Expert, Interest
from lunheng.organizations.queries import Relations
from lunheng.panels.models import Member, PanelRequest, SisterDecision
from lunheng.web.wording import write_moment

BOOKED = (Member.State.INVITED, Member.State.CONSENTED, Member.State.CONFIRMED)
"""Whoever may not be asked for the same time again."""
FACTS = "facts of the pool"
"""Under which an act keeps what excludes."""
PACK_WORDS = {"subordinate": "control", "superior": "control", "sister": "sibling"}
"""Kinds of relation as the table of units knows them → as packs name them."""


def fitting_tags(request: PanelRequest) -> tuple[str, ...]:
    """The specialties that the pack maps to the kind of works; those asked for where the pack has no mapping."""
    mapping = getattr(request.case.law.rule("draw.match"), "specialties", {})
    return tuple(mapping.get(request.work_kind, ())) or tuple(need.specialty for need in request.wanted)


def experts_of(request: PanelRequest, specialties: Iterable[str]) -> list[Expert]:
    """Every expert of the request's pool, whatever the standing, who holds one of the specialties."""
    wanted = set(specialties)
    rows = (
        Expert.objects.filter(pool_id=request.pool_id, specialties__specialty__in=wanted)
        .distinct()
        .select_related("unit", "membership")
        .prefetch_related("specialties")
        .order_by("id")
    )
    return list(rows)


def experts_by(request: PanelRequest, references: Iterable[str]) -> list[Expert]:
    """These experts of the request's pool with what the rules of recusal look at."""
    rows = Expert.objects.filter(pool_id=request.pool_id, reference__in=list(references))
    return list(rows.select_related("unit", "membership").prefetch_related("specialties").order_by("id"))


def candidates(request: PanelRequest, experts: Iterable[Expert], at: datetime) -> list[Candidate]:
    """The experts as the rules of recusal look at them (five queries, however many they are)."""
    people = list(experts)
    prefetch_related_objects(people, "specialties")
    facts = _facts(request, at)
    return [facts.candidate(expert) for expert in people]


def sifted(
    request: PanelRequest, specialties: Iterable[str], at: datetime, *, asked: frozenset[str] = frozenset()
) -> Sifted:
    """The pool sorted for this request at this moment."""
    return sift_experts(request, experts_of(request, specialties), at, asked=asked)


def sift_experts(
    request: PanelRequest, experts: Iterable[Expert], at: datetime, *, asked: frozenset[str] = frozenset()
) -> Sifted:
    """These experts sorted for this request at this moment."""
    return sift(
        candidates(request, experts, at),
        request.case.law,
        parties=parties(request.case),
        organizer=request.organizer.name,
        asked=asked,
        decisions=decisions(request.case),
        risk_level=request.risk_level,
    )


def parties(case: Case) -> list[tuple[str, str]]:
    """Role and credit code of every present party."""
    return [(party.role, party.organization.code) for party in present_parties(case)]


def decisions(case: Case) -> dict[str, bool]:
    """What was decided of experts of sister companies."""
    rows = SisterDecision.objects.filter(case=case, may_sit__isnull=False).select_related("expert")
    return {row.expert.reference: bool(row.may_sit) for row in rows}


def earlier_reviews(request: PanelRequest) -> dict[str, list[dict[str, str]]]:
    """Who sat on a panel for any version of this plan before: reference → [{name, organiser, case}]."""
    rows = (
        Member.objects.filter(request__lineage=request.lineage, state=Member.State.CONFIRMED)
        .exclude(case_id=request.case_id)
        .select_related("expert", "request__organizer", "case")
    )
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        fact = {
            "name": f"{row.expert.name}（{row.case.reference}）",
            "organiser": row.request.organizer.name,
        }
        found.setdefault(row.expert.reference, []).append(fact)
    return found


def booked_elsewhere(request: PanelRequest) -> QuerySet[Member]:
    """Whoever sits, or is asked to sit, on another living panel that begins at the same time."""
    earliest, latest = request.meets_between
    return (
        Member.objects.filter(
            expert__pool_id=request.pool_id,
            state__in=BOOKED,
            request__meeting_at__gt=earliest,
            request__meeting_at__lt=latest,
        )
        .exclude(case_id=request.case_id)
        .exclude(case__state__in=over(Standing.CLOSED))
        .select_related("request")
    )


def look_again() -> None:
    """Read anew what excludes: what was read before a lock may have changed while it was waited for."""
    running.forget(FACTS)


def _facts(request: PanelRequest, at: datetime) -> _Facts:
    """Nothing that an act writes in its own review excludes anybody from it, so once in an act will do."""
    read: dict[tuple[int, datetime], _Facts] = running.once((FACTS,), dict)
    key = (request.pk, at)
    if key not in read:
        read[key] = _Facts(request, at)
    return read[key]


class _Facts:
    """What excludes, read once for the whole pool."""

    def __init__(self, request: PanelRequest, at: datetime) -> None:
        self.on = at.astimezone(CHINA).date()
        rows = present_parties(request.case)
        watched = getattr(request.case.law.rule("recusal.parties"), "roles", ())
        self.codes = [row.organization.code for row in rows if not watched or row.role in watched]
        self.relations = Relations.load()
        self.paths: dict[str, tuple[Path, ...]] = {}
        self.earlier = earlier_reviews(request) if request.lineage else {}
        self.interests: dict[int, list[str]] = {}
        self.busy = {
            member.expert_id: f"{write_moment(member.request.meeting_at)}已有论证"
            for member in booked_elsewhere(request)
        }
        for interest in Interest.objects.filter(organization__code__in=self.codes).select_related(
            "organization"
        ):
            text = f"{interest.organization.name}：{interest.ground}"
            self.interests.setdefault(interest.expert_id, []).append(text)

    def candidate(self, expert: Expert) -> Candidate:
        return Candidate(
            reference=expert.reference,
            name=expert.name,
            unit=expert.unit.code,
            unit_name=expert.unit.name,
            specialties=tuple(sorted(one.specialty for one in expert.specialties.all())),
            is_serving=expert.membership.serves(self.on),
            busy=self.busy.get(expert.pk, ""),
            territory=expert.unit.division_id,
            interests=tuple(self.interests.get(expert.pk, ())),
            earlier=tuple(self.earlier.get(expert.reference, ())),
            paths=self._paths(expert.unit.code),
            qualification=expert.qualification(self.on),
            grade=expert.grade,
        )

    def _paths(self, unit: str) -> tuple[Path, ...]:
        if unit not in self.paths:
            found = self.relations.between(unit, self.codes)
            self.paths[unit] = tuple(Path(PACK_WORDS.get(one.kind, one.kind), one.path) for one in found)
        return self.paths[unit]
