"""Every kind of vetting, from the application to the letter that anybody checks; and each way round it, refused."""

from datetime import date, timedelta
from typing import Any

import pytest

from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import CHINA
from lunheng.core.sampling import drawn_of
from lunheng.experts.models import Expert
from lunheng.pools.models import Membership
from lunheng.portal.certificates import checked
from lunheng.procedures.models import IssuedDocument, Proceeding
from tests.factories.world import SeatClient
from tests.procedures.matters import IDENTITIES, Matter, newcomer
from tests.procedures.synthetic import beside, read

pytestmark = pytest.mark.django_db
GROUP = ["虚构·甲", "虚构·乙", "虚构·丙"]


@pytest.fixture
def vetting(nanning: Matter) -> Any:
    """Nanning, as if its notice vetted in every way there is."""
    with beside(vetting=read("vetting")):
        yield nanning


def apply(matter: Matter, account: Any = None, number: int = 1) -> Proceeding:
    """Somebody applies, with four files of what he did."""
    matter.account = account or matter.account
    data = {
        "name": matter.account.name,
        "identity_number": IDENTITIES[number],
        "organization_code": matter.hand.world.unit("contractor").code,
        "title": "高级工程师",
        "specialties": ["geotechnics"],
        "evidence": [matter.document() for _ in range(4)],
    }
    opened = {"pool_id": matter.hand.world.pool.pk, "procedure": "vetting", "data": data}
    made: Proceeding = matter.act("applicant", "pools.open_proceeding", **opened)
    matter.proceeding_id = made.pk
    return made


def seal(matter: Matter) -> None:
    matter.step("contractor", "seal", "certify")


def sample(matter: Matter) -> list[str]:
    """The platform draws; returns what it drew."""
    given = {"proceeding_id": matter.proceeding_id, "step": "sample", "seed": b"\x07" * 32}
    taken = matter.act("station", "procedures.draw_sample", **given)
    return [key for key, _ in taken.data["drawn"]]


def to_panel(matter: Matter) -> None:
    seal(matter)
    matter.step("station", "sample", "accept", checked=sample(matter))


def session(matter: Matter, *results: tuple[int, str, str], **given: Any) -> dict[str, Any]:
    told = [{"proceeding_id": key, "outcome": outcome, "reason": reason} for key, outcome, reason in results]
    return {"step": "panel", "results": told, "group": GROUP, "held_on": matter.hand.now.date(), **given}


def to_exam(matter: Matter) -> None:
    to_panel(matter)
    matter.act(
        "station", "procedures.review_jointly", **session(matter, (matter.proceeding_id, "accept", ""))
    )


def appointed(matter: Matter) -> Expert:
    """All the way."""
    apply(matter)
    to_exam(matter)
    matter.step("station", "exam", "pass", data={"score": 60})
    matter.step("bureau", "decision", "approve")
    matter.wait(minutes=1)
    return Expert.objects.get(name=matter.account.name)


def test_from_the_application_to_the_letter_every_step_is_taken_by_whom_the_pack_names(
    vetting: Matter,
) -> None:
    expert = appointed(vetting)

    assert vetting.standing == ("completed", "")
    assert [one.outcome for one in vetting.proceeding.steps_taken.all()] == [
        "submit", "certify", "draw", "accept", "accept", "pass", "approve",
    ]  # fmt: skip
    today = vetting.hand.now.astimezone(CHINA).date()
    assert expert.membership.ends_on == date(today.year + 3, today.month, today.day)
    assert expert.membership.route == "procedure"
    issued = list(IssuedDocument.objects.order_by("pk"))
    assert [(one.form, one.title) for one in issued] == [("letter", "专家聘书"), ("list", "入库名单")]
    assert all(one.document.read().startswith(b"%PDF") for one in issued)


