"""Ways round a procedure, each tried and refused: another's identity after a return, a notice cut short or skipped, a
seal of one's own, a list or an objector read by whom it does not concern, the same matter of two clerks."""

from typing import Any

import pytest

from lunheng.core.actor import Actor, Role
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Limit, Procedure, Step
from lunheng.experts.models import Expert
from lunheng.procedures.models import Proceeding
from tests.procedures.matters import IDENTITIES, Matter, newcomer
from tests.procedures.test_objections import noticed, object_to
from tests.procedures.test_pages import page, seat
from tests.procedures.test_term_change import TERM, closed, open_change

pytestmark = pytest.mark.django_db


def rewrite(monkeypatch: pytest.MonkeyPatch, procedure: str, *steps: Step, **changed: dict[str, Any]) -> None:
    """A pack whose procedure has its steps changed by id, and further steps behind the one they name as their title."""
    asked = Law.procedure

    def of(law: Law, key: str) -> Procedure:
        found = asked(law, key)
        if key != procedure:
            return found
        made = [step.model_copy(update=changed.get(step.id, {})) for step in found.steps]
        for step in steps:
            place = [one.id for one in made].index(step.title) + 1
            made.insert(place, step)
        changed_one = found.model_copy(update={"steps": tuple(made), "order": ""})
        changed_one.__dict__.pop("by_id", None)
        return changed_one

    monkeypatch.setattr(Law, "procedure", of)


def test_who_is_told_to_mend_an_application_does_not_hand_in_another_identity(nanning: Matter) -> None:
    nanning.apply()
    nanning.account.identity_digest = nanning.proceeding.candidates.get().data["identity_number"]
    nanning.account.save()
    nanning.step("station", "approval", "return", reason="请补充社保记录")

    verdict = nanning.no_step(
        "applicant", "application", "submit", data=nanning.form(identity_number=IDENTITIES[3])
    )

    assert verdict.reasons[0].message == "身份证号码与本账号的实名信息不一致"


def test_the_identity_of_another_account_is_not_handed_in_after_a_return(nanning: Matter) -> None:
    nanning.apply()
    mine = nanning.proceeding.candidates.get().data["identity_number"]
    nanning.step("station", "approval", "return", reason="请补充社保记录")
    other = newcomer("先登记", 9)
    other.identity_digest = mine
    other.save()

    verdict = nanning.no_step("applicant", "application", "submit", data=nanning.form())

    assert verdict.reasons[0].message == "该身份证号码已由另一账号登记"


@pytest.mark.parametrize("late", ["next", "lapse"])
def test_the_limit_for_posting_is_met_by_posting_and_does_not_cut_the_notice(
    nanning: Matter, monkeypatch: pytest.MonkeyPatch, late: Any
) -> None:
    limit = Limit(value=2, unit="days", late=late)
    rewrite(monkeypatch, "admission", notice={"limit": limit})
    notice = noticed(nanning)
    object_to(nanning, notice)

    nanning.wait(days=4)

    assert nanning.standing == ("running", "notice")
    nanning.wait(until=notice.ends_at)
    assert nanning.standing == ("running", "notice")


