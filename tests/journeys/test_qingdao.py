"""青岛: one plan from the registration of the project to the start of works, on the screens of everybody concerned."""

import pytest

from tests.journeys.people import People
from tests.journeys.preparing import prepare

pytestmark = [pytest.mark.journey]


@pytest.mark.sqlite
def test_a_plan_from_registration_to_works(qingdao: People) -> None:
    prepare(qingdao)
