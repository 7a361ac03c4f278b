"""An authority with offices of its own on three levels: who sees a review, and who may then do what, is in its pack.
A second review in the next county stands beside the first, and whoever is of there has nothing here."""

from datetime import date

import pytest

from lunheng.accounts.models import Account, Seat
from lunheng.accounts.sessions import actor_in
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_as_office, may_supervise
from lunheng.core.actor import Actor, Role
from lunheng.core.policy import POWERS, read_pack, resolve
from lunheng.desk.queries.listing import visible_cases
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.pools.models import Pool
from lunheng.pools.permissions import may_change, may_read
from lunheng.pools.permissions import may_supervise as may_contribute
from tests.cases.test_territory import RULES
from tests.conftest import OPENING
from tests.factories.places import make_places

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
OFFICES = """
[offices.region_bureau]
title = "虚疆住建厅"
level = "region"
function = "authority"
charge = "territory"

[offices.region_center]
title = "虚疆建管中心"
level = "region"
function = "center"
commissioned_by = "region_bureau"

[offices.prefecture_bureau]
title = "州住建局"
level = "prefecture"
function = "authority"
charge = "territory"

[offices.county_bureau]
title = "县住建局"
level = "county"
function = "authority"
charge = "territory"

[offices.observer]
title = "虚疆应急厅观察员"
level = "region"
function = "observer"
charge = "territory"

[powers.decide_sister]
clause = "五"
offices = ["prefecture_bureau", "county_bureau"]

[powers.remove_member]
clause = "六"
offices = ["prefecture_bureau"]

[powers.erase_content]
clause = "七"
offices = ["region_bureau"]

[powers.change_pool]
clause = "三"
offices = ["region_center"]

[powers.read_pool]
clause = "四"
offices = ["region_center", "region_bureau", "prefecture_bureau"]

[powers.contribute_chance]
clause = "八"
offices = ["region_bureau"]
"""
RULE = (
    '[roles.supervision]\nclause = "二"\ncity_run = "prefecture_bureau"\nother = "county_bureau"\n'
    'overall = ["region_bureau", "prefecture_bureau", "observer"]\n'
)
DECIDE = {"decide_sister", "remove_member", "erase_content"}
MAY = {
    ("region_bureau", "650000"): {"see", "erase_content"},
    ("region_center", "650000"): set(),
    ("observer", "650000"): {"see"},
    ("prefecture_bureau", "653100"): {"see", "decide_sister", "remove_member"},
    ("prefecture_bureau", "650100"): set(),
    ("county_bureau", "653101"): {"see", "decide_sister"},
    ("county_bureau", "653130"): set(),
    ("county_bureau", "653100"): set(),
    ("station", "653100"): set(),
}
"""Office and place → what it may in the review of 653101 that is not run by the prefecture."""
KEEPS = {
    ("region_bureau", "650000"): {"read", "contribute"},
    ("region_center", "650000"): {"read", "change"},
    ("observer", "650000"): set(),
    ("prefecture_bureau", "653100"): {"read"},
    ("county_bureau", "653101"): set(),
    ("region_center", "653100"): {"read"},
    ("region_center", "370200"): set(),
    ("region_bureau", "370200"): set(),
}  # fmt: skip
"""Office and place → what it may with the pool of 650000."""


def texts() -> dict[str, str]:
    coverage = RULES["scope.toml"].partition("[roles.supervision]")[0]
    return RULES | {"scope.toml": coverage + RULE, "offices.toml": OFFICES}


@pytest.fixture
def here(clock: FixedClock) -> Case:
    """The review of a county; its twin is in the next county of the same prefecture."""
    law.forget()
    make_places()
    pack = packs.record(resolve(read_pack(texts()), packs.read("cn"), packs.read("platform")), at=OPENING)
    made = [
        Case.objects.create(
            reference=f"LZ-{district}", kind="review", title=district, division_id="653100", district_id=district,
            pack=pack, state="drafting", opened_at=OPENING, requested_on=date(2025, 6, 2),
        )
        for district in ("653101", "653130")
    ]  # fmt: skip
    return made[0]


