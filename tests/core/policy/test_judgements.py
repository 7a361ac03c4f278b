"""Settings that neither city uses today, each with the answer it gives and its refused twin."""

from datetime import datetime

import pytest

from lunheng.core.deadlines import CHINA
from lunheng.core.verdict import Outcome, Verdict
from tests.core.policy.small import law


def rule(key: str, values: str) -> str:
    return f'[{key}]\nclause = "一"\n{values}\n'


def judged(key: str, values: str, **facts: object) -> Verdict:
    return law(rule(key, values)).judge(key, **facts)


def outcome(key: str, values: str, **facts: object) -> Outcome:
    return judged(key, values, **facts).outcome


def test_a_changed_plan_is_refused_and_an_unchanged_one_is_not() -> None:
    assert [outcome("closure.change", "", changed=changed, over_scale=True) for changed in (True, False)] == [
        Outcome.REFUSED,
        Outcome.ALLOWED,
    ]


WINDOW = 'value = 6\nunit = "hours"\nanchor = "delivery"\ndirection = "after"'
FIRST_MORNING = datetime(2025, 6, 10, 9, tzinfo=CHINA)


def test_an_invitation_that_was_never_delivered_starts_no_clock() -> None:
    assert outcome("confirmation.window", WINDOW, delivered_at=None, at=FIRST_MORNING) is Outcome.ALLOWED


SENDING = 'enabled = true\nopens = "08:00"\ncloses = "16:00"'


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("2025-06-10T04:00:00+08:00", "2025-06-10T08:00:00+08:00"),
        ("2025-06-10T08:00:00+08:00", "2025-06-10T08:00:00+08:00"),
        ("2025-06-10T15:59:59+08:00", "2025-06-10T15:59:59+08:00"),
        ("2025-06-10T16:00:00+08:00", "2025-06-11T08:00:00+08:00"),
    ],
)
@pytest.mark.clause("QD-二(三)2e")
def test_in_a_send_window_a_message_leaves_when_it_opens(written: str, leaves: str) -> None:
    at, opening = datetime.fromisoformat(written), datetime.fromisoformat(leaves)
    known = law(rule("confirmation.send_window", SENDING)).rule("confirmation.send_window")

    assert known is not None
    assert getattr(known, "next_opening")(at) == opening  # noqa: B009
    waits = Outcome.ALLOWED if at == opening else Outcome.REFUSED
    assert outcome("confirmation.send_window", SENDING, at=at) is waits


def test_with_the_contacts_of_all_pushed_experts_shown_a_pick_is_not_needed() -> None:
    assert (
        outcome(
            "confirmation.contacts",
            'visible = "pushed"',
            actor_role="contractor",
            is_client=True,
            picked=False,
        )
        is Outcome.ALLOWED
    )


MATCH = 'specialties = { deep_pit = ["geotechnics"] }'


def test_a_kind_of_works_that_the_pack_does_not_map_is_for_a_person() -> None:
    assert outcome("draw.match", MATCH, work_kind="blast", specialties=["tunnel"]) is Outcome.FOR_A_PERSON


def test_a_request_without_any_specialty_is_refused_in_words() -> None:
    assert "所选专业（未选专业）" in str(judged("draw.match", MATCH, work_kind="deep_pit", specialties=[]))


MIXED = 'different_at_least = 2\nshortage = "{}"\neffect = "{}"'
ALIKE: dict[str, object] = {"specialties": [["tunnel"]] * 5}


@pytest.mark.clause("NN-二(三)b")
def test_one_specialty_only_is_a_warning_where_the_pack_says_so() -> None:
    verdict = judged("draw.specialties", MIXED.format("allow_recorded", "warn"), **ALIKE, available=3)

    assert (verdict.outcome, len(verdict.warnings)) == (Outcome.ALLOWED, 1)


def test_a_shortage_is_no_excuse_where_the_pack_says_so() -> None:
    assert (
        outcome("draw.specialties", MIXED.format("refuse", "refuse"), **ALIKE, available=1) is Outcome.REFUSED
    )


