"""QD-一(二)c: experts apply and renew online; the station renews a list in one batch; who is left out is not drawable
from the first day of the new term and keeps the file."""

from datetime import date
from typing import Any

import pytest

from lunheng.cases.timeline import timeline
from lunheng.core.actor import Actor
from lunheng.experts.models import Expert
from lunheng.experts.queries import eligible
from lunheng.messaging.models import Message
from lunheng.pools.models import Membership
from tests.procedures.matters import Matter, clauses

pytestmark = pytest.mark.django_db
TERM = {"apply_until": "2026-12-15", "starts_on": "2027-01-08", "ends_on": "2030-01-08"}
WILLING = {"is_willing": True, "is_current": True}


def open_change(matter: Matter, seat: str = "station", **term: str) -> Any:
    """The station begins a change of term."""
    made = matter.act(
        seat,
        "pools.open_proceeding",
        pool_id=matter.hand.world.pool.pk,
        procedure="term_change",
        data={**TERM, **term},
    )
    matter.proceeding_id = made.pk
    return made


def candidates(matter: Matter, *indices: int) -> list[int]:
    """The keys of experts among those concerned."""
    files = [matter.hand.world.experts[index].file_id for index in indices]
    found = {one.file_id: one.pk for one in matter.proceeding.candidates.all()}
    return [found[file] for file in files]


def closed(matter: Matter, *applied: int) -> None:
    """Some experts applied, and the time to apply is over."""
    open_change(matter)
    for index in applied:
        matter.step(f"expert:{index}", "application", "submit", data=WILLING)
    matter.wait(until=matter.hand.now.replace(month=12, day=16, hour=0))


@pytest.mark.clause(
    "QD-一(二)c/renew", "QD-一(二)c/batch", "QD-一(二)c/left out", "QD-一(二)c/keeps the file"
)
def test_the_list_is_renewed_in_one_batch_and_who_is_left_out_ends_with_the_first_day_of_the_new_term(
    qingdao: Matter,
) -> None:
    pool, experts = qingdao.hand.world.pool, qingdao.hand.world.experts
    closed(qingdao, 0, 1, 2)
    assert qingdao.standing == ("running", "list")

    qingdao.step("station", "list", "approve", candidate_ids=candidates(qingdao, 0, 1))
    qingdao.wait(minutes=1)

    assert qingdao.standing == ("completed", "")
    last, first, later = date(2027, 1, 7), date(2027, 1, 8), date(2030, 1, 7)
    assert [set(eligible(pool, day)) for day in (last, first, later)] == [
        set(experts),
        set(experts[:2]),
        set(experts[:2]),
    ]
    assert list(eligible(pool, date(2030, 1, 8))) == []
    left_out = Expert.objects.select_related("membership", "file").get(pk=experts[4].pk)
    assert (left_out.membership.state, left_out.file.closed_at) == ("active", None)
    assert {str(one) for one in Membership.objects.filter(pool=pool).values_list("ends_on", flat=True)} == {
        "2030-01-08",
        "2027-01-08",
    }


@pytest.mark.clause("QD-一(二)c/keeps the file")
def test_each_file_says_what_became_of_its_expert(qingdao: Matter) -> None:
    experts = qingdao.hand.world.experts
    closed(qingdao, 0)
    qingdao.step("station", "list", "approve", candidate_ids=candidates(qingdao, 0))
    qingdao.wait(minutes=1)

    told = [timeline(experts[index].file)[-1].label for index in (0, 1)]

    assert told == ["续聘", "未续聘，聘期届满"]
    assert {str(timeline(experts[index].file)[-1].clause)[-5:] for index in (0, 1)} == {"》一（二）"}


def told(matter: Matter, template: str) -> dict[str, str]:
    """What each expert was told by messages of a kind, by name."""
    found = Message.objects.filter(case=matter.proceeding.case, template=template)
    return {one.account.name: one.words for one in found.select_related("account") if one.account}


