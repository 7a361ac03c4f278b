"""抽取（南宁）: the system pushes ten at random, the client picks at least five of different units."""

import json
from collections import Counter
from collections.abc import Callable

import pytest

from lunheng.panels.models import Draw, Member
from lunheng.verifiers import verify_draw
from tests.clauses.documents import nanning as nn
from tests.clauses.test_draw_qingdao import alter
from tests.factories.chance import PROMISE, draw_by
from tests.factories.story import Story


@pytest.fixture
def ready(nanning: Story) -> Story:
    nanning.ready()
    return nanning


@pytest.fixture
def pushed(ready: Story) -> Story:
    ready.request()
    ready.push()
    return ready


@pytest.mark.clause("NN-二(二)b/plan file")
def test_a_push_without_plan_file_is_refused(nanning: Story) -> None:
    nanning.project()
    nanning.work()
    nanning.review()
    assert nn("二（二）") in nanning.as_("contractor").refused(
        "plans.request_panel", **nanning.request_body()
    )


@pytest.mark.clause("NN-二(二)b/project data")
def test_a_push_for_a_project_without_its_supervisor_is_refused_naming_it(nanning: Story) -> None:
    nanning.project(parties=("contractor", "owner"))
    nanning.work(), nanning.review(), nanning.version()
    answer = nanning.as_("contractor").act("plans.request_panel", **nanning.request_body())
    told = [(one["clause"], one["value"]) for one in answer.json()["reasons"]]
    assert (nn("二（二）"), "监理单位") in told
    assert nanning.members() == []


@pytest.mark.clause("NN-二(二)b/fitting tags")
def test_only_experts_whose_tags_fit_are_pushed_and_the_page_shows_the_tag(pushed: Story) -> None:
    fitting = {"geotechnics", "structure", "foundation", "monitoring", "dewatering", "hydrogeology"}
    members = pushed.members("pushed")
    page = pushed.as_("contractor").get(f"/cases/{pushed.case_id}/panel/").content.decode()
    assert all(member.fitting_tags and set(member.fitting_tags) <= fitting for member in members)
    assert "岩土工程" in page


@pytest.mark.clause("NN-二(二)c/ten")
def test_exactly_ten_are_pushed_where_ten_or_more_fit(pushed: Story) -> None:
    members = pushed.members("pushed")
    assert (len(members), [member.order for member in members]) == (10, list(range(1, 11)))


@pytest.mark.clause("NN-二(二)c/shortage")
def test_with_seven_all_seven_are_pushed_with_a_note_of_shortage(small: Callable[..., Story]) -> None:
    ready = small("nanning", 0)
    for index in range(7):
        ready.world.add_expert(specialties=("structure" if index % 3 else "geotechnics",))
    ready.ready()
    ready.request()
    ready.push()
    page = ready.as_("contractor").get(f"/cases/{ready.case_id}/panel/").content.decode()
    assert (len(ready.members("pushed")), "不足10" in page.replace(" ", "")) == (7, True)


@pytest.mark.clause("NN-二(二)c/further push")
def test_no_further_push_while_those_who_may_still_come_can_form_a_group(pushed: Story) -> None:
    assert pushed.as_("contractor").refused(
        "panels.commit_draw", request_id=pushed.request_id, commitment=PROMISE
    ) == [nn("二（二）")]


@pytest.mark.clause("NN-二(二)c/further push", "NN-二(二)c/numbered")
def test_a_further_push_leaves_out_who_refused_and_is_numbered_for_the_centre(pushed: Story) -> None:
    first = pushed.members("pushed")
    pushed.pick(first[:6])
    for member in first[:6]:
        pushed.as_("contractor").done(
            "panels.record_contact", member_id=member.pk, outcome="refusal", reason="外地出差"
        )
    pushed.push()
    again = Member.objects.filter(case_id=pushed.case_id, draw__number=2)
    refused = {member.expert_id for member in first[:6]}
    page = pushed.as_("station").get(f"/cases/{pushed.case_id}/panel/").content.decode()
    assert refused.isdisjoint(again.values_list("expert_id", flat=True))
    assert (
        Draw.objects.filter(request_id=pushed.request_id).count(),
        "第 2 次" in page or "第2次" in page,
    ) == (2, True)


@pytest.mark.clause("NN-二(二)d")
def test_choosing_four_is_refused(pushed: Story) -> None:
    four = [member.pk for member in pushed.members("pushed")[:4]]
    assert pushed.as_("contractor").refused(
        "panels.pick_candidates", request_id=pushed.request_id, member_ids=four
    ) == [nn("二（二）")]
    assert pushed.members("picked") == []


