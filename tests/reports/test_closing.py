"""The closing: answers, the revised version, recheck, approval, start of works, change."""

from typing import Any

import pytest

from lunheng.messaging.models import Message
from lunheng.plans.models import PlanVersion
from lunheng.reports.models import Report, Revision
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("city", ["panel", "list_of_five"])


def answer(panel: Seated, **fields: Any) -> dict[str, Any]:
    """The first item was changed."""
    report = Report.objects.get(case=panel.case)
    return {
        "report_id": report.pk,
        "item": 1,
        "answer": "changed",
        "place": "第4章 第13页",
        "reason": "",
        **fields,
    }


def revised(panel: Seated) -> PlanVersion:
    """修改后通过: answered, a new version is with the leader."""
    panel.conclude("approved_if_revised")
    version = panel.add_version(2)
    panel.act("contractor", "reports.answer_item", **answer(panel))
    panel.act("contractor", "reports.submit_revision", case_id=panel.case.pk, version_id=version.pk)
    return version


def recheck(panel: Seated, version: PlanVersion, *, is_positive: bool = True) -> dict[str, Any]:
    """The leader's opinion."""
    items = [] if is_positive else [panel.item()]
    return {"case_id": panel.case.pk, "version_id": version.pk, "is_positive": is_positive, "items": items}


def approval(panel: Seated) -> dict[str, Any]:
    """The chief supervisor's page."""
    return {"case_id": panel.case.pk, "document_id": panel.file("chief_supervisor", "approval")}


DIRECTOR = ["第十一条", "第十三条"]
"""Of Order 37: what a missing signature of the technical director stands on."""
CLAUSES = {
    "panel": ("四（一）5", "四（二）4", "四（一）3"),
    "list_of_five": ("四（四）", "四（七）", "四（五）"),
}


@pytest.mark.clause("QD-四(一)5/required change", "NN-四(四)/required change")
@BOTH
def test_a_required_change_cannot_be_rejected(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.conclude("approved_if_revised")
    body = answer(panel, answer="not_adopted", place="", reason="现场条件不允许")
    assert panel.clauses("contractor", "reports.answer_item", **body) == [CLAUSES[city][0], "第十三条"]


@pytest.mark.clause("QD-四(一)5/left out with a reason", "NN-四(四)/left out with a reason")
@BOTH
def test_after_a_pass_an_opinion_can_be_rejected_with_a_reason(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.conclude("approved")
    silent = answer(panel, answer="not_adopted", place="", reason=" ")
    assert panel.clauses("contractor", "reports.answer_item", **silent) == [CLAUSES[city][0]]
    body = answer(panel, answer="not_adopted", place="", reason="现场条件不允许")
    assert panel.act("contractor", "reports.answer_item", **body).reason == "现场条件不允许"


@pytest.mark.clause("QD-四(一)5/changed where", "NN-四(四)/changed where")
@BOTH
def test_a_changed_opinion_says_where(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.conclude("approved_if_revised")
    assert panel.clauses("contractor", "reports.answer_item", **answer(panel, place="")) == [CLAUSES[city][0]]


@pytest.mark.clause("QD-四(一)5/unanswered", "NN-四(四)/unanswered")
@BOTH
def test_with_an_unanswered_opinion_the_plan_is_not_sent_on(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.conclude("approved_if_revised")
    version = panel.add_version(2)
    given = {"case_id": panel.case.pk, "version_id": version.pk}
    assert panel.clauses("contractor", "reports.submit_revision", **given) == [CLAUSES[city][0]]


def test_the_reviewed_version_itself_is_no_revision(panel: Seated) -> None:
    panel.conclude("approved_if_revised")
    panel.act("contractor", "reports.answer_item", **answer(panel))
    given = {"case_id": panel.case.pk, "version_id": panel.version.pk}
    assert panel.clauses("contractor", "reports.submit_revision", **given) == ["四（一）5"]


@pytest.mark.parametrize("fields", [{"item": 7}, {"answer": "perhaps"}])
def test_an_unknown_item_or_answer_is_refused(panel: Seated, fields: dict[str, Any]) -> None:
    panel.conclude("approved_if_revised")
    assert panel.clauses("contractor", "reports.answer_item", **answer(panel, **fields)) == ["四（一）5"]


def test_the_supervisor_answers_nothing(panel: Seated) -> None:
    panel.conclude("approved_if_revised")
    assert panel.clauses("supervisor", "reports.answer_item", **answer(panel)) == ["四（一）3"]


@pytest.mark.clause("QD-四(二)4c/others do not count", "NN-四(七)c/leader")
@BOTH
def test_only_the_leader_rechecks_and_only_the_version_sent_on(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    version, clause = revised(panel), [CLAUSES[city][1]]
    assert panel.clauses(panel.members[1], "reports.recheck_revision", **recheck(panel, version)) == clause
    assert (
        panel.clauses(panel.leader(), "reports.recheck_revision", **recheck(panel, panel.version)) == clause
    )
    assert panel.state() == "rechecking"


@pytest.mark.clause("QD-四(二)4c/director", "QD-四(二)4c/leader", "NN-四(七)c/director", "NN-四(七)c/leader")
@BOTH
def test_the_supervisor_waits_for_the_director_and_the_leader(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    version, clause = revised(panel), [CLAUSES[city][1]]
    both = [*DIRECTOR, *clause]
    assert panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel)) == both
    panel.approve(version, "technical_director")
    assert panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel)) == clause
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version))
    panel.act("chief_supervisor", "reports.approve_revision", **approval(panel))
    panel.review.refresh_from_db()
    assert (panel.state(), panel.review.revision_closed_at) == ("passed", panel.at)


