"""资料与留痕: what is uploaded by when, and that every step leaves its trace."""

import io
import json
import zipfile
from datetime import datetime

import pytest

from lunheng.cases.queries import chain_faults
from lunheng.messaging.models import Message
from lunheng.reports.models import Breach
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import of
from tests.clauses.documents import qingdao as qd
from tests.factories.files import a_pdf
from tests.factories.story import Story

ONLY_PLATFORM = {"qingdao": "一（二）", "nanning": "一"}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def ended(story: Story, meeting_at: str) -> Story:
    """A review whose meeting ended on that day."""
    story.ready()
    story.panel(meeting_at=f"{meeting_at}T09:00:00+08:00")
    story.prereview()
    story.start_meeting()
    story.vote()
    story.end_meeting()
    return story


def put(story: Story, item: str, kind: str, name: str = "扫描件.pdf", content: bytes | None = None) -> None:
    story.as_("contractor").done(
        "reports.upload_result",
        case_id=story.case_id,
        item=item,
        document_id=story.upload("contractor", name, content or a_pdf(), kind),
    )


@pytest.mark.clause("QD-一(二)b/run", "NN-一b/run")
def test_one_case_runs_end_to_end(city: Story) -> None:
    city.ready()
    city.panel()
    city.conclude()
    city.as_("contractor").done("reports.start_works", case_id=city.case_id)
    assert city.state() == "working"


@pytest.mark.clause("QD-一(二)b/outside", "NN-一b/outside")
def test_a_conclusion_without_a_draw_on_the_platform_is_refused(city: Story) -> None:
    city.ready()
    answer = city.as_("contractor").refused(
        "reports.upload_outside_conclusion",
        case_id=city.case_id,
        document_id=city.upload("contractor", "外部论证报告.pdf", kind="report"),
    )
    assert answer == [of(city.world.city, ONLY_PLATFORM[city.world.city])]


