"""One standing: the membership says who serves, row by row and in one query alike, on every day around its instants."""

from datetime import date, timedelta

import pytest
from django.apps import apps

from lunheng.experts.models import Expert
from lunheng.experts.queries import eligible
from lunheng.jobs.clock import FixedClock
from lunheng.pools.models import Membership
from lunheng.portal.queries import register
from tests.factories.world import build

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 1), date(2026, 9, 1)
DAY = timedelta(days=1)
SERVES = [
    ({}, FIRST - DAY, False),
    ({}, FIRST, True),
    ({}, LAST - DAY, True),
    ({}, LAST, False),
    ({"ends_on": None}, date(2099, 1, 1), True),
    ({"state": "suspended"}, FIRST, False),
    ({"state": "removed"}, FIRST, False),
    ({"barred_from": date(2026, 5, 1), "barred_until": date(2026, 6, 1)}, date(2026, 4, 30), True),
    ({"barred_from": date(2026, 5, 1), "barred_until": date(2026, 6, 1)}, date(2026, 5, 1), False),
    ({"barred_from": date(2026, 5, 1), "barred_until": date(2026, 6, 1)}, date(2026, 6, 1), False),
    ({"barred_from": date(2026, 5, 1), "barred_until": date(2026, 6, 1)}, date(2026, 6, 2), True),
    ({"barred_from": date(2026, 5, 1), "ends_on": None}, date(2056, 5, 1), False),
]


@pytest.mark.parametrize(("facts", "on", "serves"), SERVES)
def test_register_portal_and_draw_ask_the_same_standing(
    clock: FixedClock, facts: dict[str, object], on: date, serves: bool
) -> None:
    world = build("qingdao", experts=2)
    Membership.objects.update(**{"appointed_on": FIRST, "ends_on": LAST, **facts})
    one = Membership.objects.get(expert=world.experts[0])
    by_query = Expert.objects.filter(Membership.serving(on)).count() == 2
    answers = (
        one.serves(on),
        by_query,
        eligible(world.pool, on).count() == 2,
        register(on).count() == 2,
    )
    assert answers == (serves,) * 4


@pytest.mark.parametrize(
    ("facts", "finishes"),
    [
        ({}, True),
        ({"state": "suspended"}, False),
        ({"state": "removed"}, False),
        ({"barred_from": FIRST}, False),
    ],
)
def test_a_term_that_ran_out_lets_work_be_finished_and_nothing_else_does(
    facts: dict[str, object], finishes: bool
) -> None:
    one = Membership(**{"appointed_on": FIRST, "ends_on": LAST, "state": "active", **facts})
    assert (one.may_finish(LAST + DAY), one.serves(LAST + DAY)) == (finishes, False)


def test_nowhere_else_is_a_state_or_a_term_of_an_expert_kept() -> None:
    names = {field.name for field in apps.get_model("experts", "Expert")._meta.get_fields()}
    assert names & {"state", "appointed_on", "ends_on", "barred_from", "barred_until"} == set()
