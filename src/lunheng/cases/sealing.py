"""What of a file's entries a reader may know yet: opinions and votes before their time, who was asked and did not
confirm, the grounds of experts."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from lunheng.accounts.models import Account
from lunheng.cases.models import Case
from lunheng.cases.permissions import access_clause
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.procedures.table import seal_of
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.ledger.models import Entry

OPEN_KINDS = frozenset({Case.Kind.PROJECT.value, Case.Kind.EXPERT.value, Case.Kind.POOL.value})
"""Files whose whole content is for whoever may open them; of every other kind of matter only what the rows of its steps open."""
UNNAMED = "受邀专家"


def reads_everything(actor: Actor | None, case: Case) -> bool:
    """The authority, the platform itself, and whoever may open a file of a kind that keeps nothing from its readers."""
    return actor is None or actor.role in {*OFFICES, Role.SYSTEM} or case.kind in OPEN_KINDS


def is_sealed(actor: Actor | None, case: Case, event: str, body: Mapping[str, Any]) -> bool:
    """Whether the content of an entry is kept from this reader; its label, moment and clause never are."""
    if reads_everything(actor, case) or (actor is not None and body["actor"] == actor.reference):
        return False
    seal = seal_of(event)
    is_of_expert = seal.of_experts and body["role"] == Role.EXPERT.value
    return seal.always or is_of_expert or case.state in seal.during


def may_take_content(actor: Actor, case: Case, entry: Entry) -> Verdict:
    """Whether this reader, who may see the file, may take away what an entry commits to."""
    if is_sealed(actor, case, entry.event, json.loads(bytes(entry.body))):
        message = "这条存证的内容现在还不对您公开"
        return refused(
            access_clause(case),
            message,
            "存证本身现在就可以核验；内容按规定公开后再取",
            str(entry.subject_number),
        )
    return allowed(access_clause(case), "内容对您公开")


def names_for(actor: Actor | None, case: Case, bodies: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names of the people who acted, by reference; experts who never confirmed stay unnamed to the parties."""
    people = list(bodies)
    found = dict(
        Account.objects.filter(reference__in={body["actor"] for body in people}).values_list(
            "reference", "name"
        )
    )
    if reads_everything(actor, case):
        return found
    members = case.participants.filter(is_member=True).values("expert")
    named = set(Account.objects.filter(seats__expert__in=members).values_list("reference", flat=True))
    named.add(actor.reference if actor else "")
    experts = {body["actor"] for body in people if body["role"] == Role.EXPERT.value}
    return {key: UNNAMED if key in experts - named else name for key, name in found.items()}
