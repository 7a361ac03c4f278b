"""随机抽查: the platform draws what is looked into; nobody picks it, and the draw can be computed again."""

from datetime import datetime
from typing import Any

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.proceedings import DRAW_SAMPLE
from lunheng.core.sampling import drawn_of
from lunheng.jobs import entropy
from lunheng.procedures import checks, permissions, queries
from lunheng.procedures.models import StepTaken


@act(DRAW_SAMPLE, inject={"seed": entropy.seed})
def draw_sample(*, proceeding_id: int, step: str, seed: bytes, actor: Actor, at: datetime) -> StepTaken:
    """抽取样本: a share of the candidates, records or files, by the order of hashes of a seed that is entered with it.

    Raises:
        Refused: not this office's step; not its turn; no sample is drawn in this step; it is drawn already.
    """
    found = queries.proceeding(proceeding_id)
    if found is None:
        raise Refused(permissions.UNKNOWN)
    case = lock(found.case_id)
    proceeding = queries.proceeding_for_update(case)
    here = proceeding.rule.by_id.get(step)
    person = queries.applicant(proceeding) if proceeding.rule.concerns != "members" else None
    permissions.require_known(
        actor,
        proceeding,
        checks.may_draw(proceeding, here),
        *([permissions.may_take(actor, proceeding, here, person)] if here else []),
        *([permissions.is_in_order(proceeding, here)] if here else []),
    )
    assert here is not None
    items = queries.samplable(proceeding, here, at)
    chosen = drawn_of([key for key, _ in items], here.share, seed)
    names = dict(items)
    data: dict[str, Any] = {
        "seed": seed.hex(),
        "from": [key for key, _ in items],
        "drawn": [[key, names[key]] for key in chosen],
    }
    taken = proceeding.take(here, "draw", actor=actor, at=at, data=data, candidate=person)
    entry: dict[str, JsonValue] = {
        "label": f"随机抽取样本：{len(items)}件中抽取{len(chosen)}件",
        "clause": taken.clause,
        "step": here.id,
        "seed": seed.hex(),
        "from": data["from"],
        "drawn": list(chosen),
    }
    case.enter(actor=actor, at=at, data=entry)
    return taken
