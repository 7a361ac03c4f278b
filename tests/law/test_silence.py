"""No hole is a permission: what a city of three files leaves open is refused, and the layers searched are named."""

import pytest

from lunheng.cases.models import Case
from lunheng.cases.permissions import may_supervise
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused
from lunheng.core.policy import RULES, Rule, Silence
from lunheng.core.policy.law import PLATFORM_RULES, STANDING
from lunheng.core.policy.rules.draws import DrawMode, Lottery
from lunheng.core.policy.rules.plans import Delivery
from lunheng.core.policy.silence import HOLES as KINDS_OF_HOLES
from lunheng.core.policy.silence import holes, unsaid
from lunheng.core.verdict import Outcome, Reason, Verdict
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions import packs
from lunheng.jurisdictions.models import Division
from tests.law.packs import law as law_of
from tests.law.packs import pack
from tests.law.packs import resolved as layers_of
from tests.law.three_files import HOLES, LAYERS, law, resolved

UNSAID = Clause("论衡平台运行规则", "第十五条", "规则没有规定的事项")
CITIES = ["qingdao-2025", "nanning-2019"]


def refusal(matter: str) -> tuple[Outcome, tuple[Reason, ...]]:
    message = f"{LAYERS}都没有规定“{matter}”，在规则写明之前不得办理"
    remedy = f"请主管部门在当地规则中写明“{matter}”，由平台管理员载入后再办理"
    return Outcome.REFUSED, (Reason(UNSAID, message, remedy, "未作规定"),)


def answer(verdict: Verdict) -> tuple[Outcome, tuple[Reason, ...]]:
    return verdict.outcome, verdict.reasons


ASKED: dict[str, dict[str, object]] = {
    "roles.supervision": {
        "city_run": False,
        "project_division": "370200",
        "project_district": "370202",
        "actor_role": "bureau",
        "actor_division": "370200",
        "actor_level": "prefecture",
        "places": ["370202", "370200", "370000"],
    },
    "roles.pool": {"actor_role": "station", "action": "change"},
    "draw.mode": {"picked": 5, "outside_push": []},
    "report.compiler": {"is_leader": True, "has_leader": True, "is_member": True, "is_organizer": True},
    "record.upload": {"present": ["report"], "actor_role": "contractor", "mode": "on_site"},
}


@pytest.mark.parametrize("key", HOLES)
def test_a_power_that_no_layer_gives_is_refused_naming_the_layers_searched(key: str) -> None:
    assert answer(law().judge(key, **ASKED[key])) == refusal(RULES[key].heading)


def test_a_city_of_three_files_has_exactly_these_holes() -> None:
    found = [(problem.file, problem.key, problem.line) for problem in holes(resolved())]

    assert found == [
        ("roles.toml", "roles.supervision", 0),
        ("roles.toml", "roles.pool", 0),
        ("draw.toml", "draw.mode", 0),
        ("report.toml", "report.compiler", 0),
        ("record.toml", "record.upload", 0),
    ]


def test_who_keeps_the_pool_may_stand_in_the_table_of_powers_instead() -> None:
    acts = ("admit_member", "change_pool", "publish_pool")
    office = '[offices.station]\ntitle = "监督站"\nlevel = "prefecture"\nfunction = "center"\n'
    powers = office + "".join(f'[powers.{act}]\nclause = "三"\noffices = ["station"]\n' for act in acts)

    def keys(text: str) -> list[str]:
        return [problem.key for problem in holes(resolved({"offices.toml": text}))]

    assert (keys(powers), keys(powers.partition("[powers.publish_pool]")[0])) == (
        [key for key in HOLES if key != "roles.pool"],
        HOLES,
    )


@pytest.mark.parametrize("city", CITIES)
def test_a_city_of_the_product_leaves_no_hole(city: str) -> None:
    assert list(holes(layers_of(city))) == []


def test_what_is_left_to_people_and_to_nobody_is_told() -> None:
    assert (unsaid(law_of("qingdao-2025").pack, Silence.PERSON), unsaid(resolved(), Silence.PERSON)) == (
        ["论证机构的条件（roles.agency）", "专家评分（rating.once）"],
        [
            "新旧衔接（scope.transition）",
            "论证机构的条件（roles.agency）",
            "增选专家（panel.extras）",
            "专家组组长（panel.leader）",
            "补位（confirmation.backfill）",
            "专家评分（rating.once）",
        ],
    )


