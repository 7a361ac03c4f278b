"""The closed effects: what a finished procedure does, what it needs to know, and which act above the engine does it."""

from collections.abc import Mapping
from dataclasses import dataclass

MEMBERS = frozenset({"members", "member"})
APPLICANT = frozenset({"applicant"})
REVIEW = frozenset({"review"})
ANYBODY = MEMBERS | APPLICANT | REVIEW


@dataclass(frozen=True)
class Effect:
    """One effect: its name, what its form and its step cannot do without, the deadline due now that asks for it, and on
    whom it may act (`concerns` of the procedure)."""

    label: str
    needs: tuple[str, ...]
    deadline: str
    on: frozenset[str]
    settings: tuple[str, ...] = ()
    """Keys of the step, each of which is needed."""
    one_of: tuple[str, ...] = ()
    """Keys of the step, exactly one of which is needed."""


EFFECTS: Mapping[str, Effect] = {
    "appoint": Effect(
        "聘任入库",
        ("name", "identity_number", "organization_code", "title", "specialties"),
        "experts.appoint_candidate",
        APPLICANT,
    ),
    "renew": Effect("续聘", ("ends_on",), "experts.renew_candidate", MEMBERS),
    "end": Effect("聘期届满", ("ends_on",), "experts.end_candidate", MEMBERS),
    "suspend": Effect("暂停", (), "experts.suspend_candidate", MEMBERS),
    "restore": Effect("恢复", (), "experts.restore_candidate", MEMBERS),
    "bar": Effect("禁入", (), "experts.bar_candidate", MEMBERS, one_of=("period", "for_life")),
    "invalidate": Effect("论证无效", (), "reports.invalidate_review", REVIEW),
    "record": Effect("记入诚信档案", ("evidence",), "pools.record_conduct", MEMBERS, settings=("event",)),
    "points": Effect("计分", ("evidence",), "pools.enter_points", MEMBERS, settings=("event", "score")),
    "issue": Effect("制发文书", (), "procedures.issue_document", ANYBODY, settings=("document",)),
    "refer": Effect("移送", ("recipient",), "procedures.refer_matter", ANYBODY),
}
