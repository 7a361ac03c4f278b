"""抽取（青岛）: specialties and numbers by the contractor, persons by chance, everything on record."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from lunheng.experts.models import Expert
from lunheng.ledger.models import Entry, RefusedAttempt
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.panels.queries.rounds import pseudonym
from lunheng.verifiers import verify_draw
from tests.clauses.documents import qingdao as qd
from tests.factories.chance import PROMISE
from tests.factories.story import Story

GEOTECHNICS = {"specialty": "geotechnics", "is_extra": False}


def needs(main: int, *extras: tuple[str, int]) -> list[dict[str, Any]]:
    more = [{"specialty": specialty, "count": count, "is_extra": True} for specialty, count in extras]
    return [{**GEOTECHNICS, "count": main}, *more]


def refused(story: Story, **body: Any) -> list[str]:
    clauses = story.as_("contractor").refused("plans.request_panel", **story.request_body(**body))
    assert PanelRequest.objects.count() == 0
    return clauses


@pytest.fixture
def ready(qingdao: Story) -> Story:
    qingdao.ready()
    return qingdao


@pytest.mark.clause("QD-二(二)a")
def test_four_of_the_main_specialty_are_refused(ready: Story) -> None:
    assert qd("二（二）") in refused(ready, needs=needs(4))


@pytest.mark.clause("QD-二(二)a")
def test_extras_do_not_count_in_the_five(ready: Story) -> None:
    clauses = refused(ready, needs=needs(4, ("structure", 2)), touches_other_specialties=True)
    assert qd("二（二）") in clauses


@pytest.mark.clause("QD-二(二)a")
@pytest.mark.parametrize("main", [5, 6, 7])
def test_five_or_more_are_accepted_and_an_even_total_too(ready: Story, main: int) -> None:
    ready.request(needs=needs(main))
    assert len(ready.draw()) == main


@pytest.mark.clause("QD-二(二)b")
@pytest.mark.parametrize("extras", [1, 2])
def test_one_or_two_extras_of_a_touched_specialty_are_accepted(ready: Story, extras: int) -> None:
    ready.request(needs=needs(5, ("structure", extras)), touches_other_specialties=True)
    drawn = ready.draw()
    assert Counter((member.specialty, member.is_extra) for member in drawn) == {
        ("geotechnics", False): 5,
        ("structure", True): extras,
    }


@pytest.mark.clause("QD-二(二)b")
def test_three_extras_are_refused(ready: Story) -> None:
    assert refused(ready, needs=needs(5, ("structure", 3)), touches_other_specialties=True) == [
        qd("二（二）")
    ]


@pytest.mark.clause("QD-二(二)b")
def test_one_to_two_is_the_total_of_all_extras(ready: Story) -> None:
    three = needs(5, ("structure", 2), ("monitoring", 1))
    assert refused(ready, needs=three, touches_other_specialties=True) == [qd("二（二）")]


@pytest.mark.clause("QD-二(二)b")
def test_extras_without_a_touched_specialty_are_refused(ready: Story) -> None:
    assert refused(ready, needs=needs(5, ("structure", 1))) == [qd("二（二）")]


@pytest.mark.clause("QD-二(三)1a/specialty", "QD-二(三)1a/plan file")
@pytest.mark.parametrize("missing", ["needs", "plan"])
def test_a_request_that_lacks_a_part_is_refused_naming_it(qingdao: Story, missing: str) -> None:
    qingdao.project()
    qingdao.work()
    qingdao.review()
    if missing != "plan":
        qingdao.version()
        qingdao.approve()
    body = qingdao.request_body(**({"needs": []} if missing == "needs" else {}))
    answer = qingdao.as_("contractor").act("plans.request_panel", **body)
    words = {"needs": "专业", "plan": "方案文件"}[missing]
    reasons = [reason for reason in answer.json()["reasons"] if reason["clause"] == qd("二（三）")]
    assert any(words in reason["message"] + reason["value"] for reason in reasons), answer.json()
    assert (answer.status_code, Draw.objects.count()) == (403, 0)


@pytest.mark.clause("QD-二(三)1a/project data")
def test_a_request_for_a_project_without_its_district_or_supervisor_is_refused_naming_them(
    qingdao: Story,
) -> None:
    made = qingdao.as_("contractor").done(
        "works.register_project",
        name="虚构路地下通道工程",
        kind="municipal",
        division_id=qingdao.world.division.code,
        address="虚构路 1 号",
        parties=[],
    )
    qingdao.project_id = made["id"]
    qingdao.work(), qingdao.review(), qingdao.version()
    answer = qingdao.as_("contractor").act("plans.request_panel", **qingdao.request_body())
    told = [(one["clause"], one["value"]) for one in answer.json()["reasons"]]
    assert (qd("二（三）"), "工程项目基本信息") in told
    assert (qd("二（三）"), "所在区县、监理单位") in told
    assert qingdao.members() == []


@pytest.mark.clause("QD-二(三)1a/number")
def test_a_number_per_specialty_is_required(ready: Story) -> None:
    body = ready.request_body(needs=[{"specialty": "geotechnics", "is_extra": False}])
    assert ready.as_("contractor").act("plans.request_panel", **body).status_code in (403, 422)
    assert ready.as_("contractor").act(
        "plans.request_panel", **ready.request_body(needs=needs(0))
    ).status_code in (403, 422)
    assert Draw.objects.count() == 0


@pytest.mark.clause("QD-二(三)1b")
@pytest.mark.parametrize("count", [1, 3, 4])
def test_fewer_than_five_in_all_is_refused_through_the_interface_too(ready: Story, count: int) -> None:
    assert qd("二（三）") in refused(ready, needs=needs(count))


@pytest.mark.clause("QD-二(三)1b")
def test_and_on_the_screen(ready: Story) -> None:
    page = ready.as_("contractor").http.post(
        f"/cases/{ready.case_id}/panel-request/",
        {
            "main_geotechnics": "4",
            "is_risk_confirmed": "on",
            "meeting_mode": "on_site",
            "meeting_at": "2025-06-20T09:00",
            "meeting_place": "项目部",
        },
    )
    assert ("二（三）" in page.content.decode(), PanelRequest.objects.count()) == (True, 0)


@pytest.mark.clause("QD-二(三)1c/name", "QD-四(一)1a")
def test_nobody_can_name_a_person(ready: Story) -> None:
    ready.request()
    ready.draw()
    outsider = ready.world.experts[-1]
    for seat in ("contractor", "station"):
        assert ready.as_(seat).refused(
            "panels.add_member", case_id=ready.case_id, expert_reference=outsider.reference
        ) == [qd("四（一）1")]
    assert RefusedAttempt.objects.filter(act="panels.add_member").count() == 2


@pytest.mark.clause("QD-二(三)1c/name")
def test_no_act_takes_a_seed_or_a_name_from_outside(ready: Story) -> None:
    ready.request()
    answer = ready.as_("contractor").act(
        "panels.commit_draw", request_id=ready.request_id, commitment=PROMISE, seed="00" * 32
    )
    assert (answer.status_code, Draw.objects.count()) == (422, 0)


def test_the_plan_is_not_exchanged_while_a_draw_waits(ready: Story) -> None:
    ready.request()
    contractor = ready.as_("contractor")
    contractor.done("panels.commit_draw", request_id=ready.request_id, commitment=PROMISE)
    again = {
        "review_id": ready.review_id,
        "document_ids": [ready.upload("contractor", content=ready.fresh_pdf())],
        "parts": {},
        "has_site_statement": True,
    }
    assert contractor.refused("plans.submit_version", **again) == ["《论衡平台运行规则》第九条"]


def test_withdrawing_the_request_withholds_the_waiting_draw(ready: Story) -> None:
    ready.request()
    contractor = ready.as_("contractor")
    contractor.done("panels.commit_draw", request_id=ready.request_id, commitment=PROMISE)
    contractor.done("plans.cancel_request", request_id=ready.request_id, reason="会期有变")
    draw = Draw.objects.get()
    assert (draw.state, draw.contributions.get(party="platform").value != "") == ("withheld", True)


@pytest.mark.clause("QD-二(三)1c/equally often")
def test_over_many_draws_each_eligible_expert_is_drawn_about_equally_often(
    small: Callable[..., Story],
) -> None:
    from lunheng.core.draw import Candidate, Request, draw

    candidates = [Candidate(f"e{index:02d}", f"u{index:02d}", ("geotechnics",)) for index in range(20)]
    request = Request(size=5, quota={"geotechnics": (5, 5)})
    drawn: Counter[str] = Counter()
    for number in range(2000):
        panel = draw(candidates, request, number.to_bytes(32, "big")).panel
        drawn += Counter(seat.candidate_id for seat in panel.seats)
    deviation = sum((drawn[one.id] - 500) ** 2 / 500 for one in candidates)
    assert (len(drawn), deviation < 43.8) == (20, True)  # chi-square, 19 degrees of freedom, p = 0.001


@pytest.mark.clause("QD-二(三)1c/recomputed", "QD-二(三)1d/request and result")
def test_one_draw_can_be_recomputed_from_its_record(ready: Story) -> None:
    ready.request()
    ready.draw()
    assert verify_draw.verify(transcript(ready)) == []


def transcript(story: Story, seat: str = "contractor") -> dict[str, Any]:
    """The record of the draw as it is downloaded."""
    answer = story.as_(seat).get(f"/cases/{story.case_id}/panel/transcript.json")
    assert answer.status_code == 200
    document: dict[str, Any] = json.loads(answer.content)
    return document


@pytest.mark.clause("QD-二(三)1d/altered line")
def test_altering_one_line_of_the_record_makes_its_check_fail(ready: Story) -> None:
    ready.request()
    ready.draw()
    ready.as_(ready.seat_of(ready.members()[0])).done(
        "panels.decline_seat", member_id=ready.members()[0].pk, reason="出差"
    )
    ready.sweep()
    text = json.dumps(transcript(ready), ensure_ascii=False, indent=1).splitlines()
    altered = 0
    for index, line in enumerate(text):
        changed = alter(line)
        if changed == line:
            continue
        candidate = "\n".join([*text[:index], changed, *text[index + 1 :]])
        altered += 1
        assert verify_draw.verify(json.loads(candidate)) != [], line
    assert altered > 50


def alter(line: str) -> str:
    """One digit of the line's value changed, or the line as it was when it has none."""
    key, mark, value = line.rpartition('": ') if '": ' in line else ("", "", line)
    for index, character in enumerate(value):
        if character.isdigit():
            other = "1" if character != "1" else "2"
            return key + mark + value[:index] + other + value[index + 1 :]
    return line


