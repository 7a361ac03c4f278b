"""The pages of a panel: what each role sees, and that every legal act works without script."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lunheng.ledger.models import Access
from lunheng.panels.models import Draw, Election, Member
from lunheng.panels.queries import person_of
from tests.factories.chance import PROMISE, VALUE
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def page(scene: Scene, seat: str, path: str = "") -> str:
    response = scene.world.client(seat).get(path or f"/cases/{scene.case_id}/panel/")
    assert response.status_code == 200, response.content.decode()[:400]
    return str(response.content.decode())


def post(scene: Scene, seat: str, path: str, **data: object) -> int:
    return int(scene.world.client(seat).http.post(path, data=data).status_code)


def reveal(scene: Scene, status: int) -> None:
    """The promise was taken, and the browser's share goes in."""
    path = f"/cases/{scene.case_id}/panel/reveal/"
    assert (status, post(scene, "contractor", path, party="applicant", value=VALUE.hex())) == (302, 302)


def test_the_contractor_sees_the_depth_and_draws(qingdao: Tell) -> None:
    scene = qingdao()
    assert "随机抽取专家" in page(scene, "contractor")
    reveal(scene, post(scene, "contractor", f"/cases/{scene.case_id}/panel/draw/", commitment=PROMISE))
    assert len(scene.members("invited")) == 5


def test_between_promise_and_reveal_the_page_shows_what_is_fixed(qingdao: Tell) -> None:
    scene = qingdao()
    post(scene, "contractor", f"/cases/{scene.case_id}/panel/draw/", commitment=PROMISE)
    text = page(scene, "contractor")
    shown = [f'data-reveal="{PROMISE}"' in text, Draw.objects.get().commit in text, "随机抽取专家" in text]
    assert (shown, scene.members()) == ([True, True, False], [])


def test_a_pool_that_is_too_small_offers_no_draw(qingdao: Tell) -> None:
    scene = qingdao(experts=5)
    text = page(scene, "contractor")
    assert ("不足，不能抽取" in text, f"/cases/{scene.case_id}/panel/draw/" in text) == (True, False)


def test_a_refused_draw_stays_on_the_page_with_its_clause(qingdao: Tell) -> None:
    scene = qingdao(experts=5)
    response = scene.world.client("contractor").http.post(
        f"/cases/{scene.case_id}/panel/draw/", {"commitment": PROMISE}
    )
    assert (response.status_code, "二（三）" in response.content.decode()) == (403, True)


def test_names_appear_to_the_contractor_only_after_confirmation(qingdao: Tell) -> None:
    scene = qingdao()
    one, other = scene.draw()[:2]
    scene.confirm(one)
    text = page(scene, "contractor")
    shown = [f">{member.expert.name}<" in text for member in (one, other)]
    assert shown == [True, False]
    assert f">{other.expert.name}<" in page(scene, "station")


def test_the_board_tells_confirmed_waiting_and_replaced(qingdao: Tell) -> None:
    scene = qingdao()
    one, other = scene.draw()[:2]
    scene.deliver()
    scene.confirm(one)
    scene.act("decline_seat", scene.seat(other), member_id=other.pk, reason="出差")
    scene.sweep()
    text = page(scene, "contractor", f"/cases/{scene.case_id}/panel/seats/")
    assert ["已确认" in text, "剩 6 小时 0 分" in text, "不参加" in text] == [True] * 3


@pytest.mark.parametrize("seat", ["stranger", "expert:19", "public"])
def test_others_do_not_see_the_panel(qingdao: Tell, seat: str) -> None:
    scene = qingdao(experts=20)
    assert scene.world.client(seat).get(f"/cases/{scene.case_id}/panel/").status_code == 403


