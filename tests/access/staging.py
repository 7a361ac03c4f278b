"""One case per city in the middle of its way, with people of every relation to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.db.models import Sum

from lunheng.accounts.models import Account
from lunheng.core.actor import Role
from lunheng.jobs import clock as product_clock
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, Entry, RefusedAttempt, Tally
from lunheng.meetings.models import SiteVisit
from lunheng.messaging.models import Message
from lunheng.notices.models import Notice
from lunheng.panels.models import Member
from lunheng.procedures.models import Proceeding
from tests.factories.story import PARTIES, Story
from tests.factories.world import SeatClient, World, build

JUNE = datetime.fromisoformat("2025-06-02T09:00:00+08:00")
UNITS = ("contractor", "subcontractor", "supervisor", "owner")
RELATIONS = (
    "public", "contractor", "subcontractor", "supervisor", "owner", "agency", "other_agency", "member", "other_expert",
    "recused", "stranger", "station", "bureau", "district", "other_district", "foreign_station", "administrator",
)  # fmt: skip
OFFICES = ("station", "bureau", "district", "other_district")


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens to the database inside is taken back, acts with their durable transactions included."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def stopped_clock() -> Iterator[FixedClock]:
    """A Monday in June on which both cities' rules are in force."""
    fixed = FixedClock(JUNE)
    product_clock.install(fixed)
    try:
        yield fixed
    finally:
        product_clock.install(product_clock.SystemClock())


def count_refusals() -> int:
    """Everything that was refused and written down, or counted."""
    counted = Tally.objects.filter(kind__in=("refusal", "access")).aggregate(all=Sum("count"))["all"] or 0
    return RefusedAttempt.objects.count() + Access.objects.filter(allowed=False).count() + int(counted)


