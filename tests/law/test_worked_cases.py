"""Every worked case of every pack is what the law answers, and every rule has one that says no."""

from collections.abc import Iterable
from itertools import chain

import pytest

from lunheng.core.policy.worked import (
    WorkedCase,
    WorkedCases,
    WorkedDeadline,
    answer_fault,
    deadline_fault,
    read_cases,
)
from tests.law.packs import IDENTIFIERS, law, pack, texts

NEVER_REFUSE = {
    "qingdao-2025": {
        "confirmation.send_window",
        "confirmation.backfill",
        "prereview.form",
        "training.hours",
    },
    "nanning-2019": {"draw.breadth", "draw.risk", "prereview.form"},
    "cn": {"meeting.attendance"},
    "platform": {"confirmation.send_window"},
}
"""Rules that warn, record or merely set a value."""


def files_of(identifier: str) -> list[WorkedCases]:
    return [read_cases(text) for name, text in texts(identifier).items() if name.startswith("cases/")]


def marked(identifier: str, found: Iterable[WorkedCase | WorkedDeadline]) -> list[object]:
    return [
        pytest.param(
            identifier,
            case,
            id=f"{identifier}-{case.key}-{case.situation}",
            marks=pytest.mark.clause(*case.rows),
        )
        for case in found
    ]


CASES = [
    each
    for name in IDENTIFIERS
    for each in marked(name, chain.from_iterable(file.case for file in files_of(name)))
]
DEADLINES = [
    each
    for name in IDENTIFIERS
    for each in marked(name, chain.from_iterable(file.deadline for file in files_of(name)))
]


@pytest.mark.parametrize(("identifier", "case"), CASES)
def test_the_law_answers_as_worked(identifier: str, case: WorkedCase) -> None:
    assert answer_fault(law(identifier), case) is None


@pytest.mark.parametrize(("identifier", "case"), DEADLINES)
def test_the_time_limit_ends_as_worked(identifier: str, case: WorkedDeadline) -> None:
    assert deadline_fault(law(identifier), case) is None


@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_every_rule_of_a_pack_has_a_worked_case(identifier: str) -> None:
    worked = {case.key for file in files_of(identifier) for case in file.case}

    assert set(pack(identifier).rules) - worked == set()


@pytest.mark.parametrize("identifier", NEVER_REFUSE)
def test_every_rule_that_can_refuse_has_a_case_that_does(identifier: str) -> None:
    refusing = {case.key for file in files_of(identifier) for case in file.case if case.outcome == "refused"}

    assert set(pack(identifier).rules) - refusing == NEVER_REFUSE[identifier]


@pytest.mark.parametrize("identifier", ["qingdao-2025", "nanning-2019"])
def test_every_refusal_says_what_to_do_next_and_which_value_failed(identifier: str) -> None:
    verdicts = [
        law(identifier).judge(case.key, **case.facts)
        for file in files_of(identifier)
        for case in file.case
        if case.outcome == "refused"
    ]
    silent = [
        reason
        for verdict in verdicts
        for reason in verdict.reasons
        if not (reason.message and reason.remedy and reason.value)
    ]

    assert silent == []