@pytest.fixture
def pool(here: Case) -> Pool:
    file = Case.objects.create(
        reference="K-650000",
        kind="pool",
        title="虚疆专家库",
        division_id="650000",
        state="open",
        opened_at=OPENING,
    )
    return Pool.objects.create(
        file=file, key="xu", name="虚疆专家库", division_id="650000", pack_id="xu-2025"
    )


def sitting(office: str, place: str) -> Actor:
    """Somebody in this office, as a log-in makes the actor."""
    account = Account.objects.create_account(phone=None, name="虚构")
    role = Role(office) if office == "station" else Role.OFFICE
    named = None if office == "station" else office
    return actor_in(Seat.objects.create(account=account, role=role.value, office=named, division_id=place))


@pytest.mark.parametrize(("who", "may"), MAY.items(), ids=["-".join(who) for who in MAY])
def test_to_watch_is_not_yet_to_decide(here: Case, who: tuple[str, str], may: set[str]) -> None:
    actor = sitting(*who)
    found = {power for power in DECIDE if may_as_office(actor, here, power).is_allowed}
    found |= {"see"} if may_supervise(actor, here).is_allowed else set()
    listed = "653101" in visible_cases(actor).values_list("title", flat=True)
    assert (found, listed) == (may, "see" in may)


@pytest.mark.parametrize("who", MAY, ids=["-".join(who) for who in MAY])
def test_the_review_next_door_is_shown_to_those_of_there_and_above(here: Case, who: tuple[str, str]) -> None:
    twin = Case.objects.get(title="653130")
    sees = {"region_bureau", "observer", "prefecture_bureau", "county_bureau"}
    is_above = (who[0] in sees and who[1] in {"650000", "653130"}) or who == ("prefecture_bureau", "653100")
    assert may_supervise(sitting(*who), twin).is_allowed is is_above


@pytest.mark.parametrize(
    "power", sorted(POWERS.keys() - DECIDE - {"change_pool", "read_pool", "contribute_chance"})
)
def test_what_the_pack_gives_to_nobody_by_name_its_rule_of_supervision_gives(here: Case, power: str) -> None:
    """Of the powers over a review; what has a rule of its own and is not said is nobody's."""
    has = {
        office: may_as_office(sitting(office, place), here, power).is_allowed
        for office, place in MAY
        if office != "station"
    }
    own_rule = power in {"admit_member", "publish_pool", "decide_off_platform"}
    assert has["region_bureau"] is (not own_rule)
    assert has["region_center"] is False


def test_the_refusal_names_the_clause_and_the_offices(here: Case) -> None:
    verdict = may_as_office(sitting("county_bureau", "653101"), here, "remove_member")
    assert [(one.clause.number, one.message, one.value) for one in verdict.reasons if one.remedy] == [
        ("六", "把专家移出专家组只能由州住建局办理", "县住建局")
    ]


@pytest.mark.parametrize(("who", "may"), KEEPS.items(), ids=["-".join(who) for who in KEEPS])
def test_who_keeps_the_pool_is_in_the_pack(pool: Pool, who: tuple[str, str], may: set[str]) -> None:
    actor = sitting(*who)
    asked = {"read": may_read, "change": may_change, "contribute": may_contribute}
    assert {name for name, ask in asked.items() if ask(actor, pool, OPENING).is_allowed} == may


def test_an_office_is_what_its_seat_says(here: Case) -> None:
    actor = sitting("county_bureau", "653101")
    assert (actor.role, actor.office, actor.capacity, actor.role.is_office) == (
        Role.OFFICE, "county_bureau", "county_bureau", True,
    )  # fmt: skip
    assert (sitting("station", "653100").capacity, Actor("x", Role.EXPERT).capacity) == ("station", "expert")
