"""Every public act, tried by every wrong seat at the moment and with the words with which the right one performs it."""

from collections.abc import Iterator
from typing import Any

import pytest

from lunheng.cases.acts import REGISTRY
from tests.access.probing import PERFORMERS, ProbedStory, Probes
from tests.access.staging import stopped_clock, undone
from tests.access.walking import settle, tell_nanning, tell_qingdao
from tests.factories.world import build

pytestmark = pytest.mark.django_db
PUBLIC = sorted(name for name, spec in REGISTRY.items() if spec.is_public)


@pytest.fixture(scope="module")
def probes(django_db_setup: None, django_db_blocker: Any) -> Iterator[Probes]:
    """Both cities' ways, told once."""
    found = Probes()
    with django_db_blocker.unblock(), stopped_clock() as clock, undone():
        for city, tell in (("qingdao", tell_qingdao), ("nanning", tell_nanning)):
            world = build(city)
            settle(world, clock)
            story = ProbedStory(world, clock, probes=found)
            story.meet()
            tell(story)
        yield found


def test_every_public_act_has_a_row() -> None:
    assert sorted(PERFORMERS) == PUBLIC


def test_every_public_act_was_tried(probes: Probes) -> None:
    assert sorted(probes.tried) == PUBLIC


@pytest.mark.clause("QD-四(二)1b/others refused")
def test_no_wrong_seat_performs_an_act_or_changes_anything(probes: Probes) -> None:
    assert probes.faults == []
