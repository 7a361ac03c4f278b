"""论证报告: one agreed opinion, no severe defect, compiled by the leader, signed as the city wants it."""

from typing import Any

import pytest

from lunheng.reports.models import OpinionForm, Report
from tests.clauses.documents import circular_31, of, order_37
from tests.clauses.documents import nanning as nn
from tests.factories.story import Story

DEFECTS = "《房屋市政工程危险性较大的分部分项工程专项施工方案严重缺陷清单（试行）》"
CONCLUSION = {"qingdao": "四（二）4", "nanning": "四（七）"}
QUALITY = {"qingdao": "四（二）2", "nanning": "五（三）"}
SIGNING = {"qingdao": "四（一）4", "nanning": "四（六）"}


@pytest.fixture
def met(city: Story) -> Story:
    """The meeting has started; nobody has voted."""
    city.ready()
    city.panel()
    city.prereview()
    city.start_meeting()
    return city


@pytest.fixture
def voted(met: Story) -> Story:
    """All agreed, the meeting has ended."""
    met.vote()
    met.end_meeting()
    return met


def compile_body(story: Story, **body: Any) -> dict[str, Any]:
    return {
        "case_id": story.case_id,
        "conclusion": "approved",
        "items": [story.item(is_required=False)],
        "three_questions": {"complete": "完整", "calculation": "符合", "site": "满足"},
        "summary": "可行",
        **body,
    }


def refused(story: Story, **body: Any) -> list[str]:
    return story.as_(story.seat_of(story.leader())).refused(
        "reports.compile_report", **compile_body(story, **body)
    )


@pytest.mark.clause("QD-序b", "NN-序b")
@pytest.mark.parametrize("conclusion", ["approved", "approved_if_revised", "not_approved"])
def test_with_one_differing_vote_no_conclusion_can_be_drawn(met: Story, conclusion: str) -> None:
    met.vote("approved", m4="not_approved")
    met.end_meeting()
    assert order_37("第十三条") in refused(met, conclusion=conclusion)
    dissent = met.members("confirmed")[4]
    kept = OpinionForm.objects.get(member=dissent, stage="final")
    assert (met.state(), kept.conclusion, Report.objects.count()) == ("undecided", "not_approved", 0)
    page = met.as_("contractor").get(f"/cases/{met.case_id}/").content.decode()
    assert "未形成结论" in page


def answer_defect(story: Story, item: str = "SD-P-04") -> None:
    leader = story.leader()
    story.as_(story.seat_of(leader)).done(
        "reports.answer_defects",
        case_id=story.case_id,
        answers=[{"item": item, "answer": "yes", "place": "第5章 第20页"}],
    )


@pytest.mark.clause("QD-序c", "NN-序c")
@pytest.mark.parametrize("conclusion", ["approved", "approved_if_revised"])
def test_an_open_severe_defect_blocks_both_ways_of_passing(met: Story, conclusion: str) -> None:
    answer_defect(met)
    met.vote(conclusion)
    met.end_meeting()
    answer = met.as_(met.seat_of(met.leader())).act(
        "reports.compile_report", **compile_body(met, conclusion=conclusion, items=[met.item()])
    )
    reasons = answer.json()["reasons"]
    assert (answer.status_code, reasons[0]["clause"].startswith(DEFECTS)) == (403, True)
    assert "SD-P-04" in reasons[0]["message"] + reasons[0]["value"]


@pytest.mark.clause("QD-序c", "NN-序c")
def test_not_passing_is_accepted_with_a_severe_defect(met: Story) -> None:
    answer_defect(met)
    met.vote("not_approved")
    met.end_meeting()
    met.compile("not_approved")
    assert Report.objects.get(case_id=met.case_id).conclusion == "not_approved"


@pytest.mark.clause("QD-序c", "NN-序c")
def test_a_case_requested_before_the_list_took_effect_is_not_judged_by_it(nanning: Story) -> None:
    from datetime import datetime

    nanning.clock.set(datetime.fromisoformat("2023-06-05T09:00:00+08:00"))
    nanning.ready()
    nanning.panel()
    nanning.prereview()
    nanning.start_meeting()
    answer_defect(nanning)
    nanning.vote()
    nanning.end_meeting()
    nanning.compile("approved")
    assert Report.objects.get(case_id=nanning.case_id).conclusion == "approved"


