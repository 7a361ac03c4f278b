"""The report: its compiler, its conclusion, severe defects."""

from typing import Any

import pytest

from lunheng.reports.models import Report
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


@pytest.mark.clause("QD-二(二)d/leader only", "NN-二(二)f/leader only")
@pytest.mark.parametrize("city", ["panel", "list_of_five"])
@pytest.mark.parametrize("who", ["member", "contractor", "station"])
def test_only_the_leader_compiles(request: pytest.FixtureRequest, city: str, who: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold("approved")
    person = panel.members[1] if who == "member" else who
    assert panel.clauses(person, "reports.compile_report", **panel.report_body()) == ["二（二）"]


@pytest.mark.clause("QD-二(二)c/leader leaves")
def test_without_a_leader_nobody_compiles(panel: Seated) -> None:
    panel.hold("approved")
    panel.request.members.filter(is_leader=True).update(is_leader=False, state="lost")
    assert panel.clauses(panel.members[0], "reports.compile_report", **panel.report_body()) == ["二（二）"]


@pytest.mark.clause("QD-四(二)4b", "NN-四(七)b")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（二）4"), ("list_of_five", "四（七）")])
@pytest.mark.parametrize("conclusion", ["", "postponed"])
def test_any_other_conclusion_is_refused(
    request: pytest.FixtureRequest, city: str, clause: str, conclusion: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold("approved")
    body = panel.report_body(conclusion)
    assert panel.clauses(panel.leader(), "reports.compile_report", **body) == [clause]


@pytest.mark.clause("QD-四(二)4b", "NN-四(七)b")
@pytest.mark.parametrize("city", ["panel", "list_of_five"])
@pytest.mark.parametrize("items", [[], ["should"]])
def test_a_revision_needs_concrete_changes(
    request: pytest.FixtureRequest, city: str, items: list[str]
) -> None:
    """31号（五） says that a conclusion to revise names what is to be changed; neither city's own rule does."""
    panel: Seated = request.getfixturevalue(city)
    panel.hold("approved_if_revised")
    body = panel.report_body("approved_if_revised", items=[panel.item(is_required=False) for _ in items])
    assert panel.clauses(panel.leader(), "reports.compile_report", **body) == ["（五）"]


@pytest.mark.parametrize("conclusion", ["approved", "approved_if_revised", "not_approved"])
def test_the_three_conclusions(panel: Seated, conclusion: str) -> None:
    panel.hold(conclusion)
    assert panel.compile(conclusion).conclusion == conclusion


def test_the_three_questions_of_the_circular_are_answered(panel: Seated) -> None:
    panel.hold("approved")
    body = panel.report_body(three_questions={"complete": "完整", "calculation": " "})
    assert panel.clauses(panel.leader(), "reports.compile_report", **body) == ["（四）"]


@pytest.mark.clause("QD-四(二)4a", "NN-四(七)a/own report")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（二）4"), ("list_of_five", "四（七）")])
def test_a_review_has_one_report(request: pytest.FixtureRequest, city: str, clause: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold("approved")
    panel.compile("approved")
    assert panel.clauses(panel.leader(), "reports.compile_report", **panel.report_body()) == [clause]


def correction(panel: Seated, report: Report, **fields: Any) -> dict[str, Any]:
    """The same report with another summary."""
    body = panel.report_body(summary="更正错字", **fields)
    del body["case_id"]
    return {"reason": "错字", "report_id": report.pk, **body}


def test_before_the_first_signature_the_leader_corrects_the_report_under_its_number(panel: Seated) -> None:
    panel.hold("approved")
    report = panel.compile("approved")
    silent = {**correction(panel, report), "reason": " "}
    assert panel.clauses(panel.leader(), "reports.correct_report", **silent) == ["四（二）4"]
    assert panel.clauses(panel.members[2], "reports.correct_report", **correction(panel, report)) == [
        "二（二）"
    ]
    panel.act(panel.leader(), "reports.correct_report", **correction(panel, report))
    stored = Report.objects.get()
    assert (stored.number, stored.summary) == (report.number, "更正错字")


def test_after_a_signature_the_report_is_corrected_no_more(list_of_five: Seated) -> None:
    panel = list_of_five
    panel.hold("approved", mode="remote")
    report = panel.compile("approved")
    panel.act(panel.members[2], "reports.sign_report", report_id=report.pk)
    assert panel.clauses(panel.leader(), "reports.correct_report", **correction(panel, report)) == [
        "四（七）"
    ]


# 63号


def find(panel: Seated, item: str = "SD-G-02", answer: str = "yes") -> None:
    """A member answers one item."""
    line = {"item": item, "answer": answer, "place": "第2章"}
    panel.act(panel.members[1], "reports.answer_defects", case_id=panel.case.pk, answers=[line])


@pytest.mark.clause("QD-序c", "NN-序c")
@pytest.mark.parametrize("city", ["panel", "list_of_five"])
@pytest.mark.parametrize("conclusion", ["approved", "approved_if_revised"])
def test_an_open_severe_defect_bars_the_pass(
    request: pytest.FixtureRequest, city: str, conclusion: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    find(panel)
    panel.hold(conclusion)
    clauses = panel.clauses(panel.leader(), "reports.compile_report", **panel.report_body(conclusion))
    assert clauses == ["说明3，第SD-G-02项"]


@pytest.mark.clause("QD-序c", "NN-序c")
def test_with_an_open_severe_defect_the_plan_may_fail(panel: Seated) -> None:
    find(panel)
    panel.hold("not_approved")
    assert panel.compile("not_approved").conclusion == "not_approved"


@pytest.mark.clause("QD-序c")
def test_a_review_asked_for_before_the_list_is_not_bound_by_it(panel: Seated) -> None:
    panel.case.requested_on = panel.at.date().replace(year=2024)
    panel.case.save()
    find(panel)
    panel.hold("approved")
    assert panel.compile("approved").conclusion == "approved"


def test_a_cleared_defect_bars_nothing(panel: Seated) -> None:
    find(panel)
    clear: dict[str, Any] = {"case_id": panel.case.pk, "item": "SD-G-02"}
    assert panel.clauses(panel.members[1], "reports.clear_defect", reason=" ", **clear) == ["说明3"]
    assert panel.clauses(panel.members[2], "reports.clear_defect", reason="已补充", **clear) == ["二（二）"]
    panel.act(panel.members[1], "reports.clear_defect", reason="已补充辨识清单", **clear)
    panel.hold("approved")
    assert panel.compile("approved").conclusion == "approved"


def test_a_defect_found_is_not_simply_answered_away(panel: Seated) -> None:
    find(panel)
    line = {"item": "SD-G-02", "answer": "no", "place": ""}
    given = {"case_id": panel.case.pk, "answers": [line]}
    assert panel.clauses(panel.members[1], "reports.answer_defects", **given) == ["附表第一章第2项"]


@pytest.mark.parametrize(
    "line", [{"item": "SD-X-01", "answer": "yes"}, {"item": "SD-G-01", "answer": "maybe"}]
)
def test_an_unknown_item_or_answer_is_refused(panel: Seated, line: dict[str, str]) -> None:
    given = {"case_id": panel.case.pk, "answers": [line]}
    assert panel.clauses(panel.members[1], "reports.answer_defects", **given)


def test_a_party_answers_no_defects(panel: Seated) -> None:
    given = {"case_id": panel.case.pk, "answers": [{"item": "SD-G-01", "answer": "yes"}]}
    assert panel.clauses("contractor", "reports.answer_defects", **given) == ["说明3"]
