"""Bad input: every refusal says why and by which clause, and nothing is changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lunheng.documents.guard import LARGEST
from lunheng.panels.models import Member
from lunheng.works.models import Project
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import qingdao as qd
from tests.documents import samples
from tests.factories.files import a_pdf
from tests.factories.story import Story
from tests.factories.world import EVERY_CITY
from tests.robustness.conftest import Unchanged

FILES = "《论衡平台运行规则》第二条"
VOTES = "《论衡平台运行规则》第三条"
UNKNOWN = 987_654_321


def four() -> list[dict[str, Any]]:
    return [{"specialty": "geotechnics", "count": 4, "is_extra": False}]


def upload(story: Story, name: str, content: bytes) -> Any:
    """Hand in a file as the contractor."""
    return story.as_("contractor").http.post(
        "/documents/upload/",
        {"file": SimpleUploadedFile(name, content), "kind": "plan"},
        headers={"accept": "application/json"},
    )


@pytest.fixture
def drawn(qingdao: Story) -> Story:
    """Drawn, every invitation delivered at this moment."""
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    return qingdao


@pytest.fixture
def listed(nanning: Story) -> Story:
    """Pushed; seven were picked and consented."""
    nanning.ready()
    nanning.request()
    nanning.push()
    chosen = nanning.lawful_pick(7)
    nanning.pick(chosen)
    nanning.consent(chosen)
    return nanning


def test_four_experts_in_qingdao(qingdao: Story, unchanged: Unchanged) -> None:
    qingdao.ready()
    with unchanged():
        clauses = qingdao.as_("contractor").refused(
            "plans.request_panel", **qingdao.request_body(needs=four())
        )
    assert {qd("二（二）"), qd("二（三）")} <= set(clauses)


def test_four_experts_in_nanning(listed: Story, unchanged: Unchanged) -> None:
    four_of_them = [member.pk for member in listed.members("consented")[:4]]
    with unchanged():
        clauses = listed.as_("contractor").refused(
            "panels.confirm_list",
            request_id=listed.request_id,
            member_ids=four_of_them,
            leader_member_id=four_of_them[0],
        )
    assert clauses == [nn("二（三）")]


def test_an_even_final_list_in_nanning(listed: Story, unchanged: Unchanged) -> None:
    six = [member.pk for member in listed.members("consented")[:6]]
    with unchanged():
        clauses = listed.as_("contractor").refused(
            "panels.confirm_list", request_id=listed.request_id, member_ids=six, leader_member_id=six[0]
        )
    assert clauses == [nn("二（三）")]


@pytest.mark.parametrize("city", EVERY_CITY)
def test_a_draw_without_a_plan_file(city: str, request: pytest.FixtureRequest, unchanged: Unchanged) -> None:
    story: Story = request.getfixturevalue(city)
    story.project()
    story.work()
    story.review()
    with unchanged():
        clauses = story.as_("contractor").refused("plans.request_panel", **story.request_body())
    assert {"qingdao": qd("二（三）"), "nanning": nn("二（二）")}[city] in clauses


WHOLE = a_pdf(3)
BAD_FILES = {
    "a program": ("方案.exe", b"MZ" + bytes(200)),
    "a program that says it is a PDF": ("方案.pdf", b"MZ" + bytes(200)),
    "plain text": ("方案.txt", "方案".encode()),
    "an old Word file": ("方案.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
    "nothing": ("方案.pdf", b""),
    "half a PDF": ("方案.pdf", WHOLE[: len(WHOLE) // 2]),
    "two extensions": ("方案.exe.pdf", WHOLE),
    "no extension": ("方案", WHOLE),
    "a PDF with a script": ("方案.pdf", samples.pdf_with_action("/JavaScript")),
    "a path": ("../../方案\x00.pdf", b"%PDF-1.7"),
}


@pytest.mark.parametrize(("name", "content"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_none(qingdao: Story, unchanged: Unchanged, name: str, content: bytes) -> None:
    with unchanged():
        answer = upload(qingdao, name, content)
    assert (answer.status_code, {reason["clause"] for reason in answer.json()["reasons"]}) == (422, {FILES})


def test_a_file_over_the_limit(qingdao: Story, unchanged: Unchanged) -> None:
    with unchanged():
        answer = upload(qingdao, "方案.pdf", WHOLE + bytes(LARGEST))
    assert (answer.status_code, [reason["clause"] for reason in answer.json()["reasons"]]) == (413, [FILES])


def test_a_confirmation_one_second_late(drawn: Story, unchanged: Unchanged) -> None:
    member = drawn.members()[0]
    drawn.clock.advance(hours=6, seconds=1)
    with unchanged():
        clauses = drawn.as_(drawn.seat_of(member)).refused("panels.confirm_seat", member_id=member.pk)
    assert clauses == [qd("二（三）")]


def test_a_leader_named_by_the_contractor_in_qingdao(drawn: Story, unchanged: Unchanged) -> None:
    member = drawn.confirm_all()[0]
    with unchanged():
        clauses = drawn.as_("contractor").refused(
            "panels.name_leader", case_id=drawn.case_id, member_id=member.pk
        )
    assert clauses == [qd("二（二）")]


def test_a_remote_meeting_in_qingdao(qingdao: Story, unchanged: Unchanged) -> None:
    qingdao.ready()
    body = qingdao.request_body(meeting_mode="remote")
    with unchanged():
        clauses = qingdao.as_("contractor").refused("plans.request_panel", **body)
    assert clauses == [qd("四（一）4")]


def test_a_second_ballot(drawn: Story, unchanged: Unchanged) -> None:
    from lunheng.panels.models import Election

    members = drawn.confirm_all()
    election = Election.objects.get(case_id=drawn.case_id)
    voter, ballot = (
        drawn.as_(drawn.seat_of(members[0])),
        {"election_id": election.pk, "choice_id": members[0].pk},
    )
    voter.done("panels.cast_ballot", **ballot)
    with unchanged():
        assert voter.refused("panels.cast_ballot", **ballot) == [VOTES]


def test_a_second_vote_on_the_plan(drawn: Story, unchanged: Unchanged) -> None:
    drawn.confirm_all()
    drawn.elect()
    drawn.prereview()
    drawn.start_meeting()
    member = drawn.members("confirmed")[0]
    voter = drawn.as_(drawn.seat_of(member))
    vote = {"member_id": member.pk, "conclusion": "approved", "items": [drawn.item()]}
    voter.done("reports.cast_vote", **vote)
    with unchanged():
        assert voter.refused("reports.cast_vote", **{**vote, "conclusion": "not_approved"}) == [VOTES]


def test_a_confirmation_for_someone_elses_seat(drawn: Story, unchanged: Unchanged) -> None:
    mine, other = drawn.members()[:2]
    with unchanged():
        clauses = drawn.as_(drawn.seat_of(mine)).refused("panels.confirm_seat", member_id=other.pk)
    assert clauses == [qd("四（二）1")]
    assert Member.objects.get(pk=other.pk).state == "invited"


NUMBERED = {
    "panels.confirm_seat": {"member_id": UNKNOWN},
    "panels.commit_draw": {"request_id": UNKNOWN, "commitment": "00" * 32},
    "panels.cast_ballot": {"election_id": UNKNOWN, "choice_id": 1},
    "plans.open_review": {"work_id": UNKNOWN, "title": "方案"},
    "plans.accept_entrustment": {"entrustment_id": UNKNOWN},
    "plans.submit_version": {
        "review_id": UNKNOWN, "document_ids": [1], "parts": {}, "has_site_statement": True,
    },
    "meetings.end_meeting": {"meeting_id": UNKNOWN},
    "reports.sign_report": {"report_id": UNKNOWN},
    "reports.start_works": {"case_id": UNKNOWN},
    "works.remove_party": {"project_id": UNKNOWN, "organization_code": "x", "role": "owner"},
    "experts.renew_term": {"expert_id": UNKNOWN, "ends_on": "2027-01-01"},
}  # fmt: skip


@pytest.mark.parametrize(("act", "body"), NUMBERED.items(), ids=NUMBERED)
def test_an_act_on_what_is_not_there(
    qingdao: Story, unchanged: Unchanged, act: str, body: dict[str, Any]
) -> None:
    with unchanged():
        answer = qingdao.as_("contractor").act(act, **body)
    assert (answer.status_code, answer.json()["message"]) == (404, "没有这个编号的对象，请核对编号")


@pytest.mark.parametrize("number", [UNKNOWN, 2**63, 10**40])
@pytest.mark.parametrize(
    "path",
    [
        "/cases/{}/",
        "/cases/{}/panel/",
        "/experts/{}/",
        "/api/cases/{}",
        "/my/invitations/{}/",
        "/documents/{}/",
    ],
)
def test_a_page_of_what_is_not_there(qingdao: Story, path: str, number: int) -> None:
    assert qingdao.as_("station").get(path.format(number)).status_code in (403, 404)


WRONG = {
    "text for a number": ("member_id", "十七"),
    "a number in quotes": ("member_id", "17"),
    "true for a number": ("member_id", True),
    "a fraction for a number": ("member_id", 1.5),
    "nothing for a number": ("member_id", None),
    "a list for a number": ("member_id", [17]),
    "a number beyond the database": ("member_id", 2**63),
    "a number below the database": ("member_id", -(2**63) - 1),
    "a number of a thousand digits": ("member_id", 10**1000),
    "a number for text": ("reason", 17),
    "text of ten thousand signs": ("reason", "因" * 10_000),
    "text one sign too long": ("reason", "因" * 301),
    "a zero byte": ("reason", "出\x00差"),
    "a bell": ("reason", "出\x07差"),
    "half a character": ("reason", "\ud83d"),
    "text for yes": ("is_unsuited", "yes"),
    "a field nobody knows": ("at", "2020-01-01T00:00:00+08:00"),
}


@pytest.mark.parametrize(("field", "value"), WRONG.values(), ids=WRONG)
def test_a_field_that_is_not_what_it_should_be(
    drawn: Story, unchanged: Unchanged, field: str, value: Any
) -> None:
    member = drawn.members()[0]
    body = {"member_id": member.pk, "reason": "出差", field: value}
    with unchanged():
        answer = drawn.as_(drawn.seat_of(member)).act("panels.decline_seat", **body)
    assert (answer.status_code, [fault["field"] for fault in answer.json()["faults"]]) == (422, [field])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '"text"',
        "null",
        "\xff\xfe",
        '{"member_id": NaN}',
        '{"member_id": ' + "9" * 9000 + "}",
    ],
)
def test_a_body_that_is_none(drawn: Story, unchanged: Unchanged, body: str) -> None:
    client = drawn.as_(drawn.seat_of(drawn.members()[0])).http
    with unchanged():
        answer = client.post(
            "/api/acts/panels.confirm_seat", body.encode("latin-1"), content_type="application/json"
        )
    assert answer.status_code == 422


NAMES = [
    "𠮷野家㐂龘靐",
    "🏗️👷🏽‍♀️深基坑🚧",
    "李··O’Neil",
    "﷽",
    "Z̷̢̛a̴l̵g̶o̸",
    "<script>alert(1)</script>",
    "'; DROP TABLE x;--",
]


@pytest.mark.parametrize("name", NAMES)
def test_rare_characters_are_kept_as_they_are(qingdao: Story, name: str) -> None:
    project = qingdao.as_("contractor").done(
        "works.register_project",
        name=name,
        kind="municipal",
        division_id=qingdao.world.division.code,
        address="虚构路 1 号",
    )
    page = qingdao.as_("contractor").get("/projects/").content.decode()
    assert (Project.objects.get(pk=project["id"]).name, "<script>alert" in page) == (name, False)


def test_a_moment_without_its_zone(qingdao: Story, unchanged: Unchanged) -> None:
    qingdao.ready()
    moment = (qingdao.clock.now() + timedelta(days=10)).replace(tzinfo=None).isoformat()
    with unchanged():
        answer = qingdao.as_("contractor").act(
            "plans.request_panel", **qingdao.request_body(meeting_at=moment)
        )
    assert (answer.status_code, answer.json()["faults"]) == (
        422,
        [{"field": "meeting_at", "fault": "时间须写明时区，例如 2026-12-01T09:00:00+08:00"}],
    )


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "明天", "2025-02-30T09:00:00Z"]
)
def test_a_moment_that_is_none_of_ours(qingdao: Story, unchanged: Unchanged, moment: str) -> None:
    qingdao.ready()
    with unchanged():
        answer = qingdao.as_("contractor").act(
            "plans.request_panel", **qingdao.request_body(meeting_at=moment)
        )
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "meeting_at")


@pytest.mark.parametrize("count", [-5, 0, 40_000, 2**31, 2**62])
def test_an_impossible_number_of_experts(qingdao: Story, unchanged: Unchanged, count: int) -> None:
    qingdao.ready()
    needs = [{"specialty": "geotechnics", "count": count, "is_extra": False}]
    with unchanged():
        answer = qingdao.as_("contractor").act("plans.request_panel", **qingdao.request_body(needs=needs))
    if count < 2**53:
        clauses = [reason["clause"] for reason in answer.json()["reasons"]]
        assert (answer.status_code, qd("二（三）") in clauses) == (403, True)
    else:
        faults = [{"field": "needs", "fault": "数值超出范围"}]
        assert (answer.status_code, answer.json()["faults"]) == (422, faults)
