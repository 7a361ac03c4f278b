"""The packs on record when their time has ended: told as ended, doors open, cases marked and pinned to what they had."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lunheng.accounts.cities import all_cities
from lunheng.cases.acts import REGISTRY, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.policy import ResolvedPack, read_pack, resolve
from lunheng.core.verdict import Verdict
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.models import PackRecord
from lunheng.ledger.models import Entry, RefusedAttempt
from lunheng.pools.permissions import may_change
from lunheng.pools.queries import law_of
from lunheng.reports.queries import defect_list
from lunheng.works.queries import applicable_pack, thresholds
from tests.conftest import OPENING
from tests.factories.world import World, build

LAST_DAY = OPENING.date()
AFTER = LAST_DAY + timedelta(days=1)
LATER = OPENING + timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def qingdao(clock: FixedClock) -> World:
    """Qingdao with the packs of the folder on record."""
    return build("qingdao", experts=0)


def ending(on_expiry: str = "") -> ResolvedPack:
    """Qingdao's pack with today as its last day."""
    texts = packs.folder_texts(settings.PACKS_DIRECTORY / "qingdao-2025")
    last = f"from_on = 2025-01-08\nto_on = {LAST_DAY}\n{on_expiry}\n"
    texts["scope.toml"] = re.sub(r"from_on = 2025-01-08\n", last, texts["scope.toml"], count=1)
    return resolve(read_pack(texts), packs.read("cn"), packs.read("platform"))


def after(**goes_on: bool) -> str:
    """What goes on, as the pack says it."""
    named = {name: str(goes_on.get(name, False)).lower() for name in ("running_cases", "terms", "new_acts")}
    told = ", ".join(f"{name} = {value}" for name, value in named.items())
    return f'on_expiry = {{ clause = "五", {told} }}'


def recorded(on_expiry: str = "") -> PackRecord:
    return packs.record(ending(on_expiry), at=OPENING)


def municipal(on: date) -> PackRecord | Verdict:
    return applicable_pack("370203", "municipal", on)


def test_a_request_after_the_last_day_is_told_that_the_rule_has_ended(qingdao: World) -> None:
    record = recorded()

    answer = municipal(AFTER)

    assert municipal(LAST_DAY) == record
    assert isinstance(answer, Verdict)
    assert answer.reasons[0].message.endswith(
        f"自2025-01-08起至{LAST_DAY}施行，现已期满，{AFTER}提出的论证不适用；平台尚未载入接替的规则"
    )


def test_a_rule_that_lets_new_acts_go_on_still_takes_requests(qingdao: World) -> None:
    record = recorded(after(new_acts=True))

    assert municipal(AFTER) == record


def test_a_record_is_replaced_by_a_later_one_of_the_same_first_day(qingdao: World) -> None:
    """The pack without a last day lies on record too; it does not come back to life."""
    assert PackRecord.objects.filter(pack_id="qingdao-2025").count() == 1
    recorded()

    assert [record.effective_to for record in law.on_record() if record.pack_id == "qingdao-2025"] == [
        LAST_DAY
    ]


def test_the_door_of_a_city_stays_open_for_what_runs_on(qingdao: World) -> None:
    before = [one.key for one in all_cities(OPENING)]
    recorded(after())

    assert [one.key for one in all_cities(LATER)] == before
    assert "qingdao-2025" not in [one.pack_id for one in law.all_in_force(AFTER)]


@pytest.mark.parametrize(
    ("on_expiry", "is_kept", "may_admit"),
    [
        (after(terms=True, new_acts=True), True, True),
        (after(terms=True), True, False),
        ("", True, False),
        (after(), False, False),
    ],
    ids=["members and admissions go on", "members go on", "silent", "nothing goes on"],
)
def test_a_pool_is_kept_as_far_as_the_rule_goes_on(
    qingdao: World, on_expiry: str, is_kept: bool, may_admit: bool
) -> None:
    recorded(on_expiry)
    keeper = qingdao.actor("station")

    assert (
        law_of(qingdao.pool, LAST_DAY) is not None,
        may_change(keeper, qingdao.pool, OPENING).is_allowed,
    ) == (
        True,
        True,
    )
    assert (law_of(qingdao.pool, AFTER) is not None, may_change(keeper, qingdao.pool, LATER).is_allowed) == (
        is_kept,
        may_admit,
    )


