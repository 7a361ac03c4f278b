"""A store of its own for every test, and a review with its parties."""

from pathlib import Path

import pytest
from pytest_django import Settings

from lunheng.cases.models import Case, Participant, Party
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import PackRecord
from tests.factories import world as worlds
from tests.factories.world import World


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Where this test's files lie; the site has no policy unless the test makes one."""
    settings.FILES_DIRECTORY = tmp_path / "files"
    settings.LEDGER_POLICY = str(tmp_path / "no-policy.txt")
    return tmp_path / "files"


@pytest.fixture
def world(db: None, clock: FixedClock) -> World:
    """Qingdao with three experts."""
    return worlds.build("qingdao", experts=3)


@pytest.fixture
def case(world: World, clock: FixedClock) -> Case:
    """A review of the contractor and the supervisor; the first expert is a member."""
    case = Case.objects.create(
        reference="LZ-370200-2026-000001",
        kind=Case.Kind.REVIEW,
        title="深基坑专项施工方案",
        division=world.division,
        district=world.district,
        is_city_run=True,
        pack=PackRecord.objects.filter(pack_id="qingdao-2025").latest("loaded_at"),
        state="confirming",
        opened_at=clock.now(),
    )
    for role in ("contractor", "supervisor"):
        Party.objects.create(case=case, organization=world.unit(role), role=role, joined_at=clock.now())
    Participant.objects.create(
        case=case, expert=world.experts[0].reference, is_member=True, joined_at=clock.now()
    )
    return case
