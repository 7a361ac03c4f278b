"""The closed effects: what a finished procedure does, what it needs to know, and which act above the engine does it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """One effect: its name, the fields it cannot do without, and the deadline due now that asks for it."""

    label: str
    needs: tuple[str, ...]
    deadline: str
    of_members: bool = False
    """Acts on those who are in the pool already, not on somebody new."""


EFFECTS: Mapping[str, Effect] = {
    "appoint": Effect(
        "聘任入库",
        ("name", "identity_number", "organization_code", "title", "specialties"),
        "experts.appoint_candidate",
    ),
    "renew": Effect("续聘", ("ends_on",), "experts.renew_candidate", of_members=True),
    "end": Effect("聘期届满", ("ends_on",), "experts.end_candidate", of_members=True),
}
"""What this release carries out."""

WAITING: Mapping[str, str] = {
    "suspend": "暂停",
    "restore": "恢复",
    "bar": "禁入",
    "invalidate": "论证无效",
    "record": "记入诚信档案",
    "points": "计分",
    "issue": "制发文书",
    "refer": "移送",
}
"""Effects of the vocabulary that a later release carries out."""