@pytest.mark.clause("QD-一(二)c/batch")
def test_everybody_in_the_pool_is_told_of_the_change_and_of_what_became_of_him(qingdao: Matter) -> None:
    experts = qingdao.hand.world.experts
    names = {expert.name for expert in experts}
    closed(qingdao, 0)
    title = qingdao.proceeding.case.title
    assert told(qingdao, "proceeding.called") == dict.fromkeys(
        names,
        f"【论衡】“{title}”已启动：专家申报换届，截止2026年12月15日（周二）24:00。"
        "没有申报的不能列入“确定续聘名单”。请打开链接办理。",
    )
    address = f"/procedures/{qingdao.proceeding.pk}/"
    assert {one.link for one in Message.objects.filter(template="proceeding.called")} == {address}

    qingdao.step("station", "list", "approve", candidate_ids=candidates(qingdao, 0))
    qingdao.wait(minutes=1)

    renewed, ended = "续聘，聘期至2030年1月7日（周一）", "未续聘，聘期届满，聘期至2027年1月7日（周四）"
    assert told(qingdao, "proceeding.settled") == {
        name: f"【论衡】“{title}”已有结果：{renewed if name == experts[0].name else ended}。"
        for name in names
    }


@pytest.mark.clause("QD-二(一)b/renew and remove", "QD-一(二)c/batch")
@pytest.mark.parametrize("seat", ["bureau", "district", "contractor", "expert:0"])
def test_nobody_but_the_station_begins_and_decides(qingdao: Matter, seat: str) -> None:
    given = {"pool_id": qingdao.hand.world.pool.pk, "procedure": "term_change", "data": TERM}
    assert clauses(qingdao.refused(seat, "pools.open_proceeding", **given)) == ["一（二）"]

    closed(qingdao, 0)
    verdict = qingdao.no_step(seat, "list", "approve", candidate_ids=candidates(qingdao, 0))

    assert verdict.reasons[0].message == "确定续聘名单由市市政公用工程质量安全监督站办理"


def test_the_last_moment_to_apply_is_in_time_and_the_next_is_not(qingdao: Matter) -> None:
    open_change(qingdao)
    qingdao.hand.clock.set(qingdao.hand.now.replace(month=12, day=15, hour=23, minute=59, second=59))
    qingdao.step("expert:0", "application", "submit", data=WILLING)

    qingdao.hand.clock.set(qingdao.hand.now.replace(day=16, hour=0, minute=0, second=0))
    verdict = qingdao.no_step("expert:1", "application", "submit", data=WILLING)

    assert verdict.reasons[0].message == "专家申报换届已经截止"
    assert clauses(verdict) == ["一（二）"]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ({"apply_until": "2026-11-24"}, "申报截止日须晚于今天（2026-11-24）"),
        ({"starts_on": "2026-12-15"}, "新聘期首日须晚于申报截止日（2026-12-15）"),
        ({"ends_on": "2027-01-08"}, "新聘期截止日须晚于新聘期首日（2027-01-08）"),
    ],
)
def test_the_days_of_a_change_of_term_follow_each_other(
    qingdao: Matter, term: dict[str, str], message: str
) -> None:
    given = {"pool_id": qingdao.hand.world.pool.pk, "procedure": "term_change", "data": {**TERM, **term}}

    verdict = qingdao.refused("station", "pools.open_proceeding", **given)

    assert [reason.message for reason in verdict.reasons] == [message]


def test_one_applies_once_and_only_for_oneself(qingdao: Matter) -> None:
    open_change(qingdao)
    qingdao.step("expert:0", "application", "submit", data=WILLING)

    assert (
        qingdao.no_step("expert:0", "application", "submit", data=WILLING).reasons[0].message == "您已经申报"
    )
    assert qingdao.no_step("station", "application", "submit", data=WILLING).reasons[0].message == (
        "专家申报换届由在库专家本人办理"
    )


