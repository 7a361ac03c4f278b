"""Versions and approvals: who submits, who signs, when the plan is ready."""

import pytest

from lunheng.cases.models import Case
from lunheng.plans.models import Review
from tests.factories.story import NINE_PARTS
from tests.plans.hand import Hand


def by_subcontractor(hand: Hand) -> Review:
    """A review of a plan that a subcontractor wrote."""
    work = hand.work(hand.project(parties=("subcontractor", "supervisor")))
    author = hand.world.unit("subcontractor").code
    return hand.review(work, is_by_subcontractor=True, author_code=author)


def sign(hand: Hand, seat: str, version_id: int, kind: str, **fields: object) -> dict[str, object]:
    """The arguments of a granted approval with its page."""
    given = {"version_id": version_id, "kind": kind, "is_granted": True, **fields}
    return given if "document_id" in given else {**given, "document_id": hand.document(seat, "approval")}


def test_a_submitted_version_keeps_pages_and_statement_and_waits_for_approvals(qingdao: Hand) -> None:
    review = qingdao.review()

    version = qingdao.version(review)

    assert (version.number, version.parts["acceptance"], version.has_site_statement) == (1, 7, True)
    assert version.site_statement_by == qingdao.world.actor("contractor").reference
    assert qingdao.case(review).state == "approving"
    assert version.documents.get().case_id == review.case_id


@pytest.mark.clause("QD-二(三)1a/plan file")
def test_a_version_without_a_file_is_refused(qingdao: Hand) -> None:
    review = qingdao.review()

    assert qingdao.refused(
        "contractor",
        "plans.submit_version",
        review_id=review.pk,
        document_ids=[],
        parts={},
        has_site_statement=True,
    ) == ["二（三）"]


@pytest.mark.parametrize("seat", ["supervisor", "owner", "subcontractor", "stranger", "agency"])
def test_nobody_else_submits_the_contractors_plan(qingdao: Hand, seat: str) -> None:
    review = qingdao.review()

    assert qingdao.refused(
        seat,
        "plans.submit_version",
        review_id=review.pk,
        document_ids=[qingdao.document(seat)],
        parts={},
        has_site_statement=True,
    ) == ["四（一）2"]


def test_the_subcontractor_who_wrote_the_plan_may_submit_it(qingdao: Hand) -> None:
    review = by_subcontractor(qingdao)

    assert (
        qingdao.version(review, "subcontractor").submitted_by
        == qingdao.world.actor("subcontractor").reference
    )


def test_a_file_of_somebody_else_is_not_submitted(qingdao: Hand) -> None:
    review = qingdao.review()

    message = qingdao.why(
        "contractor",
        "plans.submit_version",
        review_id=review.pk,
        document_ids=[qingdao.document("stranger")],
        parts={},
        has_site_statement=True,
    )

    assert message == "该文件由其他单位上传，不能使用"


@pytest.mark.parametrize("parts", [{"poetry": 3}, {"overview": -1}])
def test_parts_are_the_nine_with_real_pages(qingdao: Hand, parts: dict[str, int]) -> None:
    review = qingdao.review()

    assert qingdao.refused(
        "contractor",
        "plans.submit_version",
        review_id=review.pk,
        document_ids=[qingdao.document("contractor")],
        parts=parts,
        has_site_statement=True,
    ) == ["四（一）2"]


def test_the_two_approvals_make_the_plan_ready(qingdao: Hand) -> None:
    review = qingdao.review()
    version = qingdao.version(review)

    qingdao.approve(version, "technical_director")
    assert qingdao.case(review).state == "approving"

    qingdao.approve(version, "chief_supervisor")
    assert qingdao.case(review).state == "ready"


def test_a_plan_of_a_subcontractor_needs_both_technical_directors(qingdao: Hand) -> None:
    review = by_subcontractor(qingdao)
    version = qingdao.version(review)

    qingdao.approve(version, "technical_director", "chief_supervisor")
    assert qingdao.case(review).state == "approving"

    qingdao.approve(version, "sub_technical_director")
    assert qingdao.case(review).state == "ready"


@pytest.mark.parametrize(
    ("seat", "kind"),
    [
        ("contractor", "technical_director"),
        ("chief_supervisor", "technical_director"),
        ("technical_director", "chief_supervisor"),
        ("supervisor", "chief_supervisor"),
        ("sub_technical_director", "technical_director"),
    ],
)
def test_each_approval_is_signed_by_the_person_in_that_position(qingdao: Hand, seat: str, kind: str) -> None:
    version = qingdao.version(qingdao.review())

    assert qingdao.refused(seat, "plans.approve_version", **sign(qingdao, seat, version.pk, kind)) == [
        "四（一）2"
    ]


