"""The law of a day: one question to the database, and never an older answer than the database has."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.conf import settings

from lunheng.core.policy import ResolvedPack, read_pack, resolve
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.models import PackRecord, RegionalHoliday
from tests.conftest import OPENING
from tests.factories.world import World, build

Counted = Callable[[int], AbstractContextManager[object]]
TODAY = OPENING.date()
WEDNESDAY = date(2025, 6, 4)

pytestmark = pytest.mark.sqlite


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> World:
    """Qingdao with the packs of the folder on record."""
    return build("qingdao", experts=0)


def next_version(pack_id: str, status: str = "in_force") -> ResolvedPack:
    """The pack of the folder as its next version."""
    texts = packs.folder_texts(settings.PACKS_DIRECTORY / pack_id)
    head = re.sub(r'version = ".*"', 'version = "next"', texts["pack.toml"])
    texts["pack.toml"] = re.sub(r'status = ".*"', f'status = "{status}"', head)
    return resolve(read_pack(texts), packs.read("cn"), packs.read("platform"))


def in_force_today() -> dict[str, str]:
    """Pack and version of everything in force."""
    return {record.pack_id: record.version for record in law.all_in_force(TODAY)}


def test_a_pack_that_has_just_been_recorded_counts_at_once(qingdao: World) -> None:
    before = in_force_today()
    packs.record(next_version("qingdao-2025"), at=OPENING)
    assert in_force_today() == {**before, "qingdao-2025": "next"}


def test_a_draft_is_not_in_force_though_it_is_the_newest(qingdao: World) -> None:
    before = in_force_today()
    packs.record(next_version("qingdao-2025", status="draft"), at=OPENING)
    assert in_force_today() == before


def test_before_its_first_day_a_pack_is_not_in_force(qingdao: World) -> None:
    record = next(one for one in law.all_in_force(TODAY) if one.pack_id == "qingdao-2025")
    assert record.effective_from is not None
    day_before = record.effective_from - timedelta(days=1)
    assert "qingdao-2025" not in {one.pack_id for one in law.all_in_force(day_before)}
    assert "qingdao-2025" in {one.pack_id for one in law.all_in_force(record.effective_from)}


def test_however_many_packs_there_are_one_question_is_asked(
    qingdao: World, django_assert_num_queries: Counted
) -> None:
    assert len(law.all_in_force(TODAY)) > 1
    with django_assert_num_queries(1):
        law.all_in_force(TODAY)


def test_a_law_that_counts_no_days_does_not_ask_for_the_calendar(
    qingdao: World, django_assert_num_queries: Counted
) -> None:
    digest = PackRecord.objects.filter(pack_id="qingdao-2025").latest("loaded_at").digest
    law.of(digest)
    with django_assert_num_queries(0):
        assert law.of(digest).digest == digest
    with django_assert_num_queries(1):
        assert law.of(digest).calendar.is_working_day(WEDNESDAY, "370200")


def test_a_day_off_that_has_just_been_entered_counts_in_the_next_law(qingdao: World) -> None:
    digest = PackRecord.objects.filter(pack_id="qingdao-2025").latest("loaded_at").digest
    assert law.of(digest).calendar.is_working_day(WEDNESDAY, "370200")
    RegionalHoliday.objects.create(
        region="370200", day=WEDNESDAY, is_working_day=False, notice="虚构通知", entered_at=OPENING
    )
    assert not law.of(digest).calendar.is_working_day(WEDNESDAY, "370200")
