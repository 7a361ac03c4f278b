"""Projects, parties and works: who registers them, and how works are graded."""

import pytest

from lunheng.accounts.models import Account, Seat
from lunheng.cases.acts import REGISTRY
from lunheng.cases.models import Party
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused
from lunheng.ledger.models import RefusedAttempt
from lunheng.works.models import HazardousWork, Project
from tests.factories.refusals import refusal
from tests.factories.world import build
from tests.plans.hand import Hand

PLACE = "第十二条"


def registered(hand: Hand, kind: str, parameters: dict[str, object]) -> HazardousWork:
    """A work of this kind on a new project."""
    project = hand.project()
    made: HazardousWork = hand.act(
        "contractor",
        "works.register_work",
        project_id=project.pk,
        name="分部分项工程",
        kind=kind,
        parameters=parameters,
    )
    return made


def test_a_contractor_who_registers_a_project_is_its_general_contractor(qingdao: Hand) -> None:
    project = qingdao.project(parties=("supervisor",))

    assert [(one.organization.code, one.role) for one in project.parties.order_by("role")] == [
        (qingdao.world.unit("contractor").code, "contractor"),
        (qingdao.world.unit("supervisor").code, "supervisor"),
    ]
    assert project.file.entry_count == 1


@pytest.mark.parametrize(
    ("role", "own", "place"),
    [
        (Role.STATION, "450100", {"division_id": "370200"}),
        (Role.BUREAU, "450100", {"division_id": "370200"}),
        (Role.DISTRICT, "370203", {"division_id": "370200", "district_id": "370202"}),
    ],
    ids=["the station of another city", "the bureau of another city", "another district"],
)
def test_an_office_registers_no_project_outside_its_territory(
    qingdao: Hand, role: Role, own: str, place: dict[str, str]
) -> None:
    stranger = Actor("x" * 32, role, jurisdiction=own)
    before = Project.objects.count()

    with pytest.raises(Refused) as refusal:
        REGISTRY["works.register_project"].perform(
            name="虚构工程", kind="municipal", address="虚构路 2 号", **place, actor=stranger, at=qingdao.now
        )

    assert refusal.value.verdict.reasons[0].message == "不属于您的辖区"
    assert Project.objects.count() == before


def test_a_project_lies_in_a_district_of_its_own_city(qingdao: Hand) -> None:
    build("nanning", experts=1)
    given = {"name": "虚构工程", "kind": "municipal", "address": "虚构路 2 号", "division_id": "370200"}

    with pytest.raises(Refused, match="区县不在所选的市内"):
        qingdao.act("contractor", "works.register_project", **given, district_id="450100")


@pytest.mark.parametrize("seat", ["subcontractor", "owner", "supervisor", "expert:0"])
def test_nobody_else_registers_a_project(qingdao: Hand, seat: str) -> None:
    arguments = {
        "name": "虚构工程",
        "kind": "municipal",
        "division_id": "370200",
        "address": "虚构路 2 号",
    }

    assert qingdao.refused(seat, "works.register_project", **arguments) == [PLACE]
    assert RefusedAttempt.objects.get().act == "works.register_project"


def test_a_party_that_joins_during_a_review_joins_its_case_and_the_panel_is_checked_anew(
    qingdao: Hand,
) -> None:
    project = qingdao.project(parties=("supervisor",))
    review = qingdao.review(qingdao.work(project))

    qingdao.act(
        "contractor",
        "works.add_party",
        project_id=project.pk,
        organization_code=qingdao.world.unit("monitor").code,
        role="monitor",
    )

    assert Party.objects.filter(case=review.case, role="monitor", left_at=None).count() == 1
    deadline = review.case.deadlines.get(name="panels.recheck_relations")
    assert deadline.due_at == qingdao.now
    assert deadline.clause == "《" + review.case.law.clause("recusal.parties").document + "》二（四）"


def test_the_log_in_of_a_unit_may_act_in_the_role_that_the_unit_takes_on(qingdao: Hand) -> None:
    unit = qingdao.world.unit("monitor")
    login = Account.objects.create_account(phone="+8619900099002", name=unit.name, kind="legal")
    Seat.objects.create(account=login, role="owner", organization=unit)

    qingdao.project(parties=("monitor",))

    assert sorted(login.seats.values_list("role", flat=True)) == ["monitor", "owner"]


def test_two_parties_that_join_one_after_the_other_ask_for_one_check(qingdao: Hand) -> None:
    project = qingdao.project(parties=("supervisor",))
    review = qingdao.review(qingdao.work(project))

    for role in ("monitor", "designer"):
        qingdao.act(
            "contractor",
            "works.add_party",
            project_id=project.pk,
            organization_code=qingdao.world.unit(role).code,
            role=role,
        )

    assert review.case.deadlines.filter(name="panels.recheck_relations").count() == 1


def test_another_contractor_does_not_add_parties(qingdao: Hand) -> None:
    project = qingdao.project()
    code = qingdao.world.unit("subcontractor").code

    assert qingdao.refused(
        "stranger", "works.add_party", project_id=project.pk, organization_code=code, role="subcontractor"
    ) == [PLACE]


