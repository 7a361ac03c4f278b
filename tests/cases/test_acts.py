"""The pattern of the legal act: one transaction, one entry per file, refusals kept, nothing inside another."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from lunheng.cases import running
from lunheng.cases.acts import REGISTRY, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, UnlawfulTransition
from lunheng.cases.opening import open_case
from lunheng.cases.queries import chain_faults
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused, require
from lunheng.core.verdict import refused
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import Division
from lunheng.ledger.models import Entry, RefusedAttempt
from lunheng.ledger.queries import entries_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CLAUSE = Clause("测试办法", "第一条")
ACTOR = Actor("tester", Role.STATION, name="虚构·甲")


@act("trial.opened/1", is_public=False)
def open_trial(*, actor: Actor, at: datetime) -> Case:
    """Open a file."""
    division, _ = Division.objects.get_or_create(code="370200", name="青岛市")
    case = open_case(Case.Kind.PROJECT, title="虚构工程", division=division, at=at)
    case.enter(actor=actor, at=at, data={"label": "立案"})
    return case


@act("trial.renamed/1", is_public=False)
def rename_trial(*, case_id: int, title: str, is_refused: bool = False, actor: Actor, at: datetime) -> Entry:
    """Change a file."""
    case = lock(case_id)
    case.title = title
    case.save(update_fields=("title",))
    if is_refused:
        require(refused(CLAUSE, "不得更名", "请保留原名", title))
    return case.enter(actor=actor, at=at, data={"title": title})


@act("trial.forgotten/1", is_public=False)
def forget_to_enter(*, case_id: int, actor: Actor, at: datetime) -> None:
    """A mistake of ours."""
    lock(case_id)


@act("trial.unlocked/1", is_public=False)
def enter_without_lock(*, case_id: int, actor: Actor, at: datetime) -> None:
    """A mistake of ours."""
    Case.objects.get(pk=case_id).enter(actor=actor, at=at, data={})


@act("trial.twice/1", is_public=False)
def enter_twice(*, case_id: int, actor: Actor, at: datetime) -> None:
    """A mistake of ours."""
    case = lock(case_id)
    case.enter(actor=actor, at=at, data={})
    case.enter(actor=actor, at=at, data={})


@act("trial.undeclared/1", is_public=False)
def enter_undeclared(*, case_id: int, actor: Actor, at: datetime) -> None:
    """A mistake of ours."""
    lock(case_id).enter(actor=actor, at=at, data={}, event="trial.renamed/1")


@act("trial.nested/1", is_public=False)
def act_inside_an_act(*, case_id: int, actor: Actor, at: datetime) -> None:
    """A mistake of ours."""
    rename_trial(case_id=case_id, title="x", actor=actor, at=at)


@pytest.fixture
def case(clock: FixedClock) -> Case:
    return open_trial(actor=ACTOR, at=clock.now())


def test_an_act_changes_and_enters_together(case: Case, clock: FixedClock) -> None:
    entry = rename_trial(case_id=case.pk, title="新名", actor=ACTOR, at=clock.now())
    case.refresh_from_db()
    assert (case.title, entry.subject_number, entry.event) == ("新名", 2, "trial.renamed/1")


def test_a_refused_act_changes_nothing_and_is_kept(case: Case, clock: FixedClock) -> None:
    with pytest.raises(Refused):
        rename_trial(case_id=case.pk, title="新名", is_refused=True, actor=ACTOR, at=clock.now())
    case.refresh_from_db()
    kept = RefusedAttempt.objects.get()
    assert (case.title, case.entry_count) == ("虚构工程", 1)
    assert (kept.act, kept.account, kept.arguments) == (rename_name(), "tester", {"case_id": case.pk})
    assert kept.reasons == [
        {
            "clause": "《测试办法》第一条",
            "document": "测试办法",
            "number": "第一条",
            "message": "不得更名",
            "remedy": "请保留原名",
            "value": "新名",
        }
    ]


def rename_name() -> str:
    return next(spec.name for spec in REGISTRY.values() if spec.event == "trial.renamed/1")


@pytest.mark.parametrize(
    "mistake", [forget_to_enter, enter_without_lock, enter_twice, enter_undeclared, act_inside_an_act]
)
def test_an_act_that_breaks_the_pattern_is_rolled_back(
    mistake: object, case: Case, clock: FixedClock
) -> None:
    with pytest.raises(running.ActError):
        mistake(case_id=case.pk, actor=ACTOR, at=clock.now())  # type: ignore[operator]
    assert entries_of(case.reference).count() == 1


def test_outside_an_act_nothing_is_entered(case: Case, clock: FixedClock) -> None:
    with pytest.raises(running.ActError):
        case.enter(actor=ACTOR, at=clock.now(), data={})


def test_a_case_moves_only_along_the_table(case: Case) -> None:
    case.move("closed")
    with pytest.raises(UnlawfulTransition):
        case.move("open")


def test_the_chain_of_a_file_holds(case: Case, clock: FixedClock) -> None:
    rename_trial(case_id=case.pk, title="新名", actor=ACTOR, at=clock.now())
    assert chain_faults(case.reference) == []


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET event = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(case: Case, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert entries_of(case.reference).count() == 1


def test_a_changed_payload_is_found(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_payload SET content = '{}'")
    assert [(fault.subject, fault.number) for fault in chain_faults(case.reference)] == [(case.reference, 1)]


def test_an_entry_missing_at_the_end_is_found(case: Case, clock: FixedClock) -> None:
    rename_trial(case_id=case.pk, title="新名", actor=ACTOR, at=clock.now())
    Case.objects.filter(pk=case.pk).update(entry_count=3)
    assert [fault.number for fault in chain_faults(case.reference)] == [2]
