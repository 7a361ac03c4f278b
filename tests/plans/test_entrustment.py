"""委托: in Nanning the contractor organizes the review itself or lets an agency do it; in Qingdao only itself."""

import pytest

from lunheng.plans.models import Entrustment, Review
from tests.plans.hand import Hand


def offer(hand: Hand, review: Review, agency: str = "agency") -> Entrustment:
    """The contractor entrusts the agency."""
    code = hand.world.unit(agency).code
    made: Entrustment = hand.act("contractor", "plans.entrust_agency", review_id=review.pk, agency_code=code)
    return made


def entrusted(hand: Hand, review: Review) -> Entrustment:
    """An entrustment that the agency accepted."""
    entrustment = offer(hand, review)
    hand.act("agency", "plans.accept_entrustment", entrustment_id=entrustment.pk)
    return entrustment


@pytest.mark.clause("NN-二(一)b/self or agency", "NN-四(二)a")
def test_an_accepted_entrustment_lets_the_agency_request_the_panel_as_organizer(nanning: Hand) -> None:
    review = nanning.ready()
    entrusted(nanning, review)

    request = nanning.act("agency", "plans.request_panel", **nanning.request(review))

    assert (request.organizer, request.mode) == (nanning.world.unit("agency"), "push")
    assert review.case.parties.get(role="agency").organization == nanning.world.unit("agency")


@pytest.mark.clause("NN-二(一)b/self or agency")
def test_the_agency_becomes_a_party_whose_experts_are_checked(nanning: Hand) -> None:
    review = nanning.ready()

    entrusted(nanning, review)

    assert review.case.deadlines.get(name="panels.recheck_relations").due_at == nanning.now


@pytest.mark.clause("NN-二(一)b/within the entrustment")
@pytest.mark.parametrize("seat", ["agency", "agency_two"])
def test_an_agency_without_an_accepted_entrustment_does_nothing(nanning: Hand, seat: str) -> None:
    review = nanning.ready()
    offer(nanning, review)

    assert nanning.refused(seat, "plans.request_panel", **nanning.request(review)) == ["二（一）"]


@pytest.mark.clause("NN-二(一)b/within the entrustment")
def test_an_entrustment_reaches_no_other_case(nanning: Hand) -> None:
    review, other = nanning.ready(), nanning.ready()
    entrusted(nanning, review)

    assert nanning.refused("agency", "plans.request_panel", **nanning.request(other)) == ["二（一）"]


@pytest.mark.parametrize("seat", ["owner", "subcontractor", "agency", "stranger"])
def test_only_the_contractor_entrusts(nanning: Hand, seat: str) -> None:
    review = nanning.ready()
    code = nanning.world.unit("agency").code

    clauses = nanning.refused(seat, "plans.entrust_agency", review_id=review.pk, agency_code=code)

    assert set(clauses) == {"二（一）"}


def test_only_a_registered_agency_is_entrusted(nanning: Hand) -> None:
    review = nanning.ready()
    code = nanning.world.unit("designer").code

    assert (
        nanning.why("contractor", "plans.entrust_agency", review_id=review.pk, agency_code=code)
        == "没有这一论证机构"
    )


def test_a_review_has_one_entrustment_at_a_time(nanning: Hand) -> None:
    review = nanning.ready()
    offer(nanning, review)
    code = nanning.world.unit("agency_two").code

    assert (
        nanning.why("contractor", "plans.entrust_agency", review_id=review.pk, agency_code=code)
        == "本次论证已有委托"
    )


def test_only_the_entrusted_agency_accepts(nanning: Hand) -> None:
    entrustment = offer(nanning, nanning.ready())

    assert nanning.refused("agency_two", "plans.accept_entrustment", entrustment_id=entrustment.pk) == [
        "二（一）"
    ]


def test_an_entrustment_is_accepted_once(nanning: Hand) -> None:
    entrustment = entrusted(nanning, nanning.ready())

    assert (
        nanning.why("agency", "plans.accept_entrustment", entrustment_id=entrustment.pk)
        == "该委托不在待接受状态"
    )


@pytest.mark.clause("NN-二(一)b/no change once confirmed")
class TestSwitching:
    """Until the first expert has confirmed, and not after."""

    def test_before_anyone_confirmed_the_entrustment_may_end(self, nanning: Hand) -> None:
        review = nanning.ready()
        entrustment = entrusted(nanning, review)

        nanning.act(
            "contractor", "plans.end_entrustment", entrustment_id=entrustment.pk, reason="改为自行组织"
        )

        assert Entrustment.objects.get().state == "ended"
        assert review.case.parties.get(role="agency").left_at == nanning.now
        assert nanning.refused("agency", "plans.request_panel", **nanning.request(review)) == ["二（一）"]

    def test_after_the_first_confirmation_it_may_not(self, nanning: Hand) -> None:
        review = nanning.ready()
        entrustment = entrusted(nanning, review)
        nanning.member(review)

        assert (
            nanning.why("contractor", "plans.end_entrustment", entrustment_id=entrustment.pk, reason="换人")
            == "已有专家确认，不得再更换组织方式"
        )

    def test_nor_may_the_contractor_then_entrust_an_agency(self, nanning: Hand) -> None:
        review = nanning.ready()
        nanning.member(review)
        code = nanning.world.unit("agency").code

        assert nanning.refused(
            "contractor", "plans.entrust_agency", review_id=review.pk, agency_code=code
        ) == ["二（一）"]

    def test_nor_may_the_agency_then_accept(self, nanning: Hand) -> None:
        review = nanning.ready()
        entrustment = offer(nanning, review)
        nanning.member(review)

        assert nanning.refused("agency", "plans.accept_entrustment", entrustment_id=entrustment.pk) == [
            "二（一）"
        ]

    def test_strangers_do_not_end_it(self, nanning: Hand) -> None:
        entrustment = entrusted(nanning, nanning.ready())

        assert nanning.refused(
            "agency_two", "plans.end_entrustment", entrustment_id=entrustment.pk, reason="不合适"
        ) == ["二（一）"]

    def test_it_ends_with_a_reason_and_once(self, nanning: Hand) -> None:
        entrustment = entrusted(nanning, nanning.ready())
        ending = {"entrustment_id": entrustment.pk}
        assert nanning.why("agency", "plans.end_entrustment", **ending, reason="") == "解除委托须写明理由"

        nanning.act("agency", "plans.end_entrustment", **ending, reason="力量不足")
        assert nanning.why("agency", "plans.end_entrustment", **ending, reason="力量不足") == "委托已经解除"


@pytest.mark.clause("QD-四(一)1a")
def test_qingdao_knows_no_agency(qingdao: Hand) -> None:
    review = qingdao.ready()
    code = qingdao.world.unit("agency").code

    assert qingdao.refused("contractor", "plans.entrust_agency", review_id=review.pk, agency_code=code) == [
        "四（一）1"
    ]
