"""专家组: the request, the draws, the members and what became of each, the leader."""

from lunheng.panels.models.draws import Contribution, Draw, Exclusion
from lunheng.panels.models.elections import Ballot, Election
from lunheng.panels.models.members import Member, SisterDecision
from lunheng.panels.models.requests import PanelRequest, SpecialtyNeed

__all__ = [
    "Ballot",
    "Contribution",
    "Draw",
    "Election",
    "Exclusion",
    "Member",
    "PanelRequest",
    "SisterDecision",
    "SpecialtyNeed",
]
