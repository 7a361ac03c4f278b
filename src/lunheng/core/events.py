"""事项: what each event of the ledger says was done, in the words that people use; the code stays what is hashed.

The words tell no more than the code does, which is public: neither how a step ended nor whom it concerned.
"""

import re
from collections.abc import Mapping

from lunheng.core.procedures.table import STEPS

CODE = re.compile(r"(?<![\w./])[a-z_]+\.[a-z_]+/[0-9]+(?![\w/])")
"""How the code of an event is written: ``noun.past_participle/version``."""

EVENTS: Mapping[str, str] = {event: step.words for event, step in STEPS.items()}
"""By the code of the event. Each has words of its own."""


def words_of(event: str) -> str:
    """What the event says was done; the code itself where nobody of ours can have entered it."""
    return EVENTS.get(event, event)


def explain(text: str) -> str:
    """The same text with each known code behind its words: ``提交专项施工方案（plan.submitted/1）``."""
    return CODE.sub(_explained, text)


def _explained(found: re.Match[str]) -> str:
    code = found[0]
    return f"{EVENTS[code]}（{code}）" if code in EVENTS else code
