"""A measure goes the formal way, and acts on one standing: heard, decided, served; suspended, recorded, barred to the day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lunheng.cases.models import Case
from lunheng.clockwork import records
from lunheng.core.deadlines import CHINA
from lunheng.core.terms import bar_until, term_until
from lunheng.experts.models import Expert
from lunheng.experts.queries import eligible
from lunheng.pools.models import ConductEntry, Membership, ServiceRecord
from lunheng.pools.queries import points_by_entries, points_of
from lunheng.procedures.models import Proceeding
from tests.procedures.matters import IDENTITIES, Matter
from tests.procedures.synthetic import beside, read

pytestmark = pytest.mark.django_db
FACTS = "三次无故缺席"


@pytest.fixture
def sanctioning(nanning: Matter) -> Any:
    """Nanning, as if its notice had a procedure about one member."""
    with beside(sanction=read("sanction"), absences=read("absences")):
        yield nanning


def expert_of(matter: Matter, index: int = 0) -> Expert:
    return Expert.objects.select_related("membership", "file").get(pk=matter.hand.world.experts[index].pk)


def proof(matter: Matter, seat: str = "station") -> list[int]:
    return [matter.document(matter.by(seat))]


def begin(matter: Matter, index: int = 0, seat: str = "station") -> Proceeding:
    data = {"facts": FACTS, "evidence": proof(matter), "recipient": "bureau"}
    given = {"procedure": "sanction", "file_id": expert_of(matter, index).file_id, "data": data}
    made: Proceeding = matter.act(seat, "pools.open_proceeding", pool_id=matter.hand.world.pool.pk, **given)
    matter.proceeding_id = made.pk
    return made


def serve(matter: Matter, step: str, on: date | None = None) -> None:
    data = {"served_on": str(on or matter.hand.now.date()), "proof": proof(matter)}
    matter.step("station", step, "serve", data=data)


def decided(matter: Matter, index: int = 0) -> None:
    """Heard, decided and served."""
    begin(matter, index)
    serve(matter, "intent")
    matter.step(f"expert:{index}", "statement", "state", reason="当日住院，附病历")
    matter.step("bureau", "decision", "approve")
    serve(matter, "service")
    matter.wait(minutes=1)


def test_everything_is_done_to_one_standing_and_to_nobody_else(sanctioning: Matter) -> None:
    decided(sanctioning)

    assert sanctioning.standing == ("completed", "")
    today, standing = sanctioning.hand.now.date(), expert_of(sanctioning).membership
    assert (standing.state, standing.barred_from, standing.barred_until) == (
        "removed",
        today,
        date(today.year + 3, today.month, today.day),
    )
    assert (standing.suspended_from, standing.suspended_until) == (today, date(2027, 5, 24))
    others = Membership.objects.exclude(pk=standing.pk)
    assert set(others.values_list("state", "suspended_from", "barred_from")) == {("active", None, None)}
    assert expert_of(sanctioning) not in eligible(sanctioning.hand.world.pool, today)
    entered = [line.event for line in _entries(expert_of(sanctioning).file)]
    assert entered == [
        "expert.suspended/1", "conduct.recorded/1", "points.entered/1", "expert.restored/1", "expert.barred/1",
    ]  # fmt: skip


def _entries(file: Case) -> list[Any]:
    from lunheng.ledger.models import Entry

    return list(Entry.objects.filter(subject=file.reference).order_by("subject_number"))


def test_record_and_points_keep_event_unit_and_evidence_and_are_computed_again_from_the_ledger(
    sanctioning: Matter,
) -> None:
    decided(sanctioning)

    file = expert_of(sanctioning).file
    matter = sanctioning.proceeding.case
    rows = list(ConductEntry.objects.filter(file=file))
    assert [(one.number, one.kind, one.event, one.points, one.matter) for one in rows] == [
        (1, "record", "无故缺席", 0, matter.reference),
        (2, "points", "无故缺席", -5, matter.reference),
    ]
    assert all(len(one.evidence) == 1 and one.evidence[0] for one in rows)
    year = sanctioning.hand.now.year
    told = {points_of(file), points_by_entries(file), points_of(file, year), points_by_entries(file, year)}
    assert told == {-5}
    assert (points_of(file, year - 1), points_by_entries(file, year - 1)) == (0, 0)
    twin = expert_of(sanctioning, 1).file
    assert (points_of(twin), points_by_entries(twin), twin.conduct.count()) == (0, 0, 0)


def test_an_office_to_which_a_matter_is_referred_reads_it(sanctioning: Matter) -> None:
    procedure = read("sanction", ('office = "bureau"', 'office = "station"'))
    with beside(sanction=procedure):
        begin(sanctioning)
        serve(sanctioning, "intent")
        sanctioning.step("expert:0", "statement", "waive")
        assert sanctioning.hand.world.client("bureau").get(_page(sanctioning)).status_code == 403

        sanctioning.step("station", "decision", "approve")
        serve(sanctioning, "service")
        sanctioning.wait(minutes=1)

        assert sanctioning.hand.world.client("bureau").get(_page(sanctioning)).status_code == 200


def _page(matter: Matter) -> str:
    return f"/procedures/{matter.proceeding_id}/"


@pytest.mark.parametrize("seat", ["bureau", "district", "contractor", "expert:0", "applicant"])
def test_nobody_but_the_office_of_the_pack_begins_about_a_member(sanctioning: Matter, seat: str) -> None:
    data = {"facts": FACTS, "evidence": [], "recipient": "bureau"}
    given = {"procedure": "sanction", "file_id": expert_of(sanctioning).file_id, "data": data}

    verdict = sanctioning.refused(
        seat, "pools.open_proceeding", pool_id=sanctioning.hand.world.pool.pk, **given
    )

    assert verdict.reasons[0].message == "专家处理由市建管中心办理"
    assert verdict.reasons[0].clause.number == "五（一）"


def test_a_member_of_another_citys_pool_is_not_reached(sanctioning: Matter) -> None:
    stranger = Membership.objects.exclude(pool=sanctioning.hand.world.pool).first()
    assert stranger is not None
    data = {"facts": FACTS, "evidence": proof(sanctioning), "recipient": "bureau"}
    for file in (stranger.file_id, None, 10**9):
        given = {"procedure": "sanction", "file_id": file, "data": data}
        verdict = sanctioning.refused(
            "station", "pools.open_proceeding", pool_id=sanctioning.hand.world.pool.pk, **given
        )
        assert verdict.reasons[0].message == "本专家库没有这名专家"


def test_two_members_are_dealt_with_side_by_side_and_one_not_twice(sanctioning: Matter) -> None:
    begin(sanctioning, 0)
    begin(sanctioning, 1)
    data = {"facts": FACTS, "evidence": proof(sanctioning), "recipient": "bureau"}
    given = {"procedure": "sanction", "file_id": expert_of(sanctioning).file_id, "data": data}

    verdict = sanctioning.refused(
        "station", "pools.open_proceeding", pool_id=sanctioning.hand.world.pool.pk, **given
    )

    assert verdict.reasons[0].message.endswith("已有一件专家处理正在办理")
    assert Proceeding.objects.count() == 2


def test_the_right_to_be_heard_belongs_to_the_member_and_ends_with_its_period(sanctioning: Matter) -> None:
    begin(sanctioning)
    early = sanctioning.no_step("bureau", "decision", "approve")
    assert "须先完成拟处理告知" in early.reasons[0].message
    serve(sanctioning, "intent", sanctioning.hand.now.date() - timedelta(days=2))
    for seat in ("expert:1", "station", "contractor"):
        assert "由在库专家本人办理" in sanctioning.no_step(seat, "statement", "waive").reasons[0].message
    assert (
        sanctioning.no_step("expert:0", "statement", "state")
        .reasons[0]
        .message.endswith("须写明陈述申辩的内容")
    )
    deadline = sanctioning.proceeding.case.deadlines.get(name="procedures.answer_limit", met_at=None)
    assert deadline.due_at == datetime(2026, 11, 28, tzinfo=CHINA), (
        "five days from the service, not from its entry"
    )

    sanctioning.wait(until=deadline.due_at)

    assert sanctioning.standing == ("running", "decision")
    late = sanctioning.no_step("expert:0", "statement", "state", reason="现在才看到")
    assert "已经办理" in late.reasons[0].message


@pytest.mark.parametrize(
    ("served_on", "message"),
    [("2026-11-25", "送达日不得晚于今天"), ("2026-11-23", "送达日早于作出决定之日（2026-11-24）")],
)
def test_a_service_is_proven_and_neither_before_the_decision_nor_in_the_future(
    sanctioning: Matter, served_on: str, message: str
) -> None:
    begin(sanctioning)
    serve(sanctioning, "intent")
    sanctioning.step("expert:0", "statement", "waive")
    sanctioning.step("bureau", "decision", "approve")

    data = {"served_on": served_on, "proof": proof(sanctioning)}
    verdict = sanctioning.no_step("station", "service", "serve", data=data)
    assert verdict.reasons[0].message == message
    bare = sanctioning.no_step("station", "service", "serve", data={"served_on": "2026-11-24", "proof": []})
    assert bare.reasons[0].message == "送达回证：未填写"


def test_the_member_reads_the_matter_and_what_it_rests_on(sanctioning: Matter) -> None:
    begin(sanctioning)

    page = sanctioning.hand.world.client("expert:0").get(_page(sanctioning)).content.decode()

    assert FACTS in page
    assert sanctioning.hand.world.client("expert:1").get(_page(sanctioning)).status_code == 403


@pytest.mark.parametrize(
    ("first", "value", "unit", "bar", "term"),
    [
        ("2026-12-01", 3, "years", "2029-12-01", "2029-12-01"),
        ("2024-02-29", 3, "years", "2027-02-28", "2027-03-01"),
        ("2024-02-29", 4, "years", "2028-02-29", "2028-02-29"),
        ("2026-08-31", 6, "months", "2027-02-28", "2027-03-01"),
        ("2026-12-31", 10, "days", "2027-01-10", "2027-01-10"),
    ],
)
def test_a_bar_ends_on_the_calendar_day_and_a_term_the_day_before(
    first: str, value: int, unit: Any, bar: str, term: str
) -> None:
    from lunheng.core.policy.proceedings.model import Period

    length = Period(value=value, unit=unit)

    last, after = bar_until(date.fromisoformat(first), length), term_until(date.fromisoformat(first), length)

    assert (str(last), str(after)) == (bar, term)
    standing = Membership(state="active", appointed_on=date.fromisoformat(first), ends_on=after)
    standing.barred_from, standing.barred_until = date.fromisoformat(first), last
    assert (standing.is_barred(last), standing.is_barred(last + timedelta(days=1))) == (True, False)
    assert (standing.is_in_term(after - timedelta(days=1)), standing.is_in_term(after)) == (True, False)


def test_who_is_barred_is_stopped_at_the_application_whatever_account_he_uses(sanctioning: Matter) -> None:
    expert = expert_of(sanctioning)
    from lunheng.accounts.identity import identity_digest

    expert.identity_digest = identity_digest(IDENTITIES[1])
    expert.save()
    decided(sanctioning)
    standing = expert_of(sanctioning).membership
    given = {"pool_id": sanctioning.hand.world.pool.pk, "procedure": "admission"}

    verdict = sanctioning.refused("applicant", "pools.open_proceeding", **given, data=sanctioning.form())
    assert verdict.reasons[0].message == "本人已被移出专家库，禁入至2029年11月24日"
    sanctioning.wait(until=datetime(2029, 11, 24, 23, 59, tzinfo=CHINA))
    last = sanctioning.refused("applicant", "pools.open_proceeding", **given, data=sanctioning.form())
    assert last.reasons[0].value == "至2029年11月24日"

    sanctioning.wait(until=datetime(2029, 11, 25, tzinfo=CHINA))
    sanctioning.to_publication()
    sanctioning.step("bureau", "publication", "publish")
    sanctioning.wait(minutes=1)

    again = expert_of(sanctioning)
    assert (again.membership_id, again.membership.state) == (standing.pk, "active")
    assert Expert.objects.filter(identity_digest=again.identity_digest).count() == 1


def record(matter: Matter, index: int, *days: str) -> None:
    file = expert_of(matter, index).file
    for day in days:
        at = datetime.fromisoformat(f"{day}T10:00:00+08:00")
        ServiceRecord.write(file, "absent", at, "《虚构规则》一", f"缺席{day}")


@pytest.mark.parametrize(
    ("days", "begun"),
    [
        (("2025-11-24", "2026-03-01", "2026-11-24"), 1),
        (("2025-11-23", "2026-03-01", "2026-11-24"), 0),
        (("2026-03-01", "2026-11-24"), 0),
        (("2025-01-01", "2025-11-24", "2026-03-01", "2026-11-24"), 1),
    ],
)
def test_the_third_absence_within_one_year_opens_a_matter_and_decides_nothing(
    sanctioning: Matter, days: tuple[str, ...], begun: int
) -> None:
    record(sanctioning, 0, *days)
    record(sanctioning, 1, *days[:2])

    assert records.watch(sanctioning.hand.now) == begun
    assert records.watch(sanctioning.hand.now) == 0, "the same records open nothing twice"

    found = list(Proceeding.objects.all())
    assert [(one.about_id, one.step, one.opened_by) for one in found] == [
        (expert_of(sanctioning).file_id, "decision", "system")
    ] * begun
    assert expert_of(sanctioning).membership.state == "active"
    if not begun:
        return
    sanctioning.proceeding_id = found[0].pk
    sanctioning.step("station", "decision", "reject", reason="均有正当理由")
    assert sanctioning.standing == ("refused", "")
    assert records.watch(sanctioning.hand.now) == 0
    assert expert_of(sanctioning).membership.state == "active"


def test_nobody_opens_by_hand_what_the_data_open(sanctioning: Matter) -> None:
    given = {"procedure": "absences", "file_id": expert_of(sanctioning).file_id, "data": {}}

    verdict = sanctioning.refused(
        "station", "pools.open_proceeding", pool_id=sanctioning.hand.world.pool.pk, **given
    )

    assert verdict.reasons[0].message == "多次缺席的处理由平台按记录启动，不由人启动"
