"""专家组: the request, the draws, the members and what became of each, the leader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from lunheng.cases.models import Case, Participant
from lunheng.core.clauses import Clause
from lunheng.core.eligibility import Excluded, Ground
from lunheng.core.policy.rules.panels import SendWindow
from lunheng.core.workflow import ReviewState
from lunheng.experts.models import Expert
from lunheng.messaging.models import Message
from lunheng.pools.models import ServiceRecord
from lunheng.web.wording import write_moment

AFTER_CONFIRMATION = (
    ReviewState.PREPARING,
    ReviewState.MEETING,
    ReviewState.REPORTING,
    ReviewState.UNDECIDED,
)
"""States in which a whole panel stands and no conclusion was reached: a lost seat leads back to confirmation."""


class PanelRequest(models.Model):
    """What the organizer asked for. One review has one open request at a time; earlier ones stay visible."""

    class Mode(models.TextChoices):
        DIRECT = "direct", "系统随机抽取"
        PUSH = "push", "系统随机推送后选取"

    class State(models.TextChoices):
        OPEN = "open", "待抽取"
        DRAWN = "drawn", "已抽取"
        CANCELLED = "cancelled", "已撤回"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="panel_requests")
    number = models.PositiveSmallIntegerField(help_text="numbered within the case")
    pool = models.ForeignKey("pools.Pool", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    work_kind = models.CharField(max_length=24)
    lineage = models.CharField(max_length=32, help_text="the plan whose versions share one line of descent")
    organizer = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    risk_level = models.CharField(max_length=16)
    is_risk_confirmed = models.BooleanField(default=False)
    touches_other_specialties = models.BooleanField(default=False)
    meeting_mode = models.CharField(max_length=8)
    meeting_at = models.DateTimeField()
    meeting_place = models.CharField(max_length=200, blank=True)
    warnings = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True, help_text="why a request is repeated")
    project = models.CharField(max_length=40, blank=True, help_text="reference of the project's file")
    requested_by = models.CharField(max_length=64)
    requested_at = models.DateTimeField()

    class Meta:
        ordering = ("case", "number")
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="requests_are_numbered_in_a_case"),
            models.UniqueConstraint(
                fields=("case",), condition=~Q(state="cancelled"), name="one_living_request_in_a_case"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} request {self.number}"

    @classmethod
    def open(
        cls, case: Case, *, needs: Iterable[tuple[str, int, bool]], at: datetime, **fields: Any
    ) -> PanelRequest:
        """Keep a request under the case's next number, with one need per (specialty, count, is_extra)."""
        request = cls.objects.create(
            case=case, number=case.panel_requests.count() + 1, requested_at=at, **fields
        )
        SpecialtyNeed.objects.bulk_create(
            SpecialtyNeed(request=request, specialty=specialty, count=count, is_extra=is_extra)
            for specialty, count, is_extra in needs
        )
        return request

    @property
    def is_direct(self) -> bool:
        """Whether the system draws the panel itself (otherwise it pushes and the client picks)."""
        return self.mode == self.Mode.DIRECT

    def warn(self, message: str, clause: str, at: datetime) -> None:
        """Keep a warning with the request: shown, recorded, stops nothing."""
        self.warnings = [*self.warnings, {"message": message, "clause": clause, "at": at.isoformat()}]
        self.save(update_fields=("warnings",))

    def vacate(self, member: Member, at: datetime) -> None:
        """What follows when a seat is lost: a ballot ends without a result, the seat is redrawn, the case goes back."""
        Election.objects.filter(case=self.case, closed_at__isnull=True).update(closed_at=at)
        if self.is_direct:
            clause = self.case.law.clause("confirmation.backfill")
            self.case.due("panels.backfill_seat", subject=member.subject, due=at, clause=clause)
        if self.case.state in AFTER_CONFIRMATION:
            self.case.move(ReviewState.CONFIRMING)

    def complete(self, at: datetime) -> None:
        """The panel is whole: prepare, plan the meeting, and elect a leader where the city has one elected."""
        law = self.case.law
        if self.case.state == ReviewState.CONFIRMING:
            self.case.move(ReviewState.PREPARING)
        self._due_once("meetings.plan_meeting", law.clause("meeting.mode"), at)
        has_leader = self.case.members.filter(is_leader=True).exists()
        if getattr(law.rule("panel.leader"), "mode", "") == "elected" and not has_leader:
            self._due_once("panels.open_election", law.clause("panel.leader"), at)

    def _due_once(self, name: str, clause: Clause, at: datetime, subject: str = "") -> None:
        waiting = self.case.deadlines.filter(
            name=name, subject=subject, met_at__isnull=True, performed_at__isnull=True
        )
        if not waiting.exists():
            self.case.due(name, subject=subject, due=at, clause=clause)

    @property
    def waiting_draw(self) -> Draw | None:
        """The draw that was committed and waits for a contribution, if there is one."""
        return self.draws.filter(state=Draw.State.COMMITTED).first()

    @property
    def meets_between(self) -> tuple[datetime, datetime]:
        """Whoever begins another review strictly between these moments sits on two panels at once."""
        hours = timedelta(hours=int(getattr(self.case.law.rule("platform.overlap"), "hours", 0)))
        return self.meeting_at - hours, self.meeting_at + hours

    def retry_unfilled(self, at: datetime) -> None:
        """Every seat that was lost and that nobody holds is tried again, unless that is due already."""
        held = set(
            self.members.filter(state__in=(Member.State.INVITED, Member.State.CONFIRMED)).values_list(
                "seat", flat=True
            )
        )
        gone = self.members.filter(state__in=Member.GONE).order_by("left_at", "pk")
        for seat, member in {member.seat: member for member in gone}.items():
            if seat not in held:
                clause = self.case.law.clause("confirmation.backfill")
                self._due_once("panels.backfill_seat", clause, at, subject=member.subject)


