"""The register of experts and the file of one."""

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from lunheng.experts.models import Expert
from lunheng.ledger.models import Access
from lunheng.pools.models import Membership, Pool, ServiceRecord
from tests.plans.hand import Hand, reads

REGISTER = "/experts/"


def get(hand: Hand, seat: str, path: str, **data: Any) -> str:
    """A page that opens."""
    response = hand.world.client(seat).get(path, **data)
    assert response.status_code == 200, response.status_code
    page: str = response.content.decode()
    return page


def rows_of(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of a workbook."""
    return [tuple(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def test_the_register_is_filtered_by_specialty_and_name(qingdao: Hand) -> None:
    page = get(qingdao, "station", REGISTER, specialty="structure")
    assert page.count('data-label="编号"') == 5

    expert = qingdao.world.experts[3]
    assert get(qingdao, "station", REGISTER, text=expert.reference).count('data-label="编号"') == 1


def test_a_city_without_rules_in_force_reads_its_specialties_in_chinese_all_the_same(qingdao: Hand) -> None:
    Pool.objects.update(pack_id="elsewhere")
    page = get(qingdao, "station", REGISTER)
    assert ('data-label="专业">结构工程' in page, 'data-label="专业">structure' in page) == (True, False)


@pytest.mark.clause("QD-二(一)b/district reads")
def test_a_district_user_reads_the_register_and_is_told_who_keeps_it(qingdao: Hand) -> None:
    page = get(qingdao, "district", REGISTER)

    assert "变更专家库只能由市市政公用工程质量安全监督站办理" in page


@pytest.mark.clause("QD-二(一)b/district reads")
def test_a_district_user_is_refused_the_change_on_its_page(qingdao: Hand) -> None:
    expert = qingdao.world.experts[0]
    path = f"/experts/{expert.pk}/state/"

    response = qingdao.world.client("district").http.post(path, {"state": "removed", "reason": "不合适"})

    assert response.status_code == 403
    assert "二（一）" in response.content.decode()
    assert Expert.objects.get(pk=expert.pk).membership.state == "active"


def test_the_station_changes_a_file_on_its_page(qingdao: Hand) -> None:
    expert = qingdao.world.experts[0]
    path = f"/experts/{expert.pk}/state/"
    assert "不再被抽取" in get(qingdao, "station", path)

    response = qingdao.world.client("station").http.post(path, {"state": "suspended", "reason": "本人申请"})

    assert (response.status_code, response["Location"]) == (302, f"/experts/{expert.pk}/")
    assert Expert.objects.get(pk=expert.pk).membership.state == "suspended"


def admission(hand: Hand) -> dict[str, Any]:
    """The form of an expert who meets the national floor; number and person are made up."""
    return {
        "name": "虚构·新专家",
        "phone": "19900099001",
        "identity_number": "370202198506150000",
        "organization_code": hand.world.unit("expert-unit-new").code,
        "title": "教授级高级工程师",
        "has_senior_title": "on",
        "years": "20",
        "specialties": ["geotechnics"],
    }


def test_the_station_admits_an_expert_on_a_page(qingdao: Hand) -> None:
    assert "只保存加密摘要" in get(qingdao, "station", "/experts/new/")

    response = qingdao.world.client("station").http.post("/experts/new/", admission(qingdao))

    assert response.status_code == 302
    assert Expert.objects.get(name="虚构·新专家").phone == "+8619900099001"


def test_who_falls_short_stays_on_the_page_with_the_clause(qingdao: Hand) -> None:
    sent = {**admission(qingdao), "years": "3"}

    response = qingdao.world.client("station").http.post("/experts/new/", sent)

    assert response.status_code == 403
    assert "须从事专业工作15年以上" in response.content.decode()


@pytest.mark.parametrize("seat", ["contractor", "agency", "public", "expert:1"])
def test_others_do_not_open_an_experts_file(qingdao: Hand, seat: str) -> None:
    expert = qingdao.world.experts[0]

    assert qingdao.world.client(seat).get(f"/experts/{expert.pk}/").status_code == 403


@pytest.mark.parametrize("seat", ["station", "bureau", "expert:0"])
def test_the_integrity_file_shows_each_record_with_its_date_and_clause(qingdao: Hand, seat: str) -> None:
    expert = qingdao.world.experts[0]
    at = datetime.fromisoformat("2026-11-02T10:00:00+08:00")
    ServiceRecord.write(expert.file, "no_answer", at, "《虚构规则》二（三）", "6小时内未确认", "LZ-1", True)

    page = get(qingdao, seat, f"/experts/{expert.pk}/")

    assert "逾期未确认" in page
    assert "2026年11月2日（周一）10:00" in page
    assert "《虚构规则》二（三）" in page
    assert Access.objects.filter(subject=expert.file.reference, kind="view").count() == 1


def test_the_telephone_is_masked_for_who_only_reads(qingdao: Hand) -> None:
    expert = qingdao.world.experts[0]

    assert expert.phone not in get(qingdao, "bureau", f"/experts/{expert.pk}/")
    assert expert.phone in get(qingdao, "station", f"/experts/{expert.pk}/")


def test_an_expert_finds_the_own_file(qingdao: Hand) -> None:
    assert qingdao.world.experts[2].reference in get(qingdao, "expert:2", "/my/file/")


def test_who_is_no_expert_has_no_own_file(qingdao: Hand) -> None:
    assert qingdao.world.client("station").get("/my/file/").status_code == 404


def test_the_export_holds_what_the_register_shows(qingdao: Hand) -> None:
    response = qingdao.world.client("station").get("/experts/export/", specialty="structure")

    rows = rows_of(response.content)

    assert rows[0][:3] == ("专家编号", "姓名", "工作单位")
    assert len(rows) == 6
    assert Access.objects.filter(kind="export").count() == 1


def test_a_name_that_looks_like_a_formula_is_exported_as_text(qingdao: Hand) -> None:
    Expert.objects.filter(pk=qingdao.world.experts[0].pk).update(name="=1+1")

    response = qingdao.world.client("station").get("/experts/export/", text="=1+1")

    assert rows_of(response.content)[1][1] == "'=1+1"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_register_takes_the_same_queries_for_one_and_for_thirty(qingdao: Hand, rows: int) -> None:
    while len(qingdao.world.experts) < rows:
        qingdao.world.add_expert(at=qingdao.now)
    Membership.objects.filter(expert__in=[one.pk for one in qingdao.world.experts[rows:]]).update(
        state="removed"
    )
    client = qingdao.world.client("station")

    queries, page = reads(client, REGISTER, "experts_expert", state="active")
    specialties, _ = reads(client, REGISTER, "experts_expertspecialty", state="active")

    assert (queries, specialties, page.count('data-label="编号"')) == (2, 1, min(rows, 25))
