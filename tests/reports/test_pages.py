"""The pages from the first opinion to the start of works, used as people use them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lunheng.panels.models import Member
from lunheng.reports.models import DefectAnswer, OpinionForm, Report, RevisionAnswer
from tests.factories.files import a_pdf
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


def http(panel: Seated, who: str | Member) -> Any:
    """The browser of a person."""
    name = panel.world.expert_seat(who.expert) if isinstance(who, Member) else who
    return panel.world.client(name).http


def at(panel: Seated, name: str, *more: Any) -> str:
    """The address of a page."""
    return reverse(f"reports:{name}", args=(panel.case.pk, *more))


def sheet(*rows: dict[str, str], **fields: str) -> dict[str, str]:
    """An opinion sheet as a browser sends it."""
    data = {"items-TOTAL_FORMS": str(len(rows)), "items-INITIAL_FORMS": "0", **fields}
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": value for name, value in row.items()}
    return data


ROW = {"place": "第4章", "problem": "未写明", "basis": "", "advice": "补充", "is_required": "1"}
BLANK = {"place": "", "problem": "", "basis": "", "advice": "", "is_required": "1"}


def pdf() -> SimpleUploadedFile:
    """A file to hand in."""
    return SimpleUploadedFile("文件.pdf", a_pdf())


def words(response: Any) -> str:
    """The page's text."""
    return str(response.content.decode())


def test_an_expert_hands_in_the_first_opinion_and_then_reads_the_others(panel: Seated) -> None:
    first, second = panel.members[:2]
    page = at(panel, "prereview")
    assert "审查意见表" in words(http(panel, first).get(page))
    assert http(panel, first).post(page, sheet(ROW, BLANK, conclusion="approved")).status_code == 302
    assert "其他专家还没有提交" in words(http(panel, first).get(page))
    assert http(panel, second).post(page, sheet(ROW, conclusion="approved")).status_code == 302
    assert first.expert.name in words(http(panel, second).get(page))
    assert [form.items.count() for form in OpinionForm.objects.all()] == [1, 1]


def test_rows_are_added_without_a_script_and_keep_what_was_typed(panel: Seated) -> None:
    page = words(http(panel, panel.members[0]).post(at(panel, "prereview"), sheet(ROW, add="1")))
    assert ("第 4 条" in page, "未写明" in page, OpinionForm.objects.count()) == (True, True, 0)


def test_an_incomplete_opinion_is_refused_on_the_page_with_its_clause(panel: Seated) -> None:
    given = sheet({**ROW, "advice": ""}, conclusion="approved")
    response = http(panel, panel.members[0]).post(at(panel, "prereview"), given)
    assert (response.status_code, "四（二）2" in words(response), "未写明" in words(response)) == (
        403,
        True,
        True,
    )


