"""The plan goes to each member, and the first opening is kept."""

from datetime import timedelta

import pytest

from lunheng.cases.acts import AlreadyDone
from lunheng.cases.models import Deadline
from lunheng.messaging.models import Message
from lunheng.plans.models import PlanDelivery, PlanVersion
from tests.plans.hand import Hand


@pytest.mark.clause("NN-四(三)a/each expert")
def test_a_confirmed_member_gets_the_plan_and_is_told(nanning: Hand) -> None:
    review = nanning.ready()
    member = nanning.member(review)

    nanning.answer(review.case, "plans.deliver_version", f"member:{member.pk}")

    delivery = PlanDelivery.objects.get()
    assert (delivery.member, delivery.delivered_at, delivery.opened_at) == (member, nanning.now, None)
    message = Message.objects.get()
    assert (message.template, message.subject) == ("plan_delivery", f"member:{member.pk}")
    assert Deadline.objects.get(name="plans.deliver_version").performed_at == nanning.now


def test_who_left_meanwhile_gets_nothing(nanning: Hand) -> None:
    review = nanning.ready()
    member = nanning.member(review, state="declined")

    nanning.answer(review.case, "plans.deliver_version", f"member:{member.pk}")

    assert (PlanDelivery.objects.count(), Message.objects.count()) == (0, 0)
    assert Deadline.objects.get(name="plans.deliver_version").performed_at == nanning.now


def test_what_was_answered_meanwhile_is_not_answered_again(nanning: Hand) -> None:
    review = nanning.ready()
    member = nanning.member(review)
    nanning.answer(review.case, "plans.deliver_version", f"member:{member.pk}")
    deadline = Deadline.objects.get(name="plans.deliver_version")

    from lunheng.cases.acts import REGISTRY
    from lunheng.core.actor import Actor

    with pytest.raises(AlreadyDone):
        REGISTRY["plans.deliver_version"].perform(
            deadline_id=deadline.pk, actor=Actor.system(), at=nanning.now
        )


def test_the_first_opening_is_kept_and_later_ones_do_not_move_it(qingdao: Hand) -> None:
    review = qingdao.ready()
    member = qingdao.member(review, committed_at=qingdao.now)
    version = PlanVersion.objects.get()
    first = qingdao.now

    qingdao.act("expert:0", "plans.open_version", version_id=version.pk)
    qingdao.clock.advance(hours=3)
    qingdao.act("expert:0", "plans.open_version", version_id=version.pk)

    assert PlanDelivery.objects.get(member=member).opened_at == first
    assert qingdao.now - first == timedelta(hours=3)


def test_without_the_commitment_the_plan_stays_closed(qingdao: Hand) -> None:
    review = qingdao.ready()
    qingdao.member(review)

    assert qingdao.refused("expert:0", "plans.open_version", version_id=PlanVersion.objects.get().pk) == [
        "五（三）"
    ]


@pytest.mark.parametrize("seat", ["expert:1", "owner", "contractor"])
def test_others_than_the_members_do_not_open_it_as_members(qingdao: Hand, seat: str) -> None:
    review = qingdao.ready()
    qingdao.member(review, committed_at=qingdao.now)

    assert qingdao.refused(seat, "plans.open_version", version_id=PlanVersion.objects.get().pk) == [
        "四（二）1"
    ]


def test_access_ends_with_the_seat(qingdao: Hand) -> None:
    review = qingdao.ready()
    qingdao.member(review, state="recused", committed_at=qingdao.now)

    assert qingdao.refused("expert:0", "plans.open_version", version_id=PlanVersion.objects.get().pk) == [
        "四（二）1"
    ]
