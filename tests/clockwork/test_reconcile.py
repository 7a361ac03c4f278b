"""What somebody changes behind the acts is found: table, row and field; and what is not compared is listed."""

from collections.abc import Iterator

import pytest
from django.db import connection, models

from lunheng.accounts.models import Account
from lunheng.cases.models import Case
from lunheng.clockwork.reconcile import Difference, call_keep, compare, differences, findings
from lunheng.clockwork.reconcile.difference import read
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import coverage, registers, rowstates, touching
from lunheng.ledger.models import Access, Entry, Payload, Pending, RowState, Sequence, Tile
from lunheng.ledger.sequencer import sequence
from lunheng.ledger.triggers import drop
from lunheng.messaging.models import Message
from lunheng.organizations.models import Organization
from lunheng.panels.models import Member
from lunheng.plans.models import Approval
from lunheng.works.models import HazardousWork
from tests.factories.steps import strike
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.mutation import owned, silently, undone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MOMENTS = [
    ("ledger_entry", "id", "at"),
    ("ledger_entry", "id", "recorded_at"),
    ("ledger_payload", "entry_id", "erased_at"),
]


def found() -> list[tuple[str, str, str]]:
    return [(one.table, one.row, one.field) for one in differences()]


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A review up to the approvals of its plan; everything before it taken over."""
    made = Story(build("qingdao", experts=12), clock)
    registers.take_over(clock.now())
    made.ready()
    return made


def test_what_the_acts_wrote_is_what_they_entered(story: Story) -> None:
    assert found() == []


def test_a_changed_cell_is_named(story: Story) -> None:
    row = Approval.objects.latest("pk")
    Approval.objects.filter(pk=row.pk).update(signed_by="虚构")
    assert found() == [("plans_approval", str(row.pk), "signed_by")]


def test_a_row_that_no_act_wrote_is_named(story: Story) -> None:
    row = Organization.objects.create(code="虚构", name="虚构", division=story.world.division)
    assert found() == [("organizations_organization", str(row.pk), "（整行）")]


def test_a_row_that_somebody_deleted_is_named(story: Story) -> None:
    row = Approval.objects.latest("pk")
    key = str(row.pk)
    row.delete()
    assert found() == [("plans_approval", key, "（整行）")]


def test_a_row_that_somebody_changed_and_changed_back_is_named(story: Story) -> None:
    row = Approval.objects.latest("pk")
    for name in ("虚构", row.signed_by):
        Approval.objects.filter(pk=row.pk).update(signed_by=name)
    assert [(one.table, one.row, one.reason) for one in differences()] == [
        ("plans_approval", str(row.pk), "曾在行为之外被改动，现值与存证一致")
    ]


def test_what_a_later_act_changed_is_no_difference(story: Story) -> None:
    before = Case.objects.get(pk=story.case_id).state
    story.request()
    story.draw()
    assert (before != Case.objects.get(pk=story.case_id).state, found()) == (True, [])


def test_an_older_state_of_a_row_is_not_believed(story: Story) -> None:
    """A row that somebody sets back to what an earlier act left."""
    case = Case.objects.get(pk=story.case_id)
    Case.objects.filter(pk=case.pk).update(state="drafting")
    assert found() == [("cases_case", str(case.pk), "state")]


def forge(row: models.Model) -> RowState:
    """Make the row's last state say what the row says now, as somebody with the whole database could."""
    drop(connection)
    table, key = row._meta.db_table, str(row.pk)
    state = RowState.objects.get(pk=rowstates.last_states(table, {key})[key])
    cells = rowstates.cells([(table, key)])[table, key]
    forged = rowstates.state_of(state.entry_id, state.place, (table, key), cells, bytes(state.salt or b""))
    RowState.objects.filter(pk=state.pk).update(digests=forged.digests)
    return forged


def test_who_changes_the_row_and_its_state_is_named(story: Story) -> None:
    row = Approval.objects.latest("pk")
    Approval.objects.filter(pk=row.pk).update(signed_by="虚构")
    forged = forge(row)
    state = RowState.objects.get(entry_id=forged.entry_id, place=forged.place)
    assert ("ledger_rowstate", str(state.pk)) in [(table, key) for table, key, _ in found()]


def test_who_changes_the_seal_too_is_named_by_the_entry(story: Story) -> None:
    row = Approval.objects.latest("pk")
    Approval.objects.filter(pk=row.pk).update(signed_by="虚构")
    forged = forge(row)
    RowState.objects.filter(entry_id=forged.entry_id, place=forged.place).update(seal=forged.seal)
    assert ("ledger_rowstate", f"存证 {forged.entry_id}", "（整行）") in found()


