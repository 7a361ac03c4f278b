"""The pages of the engine: what an applicant, an office, a member and anybody see, and do without script."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lunheng.core.actor import Role
from lunheng.experts.models import Expert
from lunheng.notices.models import Objection
from lunheng.procedures.models import Proceeding
from tests.factories.files import a_pdf
from tests.factories.world import SeatClient, session_of_person
from tests.plans.hand import reads
from tests.procedures.matters import IDENTITIES, Matter
from tests.procedures.test_objections import WORDS, noticed, object_to
from tests.procedures.test_term_change import WILLING, candidates, closed, open_change

pytestmark = pytest.mark.django_db


def person(matter: Matter) -> SeatClient:
    """The applicant's browser."""
    client = SeatClient(None)
    client.sit(session_of_person(matter.account, matter.hand.world.city))
    return client


def seat(matter: Matter, name: str) -> SeatClient:
    """The browser of somebody with a seat."""
    return matter.hand.world.client(name)


def page(client: SeatClient, path: str, status: int = 200, **data: Any) -> str:
    """A page as people read it."""
    response = client.get(path, **data)
    assert response.status_code == status, response.status_code
    text: str = response.content.decode()
    return text


def send(client: SeatClient, path: str, status: int = 302, **data: Any) -> str:
    """A form that is sent."""
    response = client.http.post(path, data)
    assert response.status_code == status, response.content.decode()[:3000]
    text: str = response.content.decode()
    return text


def filled(matter: Matter, **fields: Any) -> dict[str, Any]:
    """The application as the page sends it, with the file among it."""
    world = matter.hand.world
    return {
        "name": matter.account.name,
        "identity_number": IDENTITIES[1 if world.city == "nanning" else 2],
        "organization_code": world.unit("newcomer-unit").code,
        "title": "高级工程师",
        "has_senior_title": "on",
        "years": "15",
        "specialties": ["geotechnics"],
        "file": SimpleUploadedFile("证书.pdf", a_pdf()),
        "is_voluntary" if world.city == "nanning" else "is_true": "on",
        **fields,
    }


def opened(matter: Matter) -> str:
    """The address of the last matter."""
    matter.proceeding_id = Proceeding.objects.latest("pk").pk
    return f"/procedures/{matter.proceeding_id}/"


@pytest.mark.clause("NN-二(二)a")
def test_from_the_application_to_the_pool_on_pages_alone(nanning: Matter) -> None:
    me = person(nanning)
    assert "本人自愿申请 → 专家库管理部门审核 → 公示 → 公布 → 进入专家库" in page(me, "/apply/")
    send(me, "/apply/nanning/admission/", **filled(nanning))
    address = opened(nanning)
    assert "现在轮到：市建管中心" in page(me, address)

    station, bureau = seat(nanning, "station"), seat(nanning, "bureau")
    assert nanning.account.name in page(station, address)
    send(station, f"{address}step/approval/", outcome="accept")
    send(bureau, f"{address}step/notice/", last_day=nanning.hand.now.date().isoformat())
    assert "公示中" in page(me, address)

    nanning.wait(until=nanning.notice.ends_at)
    send(bureau, f"{address}step/publication/")
    nanning.wait(minutes=1)

    assert Expert.objects.filter(name=nanning.account.name).count() == 1
    assert "已办结" in page(me, address)


def test_the_desk_names_the_matter_the_step_and_the_clause_to_whom_it_waits_for(nanning: Matter) -> None:
    nanning.apply()

    assert "办理专家库管理部门审核" in page(seat(nanning, "station"), "/desk/")
    assert "二（二）" in page(seat(nanning, "station"), "/desk/")
    assert nanning.account.name not in page(seat(nanning, "bureau"), "/desk/")

    nanning.step("station", "approval", "return", reason="请补充社保记录")
    assert "等您办理" in page(person(nanning), "/procedures/")


def test_an_application_that_is_not_complete_stays_on_the_page_with_what_was_typed(nanning: Matter) -> None:
    text = send(
        person(nanning),
        "/apply/nanning/admission/",
        status=403,
        **filled(nanning, years="许多", identity_number="450102198506150002"),
    )

    assert "身份证号码：身份证号码不正确" in text
    assert "从事本专业年限（年）：须为整数" in text
    assert "二（二）" in text
    assert f'value="{nanning.account.name}"' in text
    assert Proceeding.objects.count() == 0


def test_a_return_shows_what_to_mend_and_keeps_what_was_filled_in_but_the_number(nanning: Matter) -> None:
    nanning.apply()
    nanning.step("station", "approval", "return", reason="请补充社保记录")

    text = page(person(nanning), f"/procedures/{nanning.proceeding_id}/step/application/")

    assert "退回时要求补正" in text
    assert "请补充社保记录" in text
    assert 'value="高级工程师"' in text
    assert IDENTITIES[1] not in text


@pytest.mark.parametrize("name", ["contractor", "agency", "district", "expert:0", "public"])
def test_an_application_is_sealed_to_everybody_else(nanning: Matter, name: str) -> None:
    nanning.apply()
    client = seat(nanning, name)

    for path in ("", "step/approval/", "withdraw/"):
        response = client.get(f"/procedures/{nanning.proceeding_id}/{path}")
        assert response.status_code == 403
        assert nanning.account.name not in response.content.decode()
    case = nanning.proceeding.case_id
    assert client.get(f"/api/cases/{case}/timeline").status_code in (403, 401)


def test_a_matter_of_another_city_is_in_no_list(nanning: Matter) -> None:
    nanning.apply()
    clerk = nanning.hand.world.seats["station"]
    clerk.division_id = "370200"
    clerk.save()

    assert nanning.account.name not in page(SeatClient(clerk), "/procedures/")
    assert SeatClient(clerk).get(f"/procedures/{nanning.proceeding_id}/").status_code == 403


