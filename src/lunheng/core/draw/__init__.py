"""The draw: exactly fair random panels under quotas, which anyone can recompute.

`probabilities` says every candidate's exact chance before the seed is known, `draw` turns a seed into a
panel, `transcript` writes down what an outsider needs to check both. Whole numbers and fractions only,
no dice, no clock.
"""

from .chain import follows, links
from .depth import Flag, Mark, depth, flags
from .lottery import Prepared, draw, prepare, probabilities
from .model import (
    Candidate,
    Category,
    Certificate,
    Depth,
    Group,
    Infeasible,
    Outcome,
    Panel,
    Plan,
    Request,
    RequestError,
    Seat,
    TypePlan,
    UnitSupply,
)
from .pushing import can_compose, push
from .record import (
    Contribution,
    Occasion,
    canonical_bytes,
    commitment,
    link_commitment,
    nonce_commitment,
    seed_from,
    transcript,
)
from .remedies import certificate
from .shortage import is_feasible
from .stages import BrokenPromise, committed, completed, is_kept, resumed
from .stream import Stream, digest, shuffle

__all__ = [
    "BrokenPromise",
    "Candidate",
    "Category",
    "Certificate",
    "Contribution",
    "Depth",
    "Flag",
    "Group",
    "Infeasible",
    "Mark",
    "Occasion",
    "Outcome",
    "Panel",
    "Plan",
    "Prepared",
    "Request",
    "RequestError",
    "Seat",
    "Stream",
    "TypePlan",
    "UnitSupply",
    "can_compose",
    "canonical_bytes",
    "certificate",
    "commitment",
    "committed",
    "completed",
    "depth",
    "digest",
    "draw",
    "flags",
    "follows",
    "is_feasible",
    "is_kept",
    "link_commitment",
    "links",
    "nonce_commitment",
    "prepare",
    "probabilities",
    "push",
    "resumed",
    "seed_from",
    "shuffle",
    "transcript",
]
