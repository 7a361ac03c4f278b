"""闭合与开工: nothing is built before review and approvals; revisions are answered item by item and re-checked by the leader."""

from typing import Any

import pytest

from lunheng.cases.models import Case
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw
from tests.clauses.documents import of, order_37
from tests.factories.story import Story

START = {"qingdao": "四（一）3", "nanning": "四（五）"}
ANSWERS = {"qingdao": "四（一）5", "nanning": "四（四）"}
RECHECK = {"qingdao": "四（二）4", "nanning": "四（七）"}


def clause(story: Story, table: dict[str, str]) -> str:
    return of(story.world.city, table[story.world.city])


@pytest.fixture
def seated(city: Story) -> Story:
    city.ready()
    city.panel()
    return city


def concluded(story: Story, conclusion: str) -> int:
    return story.conclude(conclusion)


def new_version(story: Story) -> int:
    """A revised version, not yet signed by anyone."""
    return story.version(note="按论证报告修改")


def answer_all(story: Story, report_id: int, answer: str = "changed") -> None:
    from lunheng.reports.models import Report

    for index, _ in enumerate(Report.objects.get(pk=report_id).items, start=1):
        story.as_("contractor").done(
            "reports.answer_item",
            report_id=report_id,
            item=index,
            answer=answer,
            place="第6章 第30页" if answer == "changed" else "",
            reason="" if answer == "changed" else "现场条件不需要",
            version_id=story.version_id if answer == "changed" else None,
        )


def submit_revision(story: Story) -> None:
    story.as_("contractor").done(
        "reports.submit_revision", case_id=story.case_id, version_id=story.version_id
    )


def sign_new_version(story: Story) -> None:
    story.approve("technical_director")


def recheck(story: Story, *, is_positive: bool = True, version_id: int | None = None) -> Any:
    return story.as_(story.seat_of(story.leader())).act(
        "reports.recheck_revision",
        case_id=story.case_id,
        version_id=version_id or story.version_id,
        is_positive=is_positive,
        items=[] if is_positive else [story.item()],
    )


def approve(story: Story) -> Any:
    return story.as_("chief_supervisor").act(
        "reports.approve_revision",
        case_id=story.case_id,
        document_id=story.upload("chief_supervisor", "批准页.pdf", kind="approval"),
    )


def clauses_of(answer: Any) -> list[str]:
    assert answer.status_code == 403, answer.content.decode()[:500]
    return [reason["clause"] for reason in answer.json()["reasons"]]


def revised(story: Story, conclusion: str = "approved_if_revised") -> None:
    """Concluded, changed along the opinions, answered, signed and sent on."""
    report_id = concluded(story, conclusion)
    new_version(story)
    answer_all(story, report_id)
    sign_new_version(story)
    submit_revision(story)


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
def test_works_do_not_start_before_the_conclusion(seated: Story) -> None:
    assert clauses_of(seated.as_("contractor").act("reports.start_works", case_id=seated.case_id)) == [
        clause(seated, START)
    ]
    assert seated.state() == "preparing"


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
def test_works_start_after_passing(seated: Story) -> None:
    concluded(seated, "approved")
    seated.as_("contractor").done("reports.start_works", case_id=seated.case_id)
    assert seated.state() == "working"


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
def test_works_wait_until_the_revision_is_closed(seated: Story) -> None:
    revised(seated)
    assert clause(seated, START) in clauses_of(
        seated.as_("contractor").act("reports.start_works", case_id=seated.case_id)
    )
    recheck(seated)
    assert approve(seated).status_code == 200
    seated.as_("contractor").done("reports.start_works", case_id=seated.case_id)
    assert seated.state() == "working"


@pytest.mark.clause("QD-四(一)5/unanswered", "NN-四(四)/unanswered")
def test_with_an_unanswered_opinion_the_plan_is_not_sent_on(seated: Story) -> None:
    concluded(seated, "approved_if_revised")
    new_version(seated)
    sign_new_version(seated)
    answer = seated.as_("contractor").act(
        "reports.submit_revision", case_id=seated.case_id, version_id=seated.version_id
    )
    assert clauses_of(answer) == [clause(seated, ANSWERS)]


