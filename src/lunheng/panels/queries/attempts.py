"""每一次都留痕: every request of a case with its draws, its changes against the one before, and why it was cancelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lunheng.cases.models import Case
from lunheng.ledger.queries import entries_of
from lunheng.panels.models import Draw, PanelRequest
from lunheng.panels.queries.published import MEANINGS, PURPOSES, attempts_of, history_of, needs_of
from lunheng.panels.queries.record import because_of
from lunheng.web.wording import write_moment

CANCELLED = "panel.request_cancelled"


@dataclass(frozen=True)
class Attempt:
    """One draw of a request in the list of all."""

    draw: Draw
    commit: str
    meaning: str
    because: str
    missing: str

    @property
    def purpose(self) -> str:
        """What the draw is for."""
        return PURPOSES[Draw.Kind(self.draw.kind)]


@dataclass(frozen=True)
class RequestLine:
    """One request: what was asked, what changed, what became of it."""

    request: PanelRequest
    needs: tuple[tuple[str, int, bool], ...]
    changes: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    cancelled_at: datetime | None = None
    cancelled_because: str = ""

    @property
    def is_living(self) -> bool:
        """Whether this is the request that counts."""
        return self.request.state != PanelRequest.State.CANCELLED


def requests_of(case: Case) -> list[RequestLine]:
    """Every request of the case, the latest first."""
    rows = history_of(case)
    draws = attempts_of(rows.values())
    ended = _cancellations(case)
    found = []
    for number, request in rows.items():
        before = rows.get(number - 1)
        at, reason = ended.get(number, (None, ""))
        found.append(
            RequestLine(
                request=request,
                needs=needs_of(request),
                changes=tuple(_changes(before, request)) if before else (),
                attempts=tuple(_attempt(request, draw) for draw in draws[request.pk]),
                cancelled_at=at,
                cancelled_because=reason,
            )
        )
    return found[::-1]


def _attempt(request: PanelRequest, draw: Draw) -> Attempt:
    draw.request = request
    others = [one for one in draw.contributions.all() if one.party != one.Party.PLATFORM]
    missing = "、".join(one.get_party_display() for one in others if one.revealed_at is None)
    commit = str(getattr(draw, "commit_hash", "") or "")
    return Attempt(draw, commit, MEANINGS[Draw.State(draw.state)], because_of(draw), missing)


def _cancellations(case: Case) -> dict[int, tuple[datetime, str]]:
    """Request number → when it was cancelled and why, as the case's chain says."""
    found = {}
    for entry in entries_of(case.reference).filter(event__startswith=CANCELLED):
        data = json.loads(entry.payload.content or "{}")
        if "request" in data:
            found[int(data["request"])] = (entry.at, str(data.get("reason", "")))
    return found


def _changes(before: PanelRequest, now: PanelRequest) -> Iterator[str]:
    """What the later request asks differently."""
    for what, old, new in (
        ("专业与人数", _in_words(before), _in_words(now)),
        ("方式", before.get_mode_display(), now.get_mode_display()),
        ("论证会时间", write_moment(before.meeting_at), write_moment(now.meeting_at)),
        ("风险等级", before.risk_level, now.risk_level),
    ):
        if old != new:
            yield f"{what}：由“{old}”改为“{new}”"


def _in_words(request: PanelRequest) -> str:
    named = needs_of(request)
    words = (f"{label}{count}名{'（增选）' if is_extra else ''}" for label, count, is_extra in named)
    return "，".join(words) or "未分专业"