def test_anybody_reads_the_notice_and_objects_on_its_page(nanning: Matter) -> None:
    notice = noticed(nanning)
    public = seat(nanning, "public")
    assert nanning.account.name in page(public, "/notices/")

    send(public, f"/notices/{notice.pk}/", 302, **WORDS)

    objection = Objection.objects.get()
    assert "异议已提交" in page(public, f"/notices/{notice.pk}/?filed=1")
    assert WORDS["text"] not in page(public, f"/notices/{notice.pk}/")
    assert WORDS["text"] not in page(person(nanning), f"/procedures/{nanning.proceeding_id}/")
    bureau = seat(nanning, "bureau")
    assert WORDS["text"] in page(bureau, f"/procedures/objections/{objection.pk}/")
    send(bureau, f"/procedures/objections/{objection.pk}/", is_upheld="no", answer="经核实原件相符")
    assert Objection.objects.get().is_upheld is False


def test_the_applicant_does_not_read_who_objects(nanning: Matter) -> None:
    objection = object_to(nanning, noticed(nanning))

    response = person(nanning).get(f"/procedures/objections/{objection.pk}/")

    assert response.status_code == 403
    assert WORDS["phone"] not in response.content.decode()


def test_an_objection_after_the_period_is_refused_on_the_page_with_the_clause(nanning: Matter) -> None:
    notice = noticed(nanning)
    nanning.wait(until=notice.ends_at)

    text = send(seat(nanning, "public"), f"/notices/{notice.pk}/", status=403, **WORDS)

    assert "公示期已经结束，不能再提出异议" in text
    assert Objection.objects.count() == 0


def test_the_list_of_a_change_of_term_is_shown_with_its_consequence_before_it_is_decided(
    qingdao: Matter,
) -> None:
    closed(qingdao, 0, 1)
    station, path = seat(qingdao, "station"), f"/procedures/{qingdao.proceeding_id}/step/list/"
    text = page(station, path)
    assert len(re.findall(r"checked", text)) == 2
    picked = [str(one) for one in candidates(qingdao, 0)]

    preview = send(station, path, status=200, candidate=picked)
    assert "列入名单 1 人" in preview
    assert "未列入 4 人，聘期到新聘期首日为止" in preview
    assert qingdao.standing == ("running", "list")

    send(station, path, candidate=picked, confirmed="1", outcome="approve")
    qingdao.wait(minutes=1)
    assert qingdao.standing == ("completed", "")


def test_a_list_that_is_not_due_yet_says_so_before_anything_is_chosen(qingdao: Matter) -> None:
    open_change(qingdao)
    station, path = seat(qingdao, "station"), f"/procedures/{qingdao.proceeding_id}/step/list/"
    assert "确定续聘名单现在不能办理" in page(station, path)

    assert "确定续聘名单之前须先完成专家申报换届" in send(station, path, status=403, outcome="approve")
    assert qingdao.standing == ("running", "application")


def test_a_member_applies_on_a_phone_and_sees_only_the_own_part(qingdao: Matter) -> None:
    open_change(qingdao)
    client, path = seat(qingdao, "expert:1"), f"/procedures/{qingdao.proceeding_id}/"
    assert "您还没有申报" in page(client, path)
    assert "2026年12月15日（周二）24:00" in page(client, path)

    send(client, f"{path}step/application/", is_willing="on", is_current="on")
    qingdao.step("expert:2", "application", "submit", data=WILLING)

    page(client, path)
    text = page(client, path)
    assert "您已申报" in text
    assert text.count("提交申请") == 1


def test_the_station_begins_a_change_of_term_on_a_page(qingdao: Matter) -> None:
    station = seat(qingdao, "station")
    assert "启动专家换届" in page(station, "/apply/")
    term = {"apply_until": "2026-12-15", "starts_on": "2027-01-08", "ends_on": "2030-01-08"}

    send(station, "/apply/qingdao/term_change/", 302, **term)

    assert "等待" in page(station, opened(qingdao)) or "现在轮到：在库专家本人" in page(
        station, opened(qingdao)
    )


def test_who_is_not_logged_in_is_led_to_the_door_and_back(nanning: Matter) -> None:
    response = seat(nanning, "public").get("/apply/nanning/admission/")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/apply/nanning/admission/")


def test_a_unit_is_refused_the_form_with_the_clause(nanning: Matter) -> None:
    text = page(seat(nanning, "contractor"), "/apply/nanning/admission/", status=403)

    assert "专家入库由本人申请，须以个人身份登录" in text
    assert "二（二）" in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_thirty(qingdao: Matter, rows: int) -> None:
    for number in range(rows):
        qingdao.account = qingdao.hand.world.add_person(f"applicant {number}")
        made = qingdao.apply()
        made.case.title = f"事项{number}"
        made.case.save()

    queries, text = reads(seat(qingdao, "station"), "/procedures/", "procedures_proceeding")

    assert (queries, text.count('data-label="编号"')) == (3, min(rows, 25))


def test_empty_lists_say_what_would_stand_there(nanning: Matter) -> None:
    assert "还没有办理事项" in page(seat(nanning, "station"), "/procedures/")
    assert "没有公示公告" in page(seat(nanning, "public"), "/notices/")
    assert "没有符合条件的事项" in page(seat(nanning, "station"), "/procedures/", state="lapsed")


def test_a_person_without_a_seat_finds_the_own_matters_from_the_first_page(nanning: Matter) -> None:
    response = person(nanning).get("/desk/")

    assert (response.status_code, response["Location"]) == (302, "/procedures/")
    assert nanning.by("applicant").role is Role.PUBLIC