@pytest.mark.clause("QD-二(三)1d/request and result")
def test_the_record_tells_notices_answers_and_backfill(ready: Story) -> None:
    ready.request()
    first = ready.draw()[0]
    ready.as_(ready.seat_of(first)).done("panels.decline_seat", member_id=first.pk, reason="出差")
    ready.sweep()
    ready.send()
    events = {
        line["event"] for line in ready.as_("station").get(f"/api/cases/{ready.case_id}/timeline").json()
    }
    assert {
        "panel.requested/1",
        "draw.committed/1",
        "draw.revealed/1",
        "draw.result/1",
        "panel.seat_declined/1",
    } <= events


@pytest.mark.clause("QD-二(四)1a")
def test_a_deep_pit_needs_a_specialty_that_fits(ready: Story) -> None:
    unfit = [{"specialty": "curtain_wall", "count": 5, "is_extra": False}]
    assert qd("二（四）") in refused(ready, needs=unfit)


@pytest.mark.clause("QD-二(二)a", "QD-二(四)1a")
@pytest.mark.parametrize("fitting", [1, 5])
def test_every_seat_that_is_no_extra_is_of_a_specialty_that_fits_the_works(
    ready: Story, fitting: int
) -> None:
    """One of geotechnics and four of temporary power are no group of the specialty concerned; nor five and four."""
    mixed = [*needs(fitting), {"specialty": "electrical", "count": 4, "is_extra": False}]
    assert refused(ready, needs=mixed) == [qd("二（四）")]


