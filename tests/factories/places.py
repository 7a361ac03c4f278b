"""A region with everything that a code does not say: counties under prefectures, a city of its own directly below the
region, a unit and a zone with codes of their own; beside it a municipality and another province."""

from lunheng.core.actor import Actor, Role
from lunheng.jurisdictions.models import Division

PLACES = {
    "650000": ("虚疆自治区", "", "region"),
    "650100": ("虚木市", "650000", "prefecture"),
    "650102": ("虚木市天山区", "650100", "county"),
    "653100": ("虚喀地区", "650000", "prefecture"),
    "653101": ("虚喀市", "653100", "county"),
    "653130": ("虚楚县", "653100", "county"),
    "659001": ("虚河子市", "650000", "county"),
    "900800": ("兵团虚八师", "650000", "prefecture"),
    "370191": ("虚木高新区", "650100", "county"),
    "110000": ("虚京市", "", "region"),
    "110105": ("虚京市朝阳区", "110000", "county"),
    "370000": ("虚东省", "", "region"),
    "370200": ("虚岛市", "370000", "prefecture"),
    "370202": ("虚岛市市南区", "370200", "county"),
}
"""Code → name, parent, level. 659001 is directly below the region; the code of the zone looks like another province's."""


def make_places() -> None:
    """Every division of the table."""
    for code, (name, parent, level) in PLACES.items():
        Division.objects.create(code=code, name=name, parent_id=parent or None, level=level)


def office(role: Role, place: str) -> Actor:
    """An office of a place."""
    return Actor(f"{role.value}-{place}", role, jurisdiction=place, auth="test")
