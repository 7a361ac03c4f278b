"""The judgements, one for each key of the closed vocabulary; each is a pure function of rule and facts."""

from lunheng.core.policy.judge import (
    closures,
    confirmations,
    draws,
    meetings,
    panels,
    recusals,
    reports,
    scope,
    security,
    upkeep,
)
from lunheng.core.policy.judge.registry import JUDGEMENTS

TOPICS = (closures, confirmations, draws, meetings, panels, recusals, reports, scope, security, upkeep)

__all__ = ["JUDGEMENTS", "TOPICS"]