def test_a_notice_that_is_posted_is_not_skipped_over_its_objections(
    nanning: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(monkeypatch, "admission", notice={"no_skip": False})
    object_to(nanning, noticed(nanning))

    verdict = nanning.no_step("bureau", "notice", "skip", reason="无须等待")

    assert verdict.reasons[0].message == "公示已经发布"


def test_after_a_return_from_behind_the_notice_a_new_notice_is_posted(
    nanning: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = Step(id="review", kind="check", office="station", clause="二（二）", title="notice")
    rewrite(monkeypatch, "admission", review)
    first = noticed(nanning)
    nanning.wait(until=first.ends_at)
    nanning.step("station", "review", "return", reason="公示内容有误")
    nanning.step("applicant", "application", "submit", data=nanning.form())
    nanning.accept()

    second = nanning.post(days=2)

    first.refresh_from_db()
    assert (first.withdrawn_at is not None, second.pk != first.pk) == (True, True)
    nanning.wait(until=second.ends_at)
    assert nanning.standing == ("running", "review")


def test_an_applicant_does_not_put_the_seal_of_the_own_unit(
    nanning: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = Step(id="seal", kind="certify", office="unit", clause="二（二）", title="application")
    rewrite(monkeypatch, "admission", seal)
    nanning.apply()
    assert nanning.standing == ("running", "seal")

    assert (
        nanning.no_step("applicant", "seal", "certify").reasons[0].message
        == "application由申请人所在单位办理"
    )
    stranger = Actor("z" * 32, Role.CONTRACTOR, organization="91450100TESTOTHER0")
    nanning.no_step(stranger, "seal", "certify")

    unit = Actor("u" * 32, Role.CONTRACTOR, organization=nanning.hand.world.unit("newcomer-unit").code)
    nanning.step(unit, "seal", "certify")
    assert nanning.standing == ("running", "approval")


def test_an_official_who_applies_does_not_read_who_objects(nanning: Matter) -> None:
    nanning.account = nanning.hand.world.seat("station").account
    other = nanning.hand.world.add_person("second clerk")
    nanning.apply()
    proceeding = nanning.proceeding
    clerk = Actor(other.reference, Role.STATION, jurisdiction="450100")
    nanning.step(clerk, "approval", "accept", data={"has_rich_experience": False})
    object_to(nanning, nanning.post(days=5))

    text = page(seat(nanning, "station"), f"/procedures/{proceeding.pk}/")

    assert "第 1 号异议" not in text
    assert "第 1 号异议" in page(seat(nanning, "bureau"), f"/procedures/{proceeding.pk}/")


def test_a_member_does_not_read_who_applied(qingdao: Matter) -> None:
    closed(qingdao, 0, 1)
    path = f"/procedures/{qingdao.proceeding_id}/step/list/"
    names = [expert.name for expert in qingdao.hand.world.experts]
    member = seat(qingdao, "expert:2")

    for response in (member.get(path), member.http.post(path, {"outcome": "approve"})):
        text = response.content.decode()
        assert response.status_code == 403
        assert [name for name in names if name in text and name != names[2]] == []
    assert all(name in page(seat(qingdao, "station"), path) for name in names)


def test_two_clerks_do_not_begin_the_same_matter_twice(qingdao: Matter) -> None:
    open_change(qingdao)
    second = Actor("w" * 32, Role.STATION, jurisdiction="370200")
    given = {"pool_id": qingdao.hand.world.pool.pk, "procedure": "term_change", "data": TERM}

    verdict = qingdao.refused(second, "pools.open_proceeding", **given)

    assert verdict.reasons[0].message == "本专家库已有一件专家换届正在办理"
    assert Proceeding.objects.count() == 1


def test_who_came_in_meanwhile_is_not_let_in_twice_and_the_matter_ends(nanning: Matter) -> None:
    nanning.to_publication()
    known = nanning.hand.world.experts[0]
    known.identity_digest = nanning.proceeding.candidates.get().data["identity_number"]
    known.save()

    nanning.step("bureau", "publication", "publish")
    nanning.wait(minutes=1)

    assert nanning.standing == ("refused", "")
    assert Expert.objects.filter(name=nanning.account.name).count() == 0
    assert [
        one.performed_at is None and one.met_at is None for one in nanning.proceeding.case.deadlines.all()
    ] == [False] * nanning.proceeding.case.deadlines.count()


def test_a_number_that_no_column_holds_is_nobody_on_the_list(qingdao: Matter) -> None:
    closed(qingdao, 0)
    path = f"/procedures/{qingdao.proceeding_id}/step/list/"
    given = {"candidate": ["9" * 40], "confirmed": "1", "outcome": "approve"}

    response = seat(qingdao, "station").http.post(path, given)

    assert (response.status_code, "名单中有不属于本事项的人选" in response.content.decode()) == (403, True)


@pytest.mark.parametrize("number", ["9" * 40, "²"])
def test_a_number_that_no_column_holds_is_no_file(nanning: Matter, number: str) -> None:
    given = {"pool_id": nanning.hand.world.pool.pk, "procedure": "admission"}

    verdict = nanning.refused(
        "applicant", "pools.open_proceeding", **given, data=nanning.form(evidence=[number])
    )

    assert verdict.reasons[0].message.endswith("文件号不正确")


def test_a_file_of_somebody_else_is_not_attached_to_an_application(nanning: Matter) -> None:
    stranger = Actor("q" * 32, Role.PUBLIC)
    given = {"pool_id": nanning.hand.world.pool.pk, "procedure": "admission"}
    file = nanning.document(stranger)

    verdict = nanning.refused(
        "applicant", "pools.open_proceeding", **given, data=nanning.form(evidence=[file])
    )

    assert verdict.reasons[0].message == "该文件由其他单位上传，不能使用"
