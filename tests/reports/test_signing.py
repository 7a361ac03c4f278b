"""Signatures: by hand or electronically, by the right people, enough of them."""

import pytest

from lunheng.core.errors import Refused
from lunheng.jobs.clock import FixedClock
from lunheng.panels.models import Member
from lunheng.reports.models import Report, Upload
from tests.factories.world import World
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


@pytest.mark.clause("QD-四(一)4b", "NN-四(六)b")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（一）4"), ("list_of_five", "四（六）")])
def test_after_a_meeting_on_site_an_electronic_signature_is_refused(
    request: pytest.FixtureRequest, city: str, clause: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    report = panel.compile()
    assert panel.clauses(panel.members[0], "reports.sign_report", report_id=report.pk) == [clause]


@pytest.mark.clause("NN-四(六)c")
def test_after_a_video_meeting_a_scan_is_refused(list_of_five: Seated) -> None:
    list_of_five.hold(mode="remote")
    report = list_of_five.compile()
    body = list_of_five.signed_body(report)
    assert list_of_five.clauses("contractor", "reports.upload_signed_report", **body) == ["四（六）"]


@pytest.mark.clause("NN-四(六)c")
def test_after_a_video_meeting_every_member_signs_electronically(list_of_five: Seated) -> None:
    panel = list_of_five
    panel.hold(mode="remote")
    report = panel.compile()
    for member in panel.members:
        assert Report.objects.get().state == "compiled"
        panel.act(member, "reports.sign_report", report_id=report.pk)
    assert (panel.state(), Report.objects.get().state) == ("uploading", "signed")


def test_nobody_signs_twice_or_for_others(list_of_five: Seated) -> None:
    panel = list_of_five
    panel.hold(mode="remote")
    report = panel.compile()
    panel.act(panel.members[0], "reports.sign_report", report_id=report.pk)
    assert panel.clauses(panel.members[0], "reports.sign_report", report_id=report.pk) == ["四（六）"]
    assert panel.clauses("contractor", "reports.sign_report", report_id=report.pk) == ["四（二）"]


@pytest.mark.clause("QD-四(一)4b", "NN-四(六)b")
@pytest.mark.parametrize("city", ["panel", "list_of_five"])
def test_the_scan_with_every_signature_makes_the_report_valid(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    panel.sign(panel.compile())
    assert (panel.state(), Report.objects.get().state) == ("uploading", "signed")


@pytest.mark.clause("QD-四(一)4b")
def test_a_signature_missing_from_a_panel_large_enough_is_refused(qingdao: World, clock: FixedClock) -> None:
    panel = Seated(qingdao, clock, main=6)
    panel.hold()
    report = panel.compile()
    body = panel.signed_body(report, signed=[member.pk for member in panel.members[:5]])
    assert panel.clauses("contractor", "reports.upload_signed_report", **body) == ["四（一）4"]


def test_a_scan_without_any_marked_signature_is_refused(panel: Seated) -> None:
    panel.hold()
    body = panel.signed_body(panel.compile(), signed=[])
    assert panel.clauses("contractor", "reports.upload_signed_report", **body) == ["四（一）4"]


@pytest.mark.clause("QD-四(一)1b", "NN-四(二)b/stranger", "NN-四(二)b/fewer than five")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（一）1"), ("list_of_five", "四（二）")])
@pytest.mark.parametrize(("left_out", "outsiders"), [(0, ["虚构路人"]), (1, [])])
def test_an_outsider_or_too_few_signatures_make_the_review_void(
    request: pytest.FixtureRequest, city: str, clause: str, left_out: int, outsiders: list[str]
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    signed = [member.pk for member in panel.members[left_out:]]
    body = panel.signed_body(panel.compile(), signed=signed, outsiders=outsiders)
    panel.act("contractor", "reports.upload_signed_report", **body)
    works = panel.clauses("contractor", "reports.start_works", case_id=panel.case.pk)
    assert (panel.state(), clause in Report.objects.get().void_reason) == ("void", True)
    assert clause in works


def test_extras_do_not_make_up_for_main_signatures(qingdao: World, clock: FixedClock) -> None:
    panel = Seated(qingdao, clock, main=5, extras=2)
    panel.hold()
    body = panel.signed_body(panel.compile(), signed=[member.pk for member in panel.members[1:]])
    panel.act("contractor", "reports.upload_signed_report", **body)
    assert panel.state() == "void"


@pytest.mark.clause("QD-四(一)1b", "NN-四(二)b/stranger")
@pytest.mark.parametrize(
    ("city", "size", "clause"),
    [
        ("qingdao", 5, "四（一）1"),
        ("qingdao", 6, "二（四）"),
        ("nanning", 5, "四（二）"),
        ("nanning", 7, "四（二）"),
    ],
)
def test_a_signature_from_a_seat_that_does_not_fit_the_works_makes_the_review_void(
    request: pytest.FixtureRequest, clock: FixedClock, city: str, size: int, clause: str
) -> None:
    panel = Seated(request.getfixturevalue(city), clock, main=size)
    panel.hold()
    Member.objects.filter(pk=panel.members[-1].pk).update(specialty="electrical")
    panel.sign(panel.compile())
    assert (panel.state(), clause in Report.objects.get().void_reason) == ("void", True)


def test_a_signature_from_an_extra_of_another_specialty_is_lawful(qingdao: World, clock: FixedClock) -> None:
    panel = Seated(qingdao, clock, main=5, extras=1)
    panel.hold()
    Member.objects.filter(pk=panel.members[-1].pk).update(specialty="electrical")
    panel.sign(panel.compile())
    assert panel.state() == "uploading"


@pytest.mark.clause("QD-四(二)4a", "NN-四(七)a/own report")
@pytest.mark.parametrize(("city", "clause"), [("qingdao", "四（二）4"), ("nanning", "四（七）")])
def test_two_plans_cannot_share_one_report(
    request: pytest.FixtureRequest, clock: FixedClock, city: str, clause: str
) -> None:
    world = request.getfixturevalue(city)
    first, second = Seated(world, clock), Seated(world, clock)
    first.hold()
    first.sign(first.compile())
    second.hold()
    shared = Report.objects.get(case=first.case).signed_document_id
    body = second.signed_body(second.compile(), document_id=shared)
    assert second.clauses("contractor", "reports.upload_signed_report", **body) == [clause]


@pytest.mark.parametrize(("city", "item"), [("panel", "report"), ("list_of_five", "report_scan")])
def test_the_signed_report_counts_as_uploaded(request: pytest.FixtureRequest, city: str, item: str) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold()
    panel.sign(panel.compile())
    assert [upload.item for upload in Upload.objects.filter(case=panel.case)] == [item]


def test_a_stranger_uploads_no_signed_report(panel: Seated) -> None:
    panel.hold()
    body = panel.signed_body(panel.compile())
    with pytest.raises(Refused):
        panel.act("stranger", "reports.upload_signed_report", **body)