@pytest.mark.clause("NN-二(三)f")
def test_above_the_number_of_kinds_a_warning_is_recorded_and_nothing_refused() -> None:
    verdict = judged("draw.breadth", "maximum_kinds = 2", kinds={"专家甲": 3, "专家乙": 2})

    assert (verdict.outcome, [warning.value for warning in verdict.warnings]) == (Outcome.ALLOWED, ["3类"])


def test_two_of_one_unit_may_sit_where_units_need_not_differ() -> None:
    assert (
        outcome("draw.units", "distinct = false", units=[("甲", "示例院"), ("乙", "示例院")])
        is Outcome.ALLOWED
    )


ATTENDANCE = 'roles = ["owner_manager", "plan_author"]\neffect = "refuse"'


@pytest.mark.parametrize(("absent", "expected"), [(["plan_author"], Outcome.REFUSED), ([], Outcome.ALLOWED)])
def test_an_absence_stops_the_meeting_where_the_pack_says_so(absent: list[str], expected: Outcome) -> None:
    assert outcome("meeting.attendance", ATTENDANCE, absent=absent) is expected


@pytest.mark.parametrize(("missing", "expected"), [(["专家甲"], Outcome.REFUSED), ([], Outcome.ALLOWED)])
def test_a_missing_first_opinion_stops_the_meeting_where_the_pack_says_so(
    missing: list[str], expected: Outcome
) -> None:
    assert outcome("prereview.form", 'effect = "refuse"', missing=missing) is expected


QUORUM = 'minimum = 5\ncounted = "all"\nparity = "any"\ntotal_cap = 7\nall_required = true'


@pytest.mark.parametrize(
    ("present", "all_present", "expected"),
    [(6, False, Outcome.REFUSED), (6, True, Outcome.ALLOWED), (8, True, Outcome.REFUSED)],
)
def test_all_confirmed_experts_must_come_and_not_more_than_the_cap(
    present: int, all_present: bool, expected: Outcome
) -> None:
    assert (
        outcome(
            "meeting.quorum",
            QUORUM,
            main_present=present,
            extras_present=0,
            confirmed_total=7,
            all_present=all_present,
        )
        is expected
    )


def test_the_remedy_names_the_cap() -> None:
    size = 'minimum = 5\ncounted = "all"\nparity = "odd"\ntotal_cap = 7'

    assert "把专家调整为不少于5名，总数为单数，不超过7名" in str(judged("panel.size", size, main=9, extras=0))


def test_without_extras_the_rule_on_extras_is_met() -> None:
    assert outcome("panel.extras", "minimum = 1\nmaximum = 2", extras=0, touched=False) is Outcome.ALLOWED


@pytest.mark.parametrize("has_leader", [True, False])
def test_an_elected_leader_must_have_been_elected(has_leader: bool) -> None:
    expected = Outcome.ALLOWED if has_leader else Outcome.REFUSED

    assert (
        outcome("panel.leader", 'mode = "elected"', named_by="", elected=False, has_leader=has_leader)
        is expected
    )


def test_a_leader_is_not_elected_where_the_client_names_one() -> None:
    assert (
        outcome(
            "panel.leader",
            'mode = "named"\nnamers = ["contractor"]',
            named_by="",
            elected=True,
            has_leader=True,
        )
        is Outcome.REFUSED
    )


def test_a_confirmed_list_needs_no_leader_where_the_pack_says_so() -> None:
    assert (
        outcome("panel.confirmed_list", "leader = false", without_consent=[], has_leader=False)
        is Outcome.ALLOWED
    )


