"""What the platform draws up: sign-in sheet, opinion form, report, the electronically signed report."""

import pytest

from lunheng.documents.models import Document
from lunheng.documents.permissions import may_open
from lunheng.documents.signing import verify
from lunheng.jurisdictions.models import Division
from lunheng.reports import papers
from lunheng.reports.models import OpinionForm, Report, Upload
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


@pytest.mark.clause("QD-序e/roles")
def test_after_the_meeting_its_sheet_and_then_the_report_are_in_the_file(panel: Seated) -> None:
    panel.hold()
    panel.compile()
    panel.sweep("meetings.attach_sheet", "reports.attach_document")
    kinds = sorted(panel.case.documents.values_list("kind", flat=True))
    assert kinds == ["report", "sign_in"]
    assert Document.objects.get(kind="report").read().startswith(b"%PDF")


@pytest.mark.parametrize("address", ["虚构路 8 号", "市南区虚构路 8 号"])
def test_the_report_names_the_district_once(panel: Seated, address: str) -> None:
    work = panel.case.review.plan.work
    work.project.district = Division.objects.get(name="市南区")
    work.project.address = address
    assert "，位于市南区虚构路 8 号" in papers._overview(work)


def test_a_first_opinion_stays_closed_to_others_until_the_meeting_begins(panel: Seated) -> None:
    first, second = panel.members[:2]
    given = {"member_id": first.pk, "items": [panel.item()], "conclusion": "approved"}
    panel.act(first, "reports.submit_opinion", **given)
    panel.sweep("reports.attach_form")
    sheet = Document.objects.get(pk=OpinionForm.objects.values_list("document", flat=True).get())
    assert not may_open(panel.actor(second), sheet).is_allowed
    panel.plan_meeting()
    panel.gather()
    panel.start()
    assert may_open(panel.actor("contractor"), Document.objects.get(pk=sheet.pk)).is_allowed


@pytest.mark.clause("NN-四(六)c", "NN-四(七)a/signed PDF")
def test_every_electronic_signature_verifies_in_the_pdf_which_is_the_scan(list_of_five: Seated) -> None:
    panel = list_of_five
    panel.hold(mode="remote")
    report = panel.compile()
    panel.sweep("reports.attach_document")
    for member in panel.members:
        panel.act(member, "reports.sign_report", report_id=report.pk)
    panel.sweep("reports.seal_document")
    checks = verify(
        Document.objects.get(pk=Report.objects.values_list("signed_document", flat=True).get()).read()
    )
    assert [check.reference for check in checks] == [member.expert.reference for member in panel.members]
    assert all(check.holds for check in checks)
    assert [upload.item for upload in Upload.objects.all()] == ["report_scan"]