def test_the_office_sees_who_was_excluded_and_the_applicant_how_many(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    insider = scene.world.add_expert(unit="owner")
    scene.draw()
    path = f"/cases/{scene.case_id}/panel/exclusions/"
    assert insider.name in page(scene, "station", path)
    counted = page(scene, "contractor", path)
    assert ("参建单位人员 1 人" in counted, insider.name in counted) == (True, False)
    assert scene.world.client("owner").get(path).status_code == 403
    assert insider.name not in page(scene, "contractor")


def test_an_expert_confirms_from_the_link_in_the_message(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    scene.deliver()
    path = f"/my/invitations/{one.pk}/"
    text = page(scene, scene.seat(one), path)
    assert ["确认参加" in text, "不能参加" in text, "我应当回避" in text] == [True] * 3
    assert post(scene, scene.seat(one), f"{path}confirm/") == 302
    assert scene.member(one).state == "confirmed"
    assert "签署保密承诺" in page(scene, scene.seat(one), path)


def test_the_link_leads_to_the_log_in_first(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    response = scene.world.client("public").get(f"/my/invitations/{one.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/login/?next=/my/invitations/{one.pk}/")


def test_another_expert_cannot_open_the_invitation(qingdao: Tell) -> None:
    scene = qingdao()
    one, other = scene.draw()[:2]
    assert scene.world.client(scene.seat(other)).get(f"/my/invitations/{one.pk}/").status_code == 403


def test_a_decline_by_chip_is_recorded_as_not_suited(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    path = f"/my/invitations/{one.pk}/decline/"
    assert "时间冲突" in page(scene, scene.seat(one), path)
    assert post(scene, scene.seat(one), path, chip="其他", words="") == 422
    assert post(scene, scene.seat(one), path, chip="与本人专业不相适应", words="非降水专长") == 302
    gone = scene.member(one)
    assert (gone.state, gone.is_unsuited, gone.ground) == ("declined", True, "与本人专业不相适应：非降水专长")


def test_a_confirmation_too_late_stays_on_the_page_with_its_clause(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    scene.deliver()
    scene.clock.advance(hours=6)
    response = scene.world.client(scene.seat(one)).http.post(f"/my/invitations/{one.pk}/confirm/")
    assert (response.status_code, "二（三）" in response.content.decode()) == (403, True)


def test_recusal_commitment_and_loss_by_form(qingdao: Tell) -> None:
    scene = qingdao()
    one, other, third = scene.confirmed_panel()[:3]
    assert post(scene, scene.seat(one), f"/my/invitations/{one.pk}/commitment/") == 302
    recusal = {"chip": "与参建单位有经济往来", "words": ""}
    assert post(scene, scene.seat(other), f"/my/invitations/{other.pk}/recuse/", **recusal) == 302
    assert post(scene, scene.seat(third), f"/my/invitations/{third.pk}/loss/", chip="生病", words="") == 302
    assert [scene.member(member).state for member in (one, other, third)] == ["confirmed", "recused", "lost"]
    assert scene.member(one).committed_at == scene.clock.now()


def test_the_list_of_invitations_shows_mine_only(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    idle = next(
        f"expert:{index}"
        for index, expert in enumerate(scene.world.experts)
        if expert.pk not in {member.expert_id for member in scene.members()}
    )
    assert "虚构深基坑专项施工方案" in page(scene, scene.seat(one), "/my/invitations/")
    assert "还没有邀请" in page(scene, idle, "/my/invitations/")


def test_members_vote_on_their_page_and_see_the_result(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    for member in members:
        path = f"/my/invitations/{member.pk}/vote/"
        assert members[0].expert.name in page(scene, scene.seat(member), path)
        assert post(scene, scene.seat(member), path, choice=members[0].pk) == 302
    assert Election.objects.get().winner == members[0]
    assert "5 票" in page(scene, scene.seat(members[1]), f"/my/invitations/{members[1].pk}/vote/")


def test_the_station_decides_on_a_sister_by_form(qingdao: Tell) -> None:
    from tests.panels.test_drawing import sister

    scene = qingdao(experts=8)
    decision = sister(scene)
    path = f"/cases/{scene.case_id}/panel/sisters/{decision.pk}/"
    assert decision.path in page(scene, "station", path)
    assert post(scene, "station", path, may_sit="yes", reason="") == 422
    assert post(scene, "station", path, may_sit="yes", reason="业务独立") == 302
    decision.refresh_from_db()
    assert (decision.may_sit, decision.reason) == (True, "业务独立")


def test_the_office_removes_and_a_party_files_a_leak_by_form(qingdao: Tell) -> None:
    scene = qingdao()
    one, other = scene.confirmed_panel()[:2]
    base = f"/cases/{scene.case_id}/panel/members"
    assert "不计专家过错" in page(scene, "station", f"{base}/{one.pk}/remove/")
    assert post(scene, "station", f"{base}/{one.pk}/remove/", text="核实有利害关系") == 302
    assert post(scene, "contractor", f"{base}/{other.pk}/remove/", text="不合适") == 403
    assert post(scene, "owner", f"{base}/{other.pk}/leak/", text="外传方案") == 302
    assert [scene.member(member).state for member in (one, other)] == ["removed", "confirmed"]
    assert other.expert.file.service_records.get().kind == "leak"


def test_the_client_pushes_picks_contacts_and_lists_by_form(nanning: Tell) -> None:
    scene = nanning()
    base = f"/cases/{scene.case_id}/panel"
    assert "随机推送专家" in page(scene, "contractor")
    reveal(scene, post(scene, "contractor", f"{base}/draw/", commitment=PROMISE))
    pushed = scene.members("pushed")
    other = next(one for one in pushed if one.fitting_tags != pushed[0].fitting_tags)
    chosen = [pushed[0], other, *[one for one in pushed[1:] if one.pk != other.pk][:3]]
    assert pushed[0].expert.phone not in page(scene, "contractor")
    assert post(scene, "contractor", f"{base}/pick/", members=[one.pk for one in chosen[:4]]) == 403
    assert post(scene, "contractor", f"{base}/pick/", members=[one.pk for one in chosen]) == 302
    assert chosen[0].expert.phone in page(scene, "contractor")
    for one in chosen:
        contact = f"{base}/members/{one.pk}/contact/"
        assert post(scene, "contractor", contact, outcome="consent", reason="") == 302
    given = {"members": [one.pk for one in chosen], "leader": chosen[0].pk}
    assert post(scene, "contractor", f"{base}/list/", members=given["members"], leader="") == 403
    assert chosen[0].expert.name in page(scene, "contractor", f"{base}/list/")
    assert post(scene, "contractor", f"{base}/list/", **given) == 302
    assert scene.case.state == "preparing"


def test_views_of_contacts_are_logged_once_a_page(nanning: Tell) -> None:
    scene = nanning()
    scene.agreed()
    page(scene, "contractor")
    page(scene, "owner")
    assert list(Access.objects.filter(kind="contacts").values_list("what", flat=True)) == [
        "专家联系方式（5人）"
    ]


def test_the_tags_that_fit_are_shown(nanning: Tell) -> None:
    scene = nanning()
    scene.push()
    assert "岩土工程" in page(scene, "contractor")


def test_the_expert_denies_a_recorded_consent_by_form(nanning: Tell) -> None:
    scene = nanning()
    one = scene.agreed()[0]
    path = f"/my/invitations/{one.pk}/"
    assert "我没有同意" in page(scene, scene.seat(one), path)
    assert post(scene, scene.seat(one), f"{path}answer/", agrees="no") == 302
    assert scene.member(one).state == "declined"
    assert "专家否认同意" in page(scene, "contractor")


def test_the_random_removal_says_its_consequence_first(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    scene.act("report_loss", scene.seat(members[6]), member_id=members[6].pk, ground="生病")
    path = f"/cases/{scene.case_id}/panel/reduce/"
    assert "随机移出一名" in page(scene, "contractor", path)
    reveal(scene, post(scene, "contractor", path, commitment=PROMISE))
    assert len(scene.members("confirmed")) == 5


def test_a_lost_leader_is_set_anew_by_form(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    scene.act("report_loss", scene.seat(members[0]), member_id=members[0].pk, ground="生病")
    path = f"/cases/{scene.case_id}/panel/members/{members[1].pk}/leader/"
    assert post(scene, "contractor", path) == 302
    assert Member.objects.get(is_leader=True) == members[1]


def test_the_record_is_downloaded_as_a_file(qingdao: Tell) -> None:
    scene = qingdao()
    path = f"/cases/{scene.case_id}/panel/transcript.json"
    assert scene.world.client("contractor").get(path).status_code == 404
    scene.draw()
    response = scene.world.client("contractor").get(path)
    assert response.json()["format"] == Draw.objects.get().document["format"]
    assert "attachment" in response["Content-Disposition"]


def test_the_record_is_printed_as_an_official_form_which_names_nobody(qingdao: Tell, tmp_path: Path) -> None:
    scene = qingdao()
    path = f"/cases/{scene.case_id}/papers/draw_record/"
    assert path not in page(scene, "contractor")
    assert scene.world.client("contractor").get(path).status_code == 404
    members = scene.draw()
    assert path in page(scene, "contractor")
    response = scene.world.client("contractor").get(path)
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(response.content)
    done = subprocess.run(["pdftotext", "-raw", sheet, "-"], capture_output=True, check=True)
    text = "".join(done.stdout.decode().split())
    draw = Draw.objects.get()
    told = ["专家抽取记录表", draw.commit, draw.seed, draw.document["digest"], *map(person_of, members)]
    assert [words for words in told if words not in text] == []
    assert [one.expert.name for one in members if one.expert.name.replace(" ", "") in text] == []
    assert response["Content-Type"] == "application/pdf"
    assert set(Access.objects.filter(kind="print").values_list("what", "allowed")) == {
        ("paper draw_record", True)
    }


def test_the_record_of_a_draw_is_for_who_asked_and_for_the_office(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    path = f"/cases/{scene.case_id}/papers/draw_record/"
    seats = ("contractor", "station", "supervisor", "designer")
    assert [scene.world.client(seat).get(path).status_code for seat in seats] == [200, 200, 403, 403]
    assert scene.world.client("contractor").get(path.replace("draw_record", "report")).status_code == 404