def test_anybody_checks_the_letter_by_its_code_on_any_day(vetting: Matter) -> None:
    expert = appointed(vetting)
    letter, roll = IssuedDocument.objects.order_by("pk")
    today = vetting.hand.now.astimezone(CHINA).date()
    assert expert.membership.ends_on is not None
    last = expert.membership.ends_on - timedelta(days=1)

    assert {
        "today": checked(letter.code, today).state,
        "without lines": checked(letter.code.replace("-", "").lower(), today).state,
        "the day before": checked(letter.code, today - timedelta(days=1)).state,
        "the last day": checked(letter.code, last).state,
        "the day after": checked(letter.code, last + timedelta(days=1)).state,
        "list": checked(roll.code, today).state,
        "made up": checked("0000-0000-0000-0000", today).state,
    } == {
        "today": "valid", "without lines": "valid", "the day before": "unknown", "the last day": "valid",
        "the day after": "ended", "list": "valid", "made up": "unknown",
    }  # fmt: skip

    standing = expert.membership
    standing.state, standing.suspended_from = Membership.State.SUSPENDED, today
    standing.save()
    assert checked(letter.code, today).state == "suspended"
    standing.bar(today, None)
    assert checked(letter.code, today).state == "cancelled"
    page = SeatClient(None).get(f"/certificates/?code={letter.code}").content.decode()
    assert ("已注销" in page, letter.number in page, vetting.account.name in page) == (True, True, False)


def test_only_the_unit_that_was_named_certifies_and_in_its_time(vetting: Matter) -> None:
    apply(vetting)
    stranger = Actor("s" * 32, Role.CONTRACTOR, organization="91450100TESTOTHER0")
    for seat in (stranger, "applicant", "station"):
        verdict = vetting.no_step(seat, "seal", "certify")
        assert verdict.reasons[0].message == "申请人所在单位审查盖章由申请人所在单位办理"

    vetting.wait(days=9)

    assert vetting.standing == ("lapsed", "")
    assert vetting.no_step("contractor", "seal", "certify").reasons[0].message == "本事项逾期终止，不能再办理"


def test_a_sample_is_drawn_by_the_platform_once_and_can_be_computed_again(vetting: Matter) -> None:
    apply(vetting)
    seal(vetting)
    assert vetting.no_step("station", "sample", "draw").reasons[0].message == "样本由平台随机抽取，不由人选定"
    assert vetting.no_step("station", "sample", "accept").reasons[0].message == "尚未抽取样本"

    drawn = sample(vetting)

    keys = [str(key) for key in vetting.proceeding.candidates.get().data["evidence"]]
    assert drawn == list(drawn_of(keys, 50, b"\x07" * 32))
    assert len(drawn) == 2
    again = {"proceeding_id": vetting.proceeding_id, "step": "sample", "seed": b"\x08" * 32}
    verdict = vetting.refused("station", "procedures.draw_sample", **again)
    assert verdict.reasons[0].message == "样本已经抽取，不能重新抽取"
    assert vetting.refused("bureau", "procedures.draw_sample", **again).reasons[0].clause.number == "二（二）"


@pytest.mark.parametrize(
    ("checked_items", "wrong_items", "reason", "message"),
    [
        (1, 0, "", "抽到的样本尚未逐件核查"),
        (1, 1, "", "抽查发现问题仍予通过的，须写明理由"),
        (1, 1, "笔误，已补正", ""),
        (2, 0, "", ""),
    ],
)
def test_an_open_result_of_the_sample_holds_the_matter(
    vetting: Matter, checked_items: int, wrong_items: int, reason: str, message: str
) -> None:
    apply(vetting)
    seal(vetting)
    drawn = sample(vetting)
    given = {
        "checked": drawn[:checked_items],
        "wrong": drawn[checked_items : checked_items + wrong_items],
        "reason": reason,
    }
    if message:
        assert vetting.no_step("station", "sample", "accept", **given).reasons[0].message == message
        return

    vetting.step("station", "sample", "accept", **given)
    assert vetting.standing == ("running", "panel")


def test_a_joint_review_gives_each_file_its_own_result(vetting: Matter) -> None:
    first = apply(vetting)
    to_panel(vetting)
    second = apply(vetting, newcomer("另一", 5), 3)
    to_panel(vetting)
    third = apply(vetting, newcomer("旁边", 6), 2)

    results = ((first.pk, "accept", ""), (second.pk, "refuse", "业绩不足"))
    vetting.act("station", "procedures.review_jointly", **session(vetting, *results))

    standing = {one.pk: (one.state, one.step) for one in Proceeding.objects.all()}
    assert standing == {
        first.pk: ("running", "exam"),
        second.pk: ("refused", ""),
        third.pk: ("running", "seal"),
    }