def test_no_relation_found_excludes_nobody() -> None:
    assert outcome("recusal.relations", 'kinds = ["control"]', paths=[]) is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("siblings", "expected"),
    [
        ("for_a_person", Outcome.FOR_A_PERSON),
        ("refuse", Outcome.REFUSED),
        ("allow", Outcome.ALLOWED),
    ],
)
def test_sister_companies_are_treated_as_the_pack_says(siblings: str, expected: Outcome) -> None:
    paths = [{"kind": "sibling", "path": ["甲公司", "集团", "乙公司"]}]

    assert (
        outcome("recusal.relations", f'kinds = ["control"]\nsiblings = "{siblings}"', paths=paths) is expected
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("control", Outcome.REFUSED),
        ("interest", Outcome.ALLOWED),
        ("friendship", Outcome.FOR_A_PERSON),
    ],
)
def test_a_relation_that_the_law_does_not_know_is_for_a_person(kind: str, expected: Outcome) -> None:
    paths = [{"kind": kind, "path": ["甲公司", "乙公司"]}]

    assert outcome("recusal.relations", 'kinds = ["control"]', paths=paths) is expected


def test_the_worst_of_several_relations_counts() -> None:
    paths = [{"kind": kind, "path": ["甲公司", "乙公司"]} for kind in ("sibling", "control")]

    assert outcome("recusal.relations", 'kinds = ["control"]', paths=paths) is Outcome.REFUSED


def test_no_interest_excludes_nobody() -> None:
    assert outcome("recusal.interest", "", interests=[]) is Outcome.ALLOWED


def test_a_recusal_counts_as_silence_where_the_pack_says_so() -> None:
    assert "计作未答复" in str(judged("recusal.declaration", "counts_as_silence = true", ground="参建"))


SIGNATURE = 'on_site = "hand"'
BY_HAND: dict[str, object] = {"method": "hand", "signed": ["甲"], "members": ["甲"]}


def test_a_report_of_an_unlawful_form_of_meeting_cannot_be_signed() -> None:
    assert outcome("report.signature", SIGNATURE, mode="remote", **BY_HAND) is Outcome.REFUSED


def test_a_numbered_report_of_its_own_closes_a_review() -> None:
    assert outcome("report.own", "", has_number=True, shared=False) is Outcome.ALLOWED


AGENCY = "organised_minimum = 2\ncenter_accepts = true"


@pytest.mark.parametrize(("accepted", "expected"), [(False, Outcome.REFUSED), (True, Outcome.ALLOWED)])
@pytest.mark.clause("NN-二(一)c")
def test_an_agency_waits_for_the_center_where_the_pack_says_so(accepted: bool, expected: Outcome) -> None:
    assert outcome("roles.agency", AGENCY, is_legal_person=True, organised=2, accepted=accepted) is expected


def test_the_way_of_organising_never_changes_where_the_pack_says_so() -> None:
    assert (
        outcome(
            "roles.organiser",
            'initiators = ["contractor"]\nagency_allowed = true\nswitch_until = "never"',
            actor_role="contractor",
            is_general_contractor=True,
            has_general_contractor=True,
            on_behalf=False,
            entrusted=False,
            confirmed_count=0,
            change=True,
        )
        is Outcome.REFUSED
    )


@pytest.mark.parametrize("key", ["security.commitment", "security.plan_access"])
def test_who_signed_may_go_on(key: str) -> None:
    assert outcome(key, "", signed=True) is Outcome.ALLOWED


def test_a_party_of_the_review_may_read_it() -> None:
    assert outcome("security.secrecy", "", is_party=True) is Outcome.ALLOWED


def test_with_consent_the_title_may_be_used() -> None:
    assert outcome("conduct.title_use", "", has_consent=True) is Outcome.ALLOWED


@pytest.mark.parametrize(("is_regulator", "is_reporter"), [(True, False), (False, True)])
def test_a_confidential_report_is_read_by_the_regulator_and_its_author(
    is_regulator: bool, is_reporter: bool
) -> None:
    verdict = judged("conduct.confidential_report", "", is_regulator=is_regulator, is_reporter=is_reporter)

    assert verdict.outcome is Outcome.ALLOWED


def test_a_missing_approval_of_both_kinds_is_named_once() -> None:
    values = (
        'parts = ["overview"]\napprovals = ["technical_director"]\n'
        'subcontract_approvals = ["technical_director"]'
    )

    verdict = judged(
        "plan.readiness",
        values,
        parts=["overview"],
        approvals=[],
        by_subcontractor=True,
        site_statement=False,
    )

    assert [reason.value for reason in verdict.reasons] == ["技术负责人审批"]