def test_an_approval_needs_its_signed_and_sealed_page(qingdao: Hand) -> None:
    version = qingdao.version(qingdao.review())
    arguments = sign(qingdao, "technical_director", version.pk, "technical_director", document_id=None)

    assert (
        qingdao.why("technical_director", "plans.approve_version", **arguments)
        == "同意方案须上传签字盖章的审批页"
    )


def test_a_returned_plan_goes_back_with_a_reason_and_comes_again_as_a_new_version(qingdao: Hand) -> None:
    review = qingdao.review()
    version = qingdao.version(review)
    returned = {"version_id": version.pk, "kind": "chief_supervisor", "is_granted": False}
    assert qingdao.why("chief_supervisor", "plans.approve_version", **returned) == "退回方案须写明理由"

    qingdao.act("chief_supervisor", "plans.approve_version", **returned, reason="监测频率不足")

    assert qingdao.case(review).state == "drafting"
    assert qingdao.version(review).number == 2


def test_a_new_version_needs_approvals_of_its_own(qingdao: Hand) -> None:
    review = qingdao.ready()

    version = qingdao.version(review)

    assert qingdao.case(review).state == "approving"
    assert version.approvals.count() == 0


def test_only_the_newest_version_is_approved(qingdao: Hand) -> None:
    review = qingdao.review()
    first = qingdao.version(review)
    qingdao.version(review)
    arguments = sign(qingdao, "technical_director", first.pk, "technical_director")

    assert qingdao.why("technical_director", "plans.approve_version", **arguments) == "方案已有更新的版本"


def test_an_approval_is_given_once(qingdao: Hand) -> None:
    version = qingdao.version(qingdao.review())
    qingdao.approve(version, "technical_director")
    arguments = sign(qingdao, "technical_director", version.pk, "technical_director")

    assert qingdao.why("technical_director", "plans.approve_version", **arguments) == "本版方案已经过这一审批"


def test_a_plan_of_the_contractor_has_no_subcontractors_approval(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project(parties=("subcontractor", "supervisor")))
    version = qingdao.version(qingdao.review(work))
    kind = "subcontractor_technical_director"

    assert qingdao.refused(
        "sub_technical_director",
        "plans.approve_version",
        **sign(qingdao, "sub_technical_director", version.pk, kind),
    ) == ["四（一）2", "四（一）2"]


def test_during_the_meeting_the_plan_stays_as_it_is(qingdao: Hand) -> None:
    review = qingdao.ready()
    Case.objects.filter(pk=review.case_id).update(state="meeting")

    assert qingdao.refused(
        "contractor",
        "plans.submit_version",
        review_id=review.pk,
        document_ids=[qingdao.document("contractor")],
        parts=dict.fromkeys(NINE_PARTS, 1),
        has_site_statement=True,
    ) == ["第四条"]


def test_a_revision_is_signed_by_the_technical_director_but_not_approved_here(qingdao: Hand) -> None:
    review = qingdao.ready()
    Case.objects.filter(pk=review.case_id).update(state="revising")
    version = qingdao.version(review)

    qingdao.approve(version, "technical_director")

    assert qingdao.case(review).state == "revising"
    arguments = sign(qingdao, "chief_supervisor", version.pk, "chief_supervisor")
    assert qingdao.why("chief_supervisor", "plans.approve_version", **arguments) == "修改后的方案不在此处批准"


def test_the_very_same_once_more_is_no_version(qingdao: Hand) -> None:
    review = qingdao.review()
    first = qingdao.version(review)
    same = {
        "document_ids": [one.pk for one in first.documents.all()],
        "parts": first.parts,
        "has_site_statement": True,
    }

    assert (
        qingdao.why("contractor", "plans.submit_version", review_id=review.pk, **same)
        == "这些内容已经作为第1版提交"
    )
    assert qingdao.version(review, **{**same, "note": "补充说明"}).number == 2


def test_a_version_that_was_returned_may_come_again_as_it_was(qingdao: Hand) -> None:
    review = qingdao.review()
    first = qingdao.version(review)
    given = {"version_id": first.pk, "kind": "technical_director", "is_granted": False, "reason": "缺少签章"}
    qingdao.act("technical_director", "plans.approve_version", **given)

    assert qingdao.version(review, document_ids=[one.pk for one in first.documents.all()]).number == 2
