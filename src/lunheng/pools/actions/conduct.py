"""行为记录和计分: what a finished procedure writes into a member's file, with the evidence, entered there and in the matter."""

from datetime import datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import ENTER_POINTS, RECORD_CONDUCT
from lunheng.core.procedures.files import ENTER_POINTS_OF, RECORD_CONDUCT_OF
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.pools.models import ConductEntry
from lunheng.procedures.effects import Effecting, effecting


@answers(RECORD_CONDUCT, RECORD_CONDUCT_OF)
def record_conduct(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """记入诚信档案: what was found of a member, with event, unit and evidence."""
    return _write(effecting(due), ConductEntry.Kind.RECORD, actor, at)


@answers(ENTER_POINTS, ENTER_POINTS_OF)
def enter_points(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """计分: so many points as the step gives or takes, with event, unit and evidence."""
    return _write(effecting(due), ConductEntry.Kind.POINTS, actor, at)


def _write(found: Effecting, kind: ConductEntry.Kind, actor: Actor, at: datetime) -> Entry:
    assert found.candidate.file_id is not None
    file = lock(found.candidate.file_id)
    keys = found.given["evidence"] or []
    digests = list(Document.objects.filter(pk__in=keys).order_by("pk").values_list("sha256", flat=True))
    row = ConductEntry.objects.create(
        file=file,
        number=file.conduct.count() + 1,
        kind=kind,
        event=found.step.event[:120],
        points=found.step.score if kind == ConductEntry.Kind.POINTS else 0,
        unit=str(found.given.get("unit") or "")[:18],
        evidence=digests,
        clause=str(found.clause),
        matter=found.case.reference,
        on=found.day("on") or at.astimezone(CHINA).date(),
        at=at,
    )
    sign = f"{row.points:+d}分" if kind == ConductEntry.Kind.POINTS else kind.label
    data: dict[str, JsonValue] = {
        "label": f"{row.event}：{sign}",
        "number": row.number,
        "event": row.event,
        "points": row.points,
        "unit": row.unit,
        "evidence": list(row.evidence),
        "on": str(row.on),
    }
    return found.enter([file], data, actor, {"expert": file.title})
