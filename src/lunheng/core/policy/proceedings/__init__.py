"""办理流程: what goes apply → check → decide → publish → effect, as a pack writes it: closed kinds of steps, closed effects."""

from lunheng.core.policy.proceedings.effects import EFFECTS, Effect
from lunheng.core.policy.proceedings.fitting import unfit
from lunheng.core.policy.proceedings.kinds import KINDS, StepKind
from lunheng.core.policy.proceedings.model import END, Field, FormSheet, Limit, Need, Procedure, Step
from lunheng.core.policy.proceedings.reading import FOLDER, key_of, read_procedures

__all__ = [
    "EFFECTS",
    "END",
    "FOLDER",
    "KINDS",
    "Effect",
    "Field",
    "FormSheet",
    "Limit",
    "Need",
    "Procedure",
    "Step",
    "StepKind",
    "key_of",
    "read_procedures",
    "unfit",
]
