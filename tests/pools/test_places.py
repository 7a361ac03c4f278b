"""Who reads a pool: the offices inside its city and those above it, and nobody beside."""

import pytest

from lunheng.cases.models import Case
from lunheng.core.actor import Role
from lunheng.jobs.clock import FixedClock
from lunheng.pools.models import Pool
from lunheng.pools.permissions import may_read
from lunheng.pools.queries import pools_in
from tests.conftest import OPENING
from tests.factories.places import make_places, office

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
POOLS = {"region": "650000", "prefecture": "653100", "twin": "650100", "elsewhere": "370200"}
READS = {
    "650000": ["region", "prefecture", "twin"],
    "653100": ["prefecture", "region"],
    "653101": ["prefecture", "region"],
    "659001": ["region"],
    "900800": ["region"],
    "370191": ["twin", "region"],
    "110000": [],
    "370202": ["elsewhere"],
    "370000": ["elsewhere"],
}


@pytest.fixture(autouse=True)
def pools(clock: FixedClock) -> None:
    make_places()
    for key, place in POOLS.items():
        file = Case.objects.create(
            reference=f"K-{key}", kind="pool", title=key, division_id=place, state="open", opened_at=OPENING
        )
        Pool.objects.create(file=file, key=key, name=key, division_id=place, pack_id="xu-2025")


@pytest.mark.parametrize("place", READS)
def test_an_office_reads_the_pools_around_it_and_inside_its_territory(place: str) -> None:
    """Its own and the nearest first."""
    actor = office(Role.BUREAU, place)
    readable = {pool.key for pool in Pool.objects.all() if may_read(actor, pool, OPENING).is_allowed}
    assert ([pool.key for pool in pools_in(place)], readable) == (READS[place], set(READS[place]))