@pytest.mark.clause("NN-二(二)d")
def test_choosing_someone_who_was_not_pushed_is_refused(pushed: Story) -> None:
    five = [member.pk for member in pushed.members("pushed")[:5]]
    answer = pushed.as_("contractor").act(
        "panels.pick_candidates", request_id=pushed.request_id, member_ids=[*five, 999_999]
    )
    assert (answer.status_code, [one["clause"] for one in answer.json()["reasons"]]) == (
        403,
        [nn("二（二）")],
    )


@pytest.mark.clause("NN-二(二)d")
def test_each_pick_and_each_skip_is_recorded_with_its_time(pushed: Story) -> None:
    pushed.pick(pushed.members("pushed")[:5])
    assert Counter(member.state for member in pushed.members()) == {"picked": 5, "skipped": 5}
    line = pushed.as_("station").get(f"/api/cases/{pushed.case_id}/timeline").json()[-1]
    assert (line["event"], len(line["data"]["picked"]), len(line["data"]["skipped"])) == (
        "panel.candidates_picked/1",
        5,
        5,
    )


@pytest.mark.clause("NN-二(二)g/pushes and picks", "NN-二(二)g/altered line")
def test_the_record_holds_tags_pushes_picks_contacts_answers_list_and_leader(pushed: Story) -> None:
    chosen = pushed.lawful_pick()
    pushed.pick(chosen)
    pushed.consent(chosen)
    pushed.confirm_list(chosen)
    answer = pushed.as_("contractor").get(f"/cases/{pushed.case_id}/panel/transcript.json")
    document = json.loads(answer.content)
    text = json.dumps(document, ensure_ascii=False, indent=1).splitlines()
    assert verify_draw.verify(document) == []
    events = {
        line["event"] for line in pushed.as_("contractor").get(f"/api/cases/{pushed.case_id}/timeline").json()
    }
    assert {
        "draw.committed/1",
        "draw.revealed/1",
        "draw.result/1",
        "panel.candidates_picked/1",
        "panel.contact_recorded/1",
        "panel.list_confirmed/1",
    } <= events
    for index, line in enumerate(text):
        if alter(line) != line:
            changed = json.loads("\n".join([*text[:index], alter(line), *text[index + 1 :]]))
            assert verify_draw.verify(changed) != [], line


def consented(story: Story, count: int) -> list[Member]:
    """So many consents."""
    chosen = story.lawful_pick(count)
    story.pick(chosen)
    story.consent(chosen)
    return chosen


def confirm(story: Story, members: list[Member]) -> list[str]:
    """A list that must be refused; returns the clauses."""
    return story.as_("contractor").refused(
        "panels.confirm_list",
        request_id=story.request_id,
        member_ids=[member.pk for member in members],
        leader_member_id=members[0].pk,
    )


@pytest.mark.clause("NN-二(三)a")
@pytest.mark.parametrize("count", [5, 7])
def test_five_and_seven_are_accepted(pushed: Story, count: int) -> None:
    members = consented(pushed, count)
    pushed.confirm_list(members)
    assert len(pushed.members("confirmed")) == count


@pytest.mark.clause("NN-二(三)a")
@pytest.mark.parametrize("count", [3, 4, 6, 8])
def test_three_four_six_and_eight_are_refused(pushed: Story, count: int) -> None:
    members = consented(pushed, max(count, 5))[:count]
    assert nn("二（三）") in confirm(pushed, members)
    assert pushed.members("confirmed") == []


@pytest.mark.clause("NN-二(三)a")
def test_with_six_consents_the_client_is_told_five_or_a_seventh(pushed: Story) -> None:
    members = consented(pushed, 6)
    answer = pushed.as_("contractor").act(
        "panels.confirm_list",
        request_id=pushed.request_id,
        member_ids=[member.pk for member in members],
        leader_member_id=members[0].pk,
    )
    remedies = "".join(reason["remedy"] for reason in answer.json()["reasons"])
    assert ("5" in remedies, "7" in remedies) == (True, True)


@pytest.mark.clause("NN-二(三)b/one specialty")
def test_a_list_of_one_specialty_is_refused(small: Callable[..., Story]) -> None:
    story = small("nanning", 0)
    for index in range(10):
        story.world.add_expert(specialties=("geotechnics",) if index < 8 else ("structure",))
    story.ready()
    story.request()
    members = [member for member in story.push() if member.specialty == "geotechnics"][:5]
    story.pick(members)
    story.consent(members)
    assert confirm(story, members) == [nn("二（三）")]