@pytest.mark.parametrize(
    ("on_expiry", "may_begin"),
    [
        (after(running_cases=True, terms=True, new_acts=True), True),
        (after(running_cases=True, terms=True), False),
        ("", False),
    ],
)
def test_a_matter_of_the_pool_is_begun_only_while_new_acts_go_on(
    qingdao: World, on_expiry: str, may_begin: bool
) -> None:
    recorded(on_expiry)
    begin = REGISTRY["pools.open_proceeding"].perform
    data = {"apply_until": "2030-02-01", "starts_on": "2030-02-02", "ends_on": "2033-02-02"}
    given = {"pool_id": qingdao.pool.pk, "procedure": "term_change", "data": data}

    if may_begin:
        assert begin(**given, actor=qingdao.actor("station"), at=LATER).state == "running"
        return
    with pytest.raises(Refused, match="现已期满"):
        begin(**given, actor=qingdao.actor("station"), at=LATER)


def a_case(world: World, record: PackRecord) -> Case:
    return Case.objects.create(
        reference=f"LZ-{world.next():06d}",
        kind="review",
        title="虚构方案",
        division=world.division,
        pack=record,
        state="drafting",
        opened_at=OPENING,
    )


def entered(case: Case, actor: Actor, at: datetime) -> dict[str, Any]:
    """What an act that asks for nothing enters in the file."""

    @act("review.opened/1")
    def step(*, case_id: int, actor: Actor, at: datetime) -> Entry:
        return lock(case_id).enter(actor=actor, at=at, data={"label": "虚构", "clause": ""})

    REGISTRY.pop(f"{step.__module__.split('.')[1]}.step")
    entry = step(case_id=case.pk, actor=actor, at=at)
    data: dict[str, Any] = json.loads(entry.payload.content or "")
    return data


def test_an_entry_of_a_judged_act_names_the_release_of_the_judgements(qingdao: World) -> None:
    case = a_case(qingdao, recorded())

    told = entered(case, qingdao.actor("contractor"), OPENING)

    assert (told["judgement"], "expired" in told) == (1, False)


def test_an_act_in_a_case_whose_rule_has_ended_carries_the_mark(qingdao: World, clock: FixedClock) -> None:
    case = a_case(qingdao, recorded(after(running_cases=True)))
    clock.set(LATER)

    assert entered(case, qingdao.actor("contractor"), LATER)["expired"] == "规则已过试行期"


def test_a_rule_that_ends_its_cases_stops_people_and_not_the_clock(qingdao: World, clock: FixedClock) -> None:
    case = a_case(qingdao, recorded(after(terms=True)))
    clock.set(LATER)

    with pytest.raises(Refused) as caught:
        entered(case, qingdao.actor("contractor"), LATER)

    (reason,) = caught.value.verdict.reasons
    assert (reason.clause.number, "现已期满，已受理的案件不再按本规则办理" in reason.message) == ("五", True)
    assert Case.objects.get(pk=case.pk).entry_count == 0
    assert RefusedAttempt.objects.count() == 1
    assert entered(case, Actor.system(), LATER)["expired"] == "规则已过试行期"


@pytest.fixture
def changed_folder(tmp_path: Path, settings: Any) -> Iterator[Callable[[str, str, str], None]]:
    """``changed_folder(file, written, changed)``: the folder of packs says something else from now on."""

    def change(file: str, written: str, changed: str) -> None:
        copy = tmp_path / "packs"
        shutil.copytree(settings.PACKS_DIRECTORY, copy)
        text = (copy / file).read_text("utf-8")
        assert written in text
        (copy / file).write_text(text.replace(written, changed), "utf-8")
        settings.PACKS_DIRECTORY = copy
        packs.read.cache_clear()
        packs.resolved.cache_clear()
        law.forget()

    yield change
    for cache in (packs.read, packs.resolved):
        cache.cache_clear()
    law.forget()


def test_a_running_case_keeps_the_list_of_severe_defects_it_is_pinned_to(
    qingdao: World, changed_folder: Callable[[str, str, str], None]
) -> None:
    case = a_case(qingdao, recorded())
    changed_folder("cn/defects.toml", "SD-G-01", "SD-G-99")

    kept = defect_list(Case.objects.get(pk=case.pk))

    assert "SD-G-01" in {defect.id for defect in kept.defects}
    assert "SD-G-99" in {defect.id for defect in packs.resolved("cn").defects.defects}


def test_a_running_case_keeps_the_range_of_works_it_is_pinned_to(
    qingdao: World, changed_folder: Callable[[str, str, str], None]
) -> None:
    case = a_case(qingdao, recorded())
    changed_folder("cn/works.toml", 'id = "PIT-1"', 'id = "PIT-9"')

    kept = {row.work.id for row in thresholds(Case.objects.get(pk=case.pk).law).rows}

    assert ("PIT-1" in kept, "PIT-9" in kept) == (True, False)
    assert "PIT-9" in {row.work.id for row in thresholds(None).rows}
