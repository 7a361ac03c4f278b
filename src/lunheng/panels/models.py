"""专家组: the request, the draws, the members and what became of each, the leader."""

from django.db import models
from django.db.models import Q


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


class SpecialtyNeed(models.Model):
    """So many seats of one specialty."""

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="needs")
    specialty = models.CharField(max_length=32)
    count = models.PositiveSmallIntegerField()
    is_extra = models.BooleanField(default=False)

    class Meta:
        ordering = ("is_extra", "specialty")
        constraints = (
            models.UniqueConstraint(fields=("request", "specialty", "is_extra"), name="one_need_of_a_specialty"),
            models.CheckConstraint(condition=Q(count__gte=1), name="need_is_at_least_one"),
        )

    def __str__(self) -> str:
        return f"{self.specialty} × {self.count}"


class Draw(models.Model):
    """One performance of chance: first draw, backfill, or push. Numbered, kept, never undone."""

    class Kind(models.TextChoices):
        FIRST = "first", "首次抽取"
        BACKFILL = "backfill", "补抽"
        PUSH = "push", "推送"

    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    because = models.CharField(max_length=64, blank=True, help_text="silence, declined, recused, undelivered, lost …")
    seed = models.CharField(max_length=64, help_text="hex")
    result = models.JSONField(help_text="order of references with specialty")
    document = models.JSONField(help_text="the transcript of this round")
    shortage = models.JSONField(default=dict)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ("request", "number")
        constraints = (models.UniqueConstraint(fields=("request", "number"), name="draws_are_numbered_in_a_request"),)

    def __str__(self) -> str:
        return f"{self.request} draw {self.number}"


class Exclusion(models.Model):
    """Who could not be drawn in this round, by which clause and for which reason."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="exclusions")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=32)
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
        constraints = (models.UniqueConstraint(fields=("case", "expert"), name="one_sister_decision_of_an_expert"),)

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

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="members")
    request = models.ForeignKey(PanelRequest, on_delete=models.PROTECT, related_name="members")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="members")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="sittings")
    specialty = models.CharField(max_length=32)
    is_extra = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(help_text="place in the draw or push")
    fitting_tags = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices)
    is_leader = models.BooleanField(default=False)
    drawn_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    contact_order = models.PositiveSmallIntegerField(null=True)
    consent_disputed_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True, help_text="signed the confidentiality commitment")
    left_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=300, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ("case", "draw", "order")
        constraints = (
            models.UniqueConstraint(fields=("request", "expert"), name="one_seat_of_an_expert_in_a_request"),
            models.UniqueConstraint(fields=("case",), condition=Q(is_leader=True), name="one_leader_in_a_panel"),
            models.CheckConstraint(
                condition=Q(is_leader=False) | Q(state="confirmed"), name="leader_is_a_confirmed_member"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="confirmed_member_has_its_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.get_state_display()}"


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
