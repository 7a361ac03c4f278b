"""The pool's depth for a plan, before anybody is drawn."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lunheng.cases.queries import parties_of
from lunheng.core.draw import Candidate, Certificate, Request, RequestError, certificate, depth
from lunheng.core.policy.rules.draws import Match
from lunheng.experts.queries import eligible
from lunheng.plans.models import Review
from lunheng.pools.models import Pool


@dataclass(frozen=True)
class Supply:
    """One specialty: experts there are, seats asked for, and further seats that could be filled."""

    specialty: str
    label: str
    is_fitting: bool
    eligible: int
    needed: int = 0
    headroom: int | None = None


def supply_for(
    review: Review, pool: Pool, on: date, needs: Mapping[str, int]
) -> tuple[list[Supply], Certificate | None]:
    """Every fitting specialty and every one asked for, and the certificate where no panel exists.

    Units of the parties are left out; relations are judged at the draw and can only lessen these numbers.
    """
    law = review.case.law
    rule = law.rule("draw.match")
    fitting = rule.specialties.get(review.plan.work.kind, ()) if isinstance(rule, Match) else ()
    labels = law.labels("specialties")
    candidates = _candidates(review, pool, on, labels)
    counts = Counter(name for candidate in candidates for name in candidate.specialties)
    per_unit = 1 if getattr(law.rule("draw.units"), "distinct", False) else None
    wanted = {labels.get(name, name): count for name, count in needs.items()}
    depths, shortage = _depths(candidates, wanted, per_unit)
    shown = list(dict.fromkeys([*fitting, *needs]))
    lines = [
        Supply(
            specialty=name,
            label=labels.get(name, name),
            is_fitting=name in fitting,
            eligible=counts[labels.get(name, name)],
            needed=needs.get(name, 0),
            headroom=depths.get(labels.get(name, name)),
        )
        for name in shown
    ]
    return lines, shortage


def _candidates(review: Review, pool: Pool, on: date, labels: Mapping[str, str]) -> list[Candidate]:
    """The eligible experts of other units than the parties', their specialties in the words people read."""
    parties = {party.organization.code for party in parties_of(review.case)}
    return [
        Candidate(
            id=expert.reference,
            unit=expert.unit.code,
            specialties=tuple(
                sorted(labels.get(one.specialty, one.specialty) for one in expert.specialties.all())
            ),
        )
        for expert in eligible(pool, on)
        if expert.unit.code not in parties
    ]


def _depths(
    candidates: list[Candidate], needs: Mapping[str, int], per_unit: int | None
) -> tuple[dict[str, int], Certificate | None]:
    if not needs:
        return {}, None
    try:
        request = Request(
            size=sum(needs.values()),
            quota={name: (count, count) for name, count in needs.items()},
            per_unit=per_unit,
        )
    except RequestError:
        return {}, None
    shortage = certificate(candidates, request)
    return {one.specialty: one.headroom for one in depth(candidates, request)}, shortage