class SpecialtyNeed(models.Model):
    """So many seats of one specialty."""

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="needs")
    specialty = models.CharField(max_length=32)
    count = models.PositiveSmallIntegerField()
    is_extra = models.BooleanField(default=False)

    class Meta:
        ordering = ("is_extra", "specialty")
        constraints = (
            models.UniqueConstraint(
                fields=("request", "specialty", "is_extra"), name="one_need_of_a_specialty"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="need_is_at_least_one"),
        )

    def __str__(self) -> str:
        return f"{self.specialty} × {self.count}"


class Draw(models.Model):
    """One performance of chance: committed first, completed when every contribution is revealed, or withheld.

    Numbered, kept, never undone.
    """

    class State(models.TextChoices):
        COMMITTED = "committed", "已承诺，待揭示"
        DONE = "done", "已抽取"
        WITHHELD = "withheld", "未揭示，作废"

    class Kind(models.TextChoices):
        FIRST = "first", "首次抽取"
        BACKFILL = "backfill", "补抽"
        PUSH = "push", "推送"
        REDUCTION = "reduction", "随机减员"

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.COMMITTED)
    because = models.CharField(
        max_length=64, blank=True, help_text="silence, declined, recused, undelivered, lost …"
    )
    reason = models.CharField(max_length=300, blank=True, help_text="why the client begins again")
    lost = models.ForeignKey("Member", on_delete=models.PROTECT, null=True, related_name="redraws")
    seed = models.CharField(max_length=64, blank=True, help_text="hex")
    salt = models.CharField(max_length=64, help_text="hex; secret of the pseudonyms of this draw")
    result = models.JSONField(default=list, help_text="order of references with specialty")
    document = models.JSONField(help_text="what was committed; once drawn, the transcript of this round")
    shortage = models.JSONField(default=dict)
    committed_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("request", "number")
        constraints = (
            models.UniqueConstraint(fields=("request", "number"), name="draws_are_numbered_in_a_request"),
            models.UniqueConstraint(
                fields=("request",), condition=Q(state="committed"), name="one_waiting_draw_in_a_request"
            ),
        )

    def __str__(self) -> str:
        return f"{self.request} draw {self.number}"

    @property
    def subject(self) -> str:
        """How deadlines name this draw."""
        return f"draw:{self.pk}"

    @property
    def commit(self) -> str:
        """The hash that was published before chance."""
        return str(self.document["commit"])

    @property
    def outstanding(self) -> list[Contribution]:
        """What others than the platform still have to reveal, in order."""
        open_ones = self.contributions.filter(revealed_at__isnull=True)
        return [one for one in open_ones if one.party != Contribution.Party.PLATFORM]

    def complete(self, document: Mapping[str, Any], at: datetime) -> None:
        """Keep what chance gave."""
        self.state, self.drawn_at = self.State.DONE, at
        self.document, self.seed = dict(document), document["seed"]
        self.result = document["result"]
        self.save()
        self._end_waiting(at)

    def withhold(self, at: datetime) -> None:
        """End without a result; the platform shows its link, so that what was suppressed can be computed."""
        self.state = self.State.WITHHELD
        self.save(update_fields=("state",))
        self.reveal_platform(at)
        for one in self.contributions.filter(chain__isnull=False, revealed_at__isnull=True):
            assert one.chain is not None
            one.chain.release()
        self._end_waiting(at)

    def _end_waiting(self, at: datetime) -> None:
        """Nobody has to reveal any more, and rounds that had to wait for this one go on at once."""
        self.request.case.met("panels.withhold_draw", at=at, subject=self.subject)
        self.request.case.deadlines.filter(
            name="panels.backfill_seat", met_at__isnull=True, performed_at__isnull=True
        ).update(retry_at=None)

    def reveal_platform(self, at: datetime) -> Contribution:
        """The platform's link, which only this commit calls for."""
        found: Contribution = self.contributions.select_related("chain", "chain__pool").get(
            party=Contribution.Party.PLATFORM
        )
        assert found.chain is not None
        value = found.chain.link(found.link)
        found.reveal(value, at)
        found.chain.show(value)
        return found

    def exclude(self, excluded: Sequence[Excluded]) -> None:
        """Keep who could not be drawn in this round, and why."""
        keys = dict(
            Expert.objects.filter(reference__in=[one.reference for one in excluded]).values_list(
                "reference", "pk"
            )
        )
        Exclusion.objects.bulk_create(
            Exclusion(
                draw=self,
                expert_id=keys[one.reference],
                ground=one.ground.value,
                clause=str(one.clause),
                path=one.path[:400],
            )
            for one in excluded
        )

    def add_member(self, expert: Expert, state: str, *, specialty: str, order: int, **fields: Any) -> Member:
        """One expert whom chance gave."""
        assert self.drawn_at is not None
        return Member.objects.create(
            case=self.request.case,
            request=self.request,
            draw=self,
            expert=expert,
            state=state,
            specialty=specialty,
            order=order,
            drawn_at=self.drawn_at,
            **fields,
        )


