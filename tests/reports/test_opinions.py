"""Pre-review: the opinion form, its blindness, and who gave none."""

from typing import Any

import pytest

from lunheng.ledger.queries import entries_of
from lunheng.panels.models import Member
from lunheng.pools.models import ServiceRecord
from lunheng.reports import queries
from lunheng.reports.models import OpinionForm
from lunheng.reports.papers import OPINION_FORM
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


def opinion(panel: Seated, member: Member, **fields: Any) -> dict[str, Any]:
    """A complete opinion form."""
    return {"member_id": member.pk, "items": [panel.item()], "conclusion": "approved", **fields}


def give(panel: Seated, *members: Member) -> None:
    """These members hand in their forms."""
    for member in members:
        panel.act(member, "reports.submit_opinion", **opinion(panel, member))


@pytest.mark.clause("QD-四(二)3a/reads and uploads", "QD-四(二)3a/late")
def test_before_the_meeting_an_opinion_is_in_time_and_after_its_start_late(panel: Seated) -> None:
    panel.plan_meeting()
    early, late = panel.members[:2]
    give(panel, early)
    panel.gather()
    panel.start()
    give(panel, late)
    forms = OpinionForm.objects.order_by("pk").values_list("member_id", "is_late")
    assert list(forms) == [(early.pk, False), (late.pk, True)]


@pytest.mark.clause("QD-四(二)2b", "NN-五(三)")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（二）2"), ("list_of_five", "五（三）")])
@pytest.mark.parametrize("field", ["place", "problem", "advice"])
def test_an_item_without_place_problem_or_advice_is_refused(
    request: pytest.FixtureRequest, city: str, clause: str, field: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    member = panel.members[0]
    body = opinion(panel, member, items=[panel.item(), panel.item(**{field: " "})])
    assert panel.clauses(member, "reports.submit_opinion", **body) == [clause]


@pytest.mark.clause("QD-四(二)2b", "NN-五(三)")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（二）2"), ("list_of_five", "五（三）")])
def test_a_form_without_a_conclusion_is_refused(
    request: pytest.FixtureRequest, city: str, clause: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    member = panel.members[0]
    body = opinion(panel, member, conclusion="")
    assert panel.clauses(member, "reports.submit_opinion", **body) == [clause]


def test_nobody_writes_for_another(panel: Seated) -> None:
    body = opinion(panel, panel.members[0])
    assert panel.clauses(panel.members[1], "reports.submit_opinion", **body) == ["四（一）1"]
    assert panel.clauses("contractor", "reports.submit_opinion", **body) == ["四（一）1"]


def test_a_form_is_handed_in_once(panel: Seated) -> None:
    member = panel.members[0]
    give(panel, member)
    assert panel.clauses(member, "reports.submit_opinion", **opinion(panel, member)) == ["四（二）3"]


def test_others_opinions_are_read_only_after_ones_own_is_in(panel: Seated) -> None:
    first, second = panel.members[:2]
    give(panel, first)
    assert queries.visible_prereviews(panel.case, panel.actor(second)) == []
    give(panel, second)
    assert len(queries.visible_prereviews(panel.case, panel.actor(second))) == 2
    assert queries.visible_prereviews(panel.case, panel.actor("contractor")) == []


def test_once_the_meeting_has_begun_everybody_reads_them(panel: Seated) -> None:
    panel.plan_meeting()
    give(panel, *panel.members)
    panel.gather()
    panel.start()
    assert len(queries.visible_prereviews(panel.case, panel.actor("contractor"))) == 5


@pytest.mark.clause("QD-四(二)3b", "NN-四(三)b")
@pytest.mark.parametrize("city", ["panel", "list_of_five"])
def test_who_gave_none_is_recorded_at_the_start_and_the_meeting_goes_on(
    request: pytest.FixtureRequest, city: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.plan_meeting()
    give(panel, *panel.members[:4])
    panel.gather()
    panel.start()
    record = ServiceRecord.objects.get(kind="no_prereview")
    lazy = panel.members[4].expert
    events = [entry.event for entry in entries_of(lazy.file.reference)]
    assert (record.file, record.at, record.is_for_yearly_evaluation) == (lazy.file, panel.at, False)
    assert (events, panel.state()) == (["opinion.found_missing/1"], "meeting")
    assert [entry.event for entry in entries_of(panel.case.reference)][-1] == "opinion.found_missing/1"


def test_with_every_form_in_nobody_is_recorded(panel: Seated) -> None:
    panel.plan_meeting()
    give(panel, *panel.members)
    panel.gather()
    panel.start()
    assert not ServiceRecord.objects.filter(kind="no_prereview").exists()


def test_the_generated_form_bears_the_name_of_city_and_kind(panel: Seated) -> None:
    give(panel, panel.members[0])
    form = OpinionForm.objects.get()
    assert OPINION_FORM.title_of(form.case) == "青岛市市政公用工程专家审查意见表"
