"""The whole way of a review in both cities, through every act that carries it."""

from typing import Any

from lunheng.plans.models import Entrustment
from tests.access.walking import Walk, begin, defects, keep_pool, revise
from tests.robustness.swift import SwiftStory


class Way(SwiftStory, Walk):
    """A walk that goes on with what it does beside its way, and leaves out what would be refused."""

    def aside(self, name: str, seat: str, /, **body: Any) -> None:
        """Do it for good."""
        self.as_(seat).done(name, **body)

    def attempt(self, name: str, seat: str, /, **body: Any) -> None:
        """Nothing."""


def tell_qingdao(story: Way) -> None:
    """修改后通过: the system draws, one recuses, one declines, the plan is revised, approved and later changed."""
    keep_pool(story)
    begin(story)
    story.request()
    story.as_("contractor").done("plans.cancel_request", request_id=story.request_id, reason="会期有变")
    story.request()
    first, second = story.draw()[:2]
    story.as_(story.seat_of(first)).done("panels.recuse_member", member_id=first.pk, ground="同一课题组")
    story.as_(story.seat_of(second)).done("panels.decline_seat", member_id=second.pk, reason="外出")
    story.sweep()
    story.send()
    story.confirm_all()
    story.elect()
    story.commit_all()
    visit_site(story)
    story.prereview()
    reschedule(story)
    story.start_meeting()
    find_defect(story)
    story.vote("approved_if_revised")
    story.end_meeting()
    report_id = story.compile("approved_if_revised")
    story.sign(report_id)
    story.upload_results()
    revise(story, report_id)


def tell_nanning(story: Way) -> None:
    """The client picks of those who were pushed; an agency is entrusted and let go."""
    begin(story)
    contractor, agency = story.as_("contractor"), story.as_("agency")
    code = story.world.unit("agency").code
    contractor.done("plans.entrust_agency", review_id=story.review_id, agency_code=code)
    entrustment = Entrustment.objects.get(review_id=story.review_id)
    agency.done("plans.accept_entrustment", entrustment_id=entrustment.pk)
    contractor.done("plans.end_entrustment", entrustment_id=entrustment.pk, reason="改为自行组织")
    story.sweep()
    story.request()
    story.push()
    chosen = story.lawful_pick(6)
    story.pick(chosen)
    story.as_(story.seat_of(chosen[0])).done("panels.answer_contact", member_id=chosen[0].pk, agrees=False)
    story.consent(chosen[1:])
    story.confirm_list(chosen[1:])


def visit_site(story: Way) -> None:
    """One reads the plan and asks to see the site; a leak is filed."""
    member = story.members("confirmed")[2]
    story.as_("contractor").done("panels.file_leak", member_id=member.pk, text="会前透露评审意见")
    files = [one.pk for one in story.latest_version().documents.all()]
    story.as_("contractor").done("plans.mark_secret", version_id=story.version_id, document_ids=files)
    seat = story.as_(story.seat_of(member))
    seat.done("plans.open_version", version_id=story.version_id)
    visit = seat.done("meetings.ask_site_visit", member_id=member.pk, reason="看现场")["id"]
    at = story.clock.now().isoformat()
    story.as_("contractor").done("meetings.answer_site_visit", visit_id=visit, answer="agreed", visit_at=at)


def reschedule(story: Way) -> None:
    """Another hour, another room; people sign in."""
    meeting, contractor = story.meeting(), story.as_("contractor")
    given = {"case_id": story.case_id, "mode": "on_site", "place": "虚构路 2 号", "reason": "场地调整"}
    contractor.done("meetings.reschedule_meeting", planned_at=meeting.planned_at.isoformat(), **given)


def find_defect(story: Way) -> None:
    """The client's person signs in; one severe defect found and cleared."""
    name = story.world.unit("contractor").name
    role = next(one for one in story.leader().case.law.labels("attendees") if one != "experts")
    given = {"role": role, "person": "虚构到会人", "organization_name": name, "is_present": True}
    story.as_("contractor").done("meetings.sign_in", meeting_id=story.meeting().pk, **given)
    defects(story)
