"""Parts of rows that the tests of the whole row left out: each says one thing that the row says beside others."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lunheng.cases.models import Case
from lunheng.ledger.models import Access
from lunheng.messaging.models import Message
from lunheng.panels.models import Election, Member
from lunheng.pools.models import ServiceRecord
from lunheng.reports.models import Report
from tests.clauses.conftest import Reissue, Texts
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import of
from tests.clauses.documents import qingdao as qd
from tests.factories.chance import draw_by
from tests.factories.story import Story

LEADERS = {"qingdao": "四（二）4", "nanning": "四（七）"}


def issue(reissued: Reissue, story: Story, change: Callable[[Texts], None]) -> object:
    """The authority issues the next version of the city's pack, in force today, with what the test changes."""
    today = story.clock.now().date().isoformat()

    def newer(texts: Texts) -> None:
        texts["pack.toml"] = texts["pack.toml"].replace('version = "20', 'version = "next-20')
        texts["scope.toml"] = re.sub(r"from_on = \d{4}-\d\d-\d\d", f"from_on = {today}", texts["scope.toml"])
        change(texts)

    return reissued(story, newer)


@pytest.mark.clause("QD-一(一)b/changed plan", "NN-一c/changed plan")
def test_the_review_of_a_changed_plan_takes_the_version_then_in_force(
    city: Story, newer_pack: Callable[[Story], object]
) -> None:
    city.ready()
    city.panel()
    city.conclude()
    before = Case.objects.get(pk=city.case_id)
    city.as_("contractor").done(
        "reports.change_plan",
        case_id=before.pk,
        document_ids=[city.upload("contractor", content=city.fresh_pdf())],
        reason="设计变更",
    )
    newer = newer_pack(city)
    city.review(previous_case_id=before.pk)
    again = Case.objects.get(pk=city.case_id)
    assert (again.pack_id, before.pack_id != again.pack_id) == (newer.digest, True)  # type: ignore[attr-defined]


@pytest.mark.clause("NN-一c/leader opinion", "QD-一(一)b/running")
def test_the_leaders_opinion_is_asked_for_by_the_version_of_the_request(
    city: Story, reissued: Reissue
) -> None:
    """The next version lets the supervisor approve without the leader; this case began under the one before."""
    city.ready()
    city.panel()

    def without_leader(texts: Texts) -> None:
        texts["reviews.toml"] = texts["reviews.toml"].replace(
            "leader_required = true", "leader_required = false"
        )

    issue(reissued, city, without_leader)
    report_id = city.conclude("approved_if_revised")
    city.version(note="按论证报告修改")
    city.as_("contractor").done(
        "reports.answer_item",
        report_id=report_id,
        item=1,
        answer="changed",
        place="第6章 第30页",
        reason="",
        version_id=city.version_id,
    )
    city.approve("technical_director")
    city.as_("contractor").done("reports.submit_revision", case_id=city.case_id, version_id=city.version_id)
    told = city.as_("chief_supervisor").refused(
        "reports.approve_revision",
        case_id=city.case_id,
        document_id=city.upload("chief_supervisor", "批准页.pdf", kind="approval"),
    )
    assert told == [of(city.world.city, LEADERS[city.world.city])]


def confirmed(story: Story, count: int, **body: object) -> list[Member]:
    """A confirmed list of so many."""
    story.ready()
    story.request(**body)
    story.push()
    members = story.lawful_pick(count)
    story.pick(members)
    story.consent(members)
    story.confirm_list(members)
    return story.members("confirmed")


def lose(story: Story, member: Member) -> None:
    """A member falls ill."""
    story.as_("contractor").done("panels.report_loss", member_id=member.pk, ground="因病不能到会")
    story.sweep()


@pytest.mark.clause("NN-一c/replacements")
def test_a_list_is_made_lawful_again_by_the_version_of_the_request(nanning: Story, reissued: Reissue) -> None:
    """The next version is content with an even number; of this case six are still no lawful list."""
    members = confirmed(nanning, 7)

    def even(texts: Texts) -> None:
        texts["panels.toml"] = texts["panels.toml"].replace('parity = "odd"', 'parity = "any"')
        texts["reviews.toml"] = texts["reviews.toml"].replace('parity = "odd"', 'parity = "any"')

    issue(reissued, nanning, even)
    lose(nanning, members[-1])
    nanning.gather()
    assert nn("二（三）") in nanning.as_("contractor").refused(
        "meetings.start_meeting", meeting_id=nanning.meeting().pk
    )