@pytest.mark.clause("QD-二(二)b", "QD-二(四)1a")
def test_the_same_specialty_may_be_asked_for_as_an_extra(ready: Story) -> None:
    for _ in range(3):
        ready.world.add_expert(specialties=("electrical",))
    ready.request(needs=needs(5, ("electrical", 2)), touches_other_specialties=True)
    assert Counter((member.specialty, member.is_extra) for member in ready.draw()) == {
        ("geotechnics", False): 5,
        ("electrical", True): 2,
    }


@pytest.mark.clause("QD-二(四)1a")
def test_the_form_refuses_it_at_its_field_before_anything_is_judged(ready: Story) -> None:
    page = ready.as_("contractor").http.post(
        f"/cases/{ready.case_id}/panel-request/",
        {
            "main_geotechnics": "1",
            "main_electrical": "4",
            "is_risk_confirmed": "on",
            "meeting_mode": "on_site",
            "meeting_at": "2035-06-20T09:00",
            "meeting_place": "项目部",
        },
    )
    errors = page.context["form"].errors["main_geotechnics"]
    assert (page.status_code, PanelRequest.objects.count(), len(errors)) == (422, 0, 1)
    assert "施工临时用电" in errors[0] and "《启用通知》二（四）" in errors[0]


@pytest.mark.clause("QD-二(四)1b")
def test_the_choice_must_be_confirmed_to_fit_the_risk(ready: Story) -> None:
    assert refused(ready, is_risk_confirmed=False) == [qd("二（四）")]


