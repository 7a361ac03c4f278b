"""The closed vocabulary of rules: which keys a pack may hold, and the one class that is each kind of rule.

A new city is data; a new kind of condition is a class in the module of its topic.
"""

from collections.abc import Iterator
from types import ModuleType

from lunheng.core.policy.rules import (
    admission,
    closures,
    confirmations,
    draws,
    meetings,
    panels,
    plans,
    platform,
    recusals,
    reports,
    roles,
    scope,
    security,
    supervision,
    upkeep,
)
from lunheng.core.policy.rules.base import Assumption, Citation, Rule, Silence, Timed

MODULES = (
    scope,
    roles,
    admission,
    plans,
    draws,
    panels,
    recusals,
    confirmations,
    meetings,
    reports,
    closures,
    upkeep,
    supervision,
    security,
    platform,
)
"""The topics in the order of a rulebook."""


def _kinds(module: ModuleType) -> Iterator[type[Rule]]:
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, Rule) and "key" in vars(kind):
            yield kind


RULES: dict[str, type[Rule]] = {kind.key: kind for module in MODULES for kind in _kinds(module)}
"""Key → the class that is this kind of rule."""

TOPICS: dict[str, str] = {topic: heading for module in MODULES for topic, heading in module.TOPICS.items()}
"""Topic of a key → its heading."""

__all__ = ["RULES", "TOPICS", "Assumption", "Citation", "Rule", "Silence", "Timed"]