class Contribution(models.Model):
    """One party's share of a draw's seed: promised in the commit, revealed after it."""

    class Party(models.TextChoices):
        APPLICANT = "applicant", "申请人"
        PLATFORM = "platform", "平台"
        AUTHORITY = "authority", "主管部门"
        BEACON = "beacon", "公开随机数"

    KINDS = {
        Party.APPLICANT: "nonce",
        Party.PLATFORM: "link",
        Party.AUTHORITY: "link",
        Party.BEACON: "beacon",
    }
    """How the record of a draw names the kind of each party's share."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="contributions")
    order = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=12, choices=Party.choices)
    commitment = models.CharField(max_length=200)
    chain = models.ForeignKey("pools.Chain", on_delete=models.PROTECT, null=True, related_name="+")
    link = models.PositiveIntegerField(default=0, help_text="index in the chain")
    value = models.CharField(max_length=400, blank=True, help_text="hex")
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("draw", "order")
        constraints = (models.UniqueConstraint(fields=("draw", "party"), name="one_contribution_of_a_party"),)

    def __str__(self) -> str:
        return f"{self.draw} {self.get_party_display()}"

    @property
    def kind(self) -> str:
        """The word of the draw's record: nonce, link or beacon."""
        return self.KINDS[self.Party(self.party)]

    def reveal(self, value: bytes, at: datetime) -> None:
        """Keep the revealed value."""
        self.value, self.revealed_at = value.hex(), at
        self.save(update_fields=("value", "revealed_at"))


