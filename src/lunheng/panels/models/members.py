"""专家: every expert in one review from draw or push to the end, and what was decided of sister companies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lunheng.cases.models import Case, Participant
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import format_due
from lunheng.core.policy.rules.confirmations import Window
from lunheng.core.procedures.consequences import (
    DELIVER_VERSION,
    EXPIRE_INVITATION,
    GIVE_UP_UNDELIVERED,
    START_WINDOW,
)
from lunheng.core.reasons import cut
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_INVITATION, MessageKind
from lunheng.pools.models import ServiceRecord
from lunheng.web.reasons import ReasonColumn
from lunheng.web.wording import write_moment

if TYPE_CHECKING:
    pass


class SisterDecision(models.Model):
    """Whether an expert of a sister company may sit: decided by a person of the station, with a reason."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sister_decisions")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    may_sit = models.BooleanField(null=True)
    reason = ReasonColumn(blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "expert"), name="one_sister_decision_of_an_expert"),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.path}"


ANSWERED = (START_WINDOW, EXPIRE_INVITATION, GIVE_UP_UNDELIVERED)
"""What waits no more when the expert has answered."""


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

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="members")
    request = models.ForeignKey("PanelRequest", on_delete=models.PROTECT, related_name="members")
    draw = models.ForeignKey("Draw", on_delete=models.PROTECT, related_name="members")
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
    ground = ReasonColumn(blank=True)
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
        Participant.admit(self.case, [self.expert.reference], is_member=is_member, at=at)

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
            DELIVER_VERSION,
            key=self.pk,
            due=at,
            clause=self.case.law.clause("plan.delivery"),
        )

    @classmethod
    def confirm_all(cls, case: Case, members: Sequence[Member], at: datetime) -> None:
        """Several become members at once; see ``confirm``."""
        for member in members:
            member.state, member.confirmed_at = cls.State.CONFIRMED, member.confirmed_at or at
        Member.objects.bulk_update(members, ("state", "confirmed_at", "is_leader"))
        Participant.admit(case, [member.expert.reference for member in members], is_member=True, at=at)
        keys, clause = [member.pk for member in members], case.law.clause("plan.delivery")
        case.met(*ANSWERED, key=keys, at=at)
        case.due_all(case.deadline(DELIVER_VERSION, key=key, due=at, clause=clause) for key in keys)

    def leave(self, state: str, *, ground: str, at: datetime) -> None:
        """Lose the seat: access ends at once, a leader is leader no more, nothing waits for an answer."""
        self.state, self.ground, self.left_at, self.is_leader = state, cut(ground), at, False
        self.save()
        self.shut_out(at)
        self.stop_waiting(at)
        Message.stop(case=self.case, subject=self.subject)

    @classmethod
    def invite_all(cls, case: Case, members: Sequence[Member], at: datetime) -> None:
        """Ask experts of a case: one message each, which leaves in the send window; when it arrives the clock starts."""
        if not members:
            return
        law = case.law
        for member in members:
            member.invited_at = at
        cls.objects.filter(pk__in=[member.pk for member in members]).update(invited_at=at)
        Participant.admit(case, [member.expert.reference for member in members], is_member=False, at=at)
        messages = Message.post_all(member.invitation(at) for member in members)
        asked = list(zip(members, messages, strict=True))
        arrived = [member.pk for member, message in asked if message.delivered_at is not None]
        waiting = [member.pk for member, message in asked if message.delivered_at is None]
        clause = law.clause("confirmation.window")
        case.due_all(case.deadline(START_WINDOW, key=key, due=at, clause=clause) for key in arrived)
        if waiting:
            leaves_at = max(message.send_after for message in messages)
            due = law.due("confirmation.undelivered", leaves_at)
            clause = law.clause("confirmation.undelivered")
            case.due_all(
                case.deadline(GIVE_UP_UNDELIVERED, key=key, due=due, clause=clause) for key in waiting
            )

    def tell(self, kind: MessageKind, *, at: datetime, key: str = "") -> Message:
        """Send the expert one message about this seat."""
        return Message.post(self.draft(kind, at=at, key=key))

    def draft(self, kind: MessageKind, *, at: datetime, key: str = "", **words: object) -> Message:
        """Such a message, not sent yet."""
        request = self.request
        return Message.draft(
            kind,
            key=f"{key or kind.key.rpartition('.')[2]}:{self.pk}",
            case=self.case,
            account=self.expert.account,
            phone=self.expert.phone,
            subject=self.subject,
            at=at,
            member=self.pk,
            meeting_at=write_moment(request.meeting_at),
            place=request.meeting_place or "另行通知",
            organizer=request.organizer.name,
            contact=request.contact,
            **words,
        )

    def invitation(self, at: datetime) -> Message:
        """The message that asks the expert: by when to answer, whom to ask, how to decline."""
        law, window = self.case.law, self.case.law.rule("confirmation.window")
        has_number = bool(self.expert.phone or (self.expert.account and self.expert.account.phone))
        limit, otherwise = "尽快", ""
        if isinstance(window, Window):
            arrives = f"在本短信{window.duration}内"
            limit = arrives if has_number else f"在{format_due(law.due(window.key, at), with_year=True)}前"
            otherwise = "逾期未确认视为不参与。"
        return self.draft(PANEL_INVITATION, at=at, limit=limit, otherwise=otherwise)

    def keep_record(
        self, kind: str, *, at: datetime, clause: Clause, text: str, yearly: bool = False
    ) -> None:
        """Write into the expert's own file what this review learned."""
        ServiceRecord.write(
            self.expert.file, kind, at, clause, text, self.case, is_for_yearly_evaluation=yearly
        )

    def stop_waiting(self, at: datetime) -> None:
        """Close the deadlines that waited for this expert's answer."""
        self.case.met(*ANSWERED, key=self.pk, at=at)
