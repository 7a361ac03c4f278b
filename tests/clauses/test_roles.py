"""职责: who supervises, who keeps the pool, who organizes."""

import pytest

from lunheng.experts.models import Expert
from lunheng.plans.models import Review
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import qingdao as qd
from tests.factories.story import Story


def opened(story: Story, *, is_city_run: bool) -> Story:
    story.project(is_city_run=is_city_run)
    story.work()
    story.review()
    return story


@pytest.mark.clause("QD-二(一)a")
@pytest.mark.parametrize(("is_city_run", "seat"), [(True, "station"), (False, "district")])
def test_a_project_appears_to_the_office_that_supervises_it(
    qingdao: Story, is_city_run: bool, seat: str
) -> None:
    opened(qingdao, is_city_run=is_city_run)
    assert qingdao.as_(seat).get(f"/cases/{qingdao.case_id}/").status_code == 200
    assert "深基坑专项施工方案" in qingdao.as_(seat).get("/cases/").content.decode()


@pytest.mark.clause("QD-二(一)a")
@pytest.mark.parametrize(
    ("is_city_run", "seat"), [(False, "station"), (True, "district"), (False, "other_district")]
)
def test_another_office_is_refused_with_the_clause(qingdao: Story, is_city_run: bool, seat: str) -> None:
    opened(qingdao, is_city_run=is_city_run)
    answer = qingdao.as_(seat).get(f"/api/cases/{qingdao.case_id}")
    assert (answer.status_code, [one["clause"] for one in answer.json()["reasons"]]) == (
        403,
        [qd("二（一）")],
    )
    assert "深基坑专项施工方案" not in qingdao.as_(seat).get("/cases/").content.decode()


@pytest.mark.clause("NN-二(一)b")
def test_the_general_contractor_organizes_itself_or_entrusts_an_agency(nanning: Story) -> None:
    nanning.ready()
    page = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/").content.decode()
    assert "组织单位" in page
    entrust(nanning)
    page = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/").content.decode()
    assert "委托单位" in page


def entrust(story: Story, agency: str = "agency") -> int:
    """Entrust and accept; returns the entrustment."""
    answer = story.as_("contractor").done(
        "plans.entrust_agency", review_id=story.review_id, agency_code=story.world.unit(agency).code
    )
    story.as_(agency).done("plans.accept_entrustment", entrustment_id=answer["id"])
    return int(answer["id"])


@pytest.mark.clause("NN-二(一)b")
def test_an_agency_acts_only_within_an_accepted_entrustment(nanning: Story) -> None:
    nanning.ready()
    answer = nanning.as_("contractor").done(
        "plans.entrust_agency", review_id=nanning.review_id, agency_code=nanning.world.unit("agency").code
    )
    assert nanning.as_("agency").refused("plans.request_panel", **nanning.request_body()) == [nn("二（一）")]
    nanning.as_("agency").done("plans.accept_entrustment", entrustment_id=answer["id"])
    assert nanning.as_("agency_two").refused("plans.request_panel", **nanning.request_body()) == [
        nn("二（一）")
    ]
    nanning.as_("agency").done("plans.request_panel", **nanning.request_body())


@pytest.mark.clause("NN-二(一)b")
def test_no_change_of_organizer_once_an_expert_is_confirmed(nanning: Story) -> None:
    nanning.ready()
    nanning.panel()
    assert nanning.as_("contractor").refused(
        "plans.entrust_agency", review_id=nanning.review_id, agency_code=nanning.world.unit("agency").code
    ) == [nn("二（一）")]


@pytest.mark.clause("NN-二(一)b")
@pytest.mark.parametrize("seat", ["owner", "subcontractor"])
def test_neither_owner_nor_subcontractor_starts_a_case(nanning: Story, seat: str) -> None:
    nanning.project(parties=("contractor", "supervisor", "owner", "subcontractor"))
    nanning.work()
    assert nanning.as_(seat).refused("plans.open_review", work_id=nanning.work_id, title="方案") == [
        nn("二（一）")
    ]
    assert Review.objects.count() == 0


@pytest.mark.clause("NN-二(一)a/pool refused", "QD-二(一)b")
@pytest.mark.parametrize("seat", ["contractor", "agency", "district"])
def test_nobody_but_the_keeper_changes_the_pool(city: Story, seat: str) -> None:
    expert = city.world.experts[0]
    clause = {"qingdao": qd, "nanning": nn}[city.world.city]("二（一）")
    assert city.as_(seat).refused(
        "experts.change_state", expert_id=expert.pk, state="suspended", reason="试"
    ) == [clause]
    assert Expert.objects.get(pk=expert.pk).membership.state == "active"


@pytest.mark.clause("NN-二(一)a/pool", "QD-二(一)b")
def test_the_keeper_changes_the_pool(city: Story) -> None:
    expert = city.world.experts[0]
    city.as_("station").done(
        "experts.change_state", expert_id=expert.pk, state="suspended", reason="本人申请暂停"
    )
    assert Expert.objects.get(pk=expert.pk).membership.state == "suspended"