def test_a_head_that_was_moved_is_found(story: Story) -> None:
    Case.objects.filter(pk=story.case_id).update(entry_count=1)
    assert found() == [("cases_case", str(story.case_id), "entry_count")]


def test_an_entry_that_was_deleted_is_found(story: Story) -> None:
    drop(connection)
    entry = Entry.objects.filter(subject=Case.objects.get(pk=story.case_id).reference)[1]
    Pending.objects.filter(entry=entry).delete()
    RowState.objects.filter(entry=entry).delete()
    entry.payload.delete()
    entry.delete()
    assert ("ledger_entry", f"{entry.subject} 第 2 条", "（整行）") in found()


def test_columns_that_are_listed_are_not_compared(story: Story) -> None:
    """The control: what the comparison does not look at it does not find."""
    Account.objects.update(has_large_type=True)
    Message.objects.update(state="stopped")
    assert found() == []


def test_a_number_in_place_of_the_same_text_is_named(story: Story) -> None:
    """Within a structure the database tells 2.5 from "2.5", and so does the ledger."""
    row = HazardousWork.objects.latest("pk")
    with registers.written("虚构", story.clock.now()):
        HazardousWork.objects.filter(pk=row.pk).update(parameters={"depth": "2.5"})
    assert found() == []
    with undone(), silently():
        HazardousWork.objects.filter(pk=row.pk).update(parameters={"depth": 2.5})
        assert found() == [("works_hazardouswork", str(row.pk), "parameters")]


@pytest.mark.only("sqlite", reason="PostgreSQL takes no zero byte in a text")
def test_what_stands_behind_a_zero_byte_is_named(story: Story) -> None:
    row = Approval.objects.latest("pk")
    Approval.objects.filter(pk=row.pk).update(signed_by=f"{row.signed_by}\0虚构")
    assert found() == [("plans_approval", str(row.pk), "signed_by")]


@pytest.mark.parametrize("more", [b"\0", bytes(32)])
def test_a_tile_that_was_lengthened_is_named_and_no_number_is_missed(more: bytes, story: Story) -> None:
    sequence(story.clock.now())
    drop(connection)
    tile = Tile.objects.filter(level=0).latest("index")
    Tile.objects.filter(pk=tile.pk).update(hashes=bytes(tile.hashes) + more)
    assert found() == [("ledger_tile", str(tile.pk), "tree, hashes")]


def test_a_last_number_that_was_moved_before_all_others_is_named(story: Story) -> None:
    sequence(story.clock.now())
    drop(connection)
    last = Sequence.objects.latest("number")
    Sequence.objects.filter(pk=last.pk).update(number=-5)
    assert ("ledger_sequence", "-5", "number") in found()


def test_a_salt_that_was_lengthened_is_named(story: Story) -> None:
    """HMAC fills a short key up with zeros: with one zero more the commitment is the same."""
    drop(connection)
    payload = Payload.objects.latest("pk")
    Payload.objects.filter(pk=payload.pk).update(salt=bytes(payload.salt or b"") + b"\0")
    assert found() == [("ledger_payload", str(payload.pk), "salt, content")]


@pytest.mark.only("postgresql", reason="SQLite knows no such moments")
@pytest.mark.parametrize("moment", ["infinity", "-infinity", "20000-01-01"])
@pytest.mark.parametrize(("table", "key", "column"), MOMENTS)
def test_a_moment_that_no_program_reads_hides_nothing(
    table: str, key: str, column: str, moment: str, story: Story
) -> None:
    """The cell is named, and so is everything else that was changed."""
    with undone(), owned():
        row = Approval.objects.latest("pk")
        Approval.objects.filter(pk=row.pk).update(signed_by="虚构")
        entry = Entry.objects.earliest("pk").pk
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = '{moment}' WHERE {key} = %s", [entry])
        assert found() == [(table, str(entry), column), ("plans_approval", str(row.pk), "signed_by")]


def test_what_cannot_be_read_at_all_is_named_and_hides_nothing() -> None:
    def looks() -> Iterator[Difference]:
        yield Difference("t", "7", "f", "虚构")
        raise ValueError

    assert [(one.table, one.row, one.field) for one in read("t", "—", looks())] == [
        ("t", "7", "f"), ("t", "—", "（整行）"),
    ]  # fmt: skip


