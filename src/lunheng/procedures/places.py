"""岗位所在: which county's, prefecture's or region's office takes a step, by where whoever applies is at home."""

from collections.abc import Iterable

from lunheng.core.policy import Law
from lunheng.core.policy.offices import LEVELS
from lunheng.jurisdictions import territory
from lunheng.jurisdictions.models import Division

WIDTH = {level: width for width, level in enumerate(LEVELS)}
"""The widest is the least."""


def divisions_of(law: Law, offices: Iterable[str], home: str, place: str) -> dict[str, str | None]:
    """For each office the division in which it acts on a matter of a pool at ``home`` about somebody at ``place``; None
    where the place has no such office."""
    upward, around = territory.chain(home), territory.chain(place)
    known = dict(Division.objects.filter(pk__in={*upward, *around}).values_list("pk", "level"))
    own = WIDTH[known.get(home) or "prefecture"]
    found: dict[str, str | None] = {}
    for office in offices:
        level = law.level_of(office)
        if not level or WIDTH[level] == own:
            found[office] = home
        elif WIDTH[level] < own:
            found[office] = _at(level, upward, known)
        else:
            found[office] = _at(level, around, known) if home in around else None
    return found


def _at(level: str, codes: Iterable[str], known: dict[str, str | None]) -> str | None:
    return next((code for code in codes if known.get(code) == level), None)
