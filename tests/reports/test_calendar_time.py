"""G10 and the years without a notice: a provisional limit reminds and breaches nothing; a day is entered for itself alone; a year
is declared complete; limits that waited are counted again, each in its case, and the people are told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lunheng.cases.models import Deadline
from lunheng.clockwork.recounting import recount
from lunheng.clockwork.sweep import drain
from lunheng.core.deadlines import CHINA, Provisional
from lunheng.jurisdictions.calendars import work_calendar
from lunheng.jurisdictions.models import Division, RegionalHoliday
from lunheng.messaging.models import Message
from lunheng.reports.models import Breach, Upload
from tests.meetings.seated import Seated

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知（虚构）"
BEFORE_THE_FESTIVAL = datetime(2027, 2, 2, 10, tzinfo=CHINA)


def held(panel: Seated, at: datetime = BEFORE_THE_FESTIVAL) -> Deadline:
    """The meeting has ended; the limit of the upload runs."""
    panel.request.meeting_at = at
    panel.hold()
    return limit(panel)


def limit(panel: Seated) -> Deadline:
    return Deadline.objects.get(case=panel.case, name="reports.record_overdue", subject="record.upload")


def enter(panel: Seated, days: dict[str, bool], notice: str = NOTICE) -> Any:
    """The bureau enters days: true is worked."""
    given = [{"day": day, "is_working_day": is_worked} for day, is_worked in days.items()]
    return panel.act("bureau", "pools.enter_days", pool_id=panel.world.pool.pk, notice=notice, days=given)


def complete(panel: Seated, year: int = 2027) -> Any:
    return panel.act("bureau", "pools.declare_year", pool_id=panel.world.pool.pk, year=year, notice=NOTICE)


def test_a_provisional_limit_reminds_and_breaches_nothing(panel: Seated) -> None:
    found = held(panel)
    assert (found.is_provisional, isinstance(found.until, Provisional)) == (True, True)

    panel.clock.set(found.due_at + timedelta(days=20))
    drain(panel.at)
    recount(panel.at)

    assert not Breach.objects.exists()
    assert Message.objects.filter(template="report.upload_reminder").exists()
    told = Message.objects.filter(template="deadline.recounted")
    assert "暂定期限已到" in told.earliest("id").context["text"]
    count = told.count()
    assert (recount(panel.at), told.count()) == (0, count)


def test_what_comes_after_a_provisional_limit_is_not_late(panel: Seated) -> None:
    found = held(panel)
    panel.clock.set(found.due_at + timedelta(days=20))
    panel.sign(panel.compile())
    panel.upload("sign_in")
    panel.act("contractor", "reports.submit_results", case_id=panel.case.pk)

    assert set(Upload.objects.values_list("is_late", flat=True)) == {False}
    assert not Breach.objects.exists()


def test_g10_entered_days_and_a_complete_year_make_the_limit_certain(panel: Seated) -> None:
    found = held(panel)
    enter(panel, {f"2027-02-{day:02}": day in (14, 20) for day in (*range(5, 13), 14, 20)})
    assert recount(panel.at) == 1
    assert limit(panel).is_provisional

    complete(panel)
    assert recount(panel.at) == 1

    after = limit(panel)
    assert (after.is_provisional, after.due_at > found.due_at) == (False, True)
    assert "期限确定为" in Message.objects.filter(template="deadline.recounted").latest("id").context["text"]
    assert recount(panel.at) == 0
    panel.clock.set(after.due_at)
    drain(panel.at)
    assert Breach.objects.get().due_at == after.due_at


def test_a_limit_that_was_over_by_the_certain_count_is_a_breach_of_that_moment(panel: Seated) -> None:
    found = held(panel)
    panel.clock.set(found.due_at + timedelta(days=30))
    drain(panel.at)
    assert not Breach.objects.exists()

    complete(panel)
    recount(panel.at)
    drain(panel.at)

    assert Breach.objects.get().due_at == limit(panel).due_at < panel.at


def test_the_reminder_goes_with_the_limit(panel: Seated) -> None:
    held(panel)
    before = Deadline.objects.get(name="reports.remind_upload").due_at
    enter(panel, {f"2027-02-{day:02}": False for day in range(2, 20)})
    recount(panel.at)

    # The working day before the new last day is over already: reminded at once.
    assert before > Deadline.objects.get(name="reports.remind_upload").due_at == panel.at


def test_g10_one_entered_day_makes_no_other_day_certain(panel: Seated) -> None:
    enter(panel, {"2027-02-06": False})
    calendar, place = work_calendar(), panel.world.division.pk

    assert calendar.is_certain(date(2027, 2, 6), place)
    assert [
        day
        for day in (date(2027, 2, 5), date(2027, 2, 7), date(2027, 3, 1))
        if calendar.is_certain(day, place)
    ] == []


@pytest.mark.parametrize("seat", ["contractor", "supervisor", "district", "expert:0"])
def test_nobody_but_the_offices_of_the_pool_keep_its_calendar(panel: Seated, seat: str) -> None:
    given = {"pool_id": panel.world.pool.pk, "notice": NOTICE}

    days = [{"day": "2027-02-05", "is_working_day": False}]
    assert panel.clauses(seat, "pools.enter_days", **given, days=days) == ["第七条"]
    assert panel.clauses(seat, "pools.declare_year", **given, year=2027) == ["第七条"]
    assert not RegionalHoliday.objects.exists()


@pytest.mark.parametrize(
    "days",
    [
        [],
        [{"day": "2027-02-30", "is_working_day": True}],
        [{"day": "明天", "is_working_day": True}],
        [{"day": "1900-01-01", "is_working_day": True}],
        [{"day": "2027-02-05", "is_working_day": True}, {"day": "2027/2/5", "is_working_day": False}],
    ],
)
def test_days_that_are_none_are_refused(panel: Seated, days: list[dict[str, Any]]) -> None:
    given = {"pool_id": panel.world.pool.pk, "notice": NOTICE, "days": days}

    assert panel.clauses("bureau", "pools.enter_days", **given) == ["第七条"]


def test_a_year_is_declared_once_and_may_be_corrected_after(panel: Seated) -> None:
    complete(panel)
    given = {"pool_id": panel.world.pool.pk, "year": 2027, "notice": NOTICE}
    assert panel.clauses("bureau", "pools.declare_year", **given) == ["第七条"]

    enter(panel, {"2027-06-09": True})

    assert work_calendar().is_working_day(date(2027, 6, 9), panel.world.division.pk)


def test_provisional_limits_of_before_are_counted_again_too(panel: Seated) -> None:
    found = held(panel)
    kept = dict(found.counted or {})
    Deadline.objects.update(counted=None)
    loader = MigrationExecutor(connection).loader
    [step] = loader.get_migration("cases", "0005_count_provisional").operations

    step.code(loader.project_state().apps, None)  # type: ignore[attr-defined]

    refilled = dict(limit(panel).counted or {})
    assert {**refilled, "from": "", "roll": ""} == {**kept, "from": "", "roll": ""}
    complete(panel)
    recount(panel.at)
    assert limit(panel).due_at == found.due_at


def test_the_bureau_enters_a_notice_on_its_page(panel: Seated) -> None:
    http = panel.world.client("bureau").http
    page = http.get("/calendar/?year=2027").content.decode()
    assert "推定、尚待核实的日期" in page
    assert "2027-02-05 放假" in page

    lines = "日期,安排\n2027-02-05,放假\n2027年2月6日至12日 放假\n２０２７－０２－１４ 上班\n"
    response = http.post("/calendar/days/?year=2027", {"notice": NOTICE, "lines": lines})
    assert response.status_code == 302
    assert RegionalHoliday.objects.filter(is_working_day=False).count() == 8
    assert http.post("/calendar/year/?year=2027", {"notice": NOTICE, "year": "2027"}).status_code == 302
    assert "已确定" in http.get("/calendar/?year=2027").content.decode()


def test_a_notice_is_imported_from_a_file(panel: Seated) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    http = panel.world.client("station").http
    file = SimpleUploadedFile("2027.csv", "日期,安排\n2027/2/5,放假\n2027/2/14,上班\n".encode("gb18030"))

    assert http.post("/calendar/days/?year=2027", {"notice": NOTICE, "file": file}).status_code == 302
    assert list(RegionalHoliday.objects.order_by("day").values_list("is_working_day", flat=True)) == [
        False,
        True,
    ]


def test_a_line_that_cannot_be_read_is_told_with_its_number(panel: Seated) -> None:
    given = {"notice": NOTICE, "lines": "2027-02-05 放假\n2027-02-30 放假\n过年"}
    response = panel.world.client("bureau").http.post("/calendar/days/?year=2027", given)

    assert response.status_code == 422
    page = response.content.decode()
    assert ("第2行：没有这一天" in page, "第3行：须写明日期" in page) == (True, True)
    assert not RegionalHoliday.objects.exists()


@pytest.mark.parametrize("seat", ["contractor", "expert:0"])
def test_the_page_of_the_calendar_is_the_offices(panel: Seated, seat: str) -> None:
    assert panel.world.client(seat).http.get("/calendar/").status_code in (403, 404)


def test_the_tree_says_which_layer_holds_not_the_digits(panel: Seated) -> None:
    Division.objects.create(code="650000", name="虚疆区")
    Division.objects.create(code="XB0101", name="虚构师", region="650000")
    Division.objects.create(code="659001", name="虚河子市", parent_id="650000")
    Division.objects.create(code="450199", name="虚构飞地", parent_id="650000")
    calendar, festival, third = work_calendar(), date(2025, 6, 9), date(2025, 3, 31)

    assert [calendar.is_working_day(festival, code) for code in ("XB0101", "659001", "450199", "370200")] == [
        False, False, False, True,
    ]  # fmt: skip
    assert calendar.is_working_day(date(2025, 4, 1), "450199")
    assert not calendar.is_working_day(third, "450199")
