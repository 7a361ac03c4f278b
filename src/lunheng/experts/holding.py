"""Standing changes under locks that no draw slips through, and running reviews look again.

A draw locks its review, then the rows of the experts whom it seats, and asks once more who serves. Whoever changes a standing
takes the same road: reviews, file, the expert's row, the standing. What a draw took while it was waited for is found
afterwards, under the lock: then the act begins again and locks that review too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lunheng.cases.acts import BeginAgain
from lunheng.cases.locks import lock, lock_many
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.procedures.consequences import RECHECK_RELATIONS
from lunheng.experts import queries
from lunheng.experts.models import Expert
from lunheng.pools.models import Membership


@dataclass(frozen=True)
class Held:
    """One expert with file, standing, and the running reviews in which he is asked or sits; all locked."""

    reviews: tuple[Case, ...]
    file: Case
    expert: Expert
    standing: Membership


def hold(reference: str, file_id: int) -> Held:
    """Lock all of it in the one order.

    Raises:
        BeginAgain: a draw seated the expert while this was waited for.
    """
    reviews = lock_many(queries.open_reviews_of(reference))
    file = lock(file_id)
    expert = queries.expert_of_file_for_update(file_id)
    if set(queries.open_reviews_of(reference).values_list("pk", flat=True)) - {one.pk for one in reviews}:
        raise BeginAgain(reference)
    return Held(tuple(reviews), file, expert, queries.membership_for_update(expert))


def look_again(reviews: Iterable[Case], expert: Expert, label: str, actor: Actor, at: datetime) -> None:
    """Every locked review checks its panel anew, as a consequence due now."""
    for review in reviews:
        clause = review.law.clause("recusal.relations")
        if not review.awaits(RECHECK_RELATIONS):
            review.due(RECHECK_RELATIONS, due=at, clause=clause, watch=expert.reference)
        data = {"label": label, "clause": str(clause), "expert": expert.reference}
        review.enter(actor=actor, at=at, data=data)
