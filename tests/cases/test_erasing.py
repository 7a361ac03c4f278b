"""擦除: the content of an entry goes and its proof stays; what is left in the database does not give the content away."""

import hmac
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lunheng.cases.acts import REGISTRY, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.opening import open_case
from lunheng.cases.permissions import DRAWN
from lunheng.cases.precedents import ORDER
from lunheng.cases.queries import chain_faults
from lunheng.cases.timeline import timeline
from lunheng.clockwork.reconcile import differences, nightly
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.ledger import commitment
from lunheng.core.procedures.consequences import DUTY, Consequence
from lunheng.documents import case_file
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import packs
from lunheng.jurisdictions.law import in_force
from lunheng.ledger import registers, rowstates
from lunheng.ledger.models import Entry, Payload, RefusedAttempt, RowState
from lunheng.ledger.triggers import drop
from lunheng.verifiers import verify_ledger
from tests.factories.steps import enter_steps
from tests.factories.world import World, build
from tests.ledger.conftest import Site, site  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PREFIX, PHONE = "+86139", "+8613900054321"
CANDIDATES = [f"{PREFIX}{number:08d}" for number in range(100_000)]
REASON = "处理目的已实现，保存期限届满"
CLAUSE = Clause("测试办法", "第一条")
GROUNDS = "《中华人民共和国个人信息保护法》第四十七条第一款"
KEEPING = "《中华人民共和国个人信息保护法》第四十七条第二款"
NOTICE = "《关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知》"
NOTED = 2
"""The number of the entry that tells the phone number."""


@act("trial.filed/1", is_public=False)
def file_trial(*, world: World, actor: Actor, at: datetime) -> Case:
    """Open a review."""
    pack = in_force(world.pack_id, at.date())
    kind, division = Case.Kind.REVIEW, world.division
    case = open_case(kind, title="虚构", division=division, district=world.district, at=at, pack=pack)
    case.enter(actor=actor, at=at, data={"label": "立案"})
    return case


@act("trial.told/1", is_public=False)
def tell_trial(*, case_id: int, title: str, state: str, actor: Actor, at: datetime) -> Entry:
    """Write something into the file's row, and a row that nobody changes any more."""
    case = lock(case_id)
    case.title, case.state = title, state
    case.save(update_fields=("title", "state"))
    case.due(Consequence("trial", DUTY), key=case.entry_count, due=at + timedelta(days=900), clause=CLAUSE)
    return case.enter(actor=actor, at=at, data={"label": "记录", "title": title})


@pytest.fixture(autouse=True)
def _only_here() -> Iterator[None]:
    """The trial's acts are no acts of the product."""
    yield
    for name in [name for name, spec in REGISTRY.items() if spec.perform.__module__ == __name__]:
        REGISTRY.pop(name)


@pytest.fixture
def world(clock: FixedClock) -> World:
    """A city whose rows are all entered."""
    made = build("qingdao", experts=1)
    registers.take_over(clock.now())
    return made


@pytest.fixture
def case(world: World, clock: FixedClock) -> Case:
    """A closed review: its second entry told a phone number, which the row does not show any more."""
    told: dict[str, Any] = {"actor": Actor.system(), "at": clock.now()}
    case = file_trial(world=world, **told)
    tell_trial(case_id=case.pk, title=f"联系电话 {PHONE}", state="approving", **told)
    tell_trial(case_id=case.pk, title="虚构", state="cancelled", **told)
    case.refresh_from_db()
    return case


def noted(case: Case) -> Entry:
    return Entry.objects.select_related("payload").get(subject=case.reference, subject_number=NOTED)


def erase(world: World, case: Case, seat: str = "district", **changed: Any) -> Any:
    given = {"case_id": case.pk, "number": NOTED, "reason": REASON, **changed}
    return world.client(seat).act("cases.erase_content", **given)


def found() -> list[tuple[str, str, str]]:
    return [(one.table, one.row, one.field) for one in differences()]


# What goes and what stays


def test_salt_and_content_go_and_the_entry_stays(world: World, case: Case) -> None:
    before = noted(case)
    answer = erase(world, case)
    after = noted(case)
    assert (answer.status_code, after.payload.salt, after.payload.content) == (200, None, None)
    assert (after.body, after.leaf_sha256, after.at) == (before.body, before.leaf_sha256, before.at)


