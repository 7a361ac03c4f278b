"""The list of matters of a seat, and the page of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lunheng.cases.listing import Asked, Column, Listing
from lunheng.cases.models import Deadline
from lunheng.cases.refusals import record_refusal
from lunheng.cases.timeline import timeline
from lunheng.cases.views import actor_of, log_access
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.policy.proceedings import Field, Step
from lunheng.core.policy.proceedings.kinds import OUTCOMES, WITH_REASON
from lunheng.documents.models import Document
from lunheng.notices.queries import notice_of
from lunheng.procedures import answers, flow, permissions, queries
from lunheng.procedures.models import Candidate, Proceeding
from lunheng.web.cells import Cell, Due, Mark, Note
from lunheng.web.narrowing import Choice, Flag, Sort
from lunheng.web.wording import write_remaining

ROWS = 25
SOON = timedelta(days=2)


@dataclass(frozen=True)
class Turn:
    """The card that matters: who, until when, by which clause, what follows; the button where it is mine."""

    who: str
    title: str
    until: datetime | None
    clause: str
    otherwise: str
    meaning: str
    url: str
    label: str
    following: str
    steps: tuple[str, ...] = ()


def _rows(asked: Asked, found: list[Any]) -> list[dict[str, Any]]:
    timers = queries.timers(found)
    mine = {one.pk for one, _ in queries.waiting_for(asked.actor)}
    return [
        {
            "proceeding": one,
            **_waits(one, timers.get(one.case_id)),
            "until": timers[one.case_id].until if one.case_id in timers else None,
            "is_mine": one.pk in mine,
            "at": asked.at,
        }
        for one in found
    ]


def _state(row: dict[str, Any]) -> Cell:
    one = row["proceeding"]
    if row["is_mine"]:
        return Mark("soon", "等您办理")
    return Mark({"running": "wait", "completed": "good"}.get(one.state, "late"), one.get_state_display())


def _limit(row: dict[str, Any]) -> Cell:
    if row["until"] is None:
        return Note("原文未规定") if row["step"] else None
    is_late = row["until"] <= row["at"]
    return Due(row["until"]), Mark("late" if is_late else "wait", write_remaining(row["until"], row["at"]))


PROCEEDINGS = Listing(
    name="procedures.proceedings",
    address="procedures:proceedings",
    title="办理事项",
    needs_person=True,
    rows=lambda asked: queries.visible(asked.actor),
    dress=_rows,
    search=("case__title", "case__reference"),
    search_label="事项或编号",
    filters=(
        Choice("state", "状态", Proceeding.State.choices, "state"),
        Flag("overdue", "只看已逾期", {}, narrow=lambda rows, asked: queries.overdue(rows, asked.at)),
    ),
    sorts=(
        Sort("newest", "新发起的在前", ("-id",)),
        Sort("limit", "时限先到的在前", queries.by_limit),
    ),
    columns=(
        Column("编号", lambda row: row["proceeding"].case.reference),
        Column(
            "事项",
            lambda row: row["proceeding"].case.title,
            lambda row: reverse("procedures:proceeding", args=(row["proceeding"].pk,)),
        ),
        Column("状态", _state),
        Column("现在轮到", lambda row: f"{row['who'] or '系统'}：{row['step']}" if row["step"] else None),
        Column("时限", _limit),
    ),
    empty=("还没有办理事项", "本人申请入库、机构启动换届等事项会列在这里，写明现在轮到谁、到什么时候。"),
    nothing_found="没有符合条件的事项",
    template="procedures/proceedings.html",
)


def _waits(proceeding: Proceeding, timer: Deadline | None) -> dict[str, str]:
    """Whom the present step waits for, and what it is called; a notice that is posted waits for anybody."""
    here, law = proceeding.here, proceeding.case.law
    if here is None:
        return {"who": "", "step": ""}
    if timer is not None and timer.name == queries.NOTICE_END:
        return {"who": "公示中", "step": "任何人可以提出异议"}
    return {"who": permissions.office_name(law, here.office), "step": permissions.title_of(law, here)}


@require_safe
def show_proceeding(request: HttpRequest, proceeding_id: int) -> HttpResponse:
    """One matter: where it stands, whose turn it is, what was handed in, what was done."""
    proceeding = viewable(request, proceeding_id)
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    log_access(request, "proceeding", proceeding.rule.title, proceeding.case.reference)
    law, rule = proceeding.case.law, proceeding.rule
    reads_all = permissions.reads_all(actor, proceeding)
    own = queries.candidate_of(proceeding, actor)
    shown = own if own is not None or reads_all else queries.applicant(proceeding)
    notice = notice_of(proceeding.case)
    # Whoever is concerned reads as a person, whatever office the seat has: who objects is not for him.
    is_office = actor.role.is_office and reads_all and own is None
    context = {
        "proceeding": proceeding,
        "case": proceeding.case,
        "rule": rule,
        "law": law,
        "bar": _bar(proceeding),
        "turn": turn_of(proceeding, actor, at),
        "opening": list(answers.shown(rule.fields_of(rule.form), proceeding.data, law)),
        "opening_files": _files(proceeding, rule.fields_of(rule.form), proceeding.data),
        "people": _people(proceeding, shown if not reads_all else None) if rule.concerns != "members" else [],
        "issued": list(
            proceeding.issued.filter(candidate=shown) if not reads_all else proceeding.issued.all()
        ),
        "own": own,
        "counts": queries.counts(proceeding) if rule.concerns == "members" else None,
        "taken": _taken(proceeding, shown, reads_all=reads_all),
        "notice": notice,
        "objections": list(notice.objections.all()) if notice and is_office else [],
        "is_office": is_office,
        "timeline": timeline(proceeding.case, actor) if reads_all else [],
        "may_withdraw": permissions.may_withdraw(actor, proceeding, "—").is_allowed,
    }
    return render(request, "procedures/proceeding.html", context)


def viewable(request: HttpRequest, proceeding_id: int) -> Proceeding:
    """The matter, after a verdict that this actor may see it; a refusal is kept and becomes a page.

    Raises:
        Refused: neither whom it concerns nor an office that takes part; or there is none, which reads the same.
    """
    found = Proceeding.objects.select_related("case__division", "case__pack", "about")
    proceeding = found.defer("case__pack__content").filter(pk=proceeding_id).first()
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    if proceeding is None:
        raise Refused(permissions.UNKNOWN)
    verdict = permissions.may_view(actor, proceeding)
    if not verdict.is_allowed:
        refusal = Refused(verdict, permissions.UNKNOWN)
        record_refusal("procedures.view", refusal, {"actor": actor, "at": at, "case_id": proceeding.case_id})
        raise refusal
    return proceeding


def turn_of(proceeding: Proceeding, actor: Actor, at: datetime) -> Turn | None:
    """Whose turn it is now; nobody's when the matter is over."""
    here = proceeding.here
    if here is None:
        return None
    law, timer = proceeding.case.law, queries.timers([proceeding]).get(proceeding.case_id)
    until = timer.until if timer else None
    target = proceeding.rule.following(here.id)
    following = permissions.title_of(law, proceeding.rule.by_id[target]) if target != "end" else "办结"
    is_mine = any(one.pk == proceeding.pk for one, _ in queries.waiting_for(actor))
    is_posted = here.kind == "notice" and notice_of(proceeding.case) is not None
    url = reverse("procedures:step", args=(proceeding.pk, here.id)) if is_mine and not is_posted else ""
    return Turn(
        who="" if is_posted else permissions.office_name(law, here.office) if here.office else "系统",
        title=permissions.title_of(law, here),
        until=until,
        clause=proceeding.clause_of(here),
        otherwise=_otherwise(here, is_posted=is_posted),
        meaning=_meaning(until, at),
        url=url,
        label=permissions.title_of(law, here),
        following=following,
        steps=tuple(timer.steps) if timer else (),
    )


