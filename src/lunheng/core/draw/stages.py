"""A draw in two stages: what is committed before chance, and the draw once every contribution is revealed.

Between the two lies nothing but the committed document: the lottery is computed again from it and must be the
one that was committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .hashing import SHA256, digest
from .lottery import Prepared, prepare
from .model import Candidate, Category, Group, Outcome, Request, Seat
from .record import (
    Contribution,
    Occasion,
    canonical_bytes,
    commit_body,
    hash_of_parts,
    link_commitment,
    nonce_commitment,
    plan_document,
    seed_from,
)


class BrokenPromise(ValueError):
    """A revealed value is not the one that was committed; the message names the party."""


def committed(
    candidates: Iterable[Candidate],
    request: Request,
    *,
    exclusions: Mapping[str, str] | None = None,
    contributors: Sequence[tuple[str, str, str]] = (),
    occasion: Occasion,
) -> dict[str, Any]:
    """The document to commit before chance: pool, rules, exclusions, plan, who contributes (party, kind, commitment).

    Its key `commit` holds the hash to publish. Raises `Infeasible`, `RequestError`.
    """
    pool = tuple(candidates)
    promises = [Contribution(party, kind, commitment, b"") for party, kind, commitment in contributors]
    body = commit_body(pool, request, prepare(pool, request).plan, exclusions, promises, occasion)
    return {**body, "commit": hash_of_parts(body, request.hash).hex()}


def is_kept(kind: str, commitment: str, value: bytes, name: str = SHA256) -> bool:
    """Whether a revealed value is the committed one; a beacon's value is public and checked by hand."""
    if kind == "nonce":
        return nonce_commitment(value, name) == commitment
    if kind == "link":
        return link_commitment(value, name) == commitment
    return bool(value)


def completed(document: Mapping[str, Any], values: Sequence[bytes]) -> tuple[dict[str, Any], Outcome]:
    """The whole transcript of a committed draw, and the panel, from the values in the order of the contributors.

    Raises:
        BrokenPromise: a value is not the committed one.
        ValueError: the document is not the one that was committed.
    """
    name = str(document["rules"]["hash"])
    body = {key: value for key, value in document.items() if key != "commit"}
    if hash_of_parts(body, name).hex() != document["commit"]:
        raise ValueError("the document is not the one that was committed")
    given = [
        Contribution(party, kind, commitment, value)
        for (party, kind, commitment), value in zip(document["contributors"], values, strict=True)
    ]
    for one in given:
        if not is_kept(one.kind, one.commitment, one.value, name):
            raise BrokenPromise(one.party)
    seed = seed_from(bytes.fromhex(document["commit"]), given, name)
    outcome = resumed(document).draw(seed)
    whole = {
        **document,
        "reveals": [[one.party, one.value.hex()] for one in given],
        "seed": seed.hex(),
        "redraws": outcome.redraws,
        "result": [[seat.candidate_id, seat.specialty] for seat in outcome.panel.seats],
        "events": [],
    }
    whole["digest"] = digest("transcript", canonical_bytes(whole), name=name).hex()
    return whole, outcome


def resumed(document: Mapping[str, Any]) -> Prepared:
    """The lottery of a committed document.

    Raises:
        ValueError: computing it again gives another plan than the committed one.
    """
    prepared = prepare(_candidates(document), _request(document))
    if plan_document(prepared.plan) != document["plan"]:
        raise ValueError("the committed plan is not the plan of its pool and rules")
    return prepared


def _candidates(document: Mapping[str, Any]) -> list[Candidate]:
    return [
        Candidate(identity, unit, tuple(specialties), territory)
        for identity, unit, territory, specialties in document["snapshot"]
    ]


def _request(document: Mapping[str, Any]) -> Request:
    rules = document["rules"]
    return Request(
        size=rules["size"],
        quota={name: (low, high) for name, low, high in rules["quota"]},
        per_unit=rules["per_unit"],
        categories=tuple(Category(name, tuple(of), low, high) for name, of, low, high in rules["categories"]),
        groups=tuple(Group(name, tuple(units), low, high) for name, units, low, high in rules["groups"]),
        tiers=tuple(rules["tiers"]),
        fixed=tuple(rules["fixed"]),
        excluded=tuple(identity for identity, _ in document["exclusions"]),
        seated=tuple(Seat(identity, specialty) for identity, specialty in rules["seated"]),
        conflicts=tuple((one, other) for one, other in rules["conflicts"]),
        hash=rules["hash"],
    )
