"""The whole demo, from the mark to the last act."""

from collections.abc import Callable
from datetime import datetime, timedelta

from lunheng.demo.building.applications import applications
from lunheng.demo.building.people import introduce_experts
from lunheng.demo.building.stage import Stage
from lunheng.demo.building.stories import stories
from lunheng.demo.building.world import make_world
from lunheng.demo.clock import usual_clock
from lunheng.demo.models import Mark
from lunheng.jobs import clock, entropy
from lunheng.ledger import registers

AGE = timedelta(days=540)
"""How long ago the pools were set up."""


def fill(now: datetime, *, experts: int = 2000, tell: Callable[[str], None] = lambda line: None) -> None:
    """Fill an empty, migrated database with the demo as it stands at ``now``; ``tell`` hears how far it has come."""
    mark = Mark.objects.create(built_at=now)
    try:
        peopled = make_world(now - AGE, experts=experts, tell=tell)
        stage = Stage(now, tell)
        told = [story for people in peopled.values() for story in stories(stage, people)]
        told += [story for people in peopled.values() for story in applications(stage, people)]
        stage.play(told)
        for people in peopled.values():
            introduce_experts(people.city)
        registers.take_over(now)
    finally:
        clock.install(usual_clock())
        entropy.install_system()
    mark.finished_at = now
    mark.save(update_fields=("finished_at",))
