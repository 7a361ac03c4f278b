"""推选组长: ballots of the members."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from lunheng.panels.models.members import Member


class Election(models.Model):
    """One ballot for the leader; a tie opens the next among the tied."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="elections")
    round = models.PositiveSmallIntegerField()
    candidates = models.ManyToManyField(Member, related_name="candidacies")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    winner = models.ForeignKey("Member", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("case", "round")
        constraints = (models.UniqueConstraint(fields=("case", "round"), name="elections_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.case} election {self.round}"

    def put_up(self, candidates: Iterable[Member]) -> None:
        """Let these stand for election, in one statement."""
        place = Election.candidates.through
        place._default_manager.bulk_create(
            place(election_id=self.pk, member_id=candidate.pk) for candidate in candidates
        )


class Ballot(models.Model):
    """One member's vote for a leader."""

    election = models.ForeignKey("Election", on_delete=models.PROTECT, related_name="ballots")
    voter = models.ForeignKey("Member", on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey("Member", on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("election", "voter"), name="one_ballot_of_a_member"),)

    def __str__(self) -> str:
        return f"{self.voter} → {self.choice}"
