"""全程留痕: the public record of a request, in which altering any line makes the check fail.

The first round's transcript carries, as its chained events, everything that followed: messages, answers, further
rounds, the list, the leader. Persons stand under the pseudonyms of the draw in which they were drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from lunheng.core.actor import Role
from lunheng.core.deadlines import CHINA
from lunheng.core.draw import canonical_bytes, digest
from lunheng.ledger.queries import entries_of
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.panels.queries.rounds import person_of

PUBLIC = (
    "label", "clause", "draw", "commit", "digest", "seed", "result", "shortage", "person", "persons", "picked", "skipped", "leader",
    "replaces", "outcome", "order", "round", "candidates", "deadline", "eligible", "excluded", "asked", "kind",
    "previous", "contributors", "lane", "link", "reveals", "because", "missing",
)  # fmt: skip
"""Keys of an entry's data that anybody may read: no names, no grounds of recusal, no telephone numbers."""


def transcript(request: PanelRequest) -> dict[str, Any]:
    """The whole way of a request as one file that the verifier of draws accepts; empty before the first draw."""
    first = request.draws.filter(state=Draw.State.DONE).order_by("number").first()
    return {} if first is None else with_events(first.document, events(request))


def transcript_of(draw: Draw) -> dict[str, Any]:
    """One round alone, as it was kept at the draw."""
    return dict(draw.document)


def with_events(document: Mapping[str, Any], happened: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A transcript with the events chained to its commit, and its closing digest."""
    link, name = bytes.fromhex(document["commit"]), str(document["rules"]["hash"])
    chained = []
    for event in happened:
        link = digest("event", link, canonical_bytes(dict(event)), name=name)
        chained.append({"event": dict(event), "hash": link.hex()})
    body = {**{key: value for key, value in document.items() if key != "digest"}, "events": chained}
    return {**body, "digest": digest("transcript", canonical_bytes(body), name=name).hex()}


def events(request: PanelRequest) -> list[dict[str, Any]]:
    """Request, rounds, messages and answers in the order of their moments, each with time and actor."""
    lines = [(request.requested_at, 0, _request(request))]
    lines += [(at, 1, line) for at, line in _acts(request)]
    lines += [(at, 2, line) for at, line in _messages(request)]
    return [line for _, _, line in sorted(lines, key=lambda one: one[:2])]


def because_of(draw: Draw) -> str:
    """Why a seat was redrawn, in words."""
    return str(Member.State(draw.because).label) if draw.because else ""


def _request(request: PanelRequest) -> dict[str, Any]:
    return {
        "event": "panel.requested",
        "at": _moment(request.requested_at),
        "actor": Role.CONTRACTOR.label,
        "label": "提出抽取申请",
        "needs": [[need.specialty, need.count, need.is_extra] for need in request.needs.all()],
        "work_kind": request.work_kind,
        "risk_level": request.risk_level,
        "is_risk_confirmed": request.is_risk_confirmed,
    }


def _acts(request: PanelRequest) -> list[tuple[datetime, dict[str, Any]]]:
    """The entries of this request in the case's chain."""
    found = []
    for entry in entries_of(request.case.reference).filter(
        Q(event__startswith="panel.") | Q(event__startswith="draw.")
    ):
        data = json.loads(entry.payload.content or "{}")
        if data.get("request") != request.number or entry.event.startswith("panel.requested"):
            continue
        body = json.loads(bytes(entry.body))
        public = {key: data[key] for key in PUBLIC if key in data}
        line = {
            "event": entry.event,
            "at": _moment(entry.at),
            "actor": Role(body["role"]).label,
            "entry": bytes(entry.leaf_sha256).hex(),
            **public,
        }
        found.append((entry.at, line))
    return found


def _messages(request: PanelRequest) -> list[tuple[datetime, dict[str, Any]]]:
    """What became of every message to a member."""
    members = {
        member.subject: member
        for member in Member.objects.filter(request=request).select_related("expert", "draw")
    }
    found = []
    for message in Message.objects.filter(case=request.case, subject__in=members).order_by("id"):
        for label, at in (
            ("短信提交发送", message.created_at),
            ("短信送达", message.delivered_at),
            ("短信发送失败", message.failed_at),
        ):
            if at is not None:
                line = {
                    "event": "message",
                    "at": _moment(at),
                    "actor": Role.SYSTEM.label,
                    "label": label,
                    "template": message.template,
                    "person": person_of(members[message.subject]),
                    "send_after": _moment(message.send_after),
                }
                found.append((at, line))
    return found


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat()