def test_votes_report_signature_upload_and_start(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    panel.start()
    for member in panel.members:
        assert "论证意见" in words(http(panel, member).get(at(panel, "vote")))
        given = sheet(ROW, conclusion="approved")
        assert http(panel, member).post(at(panel, "vote"), given).status_code == 302
    panel.end()
    leader = http(panel, panel.leader())
    board = words(leader.get(at(panel, "compile")))
    assert board.count("第4章") == 1
    questions = {"complete": "完整", "calculation": "符合", "site": "满足", "summary": "可行"}
    row = {**ROW, "is_required": "0", "sources": "虚构甲、虚构乙"}
    given = sheet(row, conclusion="approved", **questions)
    assert leader.post(at(panel, "compile"), given).status_code == 302
    report = Report.objects.get()
    assert report.items[0]["sources"] == ["虚构甲", "虚构乙"]
    contractor = http(panel, "contractor")
    assert "手写签名" in words(contractor.get(at(panel, "sign")))
    signed = {"file": pdf(), "signed": [member.pk for member in panel.members], "outsiders": ""}
    assert contractor.post(at(panel, "sign"), signed).status_code == 302
    assert "缺少" in words(contractor.get(at(panel, "upload")))
    refused = contractor.post(at(panel, "submit"))
    assert (refused.status_code, "四（一）3" in words(refused)) == (403, True)
    assert contractor.post(at(panel, "upload"), {"file": pdf(), "item": "sign_in"}).status_code == 302
    assert contractor.post(at(panel, "submit")).status_code == 302
    assert "登记开工" in words(contractor.get(at(panel, "works")))
    assert contractor.post(at(panel, "works")).status_code == 302
    assert panel.state() == "working"
    assert contractor.get(at(panel, "change")).status_code == 200
    changed = {"file": pdf(), "reason": "支护形式变更"}
    assert contractor.post(at(panel, "change"), changed).status_code == 302
    assert panel.state() == "superseded"


def test_the_revision_goes_round_by_its_pages(panel: Seated) -> None:
    panel.conclude("approved_if_revised")
    contractor, leader = http(panel, "contractor"), http(panel, panel.leader())
    assert "尚未答复" in words(contractor.get(at(panel, "revision")))
    silent = contractor.post(at(panel, "answer_item", 1), {"answer": "changed", "place": "", "reason": ""})
    assert (silent.status_code, "四（一）5" in words(silent)) == (403, True)
    answer = {"answer": "changed", "place": "第13页", "reason": ""}
    assert contractor.post(at(panel, "answer_item", 1), answer).status_code == 302
    assert RevisionAnswer.objects.get().place == "第13页"
    version = panel.add_version(2)
    assert "第2版" in words(contractor.get(at(panel, "revision")))
    assert contractor.post(at(panel, "revision"), {"version_id": version.pk}).status_code == 302
    assert "第13页" in words(leader.get(at(panel, "recheck")))
    assert leader.post(at(panel, "recheck"), sheet(is_positive="1")).status_code == 302
    panel.approve(version, "technical_director")
    supervisor = http(panel, "chief_supervisor")
    assert "已签字" in words(supervisor.get(at(panel, "approval")))
    assert supervisor.post(at(panel, "approval"), {"file": pdf()}).status_code == 302
    assert panel.state() == "passed"


def test_the_checklist_shows_what_concerns_the_works_first_and_keeps_answers(panel: Seated) -> None:
    member = http(panel, panel.members[0])
    page = words(member.get(at(panel, "defects")))
    assert page.index("SD-P-01") < page.index("SD-F-01")
    assert member.post(at(panel, "defects"), {"SD-P-01": "yes", "SD-P-01-place": "第3章"}).status_code == 302
    assert "存在严重缺陷" in words(http(panel, "contractor").get(at(panel, "report")))
    cleared = member.post(at(panel, "clear_defect", "SD-P-01"), {"reason": "已补充"})
    assert (cleared.status_code, DefectAnswer.objects.get().clear_reason) == (302, "已补充")


def test_no_agreement_is_shown_and_the_panel_is_called_together_again(panel: Seated) -> None:
    panel.hold("approved", m1="not_approved")
    contractor = http(panel, "contractor")
    assert "存档的不同意见" in words(contractor.get(at(panel, "report")))
    assert "未形成结论" in words(http(panel, panel.leader()).get(at(panel, "compile")))
    assert contractor.get(at(panel, "reopen")).status_code == 200
    assert contractor.post(at(panel, "reopen"), {"reason": "补充材料后再议"}).status_code == 302
    assert panel.state() == "preparing"


def test_an_electronic_signature_is_one_button(list_of_five: Seated) -> None:
    list_of_five.hold(mode="remote")
    list_of_five.compile()
    member = http(list_of_five, list_of_five.members[0])
    assert "电子签署" in words(member.get(at(list_of_five, "sign")))
    assert member.post(at(list_of_five, "sign")).status_code == 302
    assert Report.objects.get().signatures.count() == 1


@pytest.mark.clause("QD-一(二)b/outside")
def test_a_conclusion_from_outside_is_refused_on_its_page(panel: Seated) -> None:
    contractor = http(panel, "contractor")
    assert contractor.get(at(panel, "outside")).status_code == 200
    response = contractor.post(at(panel, "outside"), {"file": pdf()})
    assert (response.status_code, "一（二）" in words(response)) == (403, True)


@pytest.mark.parametrize("name", ["report", "defects", "compile", "upload", "recheck", "works", "change"])
@pytest.mark.parametrize("who", ["contractor", "owner", "station", "expert"])
def test_every_page_opens_for_everyone_of_the_case_after_the_report(
    panel: Seated, name: str, who: str
) -> None:
    panel.hold()
    panel.compile()
    person = panel.members[0] if who == "expert" else who
    assert http(panel, person).get(at(panel, name)).status_code == 200
