"""Uploading the result: what, by whom, by when; breaches and lateness."""

from datetime import timedelta

import pytest

from lunheng.cases.models import Deadline
from lunheng.core.actor import Actor, Role
from lunheng.messaging.models import Message
from lunheng.plans.models import Entrustment, PlanDelivery
from lunheng.pools.models import ServiceRecord
from lunheng.reports.models import Breach, Report, Upload
from lunheng.reports.permissions import may_upload
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


def signed(panel: Seated, conclusion: str = "approved") -> Seated:
    """The report is signed; the upload is still to come."""
    panel.hold(conclusion)
    panel.sign(panel.compile(conclusion))
    return panel


@pytest.mark.clause("QD-四(一)3b")
def test_without_the_sign_in_sheet_the_upload_is_incomplete_in_qingdao(panel: Seated) -> None:
    signed(panel)
    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == ["四（一）3"]
    open_limit = Deadline.objects.get(case=panel.case, name="reports.record_overdue")
    assert (open_limit.met_at, open_limit.performed_at) == (None, None)


@pytest.mark.clause("NN-四(五)a/items")
@pytest.mark.parametrize("missing", ["conclusion", "sign_in", "photos"])
def test_each_item_is_needed_in_nanning(list_of_five: Seated, missing: str) -> None:
    panel = signed(list_of_five)
    panel.upload(*(item for item in ("conclusion", "sign_in", "photos") if item != missing))
    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == ["四（五）"]


@pytest.mark.clause("QD-四(二)4a", "NN-四(七)a/own report")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（二）4"), ("list_of_five", "四（七）")])
def test_without_a_report_nothing_is_closed(request: pytest.FixtureRequest, city: str, clause: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == [clause]


@pytest.mark.clause("QD-四(一)4b", "NN-四(六)b")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（一）4"), ("list_of_five", "四（六）")])
def test_without_signatures_nothing_is_closed(request: pytest.FixtureRequest, city: str, clause: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    panel.compile()
    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == [clause]


@pytest.mark.clause("NN-四(五)a/uploaders")
@pytest.mark.parametrize("who", ["supervisor", "owner", "agency", "stranger"])
def test_others_do_not_upload_in_nanning(list_of_five: Seated, who: str) -> None:
    panel = signed(list_of_five)
    given = {"case_id": panel.case.pk, "item": "sign_in", "document_id": panel.file(who, "other")}
    assert panel.clauses(who, "reports.upload_result", **given) == ["四（五）"]


@pytest.mark.clause("NN-四(五)a/uploaders")
def test_the_agency_that_was_entrusted_uploads_in_nanning(list_of_five: Seated) -> None:
    panel = signed(list_of_five)
    Entrustment.objects.create(
        review=panel.review,
        agency=panel.world.unit("agency"),
        state="accepted",
        offered_at=panel.at,
        accepted_at=panel.at,
    )
    panel.case.parties.create(organization=panel.world.unit("agency"), role="agency", joined_at=panel.at)
    panel.upload("sign_in", who="agency")
    assert Upload.objects.filter(item="sign_in").count() == 1


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [("approved", "passed"), ("approved_if_revised", "revising"), ("not_approved", "failed")],
)
def test_the_conclusion_takes_effect_with_the_results(panel: Seated, conclusion: str, state: str) -> None:
    panel.conclude(conclusion)
    panel.review.refresh_from_db()
    assert (panel.state(), panel.review.conclusion) == (state, conclusion)


@pytest.mark.clause("QD-四(一)3a/breach and late", "NN-四(五)a/breach and late", "NN-四(七)a/due and breach")
@pytest.mark.parametrize(
    ("city", "duties"),
    [("panel", ["record.upload"]), ("list_of_five", ["record.scan", "record.upload"])],
)
def test_the_breach_is_recorded_by_itself_and_a_late_upload_stays_possible(
    request: pytest.FixtureRequest, city: str, duties: list[str]
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    report = panel.compile()
    due = Deadline.objects.filter(name="reports.record_overdue").earliest("due_at", "id").due_at
    panel.clock.set(due - timedelta(seconds=1))
    panel.sweep("reports.record_overdue", "reports.remind_upload")
    assert not Breach.objects.exists()
    panel.clock.set(due)
    panel.sweep("reports.record_overdue")
    assert sorted(Breach.objects.values_list("duty", flat=True)) == duties
    panel.sign(report)
    panel.upload(*(("sign_in",) if city == "panel" else ("conclusion", "sign_in", "photos")))
    panel.act("contractor", "reports.submit_results", case_id=panel.case.pk)
    assert panel.state() == "passed"
    assert set(Upload.objects.values_list("is_late", flat=True)) == {True}
    assert {breach.mended_at for breach in Breach.objects.all()} == {panel.at}


@pytest.mark.clause("QD-四(一)3a/breach and late")
def test_after_a_timely_upload_no_breach_is_recorded(panel: Seated) -> None:
    panel.conclude()
    panel.clock.advance(days=30)
    assert panel.sweep("reports.record_overdue") == []
    assert not Breach.objects.exists()


@pytest.mark.clause("QD-四(一)3a/deadline and reminder")
def test_the_reminder_is_written_before_the_limit(panel: Seated) -> None:
    panel.hold()
    reminder = Deadline.objects.get(name="reports.remind_upload")
    panel.clock.set(reminder.due_at)
    panel.sweep("reports.remind_upload")
    assert Message.objects.filter(template="report.upload_reminder").exists()


def test_the_results_are_submitted_once(panel: Seated) -> None:
    panel.conclude()
    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == ["第四条"]


def test_an_item_that_the_rule_does_not_know_is_refused(panel: Seated) -> None:
    signed(panel)
    given = {"case_id": panel.case.pk, "item": "diary", "document_id": panel.file("contractor", "other")}
    assert panel.clauses("contractor", "reports.upload_result", **given) == ["四（一）3"]


@pytest.mark.clause("NN-六c/results")
def test_the_experts_files_hold_the_result(panel: Seated) -> None:
    panel.conclude("not_approved")
    panel.sweep("reports.record_service")
    records = ServiceRecord.objects.filter(kind="attended", review=panel.case.reference)
    assert {record.file_id for record in records} == {member.expert.file_id for member in panel.members}


@pytest.mark.clause("QD-一(二)b/outside", "NN-一b/outside")
@pytest.mark.parametrize(("city", "clause"), [("panel", "一（二）"), ("list_of_five", "一")])
def test_a_conclusion_without_a_draw_on_the_platform_is_refused(
    request: pytest.FixtureRequest, city: str, clause: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    given = {"case_id": panel.case.pk, "document_id": panel.file("contractor", "other")}
    assert panel.clauses("contractor", "reports.upload_outside_conclusion", **given) == [clause]
    PlanDelivery.objects.all().delete()
    panel.case.members.all().delete()
    panel.draw.delete()
    assert panel.clauses("contractor", "reports.upload_outside_conclusion", **given) == [clause]


def test_a_void_review_has_no_results(panel: Seated) -> None:
    panel.hold()
    body = panel.signed_body(panel.compile(), outsiders=["虚构路人"])
    panel.act("contractor", "reports.upload_signed_report", **body)
    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == ["四（一）3"]
    assert Report.objects.get().state == "void"


def test_where_no_scan_is_asked_for_only_the_organizer_could_bring_one(panel: Seated) -> None:
    stranger = Actor("stranger", Role.CONTRACTOR, name="虚构·外人", organization="91370200000000000X")

    verdict = may_upload(stranger, panel.case, "record.scan")

    assert (verdict.is_allowed, verdict.reasons[0].clause.number) == (False, "四（一）1")