def test_the_erasure_is_an_entry_of_the_same_file(world: World, case: Case, clock: FixedClock) -> None:
    erase(world, case, reason=f" {REASON} ")
    entry = Entry.objects.filter(subject=case.reference).latest("subject_number")
    told = json.loads(entry.payload.content or "")
    assert (entry.event, json.loads(bytes(entry.body))["refs"]) == ("payload.erased/1", [str(noted(case).pk)])
    assert (told["number"], told["reason"], told["clause"]) == (NOTED, REASON, GROUNDS)
    assert noted(case).payload.erased_at == clock.now()


def test_nothing_is_amiss_after_an_erasure(world: World, case: Case) -> None:
    erase(world, case)
    assert (found(), chain_faults(case.reference)) == ([], [])


def test_the_timeline_says_that_the_content_was_erased(world: World, case: Case) -> None:
    erase(world, case)
    lines = timeline(case)
    page = world.client("district").get(f"/cases/{case.pk}/timeline/").content.decode()
    assert [line.is_erased for line in lines] == [False, True, False, False]
    assert (lines[1].data, page.count("内容已按规定擦除")) == ({}, 1)


def test_receipt_and_case_file_hold_as_before(
    world: World,
    case: Case,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    erase(world, case)
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    response = world.client("public").get(f"/ledger/receipt/{noted(case).pk}.tlog-proof")
    receipt, archive = tmp_path / "receipt.tlog-proof", tmp_path / "case.zip"
    receipt.write_bytes(response.content)
    archive.write_bytes(case_file.build(Case.objects.get(pk=case.pk), {}))
    policy = ["--policy", str(site.policy)]
    assert verify_ledger.main(["receipt", str(receipt), *policy]) == 0
    assert verify_ledger.main(["case", str(archive), *policy]) == 0


def test_a_state_that_is_the_last_of_its_row_stays(world: World, case: Case) -> None:
    """The deadline is still as the erased entry left it, and still compared."""
    erase(world, case)
    kept = RowState.objects.filter(entry=noted(case)).values_list("table_name", "salt", "digests")
    assert [(table, salt is None, digests is None) for table, salt, digests in kept] == [
        ("cases_case", True, True),
        ("cases_deadline", False, False),
    ]


def close_deadline(case: Case, clock: FixedClock) -> None:
    """The row that the erased entry left moves on."""

    @act("trial.met/1", is_public=False)
    def meet_trial(*, case_id: int, actor: Actor, at: datetime) -> Entry:
        file = lock(case_id)
        file.met(Consequence("trial", DUTY), key="1", at=at)
        return file.enter(actor=actor, at=at, data={"label": "办结"})

    meet_trial(case_id=case.pk, actor=Actor.system(), at=clock.now())


def test_the_night_erases_the_state_of_a_row_that_has_moved_on(
    world: World, case: Case, clock: FixedClock
) -> None:
    erase(world, case)
    close_deadline(case, clock)
    nightly.reconcile.call()
    assert (noted(case).rows.filter(salt__isnull=False).count(), found()) == (0, [])


def test_the_night_erases_nothing_of_an_entry_that_was_not_erased(case: Case, clock: FixedClock) -> None:
    close_deadline(case, clock)
    nightly.reconcile.call()
    assert RowState.objects.filter(salt__isnull=True).count() == 0


def test_the_night_erases_nothing_while_tables_and_entries_differ(
    world: World, case: Case, clock: FixedClock
) -> None:
    erase(world, case)
    close_deadline(case, clock)
    Case.objects.filter(pk=case.pk).update(title="改动")
    nightly.reconcile.call()
    assert noted(case).rows.filter(salt__isnull=False).count() == 1


# P-02: who holds the whole database tries every number


def told_by_payload(entry: Entry, known: str, candidates: list[str]) -> list[str]:
    """Whom the commitment gives away: every candidate in the known content, under every salt that is left."""
    body = json.loads(bytes(entry.body))
    salts = [bytes(salt or b"") for salt in Payload.objects.filter(
        entry__subject=entry.subject, salt__isnull=False).values_list("salt", flat=True)]  # fmt: skip
    before, _, after = known.partition(PHONE)
    return [
        one for one in candidates for salt in salts
        if hmac.compare_digest(commitment(salt, f"{before}{one}{after}".encode()), body["pay"])
    ]  # fmt: skip


def told_by_digests(state: RowState, cell: str, candidates: list[str]) -> list[str]:
    """Whom a digest of the row gives away, under every salt that its states have left."""
    before, _, after = cell.partition(PHONE)
    states = RowState.objects.filter(table_name=state.table_name, key=state.key, salt__isnull=False)
    return [
        one for left in states for one in candidates
        if rowstates.cell_digest(bytes(left.salt or b""), left.table_name, left.key, "title", f"{before}{one}{after}")
        in (left.digests or "")
    ]  # fmt: skip


def told_by_seal(state: RowState, cells: dict[str, Any], candidates: list[str]) -> list[str]:
    """Whom the seal gives away to somebody who knows every other cell, under the salts that the entry has left."""
    before, _, after = cells["title"].partition(PHONE)
    kept = RowState.objects.filter(entry=state.entry_id, salt__isnull=False).values_list("salt", flat=True)
    guessed = []
    for salt in [bytes(one or b"") for one in kept]:
        trial = RowState(
            entry_id=state.entry_id, place=state.place, table_name=state.table_name, key=state.key
        )
        trial.salt = salt
        digests = rowstates.digests_of(salt, state.table_name, state.key, cells)
        template = json.dumps(digests, sort_keys=True, separators=(",", ":"))
        for one in candidates:
            title = rowstates.cell_digest(salt, state.table_name, state.key, "title", f"{before}{one}{after}")
            trial.digests = template.replace(digests["title"], title)
            if rowstates.seal_of(trial) == state.seal:
                guessed.append(one)
    return guessed


def test_no_search_finds_an_erased_number(world: World, case: Case, clock: FixedClock) -> None:
    """The control first: before the erasure each of the three searches finds it."""
    key = ("cases_case", str(case.pk))
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(title=f"联系电话 {PHONE}", state="approving")
        cells = dict(rowstates.cells([key])[key])
        transaction.set_rollback(True)
    entry = noted(case)
    state, known = entry.rows.get(table_name="cases_case"), str(entry.payload.content)
    searches: list[Callable[[list[str]], list[str]]] = [
        lambda candidates: told_by_payload(entry, known, candidates),
        lambda candidates: told_by_digests(state, cells["title"], candidates),
        lambda candidates: told_by_seal(state, cells, candidates),
    ]
    before = [set(search(CANDIDATES[54_000:55_000])) for search in searches]
    erase(world, case)
    after = [set(search(CANDIDATES)) for search in searches]
    assert (before, after) == ([{PHONE}] * 3, [set()] * 3)


# Refusals


@pytest.mark.parametrize(
    ("seat", "changed", "clause"),
    [
        ("contractor", {}, f"{NOTICE}四（二）1"),
        ("other_district", {}, f"{NOTICE}二（一）"),
        ("station", {}, f"{NOTICE}二（一）"),
        ("district", {"reason": "  "}, GROUNDS),
        ("district", {"number": 99}, str(ORDER)),
    ],
)
def test_an_erasure_is_refused_with_its_clause(
    seat: str, changed: dict[str, Any], clause: str, world: World, case: Case
) -> None:
    answer = erase(world, case, seat, **changed)
    assert (answer.status_code, [one["clause"] for one in answer.json()["reasons"]]) == (403, [clause])
    assert all(one["remedy"] for one in answer.json()["reasons"])
    case.refresh_from_db()
    assert (case.entry_count, noted(case).payload.erased_at) == (3, None)
    assert RefusedAttempt.objects.latest("pk").act == "cases.erase_content"


def reasons(answer: Any) -> list[tuple[str, str]]:
    return [(one["clause"], one["message"]) for one in answer.json()["reasons"]]


@pytest.mark.parametrize("state", ["approving", "passed", "working"])
def test_while_the_review_goes_on_its_content_is_kept(
    state: str, world: World, case: Case, clock: FixedClock
) -> None:
    tell_trial(case_id=case.pk, title="虚构", state=state, actor=Actor.system(), at=clock.now())
    assert reasons(erase(world, case)) == [(KEEPING, "案件尚未办结，内容仍须保存，不能擦除")]


def test_a_file_that_is_in_use_keeps_its_content(world: World) -> None:
    """The pool's own file."""
    pool = Case.objects.get(kind="pool")
    assert reasons(erase(world, pool, number=1)) == [(KEEPING, "案件尚未办结，内容仍须保存，不能擦除")]


def test_what_was_erased_is_not_erased_again_nor_is_the_erasure(world: World, case: Case) -> None:
    erase(world, case)
    again, itself = erase(world, case), erase(world, case, number=4)
    assert reasons(again) == [(str(ORDER), "这条存证的内容已经擦除")]
    assert reasons(itself) == [(str(ORDER), "擦除的存证说明谁因何擦除，不能再擦除")]


@pytest.mark.parametrize("event", ["draw.committed/1", "draw.revealed/1", "draw.result/1", "draw.withheld/1"])
def test_a_draw_stays_for_whoever_doubts_it(event: str, world: World, case: Case, clock: FixedClock) -> None:
    enter_steps(case, event, at=clock.now())
    told = "抽取的承诺、揭示和结果公开供任何人核验，不能擦除"
    assert reasons(erase(world, case, number=4)) == [(str(DRAWN), told)]


@pytest.mark.parametrize(("clause", "rule"), [(ORDER, "platform.order"), (DRAWN, "platform.draw_window")])
def test_the_platforms_clauses_are_in_its_pack(clause: Clause, rule: str) -> None:
    pack = packs.read("platform")
    title = next(source.title for source in pack.sources.values() if source.main)
    assert (clause.document, clause.number) == (title, pack.rules[rule].clause)


# The database, and what happens behind the act's back


@pytest.mark.parametrize(
    "changed",
    [
        {"seal": "0" * 64},
        {"digests": None},
        {"salt": None},
        {"salt": None, "digests": None, "key": "0"},
        {"salt": None, "digests": None, "table_name": "cases_party"},
        {"salt": None, "digests": None, "place": 7},
        {"salt": None, "digests": None, "seal": "0" * 64},
        {"salt": b"0" * 16},
    ],
)
def test_the_database_refuses_every_change_of_a_row_state_but_its_erasure(
    changed: dict[str, Any], case: Case
) -> None:
    state = noted(case).rows.filter(table_name="cases_case")
    with pytest.raises(DatabaseError), transaction.atomic():
        state.update(**changed)
    assert state.update(salt=None, digests=None) == 1


def test_an_erased_row_state_is_not_filled_again(world: World, case: Case) -> None:
    state = noted(case).rows.filter(table_name="cases_case")
    [before] = state.values("salt", "digests")
    erase(world, case)
    for changed in (before, {"salt": None, "digests": None}):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            state.update(**changed)


def test_an_erased_state_without_an_entry_is_named(case: Case) -> None:
    state = noted(case).rows.get(table_name="cases_case")
    RowState.objects.filter(pk=state.pk).update(salt=None, digests=None)
    assert found() == [("ledger_rowstate", str(state.pk), "salt, digests")]


def test_an_erased_payload_without_an_entry_is_named(case: Case, clock: FixedClock) -> None:
    entry = noted(case)
    Payload.objects.filter(entry=entry).update(salt=None, content=None, erased_at=clock.now())
    assert found() == [("ledger_payload", str(entry.pk), "erased_at, salt, content")]


def test_a_payload_that_comes_back_is_named(world: World, case: Case) -> None:
    """Somebody kept salt and content and puts them back: they are what the body commits to."""
    entry = noted(case)
    kept = {"salt": entry.payload.salt, "content": entry.payload.content, "erased_at": None}
    erase(world, case)
    Payload.objects.filter(entry=entry).update(**kept)
    assert found() == [("ledger_payload", str(entry.pk), "erased_at, salt, content")]


def test_another_moment_of_the_erasure_is_named(world: World, case: Case, clock: FixedClock) -> None:
    erase(world, case)
    Payload.objects.filter(entry=noted(case)).update(erased_at=clock.now() - timedelta(days=1))
    assert found() == [("ledger_payload", str(noted(case).pk), "erased_at, salt, content")]


def test_a_last_state_that_was_erased_hides_no_row(world: World, case: Case) -> None:
    """Under cover of a lawful erasure somebody deletes a row, and what the entry kept of it."""
    erase(world, case)
    state = noted(case).rows.get(table_name="cases_deadline")
    RowState.objects.filter(pk=state.pk).update(salt=None, digests=None)
    case.deadlines.filter(pk=state.key).delete()
    assert found() == [("cases_deadline", state.key, "（整行）")]


@pytest.mark.parametrize("changed", [{"key": "999999"}, {"table_name": "cases_party"}, {"seal": "0" * 64}])
def test_of_an_erased_state_the_rest_is_still_bound(
    changed: dict[str, str], world: World, case: Case
) -> None:
    erase(world, case)
    connection.check_constraints()
    drop(connection)
    noted(case).rows.filter(table_name="cases_case").update(**changed)
    assert ("ledger_rowstate", f"存证 {noted(case).pk}", "（整行）") in found()