def test_a_party_is_not_registered_twice_in_a_role(qingdao: Hand) -> None:
    project = qingdao.project()
    code = qingdao.world.unit("supervisor").code

    assert qingdao.refused(
        "contractor", "works.add_party", project_id=project.pk, organization_code=code, role="supervisor"
    ) == [PLACE]


def test_a_party_that_leaves_leaves_the_running_review(qingdao: Hand) -> None:
    project = qingdao.project()
    review = qingdao.review(qingdao.work(project))

    qingdao.act(
        "contractor",
        "works.remove_party",
        project_id=project.pk,
        organization_code=qingdao.world.unit("monitor").code,
        role="monitor",
    )

    assert Party.objects.get(case=review.case, role="monitor").left_at == qingdao.now


def test_the_general_contractor_stays_while_a_review_runs(qingdao: Hand) -> None:
    project = qingdao.project()
    qingdao.review(qingdao.work(project))
    code = qingdao.world.unit("contractor").code

    assert (
        qingdao.why(
            "contractor",
            "works.remove_party",
            project_id=project.pk,
            organization_code=code,
            role="contractor",
        )
        == "有论证正在进行，不能注销施工总承包单位"
    )


@pytest.mark.parametrize(
    ("depth", "grade", "clauses"),
    [
        ("2.99", "ordinary", []),
        ("3", "hazardous", ["附件一第一项（一）"]),
        ("4.99", "hazardous", ["附件一第一项（一）"]),
        ("5", "over_scale", ["附件一第一项（一）", "附件二第一项"]),
    ],
)
def test_a_pit_is_graded_by_its_depth_with_the_clause(
    qingdao: Hand, depth: str, grade: str, clauses: list[str]
) -> None:
    calm = {
        "is_geology_complex": False,
        "are_surroundings_complex": False,
        "are_pipes_complex": False,
        "affects_adjacent_buildings": False,
    }
    work = registered(qingdao, "deep_pit", {"depth": depth, **calm})

    assert work.risk_level == grade
    assert [hit["clause"].partition("》")[2] for hit in work.hits] == clauses


def test_a_shallow_pit_in_difficult_ground_is_decided_by_a_person(qingdao: Hand) -> None:
    project = qingdao.project()
    arguments = {
        "project_id": project.pk,
        "name": "浅基坑",
        "kind": "deep_pit",
        "parameters": {"depth": "2.5", "affects_adjacent_buildings": True},
    }

    assert qingdao.refused("contractor", "works.register_work", **arguments) == ["附件一第一项（二）"]


def test_the_decision_of_a_person_needs_its_reason(qingdao: Hand) -> None:
    given = {"depth": "2.5", "affects_adjacent_buildings": True, "is_judged_hazardous": True}
    project = qingdao.project()
    arguments = {"project_id": project.pk, "name": "浅基坑", "kind": "deep_pit", "parameters": given}

    assert qingdao.why("contractor", "works.register_work", **arguments) == "判定是否属于危大工程须记录理由"
    work = qingdao.act("contractor", "works.register_work", **arguments, judgement="紧邻虚构小学围墙")
    assert (work.risk_level, work.judgement) == ("hazardous", "紧邻虚构小学围墙")


def test_works_are_not_graded_while_a_deciding_parameter_is_unknown(qingdao: Hand) -> None:
    project = qingdao.project()

    message = qingdao.why(
        "contractor",
        "works.register_work",
        project_id=project.pk,
        name="塔吊安装",
        kind="lifting",
        parameters={
            "installs_lifting_machinery": True,
            "is_unconventional": False,
            "uses_lifting_machinery": False,
        },
    )

    assert message.startswith("还缺少会影响判定的参数：所安装拆卸起重机械的额定起重量")


def test_words_that_the_annex_does_not_know_are_refused(qingdao: Hand) -> None:
    project = qingdao.project()
    arguments = {"project_id": project.pk, "name": "某工程", "kind": "castle", "parameters": {}}

    assert qingdao.refused("contractor", "works.register_work", **arguments) == ["附件一、附件二"]


def test_g12_a_party_is_known_by_its_code_however_it_is_typed(qingdao: Hand) -> None:
    project, unit = qingdao.project(), qingdao.world.unit("tester")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in unit.code.lower())

    qingdao.act(
        "contractor",
        "works.add_party",
        project_id=project.pk,
        organization_code=f" {wide}\u200b",
        role="tester",
    )

    assert project.parties.filter(organization=unit, role="tester").count() == 1


def test_g1_a_code_that_is_none_says_what_is_wrong_with_it(qingdao: Hand) -> None:
    given = {"project_id": qingdao.project().pk, "role": "monitor", "organization_code": "91370202MA990000I1"}

    with refusal("works.add_party", qingdao.world.actor("contractor").reference) as verdicts:
        qingdao.act("contractor", "works.add_party", **given)

    [reason] = verdicts[0].reasons
    assert reason.message == "没有这一统一社会信用代码的单位"
    assert "不用I、O、Z、S、V" in reason.remedy
