"""NN-二(二)a: experts enter by own application, approval of the pool manager, notice and publication by the bureau."""

from datetime import date, datetime, timedelta

import pytest

from lunheng.cases.timeline import timeline
from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import CHINA
from lunheng.experts.models import Expert
from lunheng.experts.queries import eligible
from lunheng.messaging.models import Message
from lunheng.notices.models import Notice
from lunheng.pools.models import Membership
from lunheng.procedures.models import StepTaken
from tests.procedures.matters import IDENTITIES, Matter, clauses, newcomer

pytestmark = pytest.mark.django_db


@pytest.mark.clause("NN-二(二)a")
def test_four_steps_in_their_order_with_dates_let_the_applicant_into_the_pool(nanning: Matter) -> None:
    nanning.apply()
    assert nanning.standing == ("running", "approval")

    nanning.wait(days=1)
    nanning.accept()
    nanning.wait(days=1)
    notice = nanning.post(days=5)
    assert nanning.standing == ("running", "notice")

    nanning.wait(until=notice.ends_at)
    assert nanning.standing == ("running", "publication")
    nanning.step("bureau", "publication", "publish")
    nanning.wait(minutes=1)

    assert nanning.standing == ("completed", "")
    expert = Expert.objects.get(name=nanning.account.name)
    today = nanning.hand.now.astimezone(CHINA).date()
    assert expert in eligible(nanning.hand.world.pool, today)
    assert (expert.account, expert.title, expert.unit) == (
        nanning.account,
        "高级工程师",
        nanning.hand.world.unit("newcomer-unit"),
    )
    days = [taken.taken_at.astimezone(CHINA).date() for taken in nanning.proceeding.steps_taken.all()]
    assert days == [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26), date(2026, 12, 2)]


@pytest.mark.clause("NN-二(二)a")
@pytest.mark.parametrize("reached", ["approval", "notice"])
def test_publishing_before_the_notice_is_refused(nanning: Matter, reached: str) -> None:
    nanning.apply()
    if reached == "notice":
        nanning.accept()

    verdict = nanning.no_step("bureau", "publication", "publish")

    assert set(clauses(verdict)) == {"二（二）"}
    assert (
        verdict.reasons[0].message
        == {
            "approval": "公布之前须先完成专家库管理部门审核、公示",
            "notice": "公布之前须先完成公示",
        }[reached]
    )
    assert Expert.objects.filter(name=nanning.account.name).count() == 0


@pytest.mark.clause("NN-二(二)a")
def test_the_notice_needs_no_minimum_length(nanning: Matter) -> None:
    nanning.apply()
    nanning.accept()

    notice = nanning.post(days=0)

    assert notice.ends_at == datetime(2026, 11, 25, tzinfo=CHINA)


def test_a_notice_ends_today_at_the_earliest(nanning: Matter) -> None:
    nanning.apply()
    nanning.accept()
    yesterday = nanning.hand.now.date() - timedelta(days=1)

    verdict = nanning.no_step("bureau", "notice", "post", last_day=yesterday)

    assert verdict.reasons[0].message == "公示截止日不得早于今天"


@pytest.mark.clause("NN-二(一)a/pool refused")
@pytest.mark.parametrize("seat", ["applicant", "bureau", "district", "contractor", "agency", "expert:0"])
def test_nobody_but_the_center_approves(nanning: Matter, seat: str) -> None:
    nanning.apply()

    verdict = nanning.no_step(seat, "approval", "accept", data={"has_rich_experience": False})

    assert clauses(verdict)[0] == "二（二）"
    assert verdict.reasons[0].message == "专家库管理部门审核由市建管中心办理"


@pytest.mark.clause("NN-二(一)a/publication and notices")
@pytest.mark.parametrize("seat", ["applicant", "station", "district", "contractor", "agency", "expert:0"])
def test_nobody_but_the_bureau_posts_and_publishes(nanning: Matter, seat: str) -> None:
    nanning.apply()
    nanning.accept()
    last_day = nanning.hand.now.date()

    verdict = nanning.no_step(seat, "notice", "post", last_day=last_day)

    assert verdict.reasons[0].message == "公示由市住建局办理"
    nanning.wait(until=nanning.post(days=0).ends_at)
    assert nanning.no_step(seat, "publication", "publish").reasons[0].message == "公布由市住建局办理"


