"""Days of another age and numbers beyond every measure are told at the field; nothing is kept that could not be read again."""

import pytest

from tests.factories.story import Story
from tests.robustness.conftest import Unchanged

FAR = ["0001-01-01", "1949-12-31", "2200-01-01"]


@pytest.mark.parametrize("day", FAR)
def test_a_term_of_another_age_is_told_at_its_field(qingdao: Story, unchanged: Unchanged, day: str) -> None:
    address = f"/experts/{qingdao.world.experts[0].pk}/term/"
    with unchanged():
        answer = qingdao.as_("station").http.post(address, {"ends_on": day})
    assert (answer.status_code, "年份须在1950与2199之间" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("day", FAR)
def test_a_meeting_of_another_age_is_told_at_its_field(
    qingdao: Story, unchanged: Unchanged, day: str
) -> None:
    qingdao.ready()
    qingdao.panel()
    given = {"mode": "on_site", "place": "虚构路 1 号", "reason": "场地调整", "planned_at": f"{day}T09:00"}
    with unchanged():
        answer = qingdao.as_("contractor").http.post(f"/cases/{qingdao.case_id}/meeting/reschedule/", given)
    assert (answer.status_code, "年份须在1950与2199之间" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("depth", ["1e99999999", "9999999999", "1e-99999999"])
def test_a_measure_beyond_every_site_is_refused_at_screen_and_interface(
    qingdao: Story, unchanged: Unchanged, depth: str
) -> None:
    qingdao.project()
    work = {"name": "深基坑", "kind": "deep_pit"}
    with unchanged():
        page = qingdao.as_("contractor").http.post(
            f"/projects/{qingdao.project_id}/works/new/", {**work, "depth": depth}
        )
        answer = qingdao.as_("contractor").act(
            "works.register_work", project_id=qingdao.project_id, parameters={"depth": depth}, **work
        )
    assert (page.status_code, answer.status_code) == (422, 403)
    assert "应填合理的数值：最多9位整数、6位小数（m）" in answer.json()["reasons"][0]["message"]


@pytest.mark.parametrize("number", ["²", "9" * 4_400])
def test_what_is_no_number_of_a_file_names_none(qingdao: Story, number: str) -> None:
    qingdao.project()
    qingdao.work()
    qingdao.review()
    address = f"/cases/{qingdao.case_id}/plan/submit/"
    answer = qingdao.as_("contractor").http.post(
        address, {"document_ids": number, "has_site_statement": "on"}
    )
    assert answer.status_code in (403, 422)
    assert "方案" in answer.content.decode()


def test_what_is_no_number_of_a_version_is_refused(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.panel()
    qingdao.prereview()
    qingdao.start_meeting()
    qingdao.vote("approved_if_revised")
    qingdao.end_meeting()
    qingdao.sign(qingdao.compile("approved_if_revised"))
    qingdao.upload_results()
    address = f"/cases/{qingdao.case_id}/report/revision/"
    browser = qingdao.as_("contractor").http
    for number in ("²", "9" * 4_400, "0"):
        answer = browser.post(address, {"version_id": number})
        assert (answer.status_code, "须针对论证后修改的新版方案" in answer.content.decode()) == (403, True)