@pytest.mark.clause("QD-四(一)5/required change", "NN-四(四)/required change")
def test_a_required_change_cannot_be_left_out(seated: Story) -> None:
    report_id = concluded(seated, "approved_if_revised")
    new_version(seated)
    answer = seated.as_("contractor").act(
        "reports.answer_item",
        report_id=report_id,
        item=1,
        answer="not_adopted",
        reason="没有必要",
        place="",
        version_id=None,
    )
    assert clauses_of(answer) == [clause(seated, ANSWERS), order_37("第十三条")]


@pytest.mark.clause("QD-四(一)5/left out with a reason", "NN-四(四)/left out with a reason")
def test_after_passing_an_opinion_may_be_left_out_with_a_reason(seated: Story) -> None:
    report_id = concluded(seated, "approved")
    answer_all(seated, report_id, "not_adopted")
    page = seated.as_("contractor").get(f"/cases/{seated.case_id}/report/revision/").content.decode()
    assert "现场条件不需要" in page


@pytest.mark.clause("QD-四(二)4c/director", "NN-四(七)c/director")
def test_approval_waits_for_the_technical_directors_signature(seated: Story) -> None:
    report_id = concluded(seated, "approved_if_revised")
    new_version(seated)
    answer_all(seated, report_id)
    answer = seated.as_("contractor").act(
        "reports.submit_revision", case_id=seated.case_id, version_id=seated.version_id
    )
    if answer.status_code == 200:
        recheck(seated)
        assert clauses_of(approve(seated)) == [order_37("第十一条"), order_37("第十三条")]
    else:
        assert clauses_of(answer) == [clause(seated, RECHECK)]


@pytest.mark.clause("QD-四(二)4c/leader", "NN-四(七)c/leader")
def test_approval_waits_for_the_leaders_opinion(seated: Story) -> None:
    revised(seated)
    assert clauses_of(approve(seated)) == [clause(seated, RECHECK)]
    assert seated.state() == "rechecking"


@pytest.mark.clause("QD-四(二)4c/sent back", "NN-四(七)c/sent back")
def test_a_negative_opinion_sends_the_plan_back(seated: Story) -> None:
    revised(seated)
    assert recheck(seated, is_positive=False).status_code == 200
    assert seated.state() == "revising"
    assert approve(seated).status_code == 403


@pytest.mark.clause("QD-四(二)4c/others do not count", "NN-四(七)c/leader")
def test_the_opinion_of_another_member_does_not_count(seated: Story) -> None:
    revised(seated)
    other = next(member for member in seated.members("confirmed") if not member.is_leader)
    answer = seated.as_(seated.seat_of(other)).act(
        "reports.recheck_revision",
        case_id=seated.case_id,
        version_id=seated.version_id,
        is_positive=True,
        items=[],
    )
    assert clauses_of(answer) == [clause(seated, RECHECK)]


@pytest.mark.clause("QD-四(二)4c/others do not count", "NN-四(七)c/leader")
def test_nor_does_the_leaders_opinion_on_another_version(seated: Story) -> None:
    first = seated.version_id
    revised(seated)
    assert clauses_of(recheck(seated, version_id=first)) == [clause(seated, RECHECK)]


@pytest.mark.clause("QD-四(二)4c/told", "NN-四(七)c/told")
def test_at_approval_every_expert_is_told_of_the_changes(seated: Story) -> None:
    revised(seated)
    recheck(seated)
    assert approve(seated).status_code == 200
    seated.sweep()
    told = set(Message.objects.filter(template="revision_approved").values_list("account_id", flat=True))
    assert (told, seated.state()) == (
        {member.expert.account_id for member in seated.members("confirmed")},
        "passed",
    )


@pytest.mark.clause("QD-四(二)4d", "NN-四(七)d")
def test_after_not_passing_neither_start_nor_approval(seated: Story) -> None:
    concluded(seated, "not_approved")
    start = seated.as_("contractor").act("reports.start_works", case_id=seated.case_id)
    assert (
        clause(seated, RECHECK) in clauses_of(start),
        clause(seated, RECHECK) in clauses_of(approve(seated)),
    ) == (True, True)