@pytest.mark.clause("NN-二(二)h/approval")
@pytest.mark.parametrize(
    ("fields", "is_proven", "message"),
    [
        ({"has_senior_title": False}, False, "专家须具有高级专业技术职称"),
        ({"years": 14}, False, "须从事专业工作15年以上，或具有丰富的专业经验并经认可"),
        ({"years": 14}, True, ""),
        ({"years": 15}, False, ""),
    ],
)
def test_who_does_not_meet_the_national_floor_is_not_approved(
    nanning: Matter, fields: dict[str, object], is_proven: bool, message: str
) -> None:
    nanning.apply(**fields)
    data = {"has_rich_experience": is_proven}
    if not message:
        nanning.step("station", "approval", "accept", data=data)
        assert nanning.standing == ("running", "notice")
        return

    verdict = nanning.no_step("station", "approval", "accept", data=data)

    assert verdict.reasons[0].message == message
    assert "31号" in str(verdict.reasons[0].clause) or "（八）" in verdict.reasons[0].clause.number


def test_a_return_says_what_to_mend_and_the_applicant_hands_in_again(nanning: Matter) -> None:
    nanning.apply(years=9)
    assert (
        nanning.no_step("station", "approval", "return").reasons[0].message
        == "退回补正须写明须补正的内容和理由"
    )

    nanning.step("station", "approval", "return", reason="从业年限缺少证明，请补充社保记录")
    assert nanning.standing == ("running", "application")
    letter = Message.objects.filter(account=nanning.account).latest("id")
    assert "从业年限缺少证明，请补充社保记录" in letter.text

    nanning.step("applicant", "application", "submit", data=nanning.form(years=16))
    nanning.accept()
    assert nanning.standing == ("running", "notice")
    assert nanning.proceeding.candidates.get().data["years"] == 16


def test_a_reason_that_ends_in_a_full_stop_is_told_with_one(nanning: Matter) -> None:
    nanning.apply(years=9)
    nanning.step("station", "approval", "return", reason="请补充社保记录。")
    letter = Message.objects.filter(account=nanning.account).latest("id")
    assert ("理由：请补充社保记录。下一步" in letter.text, "。。" in letter.text) == (True, False)


def test_a_refusal_has_a_reason_and_ends_the_matter(nanning: Matter) -> None:
    nanning.apply()
    assert nanning.no_step("station", "approval", "refuse").reasons[0].message == "审核不通过须写明理由"

    nanning.step("station", "approval", "refuse", reason="证明材料与查询结果不符")

    assert nanning.standing == ("refused", "")
    verdict = nanning.no_step("station", "approval", "accept", data={"has_rich_experience": False})
    assert verdict.reasons[0].message == "本事项未获通过，不能再办理"


def test_the_same_matter_runs_once(nanning: Matter) -> None:
    nanning.apply()

    verdict = nanning.refused(
        "applicant",
        "pools.open_proceeding",
        pool_id=nanning.hand.world.pool.pk,
        procedure="admission",
        data=nanning.form(),
    )

    assert verdict.reasons[0].message == "您已有一件专家入库正在办理"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"identity_number": "450102198506150002"}, "身份证号码：身份证号码不正确"),
        ({"organization_code": "虚构代码"}, "工作单位：没有这一统一社会信用代码的单位"),
        ({"specialties": ["poetry"]}, "申请的专业：须从目录中选择"),
        ({"specialties": []}, "申请的专业：未填写"),
        ({"is_voluntary": False}, "本人自愿申请进入专家库，填报内容真实：尚未承诺"),
        ({"years": "许多"}, "从事本专业年限（年）：须为整数"),
        ({"evidence": []}, "职称证书、从业年限和丰富经验的证明：未填写"),
        ({"salary": 1}, "表单没有“salary”这一项"),
    ],
)
def test_an_incomplete_application_is_refused_field_by_field(
    nanning: Matter, fields: dict[str, object], message: str
) -> None:
    verdict = nanning.refused(
        "applicant",
        "pools.open_proceeding",
        pool_id=nanning.hand.world.pool.pk,
        procedure="admission",
        data=nanning.form(**fields),
    )

    assert [reason.message for reason in verdict.reasons] == [message]
    assert verdict.reasons[0].remedy != ""


def test_who_is_in_the_pool_does_not_apply_again(nanning: Matter) -> None:
    verdict = nanning.refused(
        "expert:0",
        "pools.open_proceeding",
        pool_id=nanning.hand.world.pool.pk,
        procedure="admission",
        data=nanning.form(),
    )

    assert verdict.reasons[0].message == "您已在本专家库内"