@dataclass
class Stage:
    """A case, the seats by their relation to it, and the values that its addresses take."""

    story: Story
    seats: dict[str, str] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)
    clients: dict[str, SeatClient] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The city."""
        return self.story.world

    @cached_property
    def refusals(self) -> int:
        """Refusals written down so far; every request is taken back, so that none is added."""
        return count_refusals()

    @cached_property
    def panel(self) -> list[Member]:
        """Everybody whom the draw or push brought up."""
        return self.story.members()

    def client(self, relation: str) -> SeatClient:
        """The browser of a person in this relation to the case."""
        return self.clients.get(relation) or SeatClient(None)

    def secrets_from(self, relation: str) -> list[str]:
        """What a person without access must not read: the project, its address, the experts and their numbers."""
        own = self.world.seats.get(self.seats.get(relation, ""))
        people = [one.expert for one in self.panel if own is None or one.expert.account_id != own.account_id]
        found = ["虚构路地下通道工程", "虚构路 1 号", "深基坑专项施工方案", "虚构申请人·入库"]
        found += [one.name for one in people] + [one.phone for one in people]
        return found + [one.phone.removeprefix("+86") for one in people]


def stage(city: str, clock: FixedClock) -> Stage:
    """From the project to a complete panel before its meeting; in Nanning an agency organizes."""
    world = build(city)
    name_apart(world)
    world.add_seat("administrator", Role.ADMINISTRATOR)
    story = Story(world, clock)
    story.project(is_city_run=False, parties=(*PARTIES, "subcontractor"))
    story.work()
    story.review()
    story.version()
    story.approve()
    if city == "nanning":
        _entrust(story)
    members = _seat(story)
    recused, sitting = members
    seats = {name: name for name in (*UNITS, *OFFICES, "stranger", "administrator")}
    seats |= {"agency": "agency", "other_agency": "agency_two"}
    seats |= {"member": story.seat_of(sitting), "recused": story.seat_of(recused)}
    outsider = next(
        one for one in world.experts if one.pk not in {each.expert_id for each in story.members()}
    )
    seats["other_expert"] = world.expert_seat(outsider)
    visit = story.as_(story.seat_of(sitting)).done(
        "meetings.ask_site_visit", member_id=sitting.pk, reason="看现场"
    )
    assert visit
    made = Stage(story, seats, _values(story, sitting))
    made.clients = {relation: world.client(name) for relation, name in seats.items()}
    return made


def name_apart(world: World) -> None:
    """No name is the beginning of another, so that a page can be searched for each."""
    for number, expert in enumerate(world.experts):
        expert.name = f"虚构专家〔{number}〕"
        Account.objects.filter(seats__expert=expert.reference).update(name=expert.name)
        expert.save(update_fields=("name",))


def _entrust(story: Story) -> None:
    code = story.world.unit("agency").code
    story.as_("contractor").done("plans.entrust_agency", review_id=story.review_id, agency_code=code)
    from lunheng.plans.models import Entrustment

    offered = Entrustment.objects.get(review_id=story.review_id)
    story.as_("agency").done("plans.accept_entrustment", entrustment_id=offered.pk)
    story.sweep()


def _seat(story: Story) -> tuple[Member, Member]:
    """The panel; one drawn or picked expert has recused and another sits."""
    if story.world.city == "qingdao":
        story.request()
        first = story.draw()[0]
        story.as_(story.seat_of(first)).done("panels.recuse_member", member_id=first.pk, ground="同一课题组")
        story.sweep()
        story.send()
        story.confirm_all()
        story.elect()
        return first, story.leader()
    # The agency organizes: the story's contractor is lent its browser.
    story.clients["contractor"], lent = story.as_("agency"), story.as_("contractor")
    story.request()
    story.push()
    chosen = story.lawful_pick(6)
    story.pick(chosen)
    story.as_(story.seat_of(chosen[0])).done(
        "panels.recuse_member", member_id=chosen[0].pk, ground="同一课题组"
    )
    story.consent(chosen[1:])
    story.confirm_list(chosen[1:])
    story.clients["contractor"] = lent
    return chosen[0], story.leader()


def _apply(story: Story) -> dict[str, object]:
    """Somebody applies to enter the pool; in Nanning up to a public notice to which somebody objects."""
    world, number = story.world, "450102198506150005"
    world.add_person("applicant")
    is_nanning = world.city == "nanning"
    data = {
        # Who is in the public notice is public; who is only being vetted is not.
        "name": "虚构申请人·公示" if is_nanning else "虚构申请人·入库",
        "identity_number": number if is_nanning else "370202199001010007",
        "organization_code": world.unit("expert-unit-1").code,
        "title": "高级工程师",
        "has_senior_title": True,
        "years": 20,
        "specialties": ["geotechnics"],
        "evidence": [story.upload("applicant", "证书.pdf", kind="proof")],
        "is_voluntary" if is_nanning else "is_true": True,
    }
    opened = {"pool_id": world.pool.pk, "procedure": "admission", "data": data}
    story.as_("applicant").done("pools.open_proceeding", **opened)
    matter = Proceeding.objects.latest("pk")
    found = {"proceeding_id": matter.pk, "key": world.pool.key, "procedure": "admission", "step": "approval"}
    if not is_nanning:
        return {**found, "notice_id": 0, "objection_id": 0}
    act, step = "procedures.take_step", {"proceeding_id": matter.pk}
    accepted = {"has_rich_experience": False}
    story.as_("station").done(act, **step, step="approval", outcome="accept", data=accepted)
    last_day = story.clock.now().date().isoformat()
    story.as_("bureau").done(act, **step, step="notice", outcome="post", last_day=last_day)
    notice = Notice.objects.latest("pk")
    words = {"name": "虚构·邻居", "phone": "13900001111", "text": "职称证书与登记不符"}
    story.as_("public").done("notices.file_objection", notice_id=notice.pk, **words)
    return {**found, "notice_id": notice.pk, "objection_id": notice.objections.get().pk}


def _values(story: Story, sitting: Member) -> dict[str, object]:
    """A value for every parameter of an address."""
    case = sitting.case
    party = story.hazardous_work().project.parties.first()
    document = story.latest_version().documents.first()
    visit = SiteVisit.objects.get(case=case)
    message = Message.objects.filter(case=case).first()
    assert party is not None and document is not None and message is not None
    return {
        "case_id": case.pk,
        "entry_id": Entry.objects.filter(subject=case.reference)[0].pk,
        "path": "0/000",
        "project_id": story.project_id,
        "party_id": party.pk,
        "work_id": story.work_id,
        "document_id": document.pk,
        "member_id": sitting.pk,
        "expert_id": sitting.expert_id,
        "meeting_id": story.meeting().pk,
        "visit_id": visit.pk,
        "decision_id": 1,
        "message_id": message.pk,
        "item": 1,
        "change": "state",
        "digest": case.pack_id,
        "reference": case.reference,
        "number": 1,
        "draw": 1,
        "city": story.world.city,
        **_apply(story),
        "paper": "draw_record",
        "name": "verify_draw.py",
        "token": "x",
    }
