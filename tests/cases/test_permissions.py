"""What no city's rule speaks of is cited from the platform's own pack."""

from lunheng.cases.permissions import NO_CITY_RULE
from lunheng.jurisdictions import packs


def test_the_platforms_own_clause_is_in_its_pack() -> None:
    pack = packs.read("platform")
    title = next(source.title for source in pack.sources.values() if source.main)
    assert (NO_CITY_RULE.document, NO_CITY_RULE.number) == (title, pack.rules["platform.access"].clause)
