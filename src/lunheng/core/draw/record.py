"""The transcript of a draw: everything an outsider needs to recompute it (specification 9).

Order of events: commit (pool, rules, exclusions, plan, who will contribute) → reveal → seed → panel → events.
Every part enters a hash, every event the hash of the event before, and the whole a closing digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .hashing import SHA256, digest, hasher
from .lottery import prepare
from .model import Candidate, Outcome, Plan, Request

FORMAT = "lunheng-draw/1"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One party's share of the seed.

    `kind` is "nonce" (commitment = hash of the value), "link" (commitment = the link of a hash chain that was
    published before, and SHA-256 of the value is that link) or "beacon" (commitment = which public value of a
    later moment). `commitment` is text and enters the commit; `value` is revealed after it.
    """

    party: str
    kind: str
    commitment: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which draw this is: the request it serves, the round, the commit of the round before, the moment."""

    reference: str = ""
    round: int = 1
    previous: str = ""
    at: str = ""


def canonical_bytes(value: object) -> bytes:
    """JSON with sorted keys and no spaces, without fractions, so that every program writes the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def nonce_commitment(value: bytes, name: str = SHA256) -> str:
    """What a party hands in before the draw in place of its secret; `name` is the hash of the request."""
    return digest("nonce", value, name=name).hex()


def link_commitment(value: bytes, name: str = SHA256) -> str:
    """The link of a hash chain that was published before `value`, the next one to be revealed."""
    return hasher(name)(value).hex()


def rules_document(request: Request) -> dict[str, Any]:
    """The request as the transcript states it."""
    return {
        "algorithm": "leximin/1",
        "hash": request.hash,
        "size": request.size,
        "per_unit": request.per_unit,
        "quota": [[name, low, high] for name, (low, high) in sorted(request.quota.items())],
        "categories": sorted(
            [one.name, sorted(set(one.specialties)), one.low, one.high] for one in request.categories
        ),
        "groups": sorted([one.name, sorted(set(one.units)), one.low, one.high] for one in request.groups),
        "tiers": list(request.tiers),
        "fixed": sorted(request.fixed),
        "seated": sorted([one.candidate_id, one.specialty] for one in request.seated),
        "conflicts": [list(pair) for pair in sorted({(min(pair), max(pair)) for pair in request.conflicts})],
    }


def snapshot_document(candidates: Iterable[Candidate]) -> list[list[Any]]:
    """The pool as the transcript states it, sorted by unit and id."""
    rows = sorted((one.unit, one.id, one.territory, sorted(set(one.specialties))) for one in candidates)
    return [[identity, unit, territory, specialties] for unit, identity, territory, specialties in rows]


def plan_document(plan: Plan) -> dict[str, Any]:
    """The lottery as the transcript states it; numbers that may be large are decimal text."""
    return {
        "denominator": str(plan.denominator),
        "redraw": str(plan.redraw),
        "units": list(plan.units),
        "groups": list(plan.groups),
        "types": [
            {
                "place": list(one.place),
                "specialties": list(one.specialties),
                "tier": one.tier,
                "fixed": one.fixed,
                "count": one.count,
                "share": str(one.share),
                "seats": [[name, str(mass)] for name, mass in one.seats],
            }
            for one in plan.types
        ],
    }


def commitment(
    candidates: Iterable[Candidate],
    request: Request,
    *,
    exclusions: Mapping[str, str] | None = None,
    contributions: Sequence[Contribution] = (),
    occasion: Occasion = Occasion(),
) -> bytes:
    """The hash to publish before any contribution is revealed; raises `Infeasible`.

    The values of the contributions are not looked at.
    """
    pool = tuple(candidates)
    body = commit_body(pool, request, prepare(pool, request).plan, exclusions, contributions, occasion)
    return hash_of_parts(body, request.hash)


def seed_from(commit: bytes, contributions: Sequence[Contribution], name: str = SHA256) -> bytes:
    """The seed that the commit and the revealed contributions determine; `name` is the hash of the request."""
    return digest("seed", commit, *(one.value for one in contributions), name=name)


def transcript(
    candidates: Iterable[Candidate],
    request: Request,
    outcome: Outcome,
    seed: bytes,
    *,
    exclusions: Mapping[str, str] | None = None,
    contributions: Sequence[Contribution] = (),
    events: Sequence[Mapping[str, Any]] = (),
    occasion: Occasion = Occasion(),
) -> dict[str, Any]:
    """The document that `verifiers/verify_draw.py` checks.

    `exclusions` gives the reason for every excluded id. Without contributions the seed counts as given
    directly; with them it must be `seed_from(commitment, contributions)`. Events hold text, whole numbers,
    truth values, lists and objects only.
    """
    body = commit_body(tuple(candidates), request, outcome.plan, exclusions, contributions, occasion)
    commit = hash_of_parts(body, request.hash)
    document = {
        **body,
        "commit": commit.hex(),
        "reveals": [[one.party, one.value.hex()] for one in contributions],
        "seed": seed.hex(),
        "redraws": outcome.redraws,
        "result": [[seat.candidate_id, seat.specialty] for seat in outcome.panel.seats],
        "events": _chained(commit, events, request.hash),
    }
    document["digest"] = digest("transcript", canonical_bytes(document), name=request.hash).hex()
    return document


def commit_body(
    pool: Sequence[Candidate],
    request: Request,
    plan: Plan,
    exclusions: Mapping[str, str] | None,
    contributions: Sequence[Contribution],
    occasion: Occasion,
) -> dict[str, Any]:
    """Everything that a commit covers, as the transcript states it."""
    reasons = exclusions or {}
    return {
        "format": FORMAT,
        "reference": occasion.reference,
        "round": occasion.round,
        "previous": occasion.previous,
        "at": occasion.at,
        "snapshot": snapshot_document(pool),
        "rules": rules_document(request),
        "exclusions": [[identity, reasons.get(identity, "")] for identity in sorted(set(request.excluded))],
        "plan": plan_document(plan),
        "contributors": [[one.party, one.kind, one.commitment] for one in contributions],
    }


def hash_of_parts(body: Mapping[str, Any], name: str) -> bytes:
    """Hash of the hashes of the parts, so that single parts can be published without the rest."""
    parts = (digest(f"draw.{key}", canonical_bytes(body[key]), name=name) for key in sorted(body))
    return digest("commit", *parts, name=name)


def _chained(commit: bytes, events: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    chained = []
    link = commit
    for event in events:
        link = digest("event", link, canonical_bytes(dict(event)), name=name)
        chained.append({"event": dict(event), "hash": link.hex()})
    return chained