@pytest.mark.parametrize("seat", ["contractor", "station", "bureau", "district"])
def test_a_person_applies_for_himself_and_no_office_or_unit_does(nanning: Matter, seat: str) -> None:
    verdict = nanning.refused(
        seat,
        "pools.open_proceeding",
        pool_id=nanning.hand.world.pool.pk,
        procedure="admission",
        data=nanning.form(),
    )

    assert clauses(verdict) == ["二（二）"]


def test_an_official_does_not_decide_on_the_own_application(nanning: Matter) -> None:
    clerk = nanning.hand.world.seat("station").account
    nanning.account = clerk
    nanning.apply()

    verdict = nanning.no_step("station", "approval", "accept", data={"has_rich_experience": False})

    assert clauses(verdict) == ["第七十六条"]


def test_an_office_of_another_city_is_refused(nanning: Matter) -> None:
    nanning.apply()
    stranger = Actor("x" * 32, Role.STATION, jurisdiction="370200")

    verdict = nanning.no_step(stranger, "approval", "accept", data={"has_rich_experience": False})

    assert verdict.reasons[0].message == "专家库管理部门审核由本市市建管中心办理"


def test_the_twin_of_the_other_city_never_changes(nanning: Matter) -> None:
    twin = newcomer("旁边", 3)
    other = Matter(nanning.hand, twin)
    other.apply(identity_number=IDENTITIES[3])
    standing = other.standing

    nanning.to_publication()
    nanning.step("bureau", "publication", "publish")
    nanning.wait(minutes=1)

    assert other.standing == standing == ("running", "approval")
    assert Notice.objects.filter(case=other.proceeding.case).count() == 0
    assert Membership.objects.filter(pool__key="qingdao").count() == 2
    assert StepTaken.objects.filter(proceeding=other.proceeding).count() == 1


def test_what_is_public_names_the_person_and_no_number(nanning: Matter) -> None:
    nanning.apply()
    nanning.accept()
    notice = nanning.post()

    assert [label for label, _ in notice.lines] == ["姓名", "工作单位", "职称", "申请的专业"]
    assert nanning.hand.world.unit("newcomer-unit").name in [words for _, words in notice.lines]
    stored = nanning.proceeding.candidates.get().data
    assert IDENTITIES[1] not in str(stored) + str(notice.lines)


def test_the_record_says_in_words_what_was_done(nanning: Matter) -> None:
    nanning.to_publication()
    nanning.step("bureau", "publication", "publish")
    nanning.wait(minutes=1)

    lines = timeline(nanning.proceeding.case)

    assert [line.label for line in lines] == [
        "申请专家入库",
        "专家库管理部门审核：审核通过",
        "公示：发布公示",
        "公示期满",
        "公布：公布",
        "专家聘任入库",
    ]
    assert {line.clause for line in lines if "二（二）" not in line.clause} == set()
    file = Expert.objects.get(name=nanning.account.name).file
    assert [line.label for line in timeline(file)] == ["专家聘任入库"]


def test_a_withdrawn_application_goes_no_further(nanning: Matter) -> None:
    nanning.apply()
    nanning.accept()
    notice = nanning.post()
    withdraw = {"proceeding_id": nanning.proceeding_id, "reason": "工作变动"}
    assert nanning.refused("station", "procedures.withdraw_proceeding", **withdraw).reasons[0].message == (
        "只有申请人本人可以撤回申请"
    )

    nanning.act("applicant", "procedures.withdraw_proceeding", **withdraw)
    nanning.wait(until=notice.ends_at)

    assert nanning.standing == ("withdrawn", "")
    notice.refresh_from_db()
    assert notice.withdrawn_at is not None
    assert (
        nanning.no_step("bureau", "publication", "publish").reasons[0].message == "本事项已撤回，不能再办理"
    )


def test_whoever_dies_between_publication_and_appointment_is_healed_by_the_next_tick(nanning: Matter) -> None:
    nanning.to_publication()
    nanning.step("bureau", "publication", "publish")
    assert nanning.standing == ("running", "appointment")
    assert Expert.objects.filter(name=nanning.account.name).count() == 0

    nanning.wait(hours=5)
    nanning.wait(hours=5)

    assert nanning.standing == ("completed", "")
    assert Expert.objects.filter(name=nanning.account.name).count() == 1
