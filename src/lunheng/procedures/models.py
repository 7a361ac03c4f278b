"""办理流程: one matter under a procedure of the pack, the people it concerns, and every step that was taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from lunheng.core.actor import Role
from lunheng.core.policy.proceedings import Procedure, Step

if TYPE_CHECKING:
    from lunheng.core.actor import Actor


class Proceeding(models.Model):
    """One running or finished matter; its case is pinned to the digest of the pack whose procedure it follows."""

    class State(models.TextChoices):
        RUNNING = "running", "办理中"
        COMPLETED = "completed", "已办结"
        REFUSED = "refused", "未获通过"
        WITHDRAWN = "withdrawn", "已撤回"
        LAPSED = "lapsed", "逾期终止"

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="proceeding")
    about = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="proceedings", help_text="the file it concerns"
    )
    procedure = models.CharField(max_length=48, help_text="key in the pack")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    step = models.CharField(max_length=32, blank=True, help_text="id of the step whose turn it is")
    step_began_at = models.DateTimeField()
    place = models.ForeignKey(
        "jurisdictions.Division",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="where whoever applies is at home: which county's office it is for",
    )
    turn_office = models.CharField(
        max_length=24, null=True, help_text="whose turn it is; null where the row is older than the column"
    )
    turn_division = models.ForeignKey(
        "jurisdictions.Division", on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict, help_text="what the office filled in when it opened the matter")
    opened_by = models.CharField(max_length=64, help_text="reference of an account")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="running", ended_at__isnull=True) & ~models.Q(step="")
                | ~models.Q(state="running") & models.Q(step="", ended_at__isnull=False),
                name="running_proceeding_has_a_step_and_no_end",
            ),
            models.UniqueConstraint(
                fields=("about", "procedure", "opened_by"),
                condition=models.Q(state="running"),
                name="one_running_proceeding_of_a_kind",
            ),
        )
        indexes = (
            models.Index(fields=("state", "step"), name="proceedings_by_step"),
            models.Index(fields=("turn_office", "turn_division"), name="proceedings_by_turn"),
        )

    def __str__(self) -> str:
        return str(self.case)

    @property
    def rule(self) -> Procedure:
        """The procedure as the pinned pack has it."""
        return self.case.law.procedure(self.procedure)

    @property
    def here(self) -> Step | None:
        """The step whose turn it is; none when the matter is over."""
        return self.rule.by_id[self.step] if self.step else None

    @property
    def is_running(self) -> bool:
        """Whether it still goes on."""
        return self.state == self.State.RUNNING

    def clause_of(self, step: Step) -> str:
        """The clause of a step as it is cited."""
        return str(self.case.law.procedure_clause(self.procedure, step))

    def division_of(self, office: str) -> str:
        """In which division an office takes its steps of this matter: as it was found when the matter began."""
        reader = self.case.readers.filter(office=office).first() if office else None
        return str(reader.division_id) if reader else self.case.division_id

    def go(self, step: str, at: datetime) -> None:
        """The turn passes to another step; what the former one waited for has happened. Under the case's lock."""
        self._close_limits(at)
        self.step, self.step_began_at = step, at
        self.turn_office = self.rule.by_id[step].office
        self.turn_division_id = self.division_of(self.turn_office)
        self.save(update_fields=("step", "step_began_at", "turn_office", "turn_division"))

    def end(self, state: str, at: datetime) -> None:
        """The matter is over. Under the case's lock."""
        self._close_limits(at)
        for notice in self.case.notices.filter(
            ended_at__isnull=True, withdrawn_at__isnull=True, kind="notice"
        ):
            notice.withdraw(at)
        self.state, self.step, self.ended_at = state, "", at
        self.turn_office = self.turn_division_id = None
        self.save(update_fields=("state", "step", "ended_at", "turn_office", "turn_division"))
        self.case.closed_at = at
        self.case.save(update_fields=("closed_at",))
        self.case.move("closed")

    def effected(self, candidate: Candidate, at: datetime, *, file_id: int | None = None) -> None:
        """What the present step was to do for one candidate is done (or need not be): inside the answering act."""
        candidate.effected_step, candidate.effected_at = self.step, at
        candidate.file_id = file_id or candidate.file_id
        candidate.save(update_fields=("effected_step", "effected_at", "file"))

    def arguments(self, candidate: Candidate) -> dict[str, Any]:
        """What the present effect needs to know, by the names that the effect uses."""
        here = self.here
        known = {**self.data, **candidate.data}
        names = here.arguments if here else {}
        return known | {ours: known.get(theirs) for ours, theirs in names.items()}

    def take(
        self,
        step: Step,
        outcome: str,
        *,
        actor: Actor,
        at: datetime,
        reason: str = "",
        data: dict[str, Any] | None = None,
        candidate: Candidate | None = None,
    ) -> StepTaken:
        """Note a step with its outcome. Under the case's lock."""
        return StepTaken.objects.create(
            proceeding=self,
            number=self.steps_taken.count() + 1,
            candidate=candidate,
            step=step.id,
            kind=step.kind,
            outcome=outcome,
            reason=reason.strip(),
            data=data or {},
            clause=self.clause_of(step),
            taken_by=actor.reference,
            role=actor.role.value,
            taken_at=at,
        )

    def _close_limits(self, at: datetime) -> None:
        self.case.deadlines.filter(
            name__startswith="procedures.", met_at__isnull=True, performed_at__isnull=True
        ).update(met_at=at)