@pytest.mark.parametrize(
    ("result", "given", "message"),
    [
        (("refuse", ""), {}, "审核不通过须写明理由"),
        (("praise", ""), {}, "评审没有这一结果"),
        (("accept", ""), {"group": GROUP[:2]}, "评审组须不少于3人，现为2人"),
        (("accept", ""), {"group": [GROUP[0]] * 3}, "评审组须不少于3人，现为1人"),
        (("accept", ""), {"held_on": date(2030, 1, 1)}, "评审日期不得晚于今天"),
        (("accept", ""), {"step": "exam"}, "本流程没有这一评审步骤"),
        (("accept", ""), {"results": []}, "没有这一办理事项，或者您不能查看"),
    ],
)
def test_a_joint_review_is_refused_as_a_whole(
    vetting: Matter, result: tuple[str, str], given: dict[str, Any], message: str
) -> None:
    apply(vetting)
    to_panel(vetting)

    asked = session(vetting, (vetting.proceeding_id, *result), **given)
    verdict = vetting.refused("station", "procedures.review_jointly", **asked)

    assert message in verdict.reasons[0].message


def test_nobody_of_the_group_judges_the_own_file_and_no_file_is_judged_alone(vetting: Matter) -> None:
    apply(vetting)
    to_panel(vetting)
    asked = session(vetting, (vetting.proceeding_id, "accept", ""), group=[*GROUP, vetting.account.name])

    verdict = vetting.refused("station", "procedures.review_jointly", **asked)
    assert verdict.reasons[0].clause.number == "第七十六条"
    alone = vetting.no_step("station", "panel", "accept")
    assert alone.reasons[0].message.endswith("由评审组集中办理")
    wrong = session(vetting, (vetting.proceeding_id, "accept", ""))
    assert (
        vetting.refused("bureau", "procedures.review_jointly", **wrong).reasons[0].clause.number == "二（二）"
    )


@pytest.mark.parametrize(
    ("score", "outcome", "message"),
    [
        (59, "pass", "得分59，按合格分数60为不合格"),
        (60, "fail", "得分60，按合格分数60为合格"),
        (60, "pass", ""),
        (59, "fail", ""),
    ],
)
def test_the_result_of_a_test_follows_from_the_mark(
    vetting: Matter, score: int, outcome: str, message: str
) -> None:
    apply(vetting)
    to_exam(vetting)
    if message:
        verdict = vetting.no_step("station", "exam", outcome, data={"score": score})
        assert verdict.reasons[0].message == message
        return

    vetting.step("station", "exam", outcome, data={"score": score})
    assert vetting.standing == (("running", "decision") if outcome == "pass" else ("refused", ""))


def test_the_pages_lead_through_sample_session_and_exam(vetting: Matter) -> None:
    apply(vetting)
    seal(vetting)
    path, station = f"/procedures/{vetting.proceeding_id}/", vetting.hand.world.client("station")
    assert "随机抽取样本" in station.get(f"{path}step/sample/").content.decode()
    assert station.http.post(f"{path}sample/sample/").status_code == 302
    drawn = [key for key, _ in vetting.proceeding.steps_taken.get(outcome="draw").data["drawn"]]
    assert all(f'name="item-{key}"' in station.get(f"{path}step/sample/").content.decode() for key in drawn)
    sent = {f"item-{key}": "checked" for key in drawn} | {"outcome": "accept"}
    assert station.http.post(f"{path}step/sample/", sent).status_code == 302
    assert vetting.standing == ("running", "panel")

    redirected = station.get(f"{path}step/panel/")
    assert redirected.headers["Location"] == "/procedures/session/vetting/panel/"
    form = {
        "held_on": vetting.hand.now.date().isoformat(),
        "members": "\n".join(GROUP),
        f"outcome-{vetting.proceeding_id}": "accept",
    }
    assert station.http.post("/procedures/session/vetting/panel/", form).status_code == 302
    assert vetting.standing == ("running", "exam")
    nobody = vetting.hand.world.client("bureau").get("/procedures/session/vetting/panel/")
    assert (nobody.status_code, vetting.account.name in nobody.content.decode()) == (403, False)
