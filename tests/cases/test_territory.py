"""Who supervises which review and which project, on every level: what a list shows is what may be opened, and both are
what the table says. Another province with its own review stands beside and is never seen."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest

from lunheng.cases.models import Case
from lunheng.cases.permissions import may_supervise
from lunheng.core.actor import Actor, Role
from lunheng.core.policy import read_pack, resolve
from lunheng.desk.queries.listing import visible_cases
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.models import PackRecord
from lunheng.works.models import Project
from lunheng.works.permissions import may_oversee, visible_projects
from tests.conftest import OPENING
from tests.factories.places import make_places, office

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Counted = Callable[[int], AbstractContextManager[object]]
RULES = {
    "pack.toml": 'id = "xu-2025"\ntitle = "虚疆规则"\nversion = "1"\nstatus = "in_force"\nparent = "cn"\nterritory_title = "虚疆"',
    "sources.toml": '[rule]\nmain = true\ntitle = "虚疆规则"\nissuer = "虚疆住建厅"',
    "scope.toml": (
        '[scope.coverage]\nclause = "一"\nfrom_clause = "一"\nproject_kinds = ["municipal"]\nterritory = "650000"\n'
        'from_on = 2020-01-01\n[roles.supervision]\nclause = "二"\ncity_run = "station"\nother = "district"\n'
        'overall = ["bureau"]\n'
    ),
}
MATTERS = {
    "county": ("653100", "653101", False),
    "next county": ("653100", "653130", False),
    "run by the prefecture": ("653100", "653101", True),
    "directly below the region": ("659001", None, False),
    "capital": ("650100", "650102", False),
    "unit of its own": ("900800", None, False),
    "development zone": ("650100", "370191", False),
    "municipality": ("110000", "110105", False),
    "other province": ("370200", "370202", False),
}
"""Division, district, whether the city runs it."""
REGION = {
    "county", "next county", "run by the prefecture", "directly below the region", "capital", "unit of its own",
    "development zone",
}  # fmt: skip
SEES = {
    (Role.BUREAU, "650000"): REGION,
    (Role.STATION, "650000"): {"run by the prefecture"},
    (Role.DISTRICT, "650000"): set(),
    (Role.BUREAU, "653100"): {"county", "next county", "run by the prefecture"},
    (Role.STATION, "653100"): {"run by the prefecture"},
    (Role.DISTRICT, "653100"): set(),
    (Role.BUREAU, "653101"): {"county", "run by the prefecture"},
    (Role.DISTRICT, "653101"): {"county"},
    (Role.DISTRICT, "653130"): {"next county"},
    (Role.BUREAU, "650100"): {"capital", "development zone"},
    (Role.DISTRICT, "650102"): {"capital"},
    (Role.DISTRICT, "370191"): {"development zone"},
    (Role.BUREAU, "659001"): {"directly below the region"},
    (Role.DISTRICT, "659001"): {"directly below the region"},
    (Role.STATION, "659001"): set(),
    (Role.BUREAU, "900800"): {"unit of its own"},
    (Role.BUREAU, "110000"): {"municipality"},
    (Role.DISTRICT, "110105"): {"municipality"},
    (Role.BUREAU, "370000"): {"other province"},
    (Role.DISTRICT, "370202"): {"other province"},
    (Role.BUREAU, "990000"): set(),
    (Role.BUREAU, ""): set(),
}  # fmt: skip


def names_of(offices: dict[tuple[Role, str], set[str]]) -> list[str]:
    return [f"{role.value}-{place}" for role, place in offices]


@pytest.fixture
def pack(clock: FixedClock) -> PackRecord:
    law.forget()
    make_places()
    return packs.record(resolve(read_pack(RULES), packs.read("cn"), packs.read("platform")), at=OPENING)


@pytest.fixture
def reviews(pack: PackRecord) -> dict[str, Case]:
    return {name: a_case(name, "review", pack) for name in MATTERS}


@pytest.fixture
def projects(pack: PackRecord) -> dict[str, Project]:
    return {name: a_project(name) for name in MATTERS}


def a_case(name: str, kind: str, pack: PackRecord | None = None) -> Case:
    division, district, is_city_run = MATTERS[name]
    return Case.objects.create(
        reference=f"{kind}-{name}",
        kind=kind,
        title=name,
        division_id=division,
        district_id=district,
        is_city_run=is_city_run,
        pack=pack,
        state="drafting" if kind == "review" else "open",
        opened_at=datetime.fromisoformat("2025-06-02T09:00:00+08:00"),
        requested_on=date(2025, 6, 2),
    )


def a_project(name: str) -> Project:
    file = a_case(name, "project")
    return Project.objects.create(
        file=file,
        name=name,
        kind="municipal",
        division_id=file.division_id,
        district_id=file.district_id,
        is_city_run=file.is_city_run,
        address="虚构路",
        created_at=OPENING,
    )


@pytest.mark.parametrize(("who", "seen"), SEES.items(), ids=names_of(SEES))
def test_an_office_sees_the_reviews_of_its_territory(
    reviews: dict[str, Case], who: tuple[Role, str], seen: set[str]
) -> None:
    actor = office(*who)
    opened = {name for name, case in reviews.items() if may_supervise(actor, case).is_allowed}
    listed = set(visible_cases(actor).values_list("title", flat=True))
    assert (opened, listed) == (seen, seen)


@pytest.mark.parametrize(("who", "seen"), SEES.items(), ids=names_of(SEES))
def test_an_office_sees_the_projects_of_its_territory(
    projects: dict[str, Project], who: tuple[Role, str], seen: set[str]
) -> None:
    """Where no rule applies (the municipality, the other province) the territory alone decides."""
    actor = office(*who)
    opened = {name for name, project in projects.items() if may_oversee(actor, project).is_allowed}
    listed = set(visible_projects(actor).values_list("name", flat=True))
    assert (opened, listed) == (seen, seen)


@pytest.mark.parametrize("place", ["650000", "653100"])
def test_a_list_asks_as_many_questions_for_one_as_for_all(
    pack: PackRecord, place: str, django_assert_num_queries: Counted
) -> None:
    actor = office(Role.BUREAU, place)
    a_case("county", "review", pack)
    a_project("county")
    assert [case.law.title for case in visible_cases(actor)] == ["虚疆规则"]  # read once, then in memory
    for number in (1, len(MATTERS)):
        with django_assert_num_queries(2):
            list(visible_cases(actor))
        with django_assert_num_queries(4):
            list(visible_projects(actor))
        if number == 1:
            for name in MATTERS.keys() - {"county"}:
                a_case(name, "review", pack)
                a_project(name)


def test_a_county_is_told_by_which_clause_the_city_has_its_own_project(reviews: dict[str, Case]) -> None:
    verdict = may_supervise(office(Role.DISTRICT, "653101"), reviews["run by the prefecture"])
    assert [(reason.clause.number, reason.value) for reason in verdict.reasons] == [
        ("二", "区县住房城乡建设主管部门 653101")
    ]


@pytest.mark.parametrize("kind", ["pool", "expert"])
def test_the_files_of_a_pool_are_open_to_the_offices_inside_its_city_and_above(
    pack: PackRecord, kind: str
) -> None:
    file = a_case("county", kind)
    file.district = None
    file.save()
    seen = {
        place
        for place in ("650000", "653100", "653101", "653130", "650100", "659001", "370200", "")
        if may_supervise(office(Role.BUREAU, place), file).is_allowed
    }
    assert seen == {"650000", "653100", "653101", "653130"}


def test_the_file_of_a_project_is_open_to_those_above_it_only(pack: PackRecord) -> None:
    file = a_case("county", "project")
    seen = {
        place
        for place in ("650000", "653100", "653101", "653130", "650100", "659001", "370200", "")
        if may_supervise(office(Role.DISTRICT, place), file).is_allowed
    }
    assert seen == {"650000", "653100", "653101"}


def test_nobody_but_an_office_supervises(reviews: dict[str, Case]) -> None:
    contractor = Actor("c", Role.CONTRACTOR, jurisdiction="650000")
    assert not may_supervise(contractor, reviews["county"]).is_allowed
