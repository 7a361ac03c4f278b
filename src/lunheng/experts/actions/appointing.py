"""聘任: whom a finished procedure lets into the pool."""

from datetime import date, datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import APPOINT_CANDIDATE
from lunheng.core.procedures.files import APPOINT_EXPERT
from lunheng.core.terms import term_until
from lunheng.core.verdict import combine
from lunheng.experts import queries
from lunheng.experts.enrolling import enroll, organization, take_back
from lunheng.experts.models import Expert
from lunheng.ledger.models import Entry
from lunheng.pools.models import Pool
from lunheng.procedures import flow
from lunheng.procedures import permissions as procedures
from lunheng.procedures.effects import Effecting, effecting
from lunheng.procedures.models import Proceeding


@answers(APPOINT_CANDIDATE, APPOINT_EXPERT)
def appoint_candidate(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """聘任: whom a finished procedure lets into the pool gets file, standing and seat; entered in both files.

    Who was removed, and whose bar is over, comes back to the file he has. Who has come in by another way meanwhile gets no
    second file: the matter ends and says so.
    """
    found = effecting(due)
    proceeding, candidate = found.proceeding, found.candidate
    lock(proceeding.about_id)
    pool = Pool.objects.select_related("division").get(file_id=proceeding.about_id)
    on = at.astimezone(CHINA).date()
    verdict = combine(
        procedures.may_enter(proceeding.about, [str(found.given["identity_number"])], on, found.clause),
        procedures.is_of_account(proceeding, candidate, candidate.data),
    )
    if not verdict.is_allowed:
        told = f"未能入库：{verdict.reasons[0].message}"
        proceeding.end(Proceeding.State.REFUSED, at)
        flow.tell(proceeding, told, at)
        label: dict[str, JsonValue] = {"label": told, "clause": str(found.clause), "pool": pool.key}
        return due.case.enter(actor=actor, at=at, data=label, because=due.deadline.opened_by)
    expert = _take_in(found, pool, at)
    candidate.file = expert.file
    candidate.save(update_fields=("file",))
    flow.tell(proceeding, f"已进入{pool.name}", at)
    data: dict[str, JsonValue] = {"label": "专家聘任入库", "pool": pool.key}
    return found.enter([expert.file], data, actor, {"expert": expert.reference})


def _take_in(found: Effecting, pool: Pool, at: datetime) -> Expert:
    given, candidate = found.given, found.candidate
    ends_on = _ends_on(found, at.astimezone(CHINA).date())
    unit = organization(given["organization_code"], found.clause)
    known = queries.expert_by_identity_for_update(pool, given["identity_number"])
    if known is not None:
        take_back(known, given["specialties"], candidate.account, at, unit=unit, ends_on=ends_on)
        return known
    return enroll(
        pool,
        given["specialties"],
        at,
        account=candidate.account,
        name=candidate.name,
        phone=str(candidate.account.phone or "") if candidate.account else "",
        identity_digest=given["identity_number"],
        unit=unit,
        title=given["title"][:32],
        registration=str(given.get("registration", ""))[:64],
        ends_on=ends_on,
        route="procedure",
    )


def _ends_on(found: Effecting, on: date) -> date | None:
    """The first day after the term: as the form says, or so long as the step says."""
    return found.day("ends_on") or (term_until(on, found.step.period) if found.step.period else None)
