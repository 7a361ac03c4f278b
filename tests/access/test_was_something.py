"""曾经是: who declined, recused, was lost or removed, whose seat or account is closed, an agency that was let go, a party
that left: each is refused every act and page that whoever still is what they were may do and see."""

from collections.abc import Callable
from typing import Any

import pytest

from lunheng.accounts.models import Account, Seat
from lunheng.jobs.clock import FixedClock
from lunheng.panels.models import Member
from lunheng.plans.models import Entrustment, PlanVersion
from tests.access.staging import JUNE, undone
from tests.factories.chance import PROMISE
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db
REFUSED, GONE = 403, {401, 403}
End = Callable[[Story, Member], None]


@pytest.fixture
def qingdao(clock: FixedClock) -> Story:
    clock.set(JUNE)
    return Story(build("qingdao", experts=12), clock)


@pytest.fixture
def nanning(clock: FixedClock) -> Story:
    clock.set(JUNE)
    return Story(build("nanning", experts=20), clock)


def acts_of(story: Story, member: Member) -> dict[str, dict[str, Any]]:
    """What a member of the panel does between the confirmation and the meeting."""
    items = [story.item()]
    return {
        "panels.sign_commitment": {"member_id": member.pk},
        "plans.open_version": {"version_id": story.version_id},
        "meetings.ask_site_visit": {"member_id": member.pk, "reason": "看现场"},
        "reports.submit_opinion": {"member_id": member.pk, "items": items, "conclusion": "approved"},
        "meetings.sign_in_member": {"meeting_id": story.meeting().pk, "member_id": member.pk},
        "panels.report_loss": {"member_id": member.pk, "ground": "生病"},
        "panels.recuse_member": {"member_id": member.pk, "ground": "同一课题组"},
    }


def pages_of(story: Story) -> list[str]:
    return [f"/cases/{story.case_id}/panel/", f"/api/cases/{story.case_id}/timeline"]


def answers(story: Story, seat: str, acts: dict[str, dict[str, Any]]) -> dict[str, int]:
    """How each act is answered, each tried from the same state."""
    found, client = {}, story.as_(seat)
    for name, body in acts.items():
        with undone():
            found[name] = client.act(name, **body).status_code
    return found


def views(story: Story, seat: str) -> dict[str, int]:
    return {page: story.as_(seat).get(page).status_code for page in pages_of(story)}


def recused(story: Story, member: Member) -> None:
    story.as_(story.seat_of(member)).done("panels.recuse_member", member_id=member.pk, ground="同一课题组")


def lost(story: Story, member: Member) -> None:
    story.as_(story.seat_of(member)).done("panels.report_loss", member_id=member.pk, ground="生病")


def removed(story: Story, member: Member) -> None:
    story.as_("station").done("panels.remove_member", member_id=member.pk, ground="核实有利害关系")


def seat_closed(story: Story, member: Member) -> None:
    Seat.objects.filter(expert=member.expert.reference).update(is_active=False)


def account_closed(story: Story, member: Member) -> None:
    Account.objects.filter(experts=member.expert_id).update(is_active=False)


def test_a_member_may_do_what_the_others_here_are_refused(qingdao: Story) -> None:
    qingdao.ready()
    member = qingdao.panel()[1]
    seat = qingdao.seat_of(member)
    qingdao.commit_all()
    acts = acts_of(qingdao, member)
    assert {name: code for name, code in answers(qingdao, seat, acts).items() if code == REFUSED} == {}
    assert set(views(qingdao, seat).values()) == {200}


@pytest.mark.parametrize("end", [recused, lost, removed, seat_closed, account_closed])
def test_who_was_a_member_is_refused_everything(qingdao: Story, end: End) -> None:
    qingdao.ready()
    member = qingdao.panel()[1]
    seat = qingdao.seat_of(member)
    qingdao.commit_all()
    acts = acts_of(qingdao, member)
    end(qingdao, member)
    found = answers(qingdao, seat, acts)
    assert {name: code for name, code in found.items() if code not in GONE} == {}
    assert {page: code for page, code in views(qingdao, seat).items() if code == 200} == {}


def test_who_declined_is_refused_what_the_invited_may_do(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    member = qingdao.draw()[0]
    seat = qingdao.seat_of(member)
    acts: dict[str, dict[str, Any]] = {
        "panels.confirm_seat": {"member_id": member.pk},
        "panels.decline_seat": {"member_id": member.pk, "reason": "外出"},
        "panels.recuse_member": {"member_id": member.pk, "ground": "同一课题组"},
    }
    assert set(answers(qingdao, seat, acts).values()) == {200}
    qingdao.as_(seat).done("panels.decline_seat", member_id=member.pk, reason="外出")
    assert set(answers(qingdao, seat, acts).values()) == {REFUSED}
    assert {page: code for page, code in views(qingdao, seat).items() if code == 200} == {}


def test_an_agency_that_was_let_go_organizes_nothing(nanning: Story) -> None:
    nanning.ready()
    contractor, agency = nanning.as_("contractor"), nanning.as_("agency")
    code = nanning.world.unit("agency").code
    contractor.done("plans.entrust_agency", review_id=nanning.review_id, agency_code=code)
    entrustment = Entrustment.objects.get(review_id=nanning.review_id)
    agency.done("plans.accept_entrustment", entrustment_id=entrustment.pk)
    asked = {"plans.request_panel": nanning.request_body()}
    assert answers(nanning, "agency", asked) == {"plans.request_panel": 200}
    nanning.request()
    drawn: dict[str, dict[str, Any]] = {
        "panels.commit_draw": {"request_id": nanning.request_id, "commitment": PROMISE},
        "plans.cancel_request": {"request_id": nanning.request_id, "reason": "会期有变"},
    }
    assert set(answers(nanning, "agency", drawn).values()) == {200}
    contractor.done("plans.end_entrustment", entrustment_id=entrustment.pk, reason="改为自行组织")
    assert set(answers(nanning, "agency", {**asked, **drawn}).values()) == {REFUSED}
    assert {page: code for page, code in views(nanning, "agency").items() if code == 200} == {}


def test_a_contractor_that_joins_the_works_later_does_not_organize_the_review(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    draw = {"panels.commit_draw": {"request_id": qingdao.request_id, "commitment": PROMISE}}
    assert answers(qingdao, "contractor", draw) == {"panels.commit_draw": 200}
    second = qingdao.world.unit("stranger")
    qingdao.as_("contractor").done(
        "works.add_party", project_id=qingdao.project_id, organization_code=second.code, role="contractor"
    )
    assert answers(qingdao, "stranger", draw) == {"panels.commit_draw": REFUSED}


def test_a_supervisor_that_left_the_works_approves_nothing(qingdao: Story) -> None:
    qingdao.project()
    qingdao.work()
    qingdao.review()
    qingdao.version()
    approval = {
        "plans.approve_version": {
            "version_id": qingdao.version_id,
            "kind": "chief_supervisor",
            "is_granted": True,
            "document_id": qingdao.upload("chief_supervisor", "审批页.pdf", kind="approval"),
        }
    }
    assert answers(qingdao, "chief_supervisor", approval) == {"plans.approve_version": 200}
    qingdao.as_("contractor").done(
        "works.remove_party",
        project_id=qingdao.project_id,
        organization_code=qingdao.world.unit("supervisor").code,
        role="supervisor",
    )
    assert answers(qingdao, "chief_supervisor", approval) == {"plans.approve_version": REFUSED}
    assert PlanVersion.objects.get(pk=qingdao.version_id).approvals.count() == 0
    assert {page: code for page, code in views(qingdao, "chief_supervisor").items() if code == 200} == {}
