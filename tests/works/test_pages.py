"""Pages of projects and works."""

from typing import Any

import pytest

from lunheng.works.models import HazardousWork, Project
from tests.plans.hand import Hand, reads


def get(hand: Hand, seat: str, path: str, **data: Any) -> str:
    """A page that opens."""
    response = hand.world.client(seat).get(path, **data)
    assert response.status_code == 200, response.status_code
    page: str = response.content.decode()
    return page


def post(hand: Hand, seat: str, path: str, status: int, **data: Any) -> str:
    """A form that is sent; the page that answers, with this status."""
    response = hand.world.client(seat).http.post(path, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_a_project_is_registered_from_its_form(qingdao: Hand) -> None:
    assert "所在城市" in get(qingdao, "contractor", "/projects/new/")

    post(
        qingdao,
        "contractor",
        "/projects/new/",
        302,
        name="虚构路地下通道工程",
        kind="municipal",
        division_id="370200",
        district_id="370202",
        address="虚构路 1 号",
    )

    assert (Project.objects.get().division_id, Project.objects.get().is_city_run) == ("370200", False)


def test_an_incomplete_form_keeps_what_was_typed(qingdao: Hand) -> None:
    page = post(qingdao, "contractor", "/projects/new/", 422, name="虚构路地下通道工程")

    assert "没有提交，请先改正以下内容" in page
    assert 'value="虚构路地下通道工程"' in page


def test_the_project_page_names_the_rule_that_applies(qingdao: Hand) -> None:
    project = qingdao.project()

    page = get(qingdao, "contractor", f"/projects/{project.pk}/")

    assert "青岛市市政公用工程专项施工方案专家论证规则（2025.1）" in page


@pytest.mark.clause("QD-一(二)a")
def test_the_project_page_of_housing_says_why_there_is_none(qingdao: Hand) -> None:
    project = qingdao.project("housing")

    assert "青岛市没有覆盖房屋建筑工程的政策包" in get(qingdao, "contractor", f"/projects/{project.pk}/")


def test_a_party_joins_and_leaves_on_pages_of_their_own(qingdao: Hand) -> None:
    project = qingdao.project(parties=("supervisor",))
    code = qingdao.world.unit("monitor").code
    post(
        qingdao,
        "contractor",
        f"/projects/{project.pk}/parties/new/",
        302,
        organization_code=code,
        role="monitor",
    )
    party = project.parties.get(role="monitor")
    path = f"/projects/{project.pk}/parties/{party.pk}/remove/"
    assert "不再以“监测单位”参与本工程" in get(qingdao, "contractor", path)

    post(qingdao, "contractor", path, 302)

    assert project.parties.get(role="monitor").left_at == qingdao.now


def test_the_wizard_asks_first_for_the_kind_and_then_only_its_parameters(qingdao: Hand) -> None:
    project = qingdao.project()
    path = f"/projects/{project.pk}/works/new/"

    assert "起重吊装及起重机械安装拆卸工程" in get(qingdao, "contractor", path)
    page = get(qingdao, "contractor", path, kind="deep_pit")
    assert ("开挖深度（m）" in page, "单件起吊重量" in page) == (True, False)


@pytest.mark.parametrize(
    ("depth", "words"),
    [("2", "不属于危大工程"), ("3", "附件一第一项（一）"), ("5", "附件二第一项"), ("", "还不能确定")],
)
def test_the_grade_is_shown_with_its_clause_while_typing(qingdao: Hand, depth: str, words: str) -> None:
    project = qingdao.project()

    page = post(
        qingdao, "contractor", f"/projects/{project.pk}/works/grade/", 200, kind="deep_pit", depth=depth
    )

    assert words in page


def test_without_script_a_button_shows_the_grade(qingdao: Hand) -> None:
    project = qingdao.project()
    path = f"/projects/{project.pk}/works/new/"

    page = post(qingdao, "contractor", path, 200, kind="deep_pit", name="竖井", depth="6", preview="1")

    assert "超过一定规模的危大工程，须专家论证" in page
    assert HazardousWork.objects.count() == 0


def test_a_work_is_registered_with_its_grade(qingdao: Hand) -> None:
    project = qingdao.project()
    path = f"/projects/{project.pk}/works/new/"

    post(qingdao, "contractor", path, 302, kind="deep_pit", name="竖井", depth="6")

    work = HazardousWork.objects.get()
    assert (work.is_over_scale, work.parameters["depth"]) == (True, "6")
    assert "附件二第一项" in get(qingdao, "contractor", f"/works/{work.pk}/")


def test_a_judgement_is_asked_for_on_the_page(qingdao: Hand) -> None:
    project = qingdao.project()
    path = f"/projects/{project.pk}/works/new/"
    given = {"kind": "deep_pit", "name": "浅坑", "depth": "2.5", "affects_adjacent_buildings": "on"}

    assert "需要由人决定" in post(qingdao, "contractor", path, 403, **given)
    judged = {**given, "is_judged_hazardous": "yes", "judgement": "紧邻虚构小学围墙"}
    post(qingdao, "contractor", path, 302, **judged)

    assert HazardousWork.objects.get().risk_level == "hazardous"


@pytest.mark.clause("QD-二(一)a")
def test_a_city_run_project_appears_to_the_station_and_not_to_its_district(qingdao: Hand) -> None:
    qingdao.project(name="市直管工程", is_city_run=True)
    qingdao.project(name="市南工程", is_city_run=False)

    assert "市直管工程" in get(qingdao, "station", "/projects/")
    page = get(qingdao, "district", "/projects/")
    assert ("市直管工程" in page, "市南工程" in page) == (False, True)
    assert "市南工程" not in get(qingdao, "other_district", "/projects/")


@pytest.mark.parametrize("seat", ["stranger", "public", "expert:0"])
def test_others_do_not_open_a_project(qingdao: Hand, seat: str) -> None:
    project = qingdao.project()

    assert qingdao.world.client(seat).get(f"/projects/{project.pk}/").status_code == 403


def test_an_empty_list_says_how_projects_come_about(qingdao: Hand) -> None:
    assert "施工单位登记工程后" in get(qingdao, "owner", "/projects/")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_thirty(qingdao: Hand, rows: int) -> None:
    for number in range(rows):
        qingdao.project(name=f"虚构工程{number}")
    queries, page = reads(qingdao.world.client("station"), "/projects/", "works_project")

    assert (queries, page.count('data-label="工程名称"')) == (3, min(rows, 25))


def test_d14_only_the_districts_of_the_city_asked_are_offered(qingdao: Hand) -> None:
    from lunheng.jurisdictions.models import Division

    city, _ = Division.objects.get_or_create(code="410100", defaults={"name": "郑州市"})
    Division.objects.get_or_create(code="410102", defaults={"name": "中原区", "parent": city})

    own, other = (
        get(qingdao, "contractor", "/projects/new/"),
        get(qingdao, "contractor", "/projects/new/", division_id="410100"),
    )

    assert ('value="370202"' in own, 'value="410102"' in own) == (True, False)
    assert ('value="370202"' in other, 'value="410102"' in other) == (False, True)