def test_the_list_waits_for_the_last_day_to_apply(qingdao: Matter) -> None:
    open_change(qingdao)
    qingdao.step("expert:0", "application", "submit", data=WILLING)

    verdict = qingdao.no_step("station", "list", "approve", candidate_ids=candidates(qingdao, 0))

    assert verdict.reasons[0].message == "确定续聘名单之前须先完成专家申报换届"


def test_who_did_not_apply_is_not_put_on_the_list(qingdao: Matter) -> None:
    closed(qingdao, 0)

    verdict = qingdao.no_step("station", "list", "approve", candidate_ids=candidates(qingdao, 0, 1))

    assert verdict.reasons[0].message == "没有申报的专家不能列入名单"
    assert verdict.reasons[0].value == qingdao.hand.world.experts[1].name
    assert set(qingdao.proceeding.candidates.values_list("result", flat=True)) == {""}


def test_a_list_names_nobody_of_another_matter(qingdao: Matter) -> None:
    closed(qingdao, 0)

    verdict = qingdao.no_step("station", "list", "approve", candidate_ids=[*candidates(qingdao, 0), 999_999])

    assert verdict.reasons[0].message == "名单中有不属于本事项的人选"


def test_the_other_citys_experts_are_not_concerned_and_keep_their_terms(qingdao: Matter) -> None:
    closed(qingdao, 0)
    qingdao.step("station", "list", "approve", candidate_ids=candidates(qingdao, 0))
    qingdao.wait(minutes=1)

    assert qingdao.proceeding.candidates.count() == 5
    assert set(Membership.objects.filter(pool__key="nanning").values_list("ends_on", flat=True)) == {None}


def test_a_newcomer_applies_online_and_the_station_lets_him_in(qingdao: Matter) -> None:
    qingdao.apply()
    assert qingdao.standing == ("running", "approval")

    qingdao.accept()
    qingdao.wait(minutes=1)

    expert = Expert.objects.get(name=qingdao.account.name)
    assert expert in eligible(qingdao.hand.world.pool, qingdao.hand.now.date())
    assert qingdao.standing == ("completed", "")


@pytest.mark.clause("QD-二(一)c/admission")
def test_a_newcomer_below_the_national_floor_is_not_accepted(qingdao: Matter) -> None:
    qingdao.apply(years=14)

    verdict = qingdao.no_step("station", "approval", "accept", data={"has_rich_experience": False})

    assert verdict.reasons[0].message == "须从事专业工作15年以上，或具有丰富的专业经验并经认可"


def test_the_identity_must_be_the_one_that_the_identity_service_proved(qingdao: Matter) -> None:
    qingdao.account.identity_digest = "f" * 64
    qingdao.account.save()
    given = {"pool_id": qingdao.hand.world.pool.pk, "procedure": "admission", "data": qingdao.form()}

    verdict = qingdao.refused("applicant", "pools.open_proceeding", **given)

    assert verdict.reasons[0].message == "身份证号码与本账号的实名信息不一致"


def test_a_procedure_that_the_city_does_not_have_is_refused(qingdao: Matter) -> None:
    given = {"pool_id": qingdao.hand.world.pool.pk, "procedure": "removal", "data": {}}

    assert qingdao.refused("station", "pools.open_proceeding", **given).reasons[0].message == (
        "本市规则没有这一办理流程"
    )


def test_the_station_takes_a_change_of_term_back_before_it_takes_effect(qingdao: Matter) -> None:
    open_change(qingdao)
    withdraw = {"proceeding_id": qingdao.proceeding_id, "reason": "换届时间调整"}
    assert clauses(qingdao.refused("bureau", "procedures.withdraw_proceeding", **withdraw)) == ["一（二）"]

    qingdao.act("station", "procedures.withdraw_proceeding", **withdraw)

    assert qingdao.standing == ("withdrawn", "")
    stranger = Actor("y" * 32, qingdao.by("station").role, jurisdiction="370200")
    assert qingdao.no_step(stranger, "list", "approve").reasons[0].message == "本事项已撤回，不能再办理"
