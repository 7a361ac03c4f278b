"""L-03: every way of writing leaves exactly its entries. The database's own notes say what was written, and the reviewed
table ``write_paths.toml`` what each way may write and enter: all of them, and nothing besides."""

import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from lunheng.accounts import codes
from lunheng.accounts.cities import city_by_key
from lunheng.accounts.identity import Claims, account_for
from lunheng.cases.acts import REGISTRY, ActSpec
from lunheng.cli.main import main
from lunheng.clockwork.reconcile import differences
from lunheng.core.procedures.table import STEPS
from lunheng.jobs.clock import FixedClock
from lunheng.jobs.worker import PERIODIC
from lunheng.jurisdictions import packs
from lunheng.jurisdictions.models import PackRecord
from lunheng.ledger import clocks, coverage, registers, touching
from lunheng.ledger.models import RefusedAttempt, Touched
from lunheng.organizations.models import Organization
from tests.access.staging import stopped_clock, undone
from tests.access.walking import settle, tell_nanning, tell_qingdao
from tests.factories.chance import draw_by
from tests.factories.story import Story
from tests.factories.world import build
from tests.harness.oidc import UNIT_CODE
from tests.ledger import writing_code
from tests.ledger.write_paths import Record, WatchedWalk, recording

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("write_paths.toml").read_text("utf-8")
)


def notes() -> set[str]:
    """Tables in which rows were written that nothing took note of."""
    return set(Touched.objects.values_list("table_name", flat=True)) - set(coverage.WITHOUT_CASE)


@dataclass
class Walked:
    """Both cities' ways with every turn of them, and what was left over at their ends."""

    record: Record
    notes: dict[str, set[str]] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walked]:
    """Walk once for all tests."""
    clocks.forget()
    with django_db_blocker.unblock(), stopped_clock() as clock, recording() as record:
        found = Walked(record)
        for city, experts, tell in (("qingdao", 22, tell_qingdao), ("nanning", 40, tell_nanning)):
            with undone():
                world = build(city, experts=experts, at=None)
                settle(world, clock)
                registers.take_over(clock.now())
                tell(WatchedWalk(world, clock))
                found.refused |= set(RefusedAttempt.objects.values_list("act", flat=True))
                found.notes[city] = notes()
                found.differences[city] = [str(one) for one in differences()]
        yield found


def ours() -> dict[str, ActSpec]:
    """The acts of the product; tests register trials of their own."""
    return {name: spec for name, spec in REGISTRY.items() if spec.perform.__module__.startswith("lunheng.")}


def refused_always() -> set[str]:
    """The acts of whose row nothing comes."""
    return {name for name, row in TABLE["acts"].items() if not row["enters"]}


def test_every_act_has_a_row() -> None:
    assert sorted(TABLE["acts"]) == sorted(ours())


def test_every_act_writes_and_enters_what_its_row_says(walked: Walked) -> None:
    """All performances of an act together; an act that the walk does not reach has nothing to compare."""
    told = {name: way.as_row() for name, way in walked.record.ways.items() if name in ours()}
    rows = {name: row for name, row in TABLE["acts"].items() if name not in refused_always()}
    assert told == rows


def test_what_falls_due_after_a_step_is_what_its_row_says(walked: Walked) -> None:
    """Whatever an act set due is in the row of its step; what a row says and no walk reached is told here by name."""
    said = {event: {one.name for one in STEPS[event].sets} for event in walked.record.sets if event in STEPS}
    unsaid = {
        event: sorted(kinds - said[event])
        for event, kinds in walked.record.sets.items()
        if event in said and kinds - said[event]
    }
    assert unsaid == {}
    set_once = {name for kinds in walked.record.sets.values() for name in kinds}
    declared = {one.name for step in STEPS.values() for one in step.sets}
    assert set_once == declared


def test_an_act_that_enters_nothing_is_one_that_is_always_refused(walked: Walked) -> None:
    assert refused_always() == {"panels.add_member", "reports.upload_outside_conclusion"}
    assert refused_always() <= walked.refused


def test_every_performance_enters_each_of_its_events_once_in_a_file(walked: Walked) -> None:
    assert walked.record.twice == []


def test_every_event_that_an_act_declares_is_entered_on_the_way() -> None:
    """What an act may enter besides its own event is no dead letter, and nothing comes undeclared."""
    told = {
        name: {line.split()[1] for files in row["enters"] for line in files.split(" + ")}
        for name, row in TABLE["acts"].items()
        if row["enters"]
    }
    declared = {name: {spec.event, *spec.further} for name, spec in ours().items()}
    assert told == {name: declared[name] for name in told}


def test_nothing_is_written_outside_of_acts_and_registers(walked: Walked) -> None:
    assert walked.notes == {"qingdao": set(), "nanning": set()}


def test_every_row_is_as_its_last_entry_bound_it(walked: Walked) -> None:
    assert walked.differences == {"qingdao": [], "nanning": []}


