"""Who reads and who changes the file of an expert."""

from datetime import datetime

from lunheng.core.actor import Actor, Role
from lunheng.core.verdict import Verdict, allowed
from lunheng.experts.models import Expert
from lunheng.pools import permissions as pools


def may_change(actor: Actor, expert: Expert, at: datetime) -> Verdict:
    """Whether the actor keeps the pool in which this expert is."""
    return pools.may_change(actor, expert.pool, at)


def may_declare(actor: Actor, expert: Expert, at: datetime) -> Verdict:
    """Whether the actor may record an interest: the keeper of the pool, or the expert of oneself."""
    verdict = pools.may_change(actor, expert.pool, at)
    if is_self(actor, expert):
        return allowed(verdict.reasons[0].clause, "专家本人申报利害关系")
    return verdict


def may_read(actor: Actor, expert: Expert, at: datetime) -> Verdict:
    """Whether the actor reads the file: the expert, the keeper of the pool, the city's authorities."""
    verdict = pools.may_read(actor, expert.pool, at)
    if is_self(actor, expert):
        return allowed(verdict.reasons[0].clause, "专家本人查看本人档案")
    return verdict


def is_self(actor: Actor, expert: Expert) -> bool:
    """Whether the actor is this expert, in the expert's seat."""
    return actor.role is Role.EXPERT and actor.expert == expert.reference
