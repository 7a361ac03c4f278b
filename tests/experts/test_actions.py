"""The file of an expert: who changes it, and what a change means for running reviews."""

from datetime import date, datetime
from typing import Any

import pytest

from lunheng.accounts.identity import identity_digest
from lunheng.accounts.models import Account
from lunheng.cases.models import Deadline, Participant
from lunheng.experts.models import Expert, Interest
from lunheng.experts.queries import eligible, eligible_counts
from lunheng.pools.models import Membership
from tests.plans.hand import Hand

CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("experts.change_state", {"state": "suspended", "reason": "本人申请"}),
    ("experts.change_state", {"state": "removed", "reason": "不再符合条件"}),
    ("experts.renew_term", {"ends_on": date(2030, 1, 1)}),
)


def seated(hand: Hand, index: int = 0) -> Expert:
    """An expert who sits in a running review."""
    hand.member(hand.ready(), index)
    return hand.world.experts[index]


@pytest.mark.clause("QD-二(一)b/renew and remove")
@pytest.mark.parametrize(("name", "arguments"), CHANGES)
def test_the_station_changes_the_pool(qingdao: Hand, name: str, arguments: dict[str, Any]) -> None:
    expert = qingdao.world.experts[0]

    assert qingdao.act("station", name, expert_id=expert.pk, **arguments).subject == expert.file.reference


@pytest.mark.clause("QD-二(一)b/renew and remove")
@pytest.mark.parametrize("seat", ["district", "bureau", "contractor", "agency", "expert:0"])
@pytest.mark.parametrize(("name", "arguments"), CHANGES)
def test_nobody_else_changes_the_pool(qingdao: Hand, seat: str, name: str, arguments: dict[str, Any]) -> None:
    expert = qingdao.world.experts[0]

    assert qingdao.refused(seat, name, expert_id=expert.pk, **arguments) == ["二（一）"]
    assert Expert.objects.get(pk=expert.pk).membership.state == "active"


@pytest.mark.clause("NN-二(一)a/pool refused")
@pytest.mark.parametrize("seat", ["contractor", "agency", "bureau"])
def test_in_nanning_pool_changes_are_the_centers(nanning: Hand, seat: str) -> None:
    expert = nanning.world.experts[0]
    clauses = nanning.refused(
        seat, "experts.change_state", expert_id=expert.pk, state="removed", reason="不再符合条件"
    )

    assert clauses[0] == "二（一）"


def test_who_is_suspended_is_not_drawn_and_may_return(qingdao: Hand) -> None:
    expert, on = qingdao.world.experts[0], qingdao.now.date()
    change = {"expert_id": expert.pk, "reason": "本人申请"}

    qingdao.act("station", "experts.change_state", **change, state="suspended")
    assert expert not in eligible(expert.pool, on)
    assert Membership.objects.get(file=expert.file).state == "suspended"

    qingdao.act("station", "experts.change_state", **change, state="active")
    assert expert in eligible(expert.pool, on)


def test_a_state_changes_with_a_reason(qingdao: Hand) -> None:
    arguments = {"expert_id": qingdao.world.experts[0].pk, "state": "removed", "reason": " "}

    assert qingdao.why("station", "experts.change_state", **arguments) == "变更专家状态须写明理由"


def test_a_change_of_unit_makes_reviews_look_again_at_once(qingdao: Hand) -> None:
    expert = seated(qingdao)
    unit = qingdao.world.unit("owner")

    qingdao.act("station", "experts.change_unit", expert_id=expert.pk, organization_code=unit.code)

    assert Expert.objects.get(pk=expert.pk).unit == unit
    deadline = Deadline.objects.get(name="panels.recheck_relations")
    assert (deadline.due_at, deadline.watch) == (qingdao.now, expert.reference)


def test_reviews_in_which_the_expert_no_longer_sits_do_not_look_again(qingdao: Hand) -> None:
    expert = seated(qingdao)
    Participant.objects.update(left_at=qingdao.now)
    code = qingdao.world.unit("owner").code

    qingdao.act("station", "experts.change_unit", expert_id=expert.pk, organization_code=code)

    assert Deadline.objects.filter(name="panels.recheck_relations").count() == 0


def test_a_unit_that_nobody_registered_is_refused(qingdao: Hand) -> None:
    expert = qingdao.world.experts[0]

    assert (
        qingdao.why("station", "experts.change_unit", expert_id=expert.pk, organization_code="虚构代码")
        == "没有这一统一社会信用代码的单位"
    )


def test_an_expert_declares_an_interest_and_reviews_look_again(qingdao: Hand) -> None:
    expert = seated(qingdao)
    code = qingdao.world.unit("designer").code

    qingdao.act(
        "expert:0",
        "experts.record_interest",
        expert_id=expert.pk,
        organization_code=code,
        ground="配偶在该单位任职",
    )

    assert Interest.objects.get().expert == expert
    assert Deadline.objects.get(name="panels.recheck_relations").due_at == qingdao.now