class Candidate(models.Model):
    """人选: one person whom a matter concerns; in an application the applicant."""

    class Result(models.TextChoices):
        OPEN = "", "未定"
        PICKED = "picked", "列入名单"
        LEFT_OUT = "left_out", "未列入名单"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="candidates")
    number = models.PositiveIntegerField()
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="candidacies")
    name = models.CharField(max_length=64)
    data = models.JSONField(
        default=dict, help_text="the forms filled in for this person, laid over each other"
    )
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True, default=Result.OPEN)
    effected_step = models.CharField(max_length=32, blank=True)
    effected_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("proceeding", "number"), name="candidates_are_numbered"),
            models.UniqueConstraint(
                fields=("proceeding", "file"),
                condition=models.Q(file__isnull=False),
                name="one_candidacy_of_a_file",
            ),
            models.UniqueConstraint(
                fields=("proceeding", "account"),
                condition=models.Q(account__isnull=False),
                name="one_candidacy_of_an_account",
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | models.Q(file__isnull=False),
                name="candidate_is_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_of(self, actor: Actor) -> bool:
        """Whether the actor is this person, by account or in the expert's seat."""
        is_own_file = bool(actor.expert) and self.file is not None and self.file.title == actor.expert
        return is_own_file or (self.account is not None and self.account.reference == actor.reference)


class IssuedDocument(models.Model):
    """制发的文书: a letter, a certificate or a list that anybody can check by its code."""

    class Form(models.TextChoices):
        LETTER = "letter", "聘书"
        CERTIFICATE = "certificate", "证书"
        LIST = "list", "名单"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="issued")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, null=True, related_name="issued")
    form = models.CharField(max_length=12, choices=Form.choices)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=48, unique=True)
    code = models.CharField(max_length=19, unique=True, help_text="by which anybody checks it")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.number


class Draft(models.Model):
    """草稿: what somebody has typed and not handed in; no act, and gone when it is handed in."""

    account = models.CharField(max_length=64, help_text="reference of an account")
    matter = models.CharField(
        max_length=96, help_text="what it is to become: a pool and procedure, or a step"
    )
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "matter"), name="one_draft_of_a_matter"),)

    def __str__(self) -> str:
        return self.matter


class StepTaken(models.Model):
    """One step that somebody took, never changed afterwards."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps_taken")
    number = models.PositiveIntegerField()
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, null=True, related_name="steps_taken")
    step = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    clause = models.CharField(max_length=300)
    taken_by = models.CharField(max_length=64)
    role = models.CharField(max_length=24, choices=[(role.value, role.label) for role in Role])
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("proceeding", "number"), name="steps_are_numbered"),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=("return", "refuse", "reject", "skip"))
                | ~models.Q(reason=""),
                name="turned_down_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proceeding} {self.step} {self.outcome}"
