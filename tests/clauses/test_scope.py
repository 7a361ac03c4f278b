"""适用范围: which reviews are judged by which notice, and what happens when rules change."""

from datetime import datetime

import pytest

from lunheng.cases.models import Case
from lunheng.plans.models import Review
from tests.clauses.documents import qingdao as qd
from tests.factories.story import Story

SHANGHAI = "+08:00"


def moment(text: str) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat(f"{text}{SHANGHAI}")


def pinned(story: Story) -> str | None:
    """The pack that the case names."""
    answer = story.as_("contractor").get(f"/api/cases/{story.case_id}").json()
    return str(answer["pack"])


@pytest.mark.clause("QD-一(一)")
def test_a_review_of_the_day_of_issue_is_judged_by_the_notice(qingdao: Story) -> None:
    qingdao.clock.set(moment("2025-01-08T09:00:00"))
    qingdao.project()
    qingdao.work()
    qingdao.review()
    assert pinned(qingdao) == "qingdao-2025"


@pytest.mark.clause("QD-一(一)")
def test_a_review_of_the_day_before_is_not(qingdao: Story) -> None:
    qingdao.clock.set(moment("2025-01-07T09:00:00"))
    qingdao.project()
    qingdao.work()
    assert qingdao.as_("contractor").refused("plans.open_review", work_id=qingdao.work_id, title="方案") == [
        qd("一（一）")
    ]
    assert Case.objects.filter(kind="review").count() == 0


@pytest.mark.clause("QD-一(一)")
def test_the_case_page_names_pack_and_version(qingdao: Story) -> None:
    qingdao.project()
    qingdao.work()
    qingdao.review()
    page = qingdao.as_("contractor").get(f"/cases/{qingdao.case_id}/").content.decode()
    assert "青岛市市政公用工程专项施工方案专家论证规则" in page
    assert "版本 2025.1" in page


@pytest.mark.clause("QD-一(一)b/proof")
def test_what_ran_before_enters_only_with_proof_of_the_engagement(qingdao: Story) -> None:
    qingdao.project()
    qingdao.work()
    body = {
        "work_id": qingdao.work_id,
        "title": "启用前方案",
        "requested_on": "2025-01-07",
        "meeting_on": "2025-01-10",
    }
    assert qingdao.as_("contractor").refused("plans.enter_legacy_review", **body, proof_document_id=None) == [
        qd("一（一）")
    ]
    assert Review.objects.count() == 0


@pytest.mark.clause("QD-一(一)b/marked")
def test_with_proof_it_is_marked_and_shown_to_the_station(qingdao: Story) -> None:
    qingdao.project()
    qingdao.work()
    answer = qingdao.as_("contractor").done(
        "plans.enter_legacy_review",
        work_id=qingdao.work_id,
        title="启用前方案",
        requested_on="2025-01-07",
        meeting_on="2025-01-10",
        proof_document_id=qingdao.upload("contractor", "约定证明.pdf", kind="proof"),
    )
    review = Review.objects.get(pk=answer["id"])
    page = qingdao.as_("station").get(f"/cases/{review.case_id}/").content.decode()
    assert (review.is_legacy, "启用前" in page) == (True, True)


@pytest.mark.clause("QD-一(一)b/running", "NN-一c/running")
def test_a_running_case_keeps_its_version_to_its_closing(city: Story, newer_pack: object) -> None:
    city.ready(kind="municipal")
    city.panel()
    before = Case.objects.get(pk=city.case_id).pack_id
    newer_pack(city)  # type: ignore[operator]
    city.conclude()
    assert (Case.objects.get(pk=city.case_id).pack_id, city.state()) == (before, "passed")


@pytest.mark.clause("QD-一(一)b/re-review", "NN-一c/re-review")
def test_a_new_review_takes_the_version_then_in_force(city: Story, newer_pack: object) -> None:
    city.ready(kind="municipal")
    city.panel()
    city.conclude("not_approved")
    failed = Case.objects.get(pk=city.case_id)
    newer = newer_pack(city)  # type: ignore[operator]
    city.review(previous_case_id=failed.pk)
    again = Case.objects.get(pk=city.case_id)
    assert (again.pack_id, again.previous_id, failed.pack_id == newer.digest) == (
        newer.digest,
        failed.pk,
        False,
    )


@pytest.mark.clause("QD-一(二)a")
@pytest.mark.parametrize("kind", ["municipal", "rail"])
def test_municipal_works_and_rail_get_the_pack(qingdao: Story, kind: str) -> None:
    qingdao.project(kind=kind)
    qingdao.work()
    qingdao.review()
    assert pinned(qingdao) == "qingdao-2025"


@pytest.mark.clause("QD-一(二)a")
def test_housing_is_not_taken_and_the_page_says_so(qingdao: Story) -> None:
    qingdao.project(kind="housing")
    qingdao.work()
    assert qingdao.as_("contractor").refused("plans.open_review", work_id=qingdao.work_id, title="方案") == [
        qd("一（二）")
    ]
    page = qingdao.as_("contractor").get(f"/projects/{qingdao.project_id}/").content.decode()
    assert "房屋建筑工程" in page
    assert "没有适用的政策包" in page


@pytest.mark.clause("NN-一a")
@pytest.mark.parametrize("kind", ["housing", "municipal"])
def test_nanning_takes_every_kind_from_the_print_date_on(nanning: Story, kind: str) -> None:
    nanning.clock.set(moment("2019-06-19T09:00:00"))
    nanning.project(kind=kind)
    nanning.work()
    nanning.review()
    page = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/").content.decode()
    assert (pinned(nanning), "版本 2019.1" in page) == ("nanning-2019", True)


@pytest.mark.clause("NN-一a")
def test_nanning_does_not_take_a_review_of_the_day_before(nanning: Story) -> None:
    nanning.clock.set(moment("2019-06-18T09:00:00"))
    nanning.project()
    nanning.work()
    assert (
        nanning.as_("contractor").act("plans.open_review", work_id=nanning.work_id, title="方案").status_code
        == 403
    )
    assert Case.objects.filter(kind="review").count() == 0