def test_nobody_declares_for_another_expert(qingdao: Hand) -> None:
    arguments = {
        "expert_id": qingdao.world.experts[0].pk,
        "organization_code": qingdao.world.unit("designer").code,
        "ground": "听说有关系",
    }

    assert qingdao.refused("expert:1", "experts.record_interest", **arguments) == ["二（一）"]
    assert (
        qingdao.why("station", "experts.record_interest", **{**arguments, "ground": ""})
        == "登记利害关系须写明关系"
    )


def test_a_term_ends_after_it_began(qingdao: Hand) -> None:
    expert = qingdao.world.experts[0]

    assert (
        qingdao.why("station", "experts.renew_term", expert_id=expert.pk, ends_on=date(2019, 1, 2))
        == "聘期截止日须晚于聘任日"
    )


def test_on_the_day_a_term_ends_the_expert_is_no_longer_eligible(qingdao: Hand) -> None:
    expert = qingdao.world.experts[0]
    qingdao.act("station", "experts.renew_term", expert_id=expert.pk, ends_on=date(2027, 1, 1))

    assert expert in eligible(expert.pool, date(2026, 12, 31))
    assert expert not in eligible(expert.pool, date(2027, 1, 1))


def test_the_pool_is_read_with_two_queries(qingdao: Hand, django_assert_num_queries: Any) -> None:
    pool, on = qingdao.world.pool, qingdao.now.date()
    with django_assert_num_queries(2):
        few = eligible_counts(pool, on)
    for _ in range(30):
        qingdao.world.add_expert(at=datetime.fromisoformat("2019-01-02T09:00:00+08:00"))
    with django_assert_num_queries(2):
        many = eligible_counts(pool, on)

    assert many["geotechnics"] - few["geotechnics"] == 30


def candidate(hand: Hand, **fields: Any) -> dict[str, Any]:
    """An expert who meets the national floor; the identity number belongs to nobody."""
    given = {
        "pool_id": hand.world.pool.pk,
        "name": "虚构·新专家",
        "phone": "+8619900099001",
        "identity_number": "370202198506150000",
        "organization_code": hand.world.unit("expert-unit-new").code,
        "title": "教授级高级工程师",
        "specialties": ["geotechnics", "monitoring"],
        "years": 15,
        "has_senior_title": True,
    }
    return {**given, **fields}


@pytest.mark.clause("QD-二(一)b/admit")
def test_the_station_admits_an_expert_who_can_then_be_drawn_and_log_in(qingdao: Hand) -> None:
    expert = qingdao.act("station", "experts.admit_expert", **candidate(qingdao))

    assert expert in eligible(qingdao.world.pool, qingdao.now.date())
    assert expert.account.seats.get().expert == expert.reference == expert.file.title
    assert "198506" not in expert.identity_digest
    assert expert.file.entry_count == 1


@pytest.mark.clause("QD-二(一)b/admit")
@pytest.mark.parametrize("seat", ["district", "bureau", "contractor", "agency"])
def test_nobody_else_admits(qingdao: Hand, seat: str) -> None:
    assert qingdao.refused(seat, "experts.admit_expert", **candidate(qingdao)) == ["二（一）"]
    assert Expert.objects.count() == 12


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"years": 14}, "须从事专业工作15年以上"),
        ({"has_senior_title": False}, "专家须具有高级专业技术职称"),
        ({"specialties": ["poetry"]}, "专业须从专业目录中选择"),
        ({"specialties": []}, "专业须从专业目录中选择"),
        ({"identity_number": "370202198506150001"}, "身份证号码不正确"),
    ],
)
def test_who_does_not_meet_the_floor_is_not_admitted(
    qingdao: Hand, fields: dict[str, Any], words: str
) -> None:
    message = qingdao.why("station", "experts.admit_expert", **candidate(qingdao, **fields))

    assert message.startswith(words)


def test_a_person_is_admitted_once(qingdao: Hand) -> None:
    qingdao.act("station", "experts.admit_expert", **candidate(qingdao))

    assert qingdao.why("station", "experts.admit_expert", **candidate(qingdao)) == "该专家已在库内"


def test_a_person_known_in_another_city_keeps_the_one_log_in(qingdao: Hand) -> None:
    known = Account.objects.create_account(
        phone="+8613900007777",
        name="虚构新人",
        identity_digest=identity_digest(candidate(qingdao)["identity_number"]),
    )
    expert = qingdao.act("station", "experts.admit_expert", **candidate(qingdao))

    assert expert.account == known


def test_a_phone_of_somebody_else_is_refused(qingdao: Hand) -> None:
    given = candidate(qingdao)
    Account.objects.create_account(phone=given["phone"], name="虚构他人", identity_digest="f" * 64)

    assert qingdao.why("station", "experts.admit_expert", **given) == "该手机号已由另一人登记"