@pytest.mark.clause("QD-二(四)1b")
def test_level_and_confirmation_are_shown_and_kept(ready: Story) -> None:
    page = ready.as_("contractor").get(f"/cases/{ready.case_id}/panel-request/").content.decode()
    ready.request()
    kept = ready.panel_request()
    assert ("重大风险" in page, kept.risk_level != "", kept.is_risk_confirmed) == (True, True, True)


@pytest.mark.clause("QD-四(一)1a")
@pytest.mark.parametrize("seat", ["owner", "supervisor", "station", "stranger"])
def test_only_the_contractor_starts_the_request(ready: Story, seat: str) -> None:
    assert ready.as_(seat).act("plans.request_panel", **ready.request_body()).status_code == 403
    assert PanelRequest.objects.count() == 0


@pytest.mark.clause("QD-四(一)1a")
def test_the_group_consists_only_of_drawn_experts(ready: Story) -> None:
    """One declines and is replaced; the group is who was drawn, by the published results of both draws, and agreed."""
    ready.request()
    declined = ready.draw()[0]
    ready.as_(ready.seat_of(declined)).done("panels.decline_seat", member_id=declined.pk, reason="出差")
    ready.sweep()
    ready.send()
    ready.confirm_all()
    names = {
        pseudonym(bytes.fromhex(draw.salt), "expert", expert.reference): expert.reference
        for draw in Draw.objects.all()
        for expert in ready.world.experts
    }
    drawn = {names[line[0]] for draw in Draw.objects.all() for line in draw.result}
    agreed = Entry.objects.filter(event="panel.seat_confirmed/1").values_list("payload__content", flat=True)
    confirmed = sorted(names[json.loads(content or "")["person"]] for content in agreed)
    group = sorted(member.expert.reference for member in ready.members("confirmed"))
    assert (len(drawn), declined.expert.reference in drawn) == (6, True)
    assert group == confirmed == sorted(drawn - {declined.expert.reference})


@pytest.mark.clause("QD-四(二)2a")
def test_an_expert_without_the_specialty_is_never_drawn_also_in_backfill(ready: Story) -> None:
    ready.request()
    for member in ready.draw():
        ready.as_(ready.seat_of(member)).done("panels.decline_seat", member_id=member.pk, reason="出差")
    ready.sweep()
    drawn = Expert.objects.filter(sittings__case_id=ready.case_id)
    fitting = drawn.filter(specialties__specialty="geotechnics").distinct()
    assert (drawn.count(), fitting.count()) == (10, 10)


@pytest.mark.clause("QD-四(二)2a")
def test_declining_as_not_suited_is_recorded_and_is_no_missing_answer(ready: Story) -> None:
    ready.request()
    member = ready.draw()[0]
    ready.as_(ready.seat_of(member)).done(
        "panels.decline_seat", member_id=member.pk, reason="不熟悉降水工程", is_unsuited=True
    )
    member = Member.objects.get(pk=member.pk)
    assert (member.state, "不熟悉降水工程" in member.ground) == ("declined", True)
    assert member.expert.file.service_records.filter(kind="no_answer").count() == 0