@pytest.mark.clause("QD-二(三)1d/request and result", "QD-五(一)b/every step", "QD-五(一)b/one file")
def test_the_timeline_names_who_did_what_and_when_and_exports_as_one_file(city: Story) -> None:
    city.ready()
    city.panel()
    city.conclude()
    answer = city.as_("contractor").get(f"/cases/{city.case_id}/timeline.json")
    lines = json.loads(answer.content)["entries"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [line for line in lines if not (line["label"] and line["at"] and line["role"])] == []
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert chain_faults(json.loads(answer.content)["case"]) == []


@pytest.mark.clause("QD-五(一)b/one file")
def test_the_case_file_is_one_archive_with_documents_digests_and_transcript(city: Story) -> None:
    city.ready()
    city.panel()
    city.conclude()
    answer = city.as_("contractor").get(f"/cases/{city.case_id}/file.zip")
    names = zipfile.ZipFile(
        io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    ).namelist()
    assert any(name.endswith("manifest.json") for name in names)
    assert any("transcript" in name for name in names)
    assert any(name.endswith(".pdf") for name in names)


@pytest.mark.clause("QD-四(一)3a/due", "QD-四(一)3a/breach and late")
@pytest.mark.parametrize(
    ("meeting_on", "last_second"),
    [("2025-06-10", "2025-06-13T23:59:59"), ("2025-06-11", "2025-06-16T23:59:59")],
)
def test_the_result_is_due_after_three_days_rolled_over_a_weekend(
    qingdao: Story, meeting_on: str, last_second: str
) -> None:
    ended(qingdao, meeting_on)
    qingdao.clock.set(moment(last_second))
    qingdao.sweep()
    assert Breach.objects.count() == 0
    qingdao.sweep(seconds=1)
    breach = Breach.objects.get(duty="record.upload")
    assert (breach.clause, breach.due_at) == (qd("四（一）3"), qingdao.clock.now())


@pytest.mark.clause("QD-四(一)3a/deadline and reminder")
def test_the_deadline_shows_and_a_reminder_goes_out_before(qingdao: Story) -> None:
    ended(qingdao, "2025-06-10")
    page = qingdao.as_("contractor").get(f"/cases/{qingdao.case_id}/").content.decode()
    qingdao.clock.set(moment("2025-06-13T18:00:00"))
    qingdao.sweep()
    assert ("6月13日" in page, Message.objects.filter(template="report.upload_reminder").exists()) == (
        True,
        True,
    )


@pytest.mark.clause("QD-四(一)3a/breach and late", "NN-四(五)a/breach and late")
def test_a_late_upload_stays_possible(city: Story) -> None:
    ended(city, "2025-06-10")
    city.clock.set(moment("2025-06-20T10:00:00"))
    city.sweep()
    city.sign(city.compile())
    city.upload_results()
    assert (city.state(), Breach.objects.filter(mended_at__isnull=False).exists()) == ("passed", True)


@pytest.mark.clause("QD-四(一)3b")
@pytest.mark.parametrize("missing", ["report", "sign_in"])
def test_without_report_or_sign_in_sheet_it_is_not_complete(qingdao: Story, missing: str) -> None:
    ended(qingdao, "2025-06-10")
    qingdao.sign(qingdao.compile())
    from lunheng.reports.models import Upload

    for item, kind in (("report", "signed_report"), ("sign_in", "sign_in")):
        if item != missing:
            put(qingdao, item, kind)
    Upload.objects.filter(case_id=qingdao.case_id, item=missing).delete()
    assert qingdao.as_("contractor").refused("reports.submit_results", case_id=qingdao.case_id) == [
        qd("四（一）3")
    ]
    qingdao.clock.set(moment("2025-06-14T00:00:00"))
    qingdao.sweep()
    assert Breach.objects.filter(duty="record.upload").count() == 1


@pytest.mark.clause("NN-四(五)a/items")
@pytest.mark.parametrize("missing", ["conclusion", "sign_in", "photos"])
def test_nanning_wants_conclusion_sign_in_and_a_photo(nanning: Story, missing: str) -> None:
    from lunheng.reports.models import Upload
    from tests.factories.files import a_photo

    ended(nanning, "2025-06-10")
    nanning.sign(nanning.compile())
    for item, kind in (
        ("conclusion", "report"),
        ("sign_in", "sign_in"),
        ("photos", "photo"),
        ("scan", "signed_report"),
    ):
        if item != missing:
            put(
                nanning,
                item,
                kind,
                "现场.jpg" if item == "photos" else "扫描件.pdf",
                a_photo() if item == "photos" else a_pdf(),
            )
    Upload.objects.filter(case_id=nanning.case_id, item=missing).delete()
    assert nn("四（五）") in nanning.as_("contractor").refused(
        "reports.submit_results", case_id=nanning.case_id
    )


@pytest.mark.clause("NN-四(五)a/uploaders")
@pytest.mark.parametrize("seat", ["owner", "supervisor", "agency_two"])
def test_others_than_the_organizer_cannot_upload(nanning: Story, seat: str) -> None:
    ended(nanning, "2025-06-10")
    answer = nanning.as_(seat).act(
        "reports.upload_result",
        case_id=nanning.case_id,
        item="sign_in",
        document_id=nanning.upload(seat, "签到表.pdf", kind="sign_in"),
    )
    assert (answer.status_code, nn("四（五）") in [one["clause"] for one in answer.json()["reasons"]]) == (
        403,
        True,
    )


@pytest.mark.clause("NN-四(五)a/due")
@pytest.mark.parametrize(
    ("meeting_on", "last_second"),
    [("2025-06-10", "2025-06-13T23:59:59"), ("2023-04-18", "2023-04-24T23:59:59")],
)
def test_the_regional_holiday_moves_the_deadline(nanning: Story, meeting_on: str, last_second: str) -> None:
    nanning.clock.set(moment(f"{meeting_on[:8]}03T09:00:00"))
    ended(nanning, meeting_on)
    nanning.clock.set(moment(last_second))
    nanning.sweep()
    assert Breach.objects.filter(duty="record.upload").count() == 0
    nanning.sweep(seconds=1)
    assert Breach.objects.get(duty="record.upload").clause == nn("四（五）")


def test_only_consultation_and_assessment_may_be_engaged_outside_with_a_reason(nanning: Story) -> None:
    from lunheng.jurisdictions import law as laws

    law = laws.of(laws.in_force("nanning-2019", nanning.clock.now().date()).digest)  # type: ignore[union-attr]
    outcomes = {
        (activity, bool(reason)): law.judge(
            "scope.platform_only", activity=activity, has_draw=False, reason=reason
        ).outcome.value
        for activity in ("plan_review", "consultation", "assessment")
        for reason in ("", "平台维护")
    }
    assert outcomes == {
        ("plan_review", False): "refused",
        ("plan_review", True): "refused",
        ("consultation", False): "refused",
        ("consultation", True): "allowed",
        ("assessment", False): "refused",
        ("assessment", True): "allowed",
    }


@pytest.mark.clause("NN-六c/readers")
def test_each_expert_has_an_integrity_file_for_expert_centre_and_bureau(nanning: Story) -> None:
    nanning.ready()
    nanning.panel()
    nanning.commit_all()
    nanning.start_meeting()
    member = nanning.members("confirmed")[0]
    statuses = {}
    for seat in (nanning.seat_of(member), "station", "bureau", "contractor"):
        answer = nanning.as_(seat).get(f"/experts/{member.expert_id}/")
        statuses[seat.split(":")[0]] = (answer.status_code, "会前未上传审查意见" in answer.content.decode())
    assert statuses == {
        "expert": (200, True),
        "station": (200, True),
        "bureau": (200, True),
        "contractor": (403, False),
    }