@pytest.mark.clause("QD-四(二)4d", "NN-四(七)d")
def test_a_new_review_needs_new_version_new_approvals_and_its_own_draw(seated: Story) -> None:
    concluded(seated, "not_approved")
    failed = seated.case_id
    seated.review(previous_case_id=failed)
    refusal = seated.as_("contractor").act("plans.request_panel", **seated.request_body())
    assert clause(seated, RECHECK) in clauses_of(refusal)
    seated.version()
    seated.approve()
    before = Draw.objects.count()
    seated.panel()
    again = Case.objects.get(pk=seated.case_id)
    assert (again.previous_id, Draw.objects.count() > before) == (failed, True)
    page = seated.as_("contractor").get(f"/cases/{seated.case_id}/").content.decode()
    assert Case.objects.get(pk=failed).reference in page


@pytest.mark.clause("QD-序d", "NN-序d")
def test_a_changed_plan_in_force_stops_the_start_until_a_new_review(seated: Story) -> None:
    concluded(seated, "approved")
    old = seated.case_id
    seated.as_("contractor").done(
        "reports.change_plan", case_id=old, document_ids=[seated.upload("contractor")], reason="设计变更"
    )
    answer = seated.as_("contractor").act("reports.start_works", case_id=old)
    assert order_37("第十六条") in clauses_of(answer)
    seated.review(previous_case_id=old)
    assert seated.as_("contractor").act("reports.start_works", case_id=seated.case_id).status_code == 403
    seated.version()
    seated.approve()
    seated.panel()
    concluded(seated, "approved")
    seated.as_("contractor").done("reports.start_works", case_id=seated.case_id)
    assert (Case.objects.get(pk=seated.case_id).previous_id, seated.state()) == (old, "working")


@pytest.mark.clause("QD-四(一)5/changed where", "NN-四(四)/changed where")
def test_after_passing_the_plan_is_improved_along_the_opinions(seated: Story) -> None:
    revised(seated, "approved")
    assert approve(seated).status_code == 200
    seated.as_("contractor").done("reports.start_works", case_id=seated.case_id)
    assert (seated.state(), Case.objects.get(pk=seated.case_id).revisions.get().version_id) == (
        "working",
        seated.version_id,
    )


@pytest.mark.clause("QD-四(一)5/unanswered", "NN-四(四)/unanswered")
def test_the_improved_plan_is_not_sent_on_with_an_unanswered_opinion(seated: Story) -> None:
    concluded(seated, "approved")
    new_version(seated)
    answer = seated.as_("contractor").act(
        "reports.submit_revision", case_id=seated.case_id, version_id=seated.version_id
    )
    assert (clauses_of(answer), seated.state()) == ([clause(seated, ANSWERS)], "passed")


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
def test_works_wait_for_an_improved_plan_that_was_not_sent_on(seated: Story) -> None:
    concluded(seated, "approved")
    new_version(seated)
    answer = seated.as_("contractor").act("reports.start_works", case_id=seated.case_id)
    assert (clauses_of(answer), seated.state()) == ([clause(seated, START)], "passed")


@pytest.mark.clause("QD-四(一)3c", "NN-四(五)b")
def test_works_wait_for_the_approval_of_the_improved_plan(seated: Story) -> None:
    revised(seated, "approved")
    answer = seated.as_("contractor").act("reports.start_works", case_id=seated.case_id)
    assert (clauses_of(answer), seated.state()) == ([clause(seated, START)], "passed")


@pytest.mark.clause("QD-四(二)4c/others do not count", "NN-四(七)c/leader")
def test_a_closed_revision_changes_only_by_a_change_of_the_plan(seated: Story) -> None:
    revised(seated)
    recheck(seated)
    assert approve(seated).status_code == 200
    answer = seated.as_("contractor").act(
        "plans.submit_version",
        review_id=seated.review_id,
        document_ids=[seated.upload("contractor", content=seated.fresh_pdf())],
        parts={},
        has_site_statement=True,
    )
    assert (answer.status_code, seated.state()) == (403, "passed")
