"""抽取申请: what the organizer asked for, and what follows when a seat is lost or the panel is whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q

from lunheng.accounts.models import Seat
from lunheng.cases import running
from lunheng.cases.models import Case
from lunheng.core.clauses import Clause
from lunheng.core.policy.rules.platform import Overlap
from lunheng.core.procedures.consequences import BACKFILL_SEAT, OPEN_ELECTION, PLAN_MEETING, Consequence
from lunheng.core.workflow import ReviewState
from lunheng.panels.models.draws import Draw
from lunheng.panels.models.elections import Election
from lunheng.panels.models.members import Member
from lunheng.web.reasons import ReasonColumn
from lunheng.web.wording import write_phone

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
        SELECT = "select", "列出全部符合条件的专家后选取"

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
    reason = ReasonColumn(blank=True, help_text="why a request is repeated")
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

    @cached_property
    def wanted(self) -> list[SpecialtyNeed]:
        """What was asked for, main specialties first; a request's needs never change."""
        return list(self.needs.order_by("is_extra", "specialty"))

    @property
    def contact(self) -> str:
        """Whom to ask about the meeting, as messages say it; read once in an act."""
        return running.once(("contact", self.pk), self._contact)

    def _contact(self) -> str:
        seats = Seat.objects.filter(organization=self.organizer_id, is_active=True, account__phone__gt="")
        seat = seats.select_related("account").order_by("id").first()
        if seat is None:
            return "见平台"
        name = "" if seat.account.name == self.organizer.name else f"{seat.account.name} "
        return f"{name}{write_phone(seat.account.phone or '')}"

    @property
    def is_direct(self) -> bool:
        """Whether the system draws the panel itself (otherwise it lists and the client picks)."""
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
            self.case.due(BACKFILL_SEAT, key=member.pk, due=at, clause=clause)
        if self.case.state in AFTER_CONFIRMATION:
            self.case.move(ReviewState.CONFIRMING)

    def complete(self, at: datetime) -> None:
        """The panel is whole: prepare, plan the meeting, and elect a leader where the city has one elected."""
        law = self.case.law
        if self.case.state == ReviewState.CONFIRMING:
            self.case.move(ReviewState.PREPARING)
        self._due_once(PLAN_MEETING, law.clause("meeting.mode"), at)
        has_leader = self.case.members.filter(is_leader=True).exists()
        if getattr(law.rule("panel.leader"), "mode", "") == "elected" and not has_leader:
            self._due_once(OPEN_ELECTION, law.clause("panel.leader"), at)

    def _due_once(self, kind: Consequence, clause: Clause, at: datetime, key: int | str = "") -> None:
        if not self.case.awaits(kind, key=key):
            self.case.due(kind, key=key, due=at, clause=clause)

    @property
    def waiting_draw(self) -> Draw | None:
        """The draw that was committed and waits for a contribution, if there is one."""
        return self.draws.filter(state=Draw.State.COMMITTED).first()

    @property
    def meets_between(self) -> tuple[datetime, datetime]:
        """Whoever begins another review strictly between these moments sits on two panels at once."""
        hours = timedelta(hours=self.case.law.demand(Overlap).apart)
        return self.meeting_at - hours, self.meeting_at + hours

    def retry_unfilled(self, at: datetime) -> None:
        """Every seat that was lost and that nobody holds is tried again, unless that is due already."""
        held = set(
            self.members.filter(state__in=(Member.State.INVITED, Member.State.CONFIRMED)).values_list(
                "seat", flat=True
            )
        )
        gone = self.members.filter(state__in=Member.GONE).order_by("left_at", "pk")
        waiting = self.waiting_draw
        for seat, member in {member.seat: member for member in gone}.items():
            if seat not in held and (waiting is None or waiting.lost_id != member.pk):
                self.redraw_for(member, at)

    def redraw_for(self, member: Member, at: datetime) -> None:
        """The seat of a lost member is drawn again, unless that is due already."""
        clause = self.case.law.clause("confirmation.backfill")
        self._due_once(BACKFILL_SEAT, clause, at, member.pk)


class SpecialtyNeed(models.Model):
    """So many seats of one specialty."""

    request = models.ForeignKey("PanelRequest", on_delete=models.PROTECT, related_name="needs")
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