@pytest.mark.clause("NN-二(三)b/warning as setting")
def test_where_the_setting_warns_a_list_of_one_specialty_passes_with_its_reason(
    small: Callable[..., Story], one_specialty_warns: Callable[[Story], object]
) -> None:
    story = small("nanning", 0)
    one_specialty_warns(story)
    for index in range(10):
        story.world.add_expert(specialties=("geotechnics",) if index < 8 else ("structure",))
    story.ready()
    story.request()
    members = [member for member in story.push() if member.specialty == "geotechnics"][:5]
    story.pick(members)
    story.consent(members)
    assert confirm(story, members) == [nn("二（三）")]
    given = {"member_ids": [one.pk for one in members], "leader_member_id": members[0].pk}
    reason = "本工程只涉及岩土专业"
    story.as_("contractor").done("panels.confirm_list", request_id=story.request_id, reason=reason, **given)
    warned = story.panel_request().warnings[0]
    assert (len(story.members("confirmed")), reason in warned["message"], warned["clause"]) == (
        5, True, nn("二（三）"),
    )  # fmt: skip


@pytest.mark.clause("NN-二(三)c/one unit")
def test_two_experts_of_one_unit_are_refused_naming_both(pushed: Story) -> None:
    members = consented(pushed, 5)
    pushed.as_("station").done(
        "experts.change_unit",
        expert_id=members[1].expert_id,
        organization_code=members[0].expert.unit.code,
    )
    answer = pushed.as_("contractor").act(
        "panels.confirm_list",
        request_id=pushed.request_id,
        member_ids=[member.pk for member in members],
        leader_member_id=members[0].pk,
    )
    told = json.dumps(answer.json(), ensure_ascii=False)
    assert [one["clause"] for one in answer.json()["reasons"]] == [nn("二（三）")]
    assert (members[0].expert.name in told, members[1].expert.name in told) == (True, True)


@pytest.mark.clause("NN-二(三)c/admissible ten")
def test_the_ten_hold_an_admissible_group_whenever_the_pool_does(small: Callable[..., Story]) -> None:
    story = small("nanning", 0)
    for index in range(40):
        story.world.add_expert(
            unit="crowd" if index < 36 else f"other-{index}",
            specialties=("geotechnics",) if index % 9 else ("structure", "geotechnics"),
        )
    story.ready()
    story.request()
    units = {member.expert.unit_id for member in story.push()}
    assert len(units) == 5


@pytest.mark.clause("NN-二(三)d")
def test_leaving_out_the_risk_confirmation_warns_and_does_not_refuse(ready: Story) -> None:
    page = ready.as_("contractor").get(f"/cases/{ready.case_id}/panel-request/").content.decode()
    ready.request(is_risk_confirmed=False)
    kept = ready.panel_request()
    assert ("重大风险" in page, kept.is_risk_confirmed, len(kept.warnings) > 0) == (True, False, True)


@pytest.mark.clause("NN-二(三)f/no number")
def test_breadth_warns_only_where_the_pack_has_a_number(pushed: Story) -> None:
    members = consented(pushed, 5)
    pushed.confirm_list(members)
    assert pushed.panel_request().warnings == []


@pytest.mark.clause("NN-四(二)a")
def test_adding_a_person_by_hand_is_refused_also_under_an_entrustment(pushed: Story) -> None:
    outsider = pushed.world.experts[-1]
    assert pushed.as_("contractor").refused(
        "panels.add_member", case_id=pushed.case_id, expert_reference=outsider.reference
    ) == [nn("四（二）")]


@pytest.mark.clause("NN-四(二)a")
def test_an_agency_draws_from_the_system_too(ready: Story) -> None:
    answer = ready.as_("contractor").done(
        "plans.entrust_agency", review_id=ready.review_id, agency_code=ready.world.unit("agency").code
    )
    ready.as_("agency").done("plans.accept_entrustment", entrustment_id=answer["id"])
    request = ready.as_("agency").done("plans.request_panel", **ready.request_body())
    draw_by(ready.as_("agency").done, "panels.commit_draw", request["id"])
    assert ready.as_("agency").refused(
        "panels.add_member", case_id=ready.case_id, expert_reference=ready.world.experts[-1].reference
    ) == [nn("四（二）")]


@pytest.mark.clause("NN-五(一)/tag")
def test_an_expert_without_a_fitting_tag_is_never_pushed(small: Callable[..., Story]) -> None:
    story = small("nanning", 0)
    fit = {story.world.add_expert(specialties=(one,)).pk for one in ("geotechnics", "structure") * 4}
    for _ in range(12):
        story.world.add_expert(specialties=("curtain_wall",))
    story.ready()
    story.request()
    story.push()
    assert {member.expert_id for member in story.members("pushed")} == fit


@pytest.mark.clause("NN-五(一)/not suited")
def test_an_expert_may_refuse_as_not_suited_with_a_reason(pushed: Story) -> None:
    members = pushed.lawful_pick()
    pushed.pick(members)
    pushed.as_(pushed.seat_of(members[0])).done(
        "panels.decline_seat", member_id=members[0].pk, reason="非本人专长", is_unsuited=True
    )
    assert "非本人专长" in Member.objects.get(pk=members[0].pk).ground
