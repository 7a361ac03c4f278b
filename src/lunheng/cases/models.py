"""案件: one matter pinned to one pack digest, with its parties, its deadlines and its place in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from lunheng.cases import running
from lunheng.cases.precedents import ORDER, require_time
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA, Due, is_over, shown
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy import Law
from lunheng.core.policy.formats import RELEASE
from lunheng.core.procedures.consequences import Consequence
from lunheng.core.procedures.step import Step
from lunheng.core.procedures.table import may_move
from lunheng.core.verdict import refused
from lunheng.core.workflow import REVIEW_PHASES, ReviewState
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import PackRecord
from lunheng.ledger.append import Line, new_identifier
from lunheng.ledger.models import Entry
from lunheng.ledger.rows import Head

if TYPE_CHECKING:
    from lunheng.organizations.models import Organization


class UnlawfulTransition(Refused):
    """An act asked for a move that the row of its step does not have: the step is out of its order."""

    def __init__(self, case: Case, after: str) -> None:
        super().__init__(
            refused(
                ORDER,
                "案件当前的状态不能进入这一步",
                "请刷新页面，按案件当前所处的步骤办理",
                case.state_label,
            )
        )
        self.move = (case.reference, case.state, after)


class Case(models.Model):
    """A file of the platform. Whoever changes anything in it holds its lock (``cases.lock``)."""

    class Kind(models.TextChoices):
        REVIEW = "review", "专家论证"
        PROJECT = "project", "工程"
        EXPERT = "expert", "专家档案"
        POOL = "pool", "专家库"
        PROCEEDING = "proceeding", "办理事项"

    reference = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=200)
    division = models.ForeignKey("jurisdictions.Division", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(
        "jurisdictions.Division", on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_city_run = models.BooleanField(default=False)
    pack = models.ForeignKey(
        "jurisdictions.PackRecord", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=16)
    requested_on = models.DateField(null=True, help_text="the day whose law the case keeps to its closing")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    entry_count = models.PositiveIntegerField(default=0)
    last_leaf = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(kind="review") | models.Q(pack__isnull=False),
                name="review_is_pinned_to_a_pack",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="proceeding") | models.Q(pack__isnull=False),
                name="proceeding_is_pinned_to_a_pack",
            ),
        )
        indexes = (models.Index(fields=("kind", "state"), name="case_by_state"),)

    def __str__(self) -> str:
        return self.reference

    @cached_property
    def law(self) -> Law:
        """The rules of the pack that this case is pinned to.

        Raises:
            PackRecord.DoesNotExist: a file that is judged by no city's pack; only reviews always are.
        """
        if self.pack_id is None:
            raise PackRecord.DoesNotExist(f"{self.reference} is not pinned to a pack")
        return laws.of(self.pack_id)

    @property
    def place_id(self) -> str:
        """Where the matter lies, as narrowly as is known."""
        return self.district_id or self.division_id

    @property
    def state_label(self) -> str:
        """What people read of the state."""
        return REVIEW_PHASES[ReviewState(self.state)].label if self.kind == self.Kind.REVIEW else self.state

    def move(self, after: str) -> None:
        """Go to another state, as the row of the step that is taken says.

        Raises:
            UnlawfulTransition: the step does not lead there from here.
        """
        if not may_move(self.kind, self.state, after, by=running.events()):
            raise UnlawfulTransition(self, after)
        self.state = after
        self.save(update_fields=("state",))

    def enter(
        self,
        *,
        actor: Actor,
        at: datetime,
        data: Mapping[str, JsonValue],
        files: Sequence[Mapping[str, str | int]] = (),
        because: UUID | str | None = None,
        event: Step | str = "",
    ) -> Entry:
        """Enter the running act in this file's chain, once per file and event, under the file's lock. Written at the
        act's end, with what the act changed; until then the entry has neither body nor leaf.

        ``event`` where the act declares a further one than its own.
        """
        run = running.current()
        code = str(event) or run.event
        run.enters(self.pk, code)
        if actor.role is not Role.SYSTEM:
            require_time(self, code, run.found[self.pk])
        identifier = new_identifier(run.recorded_at) if run.lines else run.entry_id
        line = Line(
            subject=self.reference,
            number=self.entry_count + 1,
            previous=self.last_leaf,
            tenant=self.division_id,
            event=code,
            actor=actor,
            at=at,
            data={**self._stamp(actor, at), **data},
            files=files,
            refs=(UUID(str(because)),) if because else (),
            identifier=identifier,
            head=Head(self._meta.db_table, self.pk),
        )
        self.entry_count = line.number
        entry = line.entry(run.recorded_at)
        run.writes(self, line, entry)
        return entry

    def _stamp(self, actor: Actor, at: datetime) -> dict[str, JsonValue]:
        """What every judged act names: the release of the judgements, and the mark of a rule whose time has ended.

        Raises:
            Refused: the rule says that its cases end with it; what falls due by itself goes on.
        """
        if self.pack_id is None:
            return {}
        stamp: dict[str, JsonValue] = {"judgement": RELEASE}
        ended = self.law.expired(at.astimezone(CHINA).date())
        if ended is None:
            return stamp
        if actor.role is not Role.SYSTEM:
            require(ended.judge("running_cases"))
        return {**stamp, "expired": ended.mark}

    def due(
        self,
        kind: Consequence,
        *,
        key: int | str = "",
        due: Due | datetime,
        clause: Clause,
        watch: str = "",
    ) -> Deadline:
        """Set what must happen by itself, or be found missing, when ``due`` comes. Opened by the running act."""
        return self.due_all([self.deadline(kind, key=key, due=due, clause=clause, watch=watch)])[0]

    def due_all(self, deadlines: Iterable[Deadline]) -> list[Deadline]:
        """The same for many at once, in one statement."""
        return Deadline.objects.bulk_create(deadlines)

    def deadline(
        self, kind: Consequence, *, key: int | str = "", due: Due | datetime, clause: Clause, watch: str = ""
    ) -> Deadline:
        """Such a deadline, not set yet."""
        moment, steps, provisional = (
            (due.at, list(due.steps), due.provisional) if isinstance(due, Due) else (due, [], False)
        )
        return Deadline(
            case=self,
            counted=due.counted if isinstance(due, Due) else {},
            name=kind.name,
            subject=kind.subject(key),
            due_at=moment,
            clause=str(clause),
            steps=steps,
            is_provisional=provisional,
            watch=watch,
            opened_by=running.current().entry_id,
        )

    def met(self, *kinds: Consequence, at: datetime, key: int | str | Iterable[int | str] = "") -> int:
        """Close the open deadlines of these kinds and this subject (or each of them): what they waited for has
        happened."""
        keys = [key] if isinstance(key, int | str) else list(key)
        subjects = {kind.subject(one) for kind in kinds for one in keys}
        names = [kind.name for kind in kinds]
        waiting = self.deadlines.filter(name__in=names, subject__in=subjects, met_at__isnull=True)
        return waiting.update(met_at=at)

    def awaits(self, kind: Consequence, *, key: int | str = "") -> bool:
        """Whether a deadline of this kind and subject is open."""
        waiting = self.deadlines.filter(met_at__isnull=True, performed_at__isnull=True)
        return waiting.filter(name=kind.name, subject=kind.subject(key)).exists()


class Party(models.Model):
    """An organization with its role in the case, as it was when the case took it over from the project."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=[(role.value, role.label) for role in Role])
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "organization", "role"),
                condition=models.Q(left_at__isnull=True),
                name="one_organization_once_in_a_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} ({self.get_role_display()})"

    @classmethod
    def join(cls, case: Case, organization: Organization, role: str, at: datetime) -> None:
        """Let a unit take part in the locked case, unless it does already in this role."""
        running.forget("parties", case.pk)
        if not cls._present(case, organization, role).exists():
            cls.objects.create(case=case, organization=organization, role=role, joined_at=at)

    @classmethod
    def leave(cls, case: Case, organization: Organization, role: str, at: datetime) -> bool:
        """Let the unit take part no longer; whether it did."""
        running.forget("parties", case.pk)
        return bool(cls._present(case, organization, role).update(left_at=at))

    @classmethod
    def _present(cls, case: Case, organization: Organization, role: str) -> models.QuerySet[Party]:
        return cls.objects.filter(case=case, organization=organization, role=role, left_at__isnull=True)