class Exclusion(models.Model):
    """Who could not be drawn in this round, by which clause and for which reason."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="exclusions")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=32, choices=[(ground.value, ground.label) for ground in Ground])
    clause = models.CharField(max_length=300)
    path = models.CharField(max_length=400, blank=True, help_text="relation path in words")

    def __str__(self) -> str:
        return f"{self.expert} {self.ground}"


class SisterDecision(models.Model):
    """Whether an expert of a sister company may sit: decided by a person of the station, with a reason."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sister_decisions")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    may_sit = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "expert"), name="one_sister_decision_of_an_expert"),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.path}"


class Member(models.Model):
    """One expert in one review, from draw or push to the end."""

    class State(models.TextChoices):
        PUSHED = "pushed", "已推送"
        PICKED = "picked", "已选取"
        CONSENTED = "consented", "已同意"
        INVITED = "invited", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "不参加"
        SILENT = "silent", "逾期未确认（不参与）"
        UNDELIVERED = "undelivered", "未送达"
        RECUSED = "recused", "回避"
        LOST = "lost", "不能到会"
        REMOVED = "removed", "移出专家组"
        SKIPPED = "skipped", "未选取"

    GONE = (State.DECLINED, State.SILENT, State.UNDELIVERED, State.RECUSED, State.LOST, State.REMOVED)

    ANSWER_DEADLINES = ("panels.start_window", "panels.expire_invitation", "panels.give_up_undelivered")

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="members")
    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="members")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="members")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="sittings")
    specialty = models.CharField(max_length=32)
    is_extra = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(help_text="place in the draw or push")
    seat = models.PositiveSmallIntegerField(null=True, help_text="the seat of the request; none when pushed")
    fitting_tags = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices)
    is_leader = models.BooleanField(default=False)
    drawn_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    picked_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    contact_order = models.PositiveSmallIntegerField(null=True)
    consent_disputed_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True, help_text="signed the confidentiality commitment")
    left_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=300, blank=True)
    is_unsuited = models.BooleanField(default=False, help_text="declined as not suited to the works")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ("case", "draw", "order")
        constraints = (
            models.UniqueConstraint(fields=("request", "expert"), name="one_seat_of_an_expert_in_a_request"),
            models.UniqueConstraint(
                fields=("request", "seat"),
                condition=Q(state__in=("invited", "confirmed")),
                name="one_holder_of_a_seat",
            ),
            models.UniqueConstraint(
                fields=("case",), condition=Q(is_leader=True), name="one_leader_in_a_panel"
            ),
            models.CheckConstraint(
                condition=Q(is_leader=False) | Q(state="confirmed"), name="leader_is_a_confirmed_member"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="confirmed_member_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.get_state_display()}"

    @property
    def subject(self) -> str:
        """How deadlines and messages name this member."""
        return f"member:{self.pk}"

    @property
    def is_living(self) -> bool:
        """Whether the member sits, or may still sit."""
        return self.state not in self.GONE

    def admit(self, at: datetime, *, is_member: bool) -> None:
        """Let the expert see the case: an invitation's extract, or all that members see."""
        Participant.objects.update_or_create(
            case=self.case,
            expert=self.expert.reference,
            left_at=None,
            defaults={"is_member": is_member},
            create_defaults={"is_member": is_member, "joined_at": at},
        )

    def commit_participant(self, at: datetime) -> None:
        """Let the expert open what is secret: the commitment of this review is signed."""
        Participant.objects.filter(
            case=self.case, expert=self.expert.reference, left_at__isnull=True, committed_at__isnull=True
        ).update(committed_at=at)

    def shut_out(self, at: datetime) -> None:
        """End the expert's access to the case at once."""
        Participant.objects.filter(case=self.case, expert=self.expert.reference, left_at__isnull=True).update(
            left_at=at
        )

    def confirm(self, at: datetime) -> None:
        """Become a member: sits, sees everything, is sent the plan; nothing waits for an answer any more."""
        self.state = self.State.CONFIRMED
        self.confirmed_at = self.confirmed_at or at
        self.save()
        self.admit(at, is_member=True)
        self.stop_waiting(at)
        self.case.due(
            "plans.deliver_version",
            subject=self.subject,
            due=at,
            clause=self.case.law.clause("plan.delivery"),
        )

    def leave(self, state: str, *, ground: str, at: datetime) -> None:
        """Lose the seat: access ends at once, a leader is leader no more, nothing waits for an answer."""
        self.state, self.ground, self.left_at, self.is_leader = state, ground[:300], at, False
        self.save()
        self.shut_out(at)
        self.stop_waiting(at)
        Message.stop(case=self.case, subject=self.subject)

    def invite(self, at: datetime) -> None:
        """Ask the expert: one message, which leaves in the send window; when it arrives the clock starts."""
        law = self.case.law
        window = law.rule("confirmation.send_window")
        send_after = window.next_opening(at) if isinstance(window, SendWindow) else at
        self.invited_at = at
        self.save(update_fields=("invited_at",))
        self.admit(at, is_member=False)
        message = self.tell("panel.invitation", at=at, send_after=send_after)
        if message.delivered_at is not None:
            self.case.due(
                "panels.start_window", subject=self.subject, due=at, clause=law.clause("confirmation.window")
            )
            return
        self.case.due(
            "panels.give_up_undelivered",
            subject=self.subject,
            due=law.due("confirmation.undelivered", send_after),
            clause=law.clause("confirmation.undelivered"),
        )

    def tell(
        self,
        template: str,
        *,
        at: datetime,
        send_after: datetime | None = None,
        key: str = "",
        text: str = "",
    ) -> Message:
        """Send the expert one short message about this seat; ``text`` where the template is not a listed one."""
        request = self.request
        return Message.post(
            key=f"{key or template.rpartition('.')[2]}:{self.pk}",
            case=self.case,
            account=self.expert.account,
            phone=self.expert.phone,
            template=template,
            subject=self.subject,
            link=f"/my/invitations/{self.pk}/",
            context={
                "title": self.case.title,
                "meeting_at": write_moment(request.meeting_at),
                "place": request.meeting_place,
                "organizer": request.organizer.name,
            }
            | ({"text": text} if text else {}),
            at=at,
            send_after=send_after or at,
        )

    def keep_record(
        self, kind: str, *, at: datetime, clause: Clause, text: str, yearly: bool = False
    ) -> None:
        """Write into the expert's own file what this review learned."""
        ServiceRecord.objects.create(
            file_id=self.expert.file_id,
            kind=kind,
            at=at,
            clause=str(clause),
            text=text[:400],
            review=self.case.reference,
            is_for_yearly_evaluation=yearly,
        )

    def stop_waiting(self, at: datetime) -> None:
        """Close the deadlines that waited for this expert's answer."""
        for name in self.ANSWER_DEADLINES:
            self.case.met(name, subject=self.subject, at=at)


class Election(models.Model):
    """One ballot for the leader; a tie opens the next among the tied."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="elections")
    round = models.PositiveSmallIntegerField()
    candidates = models.ManyToManyField(Member, related_name="candidacies")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    winner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("case", "round")
        constraints = (models.UniqueConstraint(fields=("case", "round"), name="elections_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.case} election {self.round}"


class Ballot(models.Model):
    """One member's vote for a leader."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("election", "voter"), name="one_ballot_of_a_member"),)

    def __str__(self) -> str:
        return f"{self.voter} → {self.choice}"