@pytest.mark.only("postgresql", reason="SQLite has triggers or has none")
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
def test_a_trigger_that_does_not_fire_is_named(how: str, story: Story) -> None:
    connection.check_constraints()
    with undone(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE plans_approval {how} TRIGGER plans_approval_touched_update")
        assert found() == [("plans_approval", "—", "（整行）")]


def test_a_trigger_that_notes_nothing_any_more_is_named(story: Story) -> None:
    """It has its name and its place, and does something else."""
    name = "plans_approval_touched_update"
    statements = {
        "postgresql": ["CREATE OR REPLACE FUNCTION ledger_touch_id() RETURNS trigger LANGUAGE plpgsql AS "
                       "$$ BEGIN RETURN NULL; END $$"],
        "sqlite": [f"DROP TRIGGER {name}",
                   f"CREATE TRIGGER {name} AFTER UPDATE ON plans_approval BEGIN SELECT 1; END"],
    }  # fmt: skip
    with undone(), connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
        assert ("plans_approval", "—", "（整行）") in found()


def test_a_trigger_that_somebody_took_away_is_named(story: Story) -> None:
    suffix = " ON plans_approval" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER plans_approval_touched_update{suffix}")
    assert found() == [("plans_approval", "—", "（整行）")]
    touching.watch(connection)


def test_who_looked_is_entered_by_the_hour_and_compared_from_then_on(story: Story) -> None:
    story.as_("contractor").get(f"/cases/{story.case_id}/")
    call_keep(story.clock.now())
    row = Access.objects.earliest("pk")
    drop(connection)
    Access.objects.filter(pk=row.pk).update(account="虚构")
    assert found() == [("ledger_access", str(row.pk), "account")]


def test_the_night_keeps_what_it_found_until_it_finds_it_no_more(story: Story) -> None:
    row = Member.objects.first() or Approval.objects.latest("pk")
    Approval.objects.update(signed_by="虚构")
    compare(story.clock.now())
    kept = [(one.table_name, one.field) for one in findings()]
    assert kept == [(row._meta.db_table, "signed_by")] * Approval.objects.count()


def test_a_difference_is_told_in_words() -> None:
    assert str(Difference("t", "7", "f", "虚构")) == "表 t 第 7 行 f：虚构"


def every_model() -> Iterator[type[models.Model]]:
    yield from coverage.models().values()


def test_every_table_is_covered_or_listed_with_its_reason() -> None:
    """Whoever adds a table need not remember anything: it is covered, and its triggers must be there."""
    listed = {model._meta.db_table for model in every_model()} - set(coverage.covered())
    assert listed == set(coverage.NOT_COVERED)
    assert all(coverage.NOT_COVERED.values())
    assert touching.unwatched(connection) == []


def test_every_exception_is_one_of_a_table_and_column_that_exist() -> None:
    columns = {
        model._meta.db_table: {one.column for one in model._meta.concrete_fields} for model in every_model()
    }
    named = {table: set(reasons) for table, reasons in coverage.NOT_COVERED_COLUMNS.items()}
    assert {table: found - columns[table] for table, found in named.items()} == {
        table: set() for table in named
    }
    assert {*coverage.WITHOUT_CASE, *coverage.APPENDED} <= set(coverage.covered())


def test_no_personal_value_is_kept_with_the_digests(story: Story) -> None:
    """Equal cells of two acts have different digests: what is kept cannot be looked up in a table of guesses."""
    states = RowState.objects.filter(table_name="cases_case", key=str(story.case_id)).values_list(
        "digests", flat=True
    )
    assert len(set(states)) == len(states) > 1


def test_a_missing_step_is_told_on_the_case_page_and_to_the_station(story: Story) -> None:
    case = Case.objects.get(pk=story.case_id)
    strike(case.reference, "plan.submitted/1")
    compare(story.clock.now())
    told = "存证中没有“提交专项施工方案”"
    page = story.as_("contractor").get(f"/cases/{case.pk}/").content.decode()
    desk = story.as_("station").get("/desk/").content.decode()
    assert (told in page, told in desk, "存证缺失" in page) == (True, True, True)


def test_the_station_sees_what_the_night_found(story: Story) -> None:
    assert "存证核对发现出入" not in story.as_("station").get("/desk/").content.decode()
    Approval.objects.update(signed_by="虚构")
    compare(story.clock.now())
    assert "表 plans_approval" in story.as_("station").get("/desk/").content.decode()