@pytest.mark.clause("QD-二(二)c/leader leaves")
def test_with_the_new_election_the_new_leader_compiles_the_report(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.panel()
    gone = qingdao.leader()
    qingdao.as_(qingdao.seat_of(gone)).done("panels.recuse_member", member_id=gone.pk, ground="发现利害关系")
    qingdao.sweep()
    qingdao.send()
    qingdao.confirm_all()
    qingdao.start_meeting()
    qingdao.vote()
    qingdao.end_meeting()
    body = {
        "case_id": qingdao.case_id,
        "conclusion": "approved",
        "items": [qingdao.item(is_required=False)],
        "three_questions": {"complete": "完整", "calculation": "符合", "site": "满足"},
        "summary": "可行",
    }
    seats = [qingdao.seat_of(member) for member in qingdao.members("confirmed")]
    told = [qingdao.as_(seat).refused("reports.compile_report", **body) for seat in seats]
    assert told == [[qd("二（二）")]] * 5
    leader = qingdao.elect(1)
    qingdao.compile()
    assert (leader.pk != gone.pk, Report.objects.filter(case_id=qingdao.case_id).count()) == (True, 1)
    assert Election.objects.filter(case_id=qingdao.case_id).count() == 2


@pytest.mark.clause("QD-二(二)d/opinions", "NN-二(二)f/opinions")
def test_the_report_holds_what_every_member_said(city: Story) -> None:
    city.ready()
    city.panel()
    city.prereview()
    city.start_meeting()
    said = []
    for number, member in enumerate(city.members("confirmed")):
        said.append(f"第{number}位专家独有的意见")
        city.as_(city.seat_of(member)).done(
            "reports.cast_vote",
            member_id=member.pk,
            conclusion="approved",
            items=[city.item(problem=said[-1], is_required=False)],
        )
    city.end_meeting()
    city.compile()
    page = city.as_("contractor").get(f"/cases/{city.case_id}/report/").content.decode()
    assert [words for words in said if words not in page] == []


@pytest.mark.clause("QD-二(三)1c/skip or exchange")
@pytest.mark.parametrize("seat", ["contractor", "owner", "supervisor"])
def test_nobody_on_the_side_of_the_works_takes_a_drawn_expert_off(qingdao: Story, seat: str) -> None:
    qingdao.ready()
    qingdao.request()
    member = qingdao.draw()[0]
    answer = qingdao.as_(seat).act("panels.remove_member", member_id=member.pk, ground="换一位")
    loss = qingdao.as_(seat).act("panels.report_loss", member_id=member.pk, ground="不来了")
    assert (answer.status_code, loss.status_code) == (403, 403)
    assert Member.objects.get(pk=member.pk).state == "invited"


def record(story: Story) -> dict[str, object]:
    """The record of the draw as it is downloaded."""
    answer = story.as_("station").get(f"/cases/{story.case_id}/panel/transcript.json")
    return dict(json.loads(answer.content))


@pytest.mark.clause("QD-二(三)1d/notices")
def test_the_record_tells_every_notice_answer_and_refill_with_time_and_actor(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    first, second, *_ = qingdao.draw()
    qingdao.as_(qingdao.seat_of(first)).done("panels.decline_seat", member_id=first.pk, reason="出差")
    qingdao.as_(qingdao.seat_of(second)).done("panels.confirm_seat", member_id=second.pk)
    qingdao.sweep()
    qingdao.send()
    lines = [one["event"] for one in record(qingdao)["events"]]  # type: ignore[attr-defined]
    assert [line for line in lines if not (line["at"] and line["actor"])] == []
    told = [line["label"] for line in lines if line.get("template") == "panel.invitation"]
    assert (told.count("短信提交发送"), told.count("短信送达")) == (6, 6)
    names = {line["event"].partition("/")[0] for line in lines}
    assert {"panel.requested", "panel.seat_declined", "panel.seat_confirmed", "draw.result"} <= names
    assert [line["kind"] for line in lines if line["event"].startswith("draw.committed")][-1] == "补抽"


@pytest.mark.clause("QD-二(三)1d/eligible and excluded")
def test_the_record_holds_the_digest_of_the_eligible_and_why_others_were_excluded(qingdao: Story) -> None:
    insider = qingdao.world.experts[0]
    qingdao.as_("station").done(
        "experts.change_unit",
        expert_id=insider.pk,
        organization_code=qingdao.world.unit("owner").code,
    )
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    kept = record(qingdao)
    digest = next(one["event"]["digest"] for one in kept["events"] if "digest" in one["event"])  # type: ignore[attr-defined]
    assert [ground for _, ground in kept["exclusions"]] == ["参建单位人员"]  # type: ignore[attr-defined]
    assert (len(kept["snapshot"]) > 5, len(digest)) == (True, 64)  # type: ignore[arg-type]


@pytest.mark.clause("QD-二(三)2a/times")
def test_what_became_of_each_message_shows_with_its_time(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    qingdao.clock.set(datetime.fromisoformat("2025-06-10T22:17:00+08:00"))
    qingdao.draw()
    for seat in ("contractor", "station"):
        page = qingdao.as_(seat).get(f"/cases/{qingdao.case_id}/panel/").content.decode()
        assert ("已送达" in page, "22:17" in page) == (True, True)


@pytest.mark.clause("QD-二(三)2e/backfill")
def test_with_the_send_window_on_a_refill_at_night_is_drawn_at_once_and_told_at_eight(
    qingdao: Story, send_window: Callable[[Story], object]
) -> None:
    send_window(qingdao)
    qingdao.ready()
    qingdao.request()
    qingdao.clock.set(datetime.fromisoformat("2025-06-10T15:30:00+08:00"))
    silent = qingdao.draw()[0]
    night = datetime.fromisoformat("2025-06-10T21:30:00+08:00")
    qingdao.clock.set(night)
    qingdao.sweep()
    qingdao.send()
    newcomer = Member.objects.get(case_id=qingdao.case_id, replaces=silent)
    invitation = Message.objects.filter(subject=newcomer.subject, template="panel.invitation")
    asleep = invitation.get().delivered_at
    eight = datetime.fromisoformat("2025-06-11T08:00:00+08:00")
    qingdao.clock.set(eight)
    qingdao.send()
    qingdao.clock.set(eight + timedelta(hours=6, seconds=-1))
    qingdao.as_(qingdao.seat_of(newcomer)).done("panels.confirm_seat", member_id=newcomer.pk)
    assert (newcomer.drawn_at, asleep, invitation.get().delivered_at) == (night, None, eight)


@pytest.mark.clause("QD-四(二)7/access ends", "QD-四(二)7/until the conclusion")
@pytest.mark.parametrize("when", ["before the meeting", "after the meeting"])
def test_with_the_declaration_the_plan_closes_also_when_it_comes_late(qingdao: Story, when: str) -> None:
    qingdao.ready()
    qingdao.panel()
    qingdao.prereview()
    if when == "after the meeting":
        qingdao.start_meeting()
        qingdao.end_meeting()
    member = next(one for one in qingdao.members("confirmed") if not one.is_leader)
    seat = qingdao.as_(qingdao.seat_of(member))
    document = qingdao.latest_version().documents.get()
    before = seat.get(f"/documents/{document.pk}/download/").status_code
    seat.done("panels.recuse_member", member_id=member.pk, ground="配偶在建设单位任职")
    after = seat.get(f"/documents/{document.pk}/download/").status_code
    qingdao.sweep()
    gone = Member.objects.get(pk=member.pk)
    assert (before, after, gone.state, gone.replaced_by.count()) == (200, 403, "recused", 1)
    assert ServiceRecord.objects.filter(file=member.expert.file, kind="no_answer").count() == 0


@pytest.mark.clause("NN-二(三)i/new push")
def test_where_nobody_of_the_pushed_is_left_a_new_push_completes_the_list(nanning: Story) -> None:
    members = confirmed(nanning, 5)
    lose(nanning, members[-1])
    spares = nanning.members("skipped")
    nanning.pick([*nanning.members("confirmed"), *spares])
    for spare in spares:
        nanning.as_("contractor").done(
            "panels.record_contact", member_id=spare.pk, outcome="refusal", reason="外出"
        )
    nanning.push()
    units = {member.expert.unit_id for member in nanning.members("confirmed")}
    fresh = next(one for one in nanning.members("pushed") if one.expert.unit_id not in units)
    nanning.pick([*nanning.members("confirmed"), fresh])
    nanning.consent([fresh])
    nanning.confirm_list([*nanning.members("confirmed"), fresh])
    assert (len(nanning.members("confirmed")), fresh.draw.number) == (5, 2)


@pytest.mark.clause("NN-四(二)b/even number")
def test_a_report_signed_by_six_of_seven_makes_the_review_void(nanning: Story) -> None:
    confirmed(nanning, 7)
    nanning.prereview()
    nanning.start_meeting()
    nanning.vote()
    nanning.end_meeting()
    report_id = nanning.compile()
    nanning.as_("contractor").done(
        "reports.upload_signed_report",
        report_id=report_id,
        document_id=nanning.upload("contractor", "签名报告.pdf", kind="signed_report"),
        signed=[member.pk for member in nanning.members("confirmed")][:6],
        outsiders=[],
    )
    assert (nanning.state(), nn("四（二）") in Report.objects.get().void_reason) == ("void", True)


@pytest.mark.clause("NN-四(五)a/video")
def test_after_a_video_meeting_a_picture_of_the_screen_is_asked_for(nanning: Story) -> None:
    nanning.ready()
    nanning.panel(meeting_mode="remote", meeting_place="")
    nanning.prereview()
    nanning.start_meeting()
    nanning.vote()
    nanning.end_meeting()
    report_id = nanning.compile()
    for member in nanning.members("confirmed"):
        nanning.as_(nanning.seat_of(member)).done("reports.sign_report", report_id=report_id)
    nanning.sweep()
    for item, kind in (("conclusion", "report"), ("sign_in", "sign_in")):
        nanning.as_("contractor").done(
            "reports.upload_result",
            case_id=nanning.case_id,
            item=item,
            document_id=nanning.upload("contractor", f"{item}.pdf", nanning.fresh_pdf(), kind),
        )
    told = nanning.as_("contractor").refused("reports.submit_results", case_id=nanning.case_id)
    assert nn("四（五）") in told


@pytest.mark.clause("NN-四(三)a/full hours")
@pytest.mark.parametrize(("at", "status"), [("2025-06-08T08:59:59", 200), ("2025-06-08T09:00:01", 403)])
def test_where_the_pack_counts_hours_forty_eight_are_full(
    nanning: Story, reissued: Reissue, at: str, status: int
) -> None:
    def hours(texts: Texts) -> None:
        head, mark, tail = texts["plans.toml"].partition("[plan.delivery]")
        tail = tail.replace("value = 2", "value = 48", 1).replace('unit = "days"', 'unit = "hours"', 1)
        texts["plans.toml"] = head + mark + tail

    issue(reissued, nanning, hours)
    nanning.ready()
    nanning.request(meeting_at="2025-06-10T09:00:00+08:00")
    nanning.push()
    chosen = nanning.lawful_pick()
    nanning.pick(chosen)
    nanning.consent(chosen)
    nanning.clock.set(datetime.fromisoformat(f"{at}+08:00"))
    nanning.confirm_list(chosen)
    nanning.gather()
    answer = nanning.as_("contractor").act("meetings.start_meeting", meeting_id=nanning.meeting().pk)
    assert answer.status_code == status


@pytest.mark.clause("NN-二(二)g/tags and leader")
def test_the_record_of_pushes_names_the_tags_the_answers_and_the_leader(nanning: Story) -> None:
    members = confirmed(nanning, 5)
    kept = record(nanning)
    lines = [one["event"] for one in kept["events"]]  # type: ignore[attr-defined]
    final = next(line for line in lines if line["event"].startswith("panel.list_confirmed"))
    answers = [line["outcome"] for line in lines if line["event"].startswith("panel.contact_recorded")]
    assert [line for line in lines if not (line["at"] and line["actor"])] == []
    assert (len(answers), final["leader"] in final["persons"]) == (len(members), True)
    assert [tags for *_, tags in kept["snapshot"] if not tags] == []  # type: ignore[attr-defined]


@pytest.mark.clause("QD-五(三)b/views", "NN-五(四)/views logged")
def test_a_look_at_the_plan_is_logged_with_person_and_time_like_a_download(city: Story) -> None:
    city.ready()
    city.panel()
    city.commit_all()
    member = city.members("confirmed")[0]
    document = city.latest_version().documents.get()
    city.as_(city.seat_of(member)).get(f"/documents/{document.pk}/")
    last = Access.objects.latest("pk")
    person = city.world.seat(city.seat_of(member)).account.reference
    assert (last.kind, last.account, last.at) == ("view", person, city.clock.now())
    assert document.sha256 in last.what


@pytest.mark.clause("NN-二(二)e/contacts")
def test_the_agency_that_organizes_sees_the_contacts_and_another_agency_does_not(nanning: Story) -> None:
    nanning.ready()
    made = nanning.as_("contractor").done(
        "plans.entrust_agency", review_id=nanning.review_id, agency_code=nanning.world.unit("agency").code
    )
    nanning.as_("agency").done("plans.accept_entrustment", entrustment_id=made["id"])
    nanning.request_id = nanning.as_("agency").done("plans.request_panel", **nanning.request_body())["id"]
    draw_by(nanning.as_("agency").done, "panels.commit_draw", nanning.request_id)
    chosen = nanning.lawful_pick()
    nanning.as_("agency").done(
        "panels.pick_candidates",
        request_id=nanning.request_id,
        member_ids=[member.pk for member in chosen],
    )
    phone = chosen[0].expert.phone[3:]
    address = f"/cases/{nanning.case_id}/panel/"
    seen = {
        seat: phone in nanning.as_(seat).get(address).content.decode() for seat in ("agency", "agency_two")
    }
    assert seen == {"agency": True, "agency_two": False}