@pytest.mark.clause("QD-四(二)4c/director", "NN-四(七)c/director")
@BOTH
def test_with_the_leader_only_the_directors_signature_is_still_missing(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    version = revised(panel)
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version))
    assert panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel)) == DIRECTOR


@pytest.mark.clause("QD-四(二)4c/sent back", "NN-四(七)c/sent back")
@BOTH
def test_a_negative_recheck_sends_the_plan_back(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    version = revised(panel)
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version, is_positive=False))
    panel.approve(version, "technical_director")
    assert panel.state() == "revising"
    assert panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel)) == [
        CLAUSES[city][1]
    ]


@pytest.mark.clause("QD-四(二)4c/others do not count", "NN-四(七)c/leader")
def test_an_opinion_on_an_earlier_revision_does_not_count_for_the_next(panel: Seated) -> None:
    version = revised(panel)
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version))
    newer = panel.add_version(3)
    panel.approve(newer, "technical_director")
    assert panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel)) == ["四（二）4"]


@pytest.mark.clause("QD-四(二)4c/told", "NN-四(七)c/told")
@BOTH
def test_at_approval_every_expert_is_told(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    version = revised(panel)
    panel.approve(version, "technical_director")
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version))
    panel.act("chief_supervisor", "reports.approve_revision", **approval(panel))
    told = Message.objects.filter(template="revision_approved").values_list("account_id", flat=True)
    assert set(told) == {member.expert.account_id for member in panel.members}
    signed_at = panel.at
    panel.clock.advance(minutes=1)
    panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel))
    assert Revision.objects.get(version=version).approved_at == signed_at


@pytest.mark.parametrize("who", ["supervisor", "contractor", "technical_director"])
def test_only_the_chief_supervisor_approves(panel: Seated, who: str) -> None:
    version = revised(panel)
    panel.approve(version, "technical_director")
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version))
    given = {"case_id": panel.case.pk, "document_id": panel.file(who, "approval")}
    assert panel.clauses(who, "reports.approve_revision", **given) == ["四（二）4"]


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
@BOTH
def test_works_start_after_the_pass_and_not_before(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    assert panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk) == [CLAUSES[city][2]]
    panel.conclude("approved")
    panel.act("contractor", "reports.start_works", case_id=panel.case.pk)
    assert panel.state() == "working"


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
@BOTH
def test_works_wait_for_the_approvals(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.version.approvals.all().delete()
    panel.conclude("approved")
    assert panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk) == [CLAUSES[city][2]]


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
@BOTH
def test_works_wait_for_the_revision_to_be_closed(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    version = revised(panel)
    assert CLAUSES[city][2] in panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk)
    panel.approve(version, "technical_director")
    panel.act(panel.leader(), "reports.recheck_revision", **recheck(panel, version))
    panel.act("chief_supervisor", "reports.approve_revision", **approval(panel))
    panel.act("contractor", "reports.start_works", case_id=panel.case.pk)
    assert panel.state() == "working"


@pytest.mark.clause("QD-四(二)4d", "NN-四(七)d")
@BOTH
def test_after_a_fail_neither_approval_nor_start(request: pytest.FixtureRequest, city: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.conclude("not_approved")
    works = panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk)
    approved = panel.clauses("chief_supervisor", "reports.approve_revision", **approval(panel))
    assert (CLAUSES[city][1] in works, approved) == (True, [CLAUSES[city][1]])


@pytest.mark.clause("QD-序d", "NN-序d")
@BOTH
@pytest.mark.parametrize("is_working", [False, True])
def test_a_changed_plan_takes_the_start_back(
    request: pytest.FixtureRequest, city: str, is_working: bool
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.conclude("approved")
    if is_working:
        panel.act("contractor", "reports.start_works", case_id=panel.case.pk)
    change = {
        "case_id": panel.case.pk,
        "document_ids": [panel.file("contractor", "plan")],
        "reason": "支护形式变更",
    }
    panel.act("contractor", "reports.change_plan", **change)
    assert panel.state() == "superseded"
    assert panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk) == ["第十六条"]


@pytest.mark.parametrize("fields", [{"reason": " "}, {"document_ids": []}])
def test_a_change_needs_a_reason_and_files(panel: Seated, fields: dict[str, Any]) -> None:
    panel.conclude("approved")
    given = {
        "case_id": panel.case.pk,
        "document_ids": [panel.file("contractor", "plan")],
        "reason": "支护形式变更",
        **fields,
    }
    assert panel.clauses("contractor", "reports.change_plan", **given) == ["第十六条"]


def test_an_improved_plan_after_a_pass_is_approved_without_a_new_opinion_of_the_leader(panel: Seated) -> None:
    panel.conclude("approved")
    panel.act("contractor", "reports.answer_item", **answer(panel))
    version = panel.add_version(2)
    panel.act("contractor", "reports.submit_revision", case_id=panel.case.pk, version_id=version.pk)
    assert panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk) == ["四（一）3"]
    panel.approve(version, "technical_director")
    panel.act("chief_supervisor", "reports.approve_revision", **approval(panel))
    panel.act("contractor", "reports.start_works", case_id=panel.case.pk)
    assert panel.state() == "working"
