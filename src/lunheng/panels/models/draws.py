"""抽取: every performance of chance, who contributed to it, and who could not be drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from lunheng.core.eligibility import Excluded, Ground
from lunheng.core.procedures.consequences import BACKFILL_SEAT, WITHHOLD_DRAW
from lunheng.experts.models import Expert
from lunheng.panels.models.members import Member
from lunheng.web.reasons import ReasonColumn

if TYPE_CHECKING:
    pass


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

    request = models.ForeignKey("PanelRequest", on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.COMMITTED)
    because = models.CharField(
        max_length=64, blank=True, help_text="silence, declined, recused, undelivered, lost …"
    )
    reason = ReasonColumn(blank=True, help_text="why the client begins again")
    lost = models.ForeignKey("Member", on_delete=models.PROTECT, null=True, related_name="redraws")
    seed = models.CharField(max_length=64, blank=True, help_text="hex")
    salt = models.CharField(max_length=64, help_text="hex; secret of the pseudonyms of this draw")
    result = models.JSONField(default=list, help_text="order of references with specialty")
    document = models.JSONField(help_text="what was committed; once drawn, the transcript of this round")
    shortage = models.JSONField(default=dict)
    tally = models.JSONField(default=dict, help_text="what was expected and what came, in whole numbers")
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

    def complete(self, document: Mapping[str, Any], tally: Mapping[str, Any], at: datetime) -> None:
        """Keep what chance gave, and what of it counts in the statistics."""
        self.state, self.drawn_at = self.State.DONE, at
        self.document, self.seed = dict(document), document["seed"]
        self.tally = dict(tally)
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
        self.request.case.met(WITHHOLD_DRAW, at=at, key=self.pk)
        self.request.case.deadlines.filter(
            name=BACKFILL_SEAT.name, met_at__isnull=True, performed_at__isnull=True
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
        member = self.member(expert, state, specialty=specialty, order=order, **fields)
        member.save()
        return member

    def member(self, expert: Expert, state: str, *, specialty: str, order: int, **fields: Any) -> Member:
        """One expert whom chance gave, not kept yet: those of a draw are kept together."""
        assert self.drawn_at is not None
        return Member(
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

    draw = models.ForeignKey("Draw", on_delete=models.PROTECT, related_name="contributions")
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

    draw = models.ForeignKey("Draw", on_delete=models.PROTECT, related_name="exclusions")
    expert = models.ForeignKey("experts.Expert", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=32, choices=[(ground.value, ground.label) for ground in Ground])
    clause = models.CharField(max_length=300)
    path = models.CharField(max_length=400, blank=True, help_text="relation path in words")

    def __str__(self) -> str:
        return f"{self.expert} {self.ground}"
