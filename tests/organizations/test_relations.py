"""Who stands above whom, at any depth; sisters; interest."""

from datetime import UTC, datetime

import pytest

from lunheng.jurisdictions.models import Division
from lunheng.organizations.models import Control, Organization
from lunheng.organizations.queries import Relation, relations

pytestmark = pytest.mark.django_db
AT = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def group() -> dict[str, Organization]:
    """holding → company → branch; holding → sister; bureau directs institute; friend has an interest in branch."""
    division = Division.objects.create(code="370200", name="青岛市")
    names = ("holding", "company", "branch", "sister", "bureau", "institute", "friend", "stranger")
    units = {
        name: Organization.objects.create(code=f"9137{index:014d}", name=name, division=division)
        for index, name in enumerate(names)
    }
    for upper, lower, kind in (
        ("holding", "company", "ownership"),
        ("company", "branch", "ownership"),
        ("holding", "sister", "ownership"),
        ("bureau", "institute", "administration"),
        ("friend", "branch", "interest"),
    ):
        Control.objects.create(superior=units[upper], subordinate=units[lower], kind=kind, recorded_at=AT)
    return units


@pytest.mark.parametrize(
    ("unit", "party", "expected"),
    [
        ("branch", "holding", [Relation("subordinate", ("branch", "company", "holding"))]),
        ("holding", "branch", [Relation("superior", ("holding", "company", "branch"))]),
        ("institute", "bureau", [Relation("subordinate", ("institute", "bureau"))]),
        ("branch", "sister", [Relation("sister", ("branch", "company", "holding", "sister"))]),
        ("branch", "friend", [Relation("interest", ("branch", "friend"))]),
        ("branch", "stranger", []),
        ("branch", "branch", []),
    ],
)
def test_a_relation_is_found_with_its_path(
    group: dict[str, Organization], unit: str, party: str, expected: list[Relation]
) -> None:
    assert relations(group[unit].code, [group[party].code]) == expected
