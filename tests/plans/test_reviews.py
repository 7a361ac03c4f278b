"""A review begins: who may, under which law, after what."""

from datetime import date, datetime

import pytest

from lunheng.cases.models import Case
from lunheng.plans.models import Review
from tests.plans.hand import Hand


def day(text: str) -> datetime:
    """Noon of a day in China."""
    return datetime.fromisoformat(f"{text}T12:00:00+08:00")


@pytest.mark.clause("QD-一(二)a")
@pytest.mark.parametrize("kind", ["municipal", "rail"])
def test_municipal_and_rail_projects_of_qingdao_get_the_pack(qingdao: Hand, kind: str) -> None:
    review = qingdao.review(qingdao.work(qingdao.project(kind)))

    assert review.case.law.pack_id == "qingdao-2025"
    assert review.case.state == "drafting"


@pytest.mark.clause("QD-一(二)a")
def test_a_housing_project_of_qingdao_is_told_that_no_pack_covers_it(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project("housing"))
    arguments = {"work_id": work.pk, "title": "深基坑专项施工方案"}

    assert qingdao.refused("contractor", "plans.open_review", **arguments) == ["一（二）"]
    assert qingdao.why("contractor", "plans.open_review", **arguments).startswith(
        "青岛市没有覆盖房屋建筑工程的政策包"
    )


@pytest.mark.clause("QD-一(一)")
def test_the_day_before_the_platform_began_is_not_judged_by_it(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project())
    qingdao.clock.set(day("2025-01-07"))
    assert qingdao.refused("contractor", "plans.open_review", work_id=work.pk, title="方案") == ["一（一）"]

    qingdao.clock.set(day("2025-01-08"))
    review = qingdao.review(work)
    assert (review.case.law.pack_id, review.case.requested_on) == ("qingdao-2025", date(2025, 1, 8))


@pytest.mark.clause("NN-一a")
def test_nanning_begins_on_the_day_of_its_notice(nanning: Hand) -> None:
    work = nanning.work(nanning.project("housing"))
    nanning.clock.set(day("2019-06-18"))
    assert nanning.refused("contractor", "plans.open_review", work_id=work.pk, title="方案") == ["一"]

    nanning.clock.set(day("2019-06-19"))
    assert nanning.review(work).case.law.pack_id == "nanning-2019"


@pytest.mark.clause("QD-四(一)1a")
@pytest.mark.parametrize("seat", ["subcontractor", "owner", "supervisor", "agency", "stranger", "station"])
def test_only_the_general_contractor_opens_a_review(qingdao: Hand, seat: str) -> None:
    work = qingdao.work(qingdao.project(parties=("subcontractor", "owner", "supervisor")))

    clauses = qingdao.refused(seat, "plans.open_review", work_id=work.pk, title="方案")

    assert clauses[0] == "四（一）1"
    assert Review.objects.count() == 0


@pytest.mark.clause("NN-二(一)b/others refused")
@pytest.mark.parametrize("seat", ["subcontractor", "owner", "agency"])
def test_in_nanning_neither_subcontractor_nor_owner_nor_a_mere_agency_starts(
    nanning: Hand, seat: str
) -> None:
    work = nanning.work(nanning.project(parties=("subcontractor", "owner")))

    assert nanning.refused(seat, "plans.open_review", work_id=work.pk, title="方案")[0] == "二（一）"


def test_the_case_takes_over_the_parties_of_the_project(qingdao: Hand) -> None:
    review = qingdao.review(qingdao.work(qingdao.project(parties=("supervisor", "owner"))))

    assert sorted(review.case.parties.values_list("role", flat=True)) == ["contractor", "owner", "supervisor"]


def test_works_that_are_not_hazardous_need_no_review(qingdao: Hand) -> None:
    project = qingdao.project()
    calm = {"is_geology_complex": False, "are_surroundings_complex": False, "are_pipes_complex": False}
    work = qingdao.act(
        "contractor",
        "works.register_work",
        project_id=project.pk,
        name="浅沟槽",
        kind="deep_pit",
        parameters={"depth": "1", "affects_adjacent_buildings": False, **calm},
    )

    assert qingdao.refused("contractor", "plans.open_review", work_id=work.pk, title="方案") == ["附件一"]


def test_a_subcontractor_who_writes_the_plan_is_a_party_of_the_project(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project(parties=("subcontractor", "supervisor")))
    author = qingdao.world.unit("subcontractor").code

    review = qingdao.review(work, is_by_subcontractor=True, author_code=author)

    assert review.plan.author.code == author
    assert qingdao.refused(
        "contractor",
        "plans.open_review",
        work_id=work.pk,
        title="方案",
        is_by_subcontractor=True,
        author_code=qingdao.world.unit("stranger").code,
    ) == ["四（一）2"]