@pytest.mark.clause("QD-二(二)d/leader only", "NN-二(二)f/leader only")
def test_only_the_leader_compiles_the_report(voted: Story) -> None:
    other = next(member for member in voted.members("confirmed") if not member.is_leader)
    clause = of(voted.world.city, "二（二）")
    assert voted.as_(voted.seat_of(other)).refused("reports.compile_report", **compile_body(voted)) == [
        clause
    ]
    assert voted.as_("contractor").refused("reports.compile_report", **compile_body(voted)) == [clause]
    assert Report.objects.count() == 0


@pytest.mark.clause("QD-二(二)d/opinions", "NN-二(二)f/opinions")
def test_the_report_lists_every_members_opinion(voted: Story) -> None:
    voted.compile()
    page = voted.as_("contractor").get(f"/cases/{voted.case_id}/report/").content.decode()
    assert [
        member.expert.name for member in voted.members("confirmed") if member.expert.name not in page
    ] == []


@pytest.mark.clause("NN-二(二)f/set with the list")
def test_a_list_without_a_leader_is_refused(nanning: Story) -> None:
    nanning.ready()
    nanning.request()
    nanning.push()
    members = nanning.lawful_pick()
    nanning.pick(members)
    nanning.consent(members)
    assert nanning.as_("contractor").refused(
        "panels.confirm_list",
        request_id=nanning.request_id,
        member_ids=[member.pk for member in members],
        leader_member_id=None,
    ) == [nn("二（二）")]


@pytest.mark.clause("QD-四(一)1b", "NN-四(二)b/stranger")
def test_a_report_signed_by_a_stranger_makes_the_review_void(voted: Story) -> None:
    report_id = voted.compile()
    voted.as_("contractor").done(
        "reports.upload_signed_report",
        report_id=report_id,
        document_id=voted.upload("contractor", "签名报告.pdf", kind="signed_report"),
        signed=[member.pk for member in voted.members("confirmed")][:4],
        outsiders=["虚构·未抽取者"],
    )
    clause = of(voted.world.city, {"qingdao": "四（一）1", "nanning": "四（二）"}[voted.world.city])
    page = voted.as_("contractor").get(f"/cases/{voted.case_id}/").content.decode()
    assert (voted.state(), "无效" in page, clause in page) == ("void", True, True)
    assert voted.as_("contractor").act("reports.start_works", case_id=voted.case_id).status_code == 403


@pytest.mark.clause("QD-四(一)1b", "NN-四(二)b/fewer than five")
def test_a_report_signed_by_four_makes_the_review_void(voted: Story) -> None:
    report_id = voted.compile()
    voted.as_("contractor").done(
        "reports.upload_signed_report",
        report_id=report_id,
        document_id=voted.upload("contractor", "签名报告.pdf", kind="signed_report"),
        signed=[member.pk for member in voted.members("confirmed")][:4],
        outsiders=[],
    )
    assert voted.state() == "void"


@pytest.mark.clause("QD-四(一)4b", "NN-四(六)b")
def test_an_electronic_signature_alone_is_refused_after_a_meeting_on_site(voted: Story) -> None:
    report_id = voted.compile()
    member = voted.members("confirmed")[0]
    clause = of(voted.world.city, SIGNING[voted.world.city])
    assert voted.as_(voted.seat_of(member)).refused("reports.sign_report", report_id=report_id) == [clause]


@pytest.mark.clause("QD-四(一)4b", "NN-四(六)b")
def test_closing_needs_the_scan_with_every_signature_marked(voted: Story) -> None:
    voted.compile()
    answer = voted.as_("contractor").act("reports.submit_results", case_id=voted.case_id)
    assert (answer.status_code, voted.state()) == (403, "uploading")


@pytest.mark.clause("NN-四(六)c")
def test_after_a_video_meeting_each_signs_electronically_and_the_signatures_verify(nanning: Story) -> None:
    from lunheng.documents import signing, store

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
    nanning.sweep()
    document = Report.objects.get(pk=report_id).signed_document
    assert document is not None
    checks = signing.verify(store.read(document.sha256))
    assert (len(checks), all(check.holds for check in checks)) == (5, True)


@pytest.mark.clause("NN-四(六)c")
def test_a_scan_of_hand_signatures_is_refused_after_a_video_meeting(nanning: Story) -> None:
    nanning.ready()
    nanning.panel(meeting_mode="remote", meeting_place="")
    nanning.prereview()
    nanning.start_meeting()
    nanning.vote()
    nanning.end_meeting()
    report_id = nanning.compile()
    assert nanning.as_("contractor").refused(
        "reports.upload_signed_report",
        report_id=report_id,
        document_id=nanning.upload("contractor", "签名报告.pdf", kind="signed_report"),
        signed=[member.pk for member in nanning.members("confirmed")],
        outsiders=[],
    ) == [nn("四（六）")]