class Reader(models.Model):
    """Who may open a file that is sealed to everybody else: one account, or one office of one division."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="readers")
    account = models.CharField(max_length=32, blank=True, help_text="reference of an account")
    office = models.CharField(max_length=24, blank=True, help_text="role of an office")
    division = models.ForeignKey(
        "jurisdictions.Division", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "account", "office", "division"), name="one_reader_once_in_a_case"
            ),
            models.CheckConstraint(
                condition=models.Q(account="") ^ models.Q(office=""), name="reader_is_a_person_or_an_office"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account or self.office} reads {self.case}"


class Participant(models.Model):
    """An expert who may see the case: invited (as far as an invitation shows) or a member. Ends with the seat."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="participants")
    expert = models.CharField(max_length=32, help_text="reference of the expert file")
    is_member = models.BooleanField(default=False)
    committed_at = models.DateTimeField(
        null=True, help_text="signed the confidentiality commitment of this case"
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "expert"),
                condition=models.Q(left_at__isnull=True),
                name="one_participation_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert} in {self.case}"

    @classmethod
    def admit(cls, case: Case, experts: Sequence[str], *, is_member: bool, at: datetime) -> None:
        """Let experts see the case, which is locked: those who see it already as what they are from now on."""
        inside = cls.objects.filter(case=case, expert__in=experts, left_at__isnull=True)
        known = set(inside.values_list("expert", flat=True))
        if known:
            inside.update(is_member=is_member)
        Participant.objects.bulk_create(
            Participant(case=case, expert=expert, is_member=is_member, joined_at=at)
            for expert in experts
            if expert not in known
        )


class Deadline(models.Model):
    """A consequence that waits: at ``due_at`` the sweep performs the act that answers to ``name``."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    name = models.CharField(max_length=48)
    subject = models.CharField(max_length=48, blank=True)
    due_at = models.DateTimeField()
    clause = models.CharField(max_length=300)
    steps = models.JSONField(default=list)
    is_provisional = models.BooleanField(default=False)
    counted = models.JSONField(
        null=True, help_text="from what it was counted, so that it can be counted again"
    )
    reminded_at = models.DateTimeField(null=True, help_text="told that a provisional limit has come")
    opened_by = models.UUIDField(null=True)
    watch = models.CharField(max_length=64, blank=True)
    met_at = models.DateTimeField(null=True)
    performed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)

    class Meta:
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "name", "subject"),
                condition=models.Q(met_at__isnull=True, performed_at__isnull=True),
                name="one_open_deadline_of_a_kind",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=models.Q(met_at__isnull=True, performed_at__isnull=True),
                name="open_deadlines_by_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.name} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def until(self) -> datetime:
        """Its moment as pages show it: one that does not bind yet says so."""
        return shown(self.due_at, provisional=self.is_provisional)

    def is_late(self, at: datetime) -> bool:
        """Whether it has run out, and binds."""
        return is_over(self.until, at)

    def perform(self, at: datetime) -> None:
        """Mark that the sweep's act answered; called inside that act."""
        self.performed_at = at
        self.save(update_fields=("performed_at",))