def test_the_first_entry_of_every_performance_binds_its_rows(walked: Walked) -> None:
    """Of the report on a message no covered column changes, unless an answer is due from its arrival; of an erasure
    only the ledger's own rows."""
    assert walked.record.bare == {"messaging.report_delivery", "cases.erase_content"}


def log_in(story: Story) -> None:
    """A legal person whom the identity service proves for the first time."""
    city = city_by_key("qingdao", story.clock.now())
    assert city is not None
    claims = Claims("虚构-1", "legal", "虚构新来有限公司", UNIT_CODE, True)
    account_for(claims, city, story.clock.now())


def register_an_applicant(story: Story) -> None:
    """A person who wants to enter the pool, with the code that came to the number."""
    told: list[str] = []
    carrier = SimpleNamespace(send_code=lambda *, code, **_: told.append(code))
    kept, phone, at = codes.installed(), "+8619900000777", story.clock.now()
    codes.install(carrier)
    try:
        codes.request_code(phone=phone, address="", at=at, is_open=True)
        codes.register(phone=phone, name="虚构·新人", code=told[0], password="虚构", address="", at=at)
    finally:
        codes.install(kept)


def enter_a_day_off(story: Story) -> None:
    """The bureau's day, by command."""
    assert main(["calendar", "enter", "370200", "2027-04-09", "off", "--notice", "虚构通知"]) == 0


def record_a_pack(story: Story) -> None:
    """A pack that the platform did not know."""
    PackRecord.objects.filter(pack_id="qingdao-2025").delete()
    Touched.objects.all().delete()
    packs.record(packs.resolved("qingdao-2025"), at=story.clock.now())


def keep_what_grows(story: Story) -> None:
    """Somebody looked, somebody was refused, and the hour is over."""
    story.project()
    story.work()
    story.review()
    assert story.as_("stranger").refused("plans.request_panel", **story.request_body())
    story.as_("station").get(f"/cases/{story.case_id}/")
    PERIODIC["ledger.keep"].perform(story.clock.now())


def adopt(story: Story) -> None:
    """A row that somebody answers for."""
    story.world.unit("older")
    assert main(["ledger", "adopt", "--confirm"]) == 0


def found_an_authority(story: Story) -> None:
    """A second pool of the city, a further district and somebody in its office, by command."""
    table = Path(tempfile.mkdtemp()) / "table.csv"
    table.write_text(
        "类别,代码,名称,上级,级别,标识,岗位,手机\n区划,370213,李沧区,370200,县级,,,\n"
        "专家库,370200,虚构二库,,,qingdao-two,,\n账号,370213,虚构·李沧,,,,district,13900001111\n"
    )
    assert main(["city", "init", "qingdao-2025", "--table", str(table)]) == 0


KEPT: dict[str, Callable[[Story], None]] = {
    "登录核实身份": log_in,
    "登记申请人账号": register_an_applicant,
    "录入地区节假日": enter_a_day_off,
    "登记政策包 qingdao-2025": record_a_pack,
    "设立 qingdao-2025": found_an_authority,
    "访问记录、拒绝记录、检查点留痕": keep_what_grows,
    "接收已有数据": adopt,
}


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A city whose rows are all entered."""
    world = build("qingdao", experts=7)
    registers.take_over(clock.now())
    return Story(world, clock)


def test_every_register_has_a_row() -> None:
    assert sorted(KEPT) == sorted(TABLE["registers"])
    labels = {label.partition(" ")[0] for label in KEPT}
    assert labels == set(TABLE["keepers"].values())


@pytest.mark.parametrize("label", sorted(KEPT))
def test_a_register_that_changes_outside_of_acts_is_entered(label: str, story: Story) -> None:
    with recording() as record:
        KEPT[label](story)
    assert (record.ways[label].as_row(), notes()) == (TABLE["registers"][label], set())


def test_every_duty_of_the_worker_has_a_row() -> None:
    assert sorted(PERIODIC) == sorted(TABLE["duties"])


def test_no_duty_of_the_worker_leaves_a_row_that_nothing_entered(story: Story) -> None:
    """Invitations wait to be sent, deadlines to be answered, entries to be numbered."""
    story.ready()
    story.request()
    draw_by(story.as_("contractor").done, "panels.commit_draw", story.request_id)
    left = {}
    for name, duty in PERIODIC.items():
        duty.perform(story.clock.now())
        left[name] = notes()
    assert left == {name: set() for name in TABLE["duties"]}
    assert [str(one) for one in differences()] == []


def test_every_door_to_the_ledger_has_a_row() -> None:
    assert writing_code.doors() == sorted(TABLE["doors"])


def test_every_keeper_of_registers_has_a_row() -> None:
    assert writing_code.keepers() == sorted(TABLE["keepers"])


def test_every_writer_outside_of_acts_has_a_row() -> None:
    assert writing_code.writers() == sorted(TABLE["writers"])


def test_a_write_outside_of_an_act_is_noted(story: Story) -> None:
    """The control."""
    Organization.objects.filter(pk=Organization.objects.earliest("pk").pk).update(name="虚构")
    assert notes() == {"organizations_organization"}


def test_every_covered_table_is_watched() -> None:
    assert touching.unwatched(connection) == []