@pytest.mark.clause("QD-四(二)2b", "NN-五(三)")
@pytest.mark.parametrize("missing", ["place", "problem", "advice"])
def test_an_opinion_without_place_problem_or_advice_is_refused(city: Story, missing: str) -> None:
    city.ready()
    city.panel()
    city.commit_all()
    member = city.members("confirmed")[0]
    assert city.as_(city.seat_of(member)).refused(
        "reports.submit_opinion",
        member_id=member.pk,
        items=[city.item(**{missing: ""})],
        conclusion="approved",
    ) == [of(city.world.city, QUALITY[city.world.city])]
    assert OpinionForm.objects.count() == 0


@pytest.mark.clause("QD-四(二)2b", "NN-五(三)")
def test_a_form_without_a_conclusion_is_refused(city: Story) -> None:
    city.ready()
    city.panel()
    city.commit_all()
    member = city.members("confirmed")[0]
    assert city.as_(city.seat_of(member)).refused(
        "reports.submit_opinion", member_id=member.pk, items=[city.item()], conclusion=""
    ) == [of(city.world.city, QUALITY[city.world.city])]


@pytest.mark.clause("QD-四(二)4a", "NN-四(七)a/own report")
def test_a_review_is_not_closed_without_its_own_numbered_report(voted: Story) -> None:
    answer = voted.as_("contractor").act("reports.submit_results", case_id=voted.case_id)
    assert answer.status_code == 403
    voted.compile()
    number = Report.objects.get(case_id=voted.case_id).number
    assert number != ""


@pytest.mark.clause("QD-四(二)4a")
def test_two_plans_cannot_share_one_report(voted: Story) -> None:
    voted.compile()
    report = Report.objects.get(case_id=voted.case_id)
    clause = of(voted.world.city, CONCLUSION[voted.world.city])
    assert refused(voted) == [clause]
    assert Report.objects.filter(number=report.number).count() == 1


@pytest.mark.clause("QD-四(二)4b", "NN-四(七)b")
@pytest.mark.parametrize("conclusion", ["", "maybe", "postponed"])
def test_any_other_conclusion_is_refused(voted: Story, conclusion: str) -> None:
    assert of(voted.world.city, CONCLUSION[voted.world.city]) in refused(voted, conclusion=conclusion)


@pytest.mark.clause("QD-四(二)4b", "NN-四(七)b")
def test_exactly_three_values_can_be_chosen(voted: Story) -> None:
    page = (
        voted.as_(voted.seat_of(voted.leader()))
        .get(f"/cases/{voted.case_id}/report/compile/")
        .content.decode()
    )
    values = {
        value for value in ("approved", "approved_if_revised", "not_approved") if f'value="{value}"' in page
    }
    assert values == {"approved", "approved_if_revised", "not_approved"}


@pytest.mark.clause("QD-四(二)4b", "NN-四(七)b")
def test_passing_after_revision_needs_concrete_changes(met: Story) -> None:
    met.vote("approved_if_revised")
    met.end_meeting()
    assert refused(met, conclusion="approved_if_revised", items=[]) == [circular_31("（五）")]


@pytest.mark.clause("NN-四(七)a/due and breach")
def test_the_scan_is_due_three_days_after_the_meeting_and_a_breach_records_itself(nanning: Story) -> None:
    from datetime import datetime

    from lunheng.reports.models import Breach

    nanning.ready()
    nanning.panel(meeting_at="2025-06-10T09:00:00+08:00")
    nanning.prereview()
    nanning.start_meeting()
    nanning.vote()
    nanning.end_meeting()
    nanning.clock.set(datetime.fromisoformat("2025-06-13T23:59:59+08:00"))
    nanning.sweep()
    assert Breach.objects.filter(duty="record.scan").count() == 0
    nanning.sweep(seconds=1)
    breach = Breach.objects.get(duty="record.scan")
    assert breach.clause == nn("四（七）")


@pytest.mark.clause("NN-四(七)a/uploader")
def test_the_organizer_uploads_the_scan_and_nobody_else(nanning: Story) -> None:
    nanning.ready()
    nanning.panel()
    nanning.prereview()
    nanning.start_meeting()
    nanning.vote()
    nanning.end_meeting()
    nanning.compile()
    document_id = nanning.upload("owner", "扫描件.pdf", kind="signed_report")
    answer = nanning.as_("owner").act(
        "reports.upload_result", case_id=nanning.case_id, item="scan", document_id=document_id
    )
    assert answer.status_code == 403