def test_what_needs_a_decision_is_for_a_person_and_what_is_no_duty_is_allowed() -> None:
    verdicts = [
        law().judge("panel.extras", extras=1, touched=True),
        law().judge("draw.units", units=[("甲", "示例院"), ("乙", "示例院")]),
    ]

    assert [(one.outcome, one.reasons[0].clause, one.reasons[0].message) for one in verdicts] == [
        (Outcome.FOR_A_PERSON, UNSAID, f"{LAYERS}都没有规定“增选专家”，须由人决定"),
        (Outcome.ALLOWED, UNSAID, f"{LAYERS}都没有规定“不同单位”，没有这项义务"),
    ]


def test_a_rule_that_is_needed_is_there_or_the_silence_is_refused() -> None:
    assert law().demand(Lottery).hash == "sha256"
    with pytest.raises(Refused) as caught:
        law().demand(DrawMode)
    assert answer(caught.value.verdict) == refusal("抽取方式")


def test_an_option_is_not_demanded() -> None:
    with pytest.raises(AssertionError, match=r"plan\.delivery may be silent"):
        law().demand(Delivery)


def test_the_clause_of_silence_is_the_platforms_own_and_the_same_for_packs_stored_before_it() -> None:
    stored = Clause(PLATFORM_RULES, STANDING.clause, STANDING.title)

    assert (law().clause("roles.pool"), stored) == (UNSAID, UNSAID)


def test_every_layer_that_speaks_for_a_silent_city_says_that_it_is_our_reading() -> None:
    ours = {
        key: rule.assumption is not None
        for key, rule in pack("platform").rules.items()
        if not key.startswith(("platform.", "draw.lottery", "confirmation."))
    }

    assert ours == dict.fromkeys(
        [
            "scope.platform_only",
            "draw.by_hand",
            "report.validity",
            "panel.confirmed_list",
            "meeting.mode",
            "conduct.confidential_report",
            "supervision.off_platform",
            "security.login",
            "security.organization_workspace",
            "security.expert_workspace",
            "security.secrecy",
            "security.plan_access",
        ],
        True,
    )


def test_powers_secrecy_and_signatures_are_never_free() -> None:
    powers = {
        "roles.supervision",
        "roles.pool",
        "scope.platform_only",
        "draw.mode",
        "panel.confirmed_list",
        "confirmation.contacts",
        "report.compiler",
        "report.signature",
        "record.upload",
        "supervision.off_platform",
        "conduct.confidential_report",
        "security.login",
        "security.organization_workspace",
        "security.expert_workspace",
        "security.secrecy",
        "security.plan_access",
        "platform.access",
    }

    assert {kind.key for kind in RULES.values() if kind.silence is Silence.REFUSE} == powers
    assert {Silence.FLOOR, Silence.REFUSE} == KINDS_OF_HOLES
    assert [kind for kind in RULES.values() if "silence" not in vars(kind)] == []
    assert "silence" not in vars(Rule)


# The same city as the product runs it


@pytest.fixture
def case(db: None, clock: FixedClock) -> Case:
    """A review that runs under the three files."""
    laws.forget()
    record = packs.record(resolved(), at=clock.now())
    return Case.objects.create(
        reference="LZ-370200-2026-000001",
        kind=Case.Kind.REVIEW,
        title="深基坑专项施工方案",
        division=Division.objects.create(code="370200", name="空白市"),
        pack=record,
        state="reporting",
        opened_at=clock.now(),
    )


OFFICES = [
    (role, place)
    for role in (Role.STATION, Role.BUREAU, Role.DISTRICT)
    for place in ("370200", "370202", "450100")
]


@pytest.mark.parametrize(("role", "place"), OFFICES)
def test_no_office_of_any_city_supervises_its_reviews(case: Case, role: Role, place: str) -> None:
    office = Actor("office", role, name="虚构·监督", jurisdiction=place)

    assert answer(may_supervise(office, case)) == refusal("监督分工")