@pytest.mark.clause("QD-一(一)b/proof")
class TestEngagedBeforeThePlatformBegan:
    """启用前已约定、会议在启用后召开."""

    def enter(self, hand: Hand, **fields: object) -> dict[str, object]:
        """Arguments for a review of January 2025."""
        work = hand.work(hand.project())
        given = {
            "requested_on": date(2024, 12, 20),
            "meeting_on": date(2025, 1, 15),
            "proof_document_id": None,
        }
        return {"work_id": work.pk, "title": "启用前的方案", **given, **fields}

    def test_it_enters_with_proof_and_is_marked(self, qingdao: Hand) -> None:
        proof = qingdao.document("contractor", "proof")

        review = qingdao.act(
            "contractor", "plans.enter_legacy_review", **self.enter(qingdao, proof_document_id=proof)
        )

        assert (review.is_legacy, review.case.requested_on) == (True, date(2024, 12, 20))
        assert review.case.documents.get().kind == "proof"

    def test_without_proof_it_is_refused(self, qingdao: Hand) -> None:
        arguments = self.enter(qingdao)

        assert qingdao.refused("contractor", "plans.enter_legacy_review", **arguments) == ["一（一）"]

    def test_a_request_after_the_first_day_is_no_old_one(self, qingdao: Hand) -> None:
        proof = qingdao.document("contractor", "proof")
        arguments = self.enter(qingdao, requested_on=date(2025, 1, 8), proof_document_id=proof)

        assert qingdao.refused("contractor", "plans.enter_legacy_review", **arguments) == ["一（一）"]

    def test_nobody_is_drawn_for_it(self, qingdao: Hand) -> None:
        proof = qingdao.document("contractor", "proof")
        review = qingdao.act(
            "contractor", "plans.enter_legacy_review", **self.enter(qingdao, proof_document_id=proof)
        )
        qingdao.approve(qingdao.version(review))

        assert qingdao.refused("contractor", "plans.request_panel", **qingdao.request(review)) == ["一（一）"]


def close(review: Review, state: str, conclusion: str = "") -> None:
    """The review came to this end (the acts of the report are not tried here)."""
    Case.objects.filter(pk=review.case_id).update(state=state)
    Review.objects.filter(pk=review.pk).update(conclusion=conclusion)


@pytest.mark.clause("QD-四(二)4d")
class TestAfterAFailedReview:
    """不通过: rewritten, approved again, reviewed again."""

    def test_the_new_case_is_linked_to_the_failed_one_and_keeps_the_line(self, qingdao: Hand) -> None:
        first = qingdao.ready()
        close(first, "failed", "not_approved")

        second = qingdao.review(first.plan.work, previous_case_id=first.case_id)

        assert second.case.previous_id == first.case_id
        assert second.plan.lineage == first.plan.lineage
        assert qingdao.version(second).number == 2

    def test_the_link_is_made_also_when_nobody_names_the_failed_case(self, qingdao: Hand) -> None:
        first = qingdao.ready()
        close(first, "failed", "not_approved")

        assert qingdao.review(first.plan.work).case.previous_id == first.case_id

    def test_the_plan_that_failed_is_not_reviewed_again(self, qingdao: Hand) -> None:
        first = qingdao.review()
        same = qingdao.document("contractor", text="the same plan")
        qingdao.approve(qingdao.version(first, document_ids=[same]))
        close(first, "failed", "not_approved")
        second = qingdao.review(first.plan.work)
        again = qingdao.document("contractor", text="the same plan")
        qingdao.approve(qingdao.version(second, document_ids=[again]))

        assert qingdao.refused("contractor", "plans.request_panel", **qingdao.request(second)) == [
            "四（二）4"
        ]

    def test_a_new_version_without_new_approvals_is_refused(self, qingdao: Hand) -> None:
        first = qingdao.ready()
        close(first, "failed", "not_approved")
        second = qingdao.review(first.plan.work)
        qingdao.version(second)

        clauses = qingdao.refused("contractor", "plans.request_panel", **qingdao.request(second))

        assert "四（二）4" in clauses

    def test_with_a_new_version_and_new_approvals_it_has_a_request_of_its_own(self, qingdao: Hand) -> None:
        first = qingdao.ready()
        close(first, "failed", "not_approved")
        second = qingdao.ready(first.plan.work)

        request = qingdao.act("contractor", "plans.request_panel", **qingdao.request(second))

        assert (request.case_id, request.number) == (second.case_id, 1)

    def test_a_review_that_passed_is_not_repeated(self, qingdao: Hand) -> None:
        first = qingdao.ready()
        close(first, "passed", "approved")

        message = qingdao.why(
            "contractor",
            "plans.open_review",
            work_id=first.plan.work_id,
            title="方案",
            previous_case_id=first.case_id,
        )

        assert message == "只有同一危大工程未通过、无效或已变更的论证才能重新论证"


@pytest.mark.clause("NN-序d")
def test_after_a_change_of_the_plan_the_new_case_is_linked_to_the_old_one(nanning: Hand) -> None:
    first = nanning.ready()
    close(first, "superseded", "approved")

    assert nanning.review(first.plan.work).case.previous_id == first.case_id


def test_a_review_that_was_opened_and_left_empty_is_not_opened_again(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project())
    first = qingdao.review(work)
    again = {"work_id": work.pk, "title": first.plan.title}

    assert qingdao.why("contractor", "plans.open_review", **again) == "同名方案的论证已经发起，还没有提交方案"
    assert qingdao.review(work, title="支护变更专项施工方案").plan.work == work
    qingdao.version(first)
    assert qingdao.review(work, title=first.plan.title).pk != first.pk