def _otherwise(step: Step, *, is_posted: bool) -> str:
    if step.kind == "effect":
        return "由平台自动办理，不需要任何人操作"
    if is_posted:
        return "公示期满没有异议的，自动进入下一步；有异议的，答复后再继续"
    if step.kind == "statement":
        return "期满没有提出的，视为放弃，进入下一步"
    if step.until:
        return "到期截止，不再接受；进入下一步"
    if step.limit is None:
        return "原文没有规定办理期限；未办理的事项留在工作台上"
    return {
        "tell": "记为逾期，事项仍须办理",
        "next": "到期自动进入下一步",
        "lapse": "本事项终止，可重新申请",
    }[step.limit.late]


def _meaning(until: datetime | None, at: datetime) -> str:
    if until is None:
        return "wait"
    return "late" if at >= until else "soon" if until - at <= SOON else "wait"


def _bar(proceeding: Proceeding) -> list[dict[str, Any]]:
    law = proceeding.case.law
    return [
        {"label": permissions.title_of(law, one["step"]), "state": one["state"]}
        for one in flow.outlook(proceeding)
    ]


def _people(proceeding: Proceeding, only: Candidate | None) -> list[dict[str, Any]]:
    law, rule = proceeding.case.law, proceeding.rule
    people = [only] if only else list(proceeding.candidates.select_related("account", "file"))
    fields = [field for sheet in rule.forms.values() for field in sheet.fields]
    return [
        {
            "candidate": one,
            "lines": list(answers.shown(fields, one.data, law)),
            "documents": _files(proceeding, fields, one.data),
        }
        for one in people
    ]


def _files(proceeding: Proceeding, fields: Sequence[Field], data: Mapping[str, Any]) -> list[Document]:
    """The files that a form names."""
    return list(proceeding.case.documents.filter(pk__in=answers.documents_in(fields, data)))


def _taken(proceeding: Proceeding, own: Candidate | None, *, reads_all: bool) -> list[dict[str, Any]]:
    rows = proceeding.steps_taken.select_related("candidate")
    if not reads_all:
        rows = rows.filter(candidate=own)
    steps = proceeding.rule.by_id
    return [
        {
            "row": row,
            "title": permissions.title_of(proceeding.case.law, steps[row.step]),
            "outcome": OUTCOMES[row.outcome],
            "is_down": row.outcome in WITH_REASON,
        }
        for row in rows[: 2 * ROWS]
    ]
