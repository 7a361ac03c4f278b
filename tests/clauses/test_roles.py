"""职责: who supervises, who keeps the pool, who organizes."""

import pytest

from lunheng.experts.models import Expert
from lunheng.ledger.models import RefusedAttempt
from lunheng.plans.models import Review
from lunheng.procedures.models import Proceeding
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


@pytest.mark.clause("NN-二(一)b/self or agency")
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


@pytest.mark.clause("NN-二(一)b/within the entrustment")
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


@pytest.mark.clause("NN-二(一)b/no change once confirmed")
def test_no_change_of_organizer_once_an_expert_is_confirmed(nanning: Story) -> None:
    nanning.ready()
    nanning.panel()
    assert nanning.as_("contractor").refused(
        "plans.entrust_agency", review_id=nanning.review_id, agency_code=nanning.world.unit("agency").code
    ) == [nn("二（一）")]


@pytest.mark.clause("NN-二(一)b/others refused")
@pytest.mark.parametrize("seat", ["owner", "subcontractor"])
def test_neither_owner_nor_subcontractor_starts_a_case(nanning: Story, seat: str) -> None:
    nanning.project(parties=("contractor", "supervisor", "owner", "subcontractor"))
    nanning.work()
    assert nanning.as_(seat).refused("plans.open_review", work_id=nanning.work_id, title="方案") == [
        nn("二（一）")
    ]
    assert Review.objects.count() == 0


@pytest.mark.clause("NN-二(一)a/pool refused", "QD-二(一)b/renew and remove")
@pytest.mark.parametrize("seat", ["contractor", "agency", "district"])
def test_nobody_but_the_keeper_changes_the_pool(city: Story, seat: str) -> None:
    expert = city.world.experts[0]
    clause = {"qingdao": qd, "nanning": nn}[city.world.city]("二（一）")
    assert city.as_(seat).refused(
        "experts.change_state", expert_id=expert.pk, state="suspended", reason="试"
    ) == [clause]
    assert Expert.objects.get(pk=expert.pk).membership.state == "active"


@pytest.mark.clause("NN-二(一)a/pool", "QD-二(一)b/renew and remove")
def test_the_keeper_changes_the_pool(city: Story) -> None:
    expert = city.world.experts[0]
    city.as_("station").done(
        "experts.change_state", expert_id=expert.pk, state="suspended", reason="本人申请暂停"
    )
    assert Expert.objects.get(pk=expert.pk).membership.state == "suspended"


def apply(story: Story, identity: str) -> Proceeding:
    """A person with an account asks to enter the pool, online."""
    story.world.add_person("applicant")
    data = {
        "name": "虚构·申请人",
        "identity_number": identity,
        "organization_code": story.world.unit("expert-unit-1").code,
        "title": "高级工程师",
        "has_senior_title": True,
        "years": 20,
        "specialties": ["geotechnics"],
        "evidence": [story.upload("applicant", "证书.pdf", kind="proof")],
        "is_voluntary" if story.world.city == "nanning" else "is_true": True,
    }
    story.as_("applicant").done(
        "pools.open_proceeding", pool_id=story.world.pool.pk, procedure="admission", data=data
    )
    return Proceeding.objects.latest("pk")


@pytest.mark.clause("QD-一(二)c/apply")
def test_an_expert_applies_online_and_enters_the_pool_when_the_station_accepts(qingdao: Story) -> None:
    matter = apply(qingdao, "370202198506150000")
    before = Expert.objects.filter(name="虚构·申请人").count()
    qingdao.as_("station").done(
        "procedures.take_step",
        proceeding_id=matter.pk,
        step="approval",
        outcome="accept",
        data={"has_rich_experience": False},
    )
    qingdao.sweep()
    assert (before, Expert.objects.get(name="虚构·申请人").membership.state) == (0, "active")


@pytest.mark.parametrize("seat", ["contractor", "agency"])
@pytest.mark.parametrize(("step", "outcome"), [("notice", "post"), ("publication", "publish")])
def test_neither_client_nor_agency_posts_or_publishes(
    nanning: Story, seat: str, step: str, outcome: str
) -> None:
    """The answer does not tell them that there is such a matter; the attempt that is kept names 二（一）."""
    matter = apply(nanning, "450102198506150005")
    answer = nanning.as_(seat).act(
        "procedures.take_step", proceeding_id=matter.pk, step=step, outcome=outcome
    )
    kept = RefusedAttempt.objects.latest("pk").reasons
    assert (answer.status_code, nn("二（一）") in [one["clause"] for one in kept]) == (403, True)
    assert Proceeding.objects.get(pk=matter.pk).step == "approval"
