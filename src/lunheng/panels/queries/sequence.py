"""抽取公示: all draws of a pool in the order of the platform's chains, so that a missing one is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from lunheng.panels.models import Contribution, Draw
from lunheng.panels.queries.published import MEANINGS, PURPOSES
from lunheng.pools.models import Chain, Pool


@dataclass(frozen=True)
class Lane:
    """One chain of the platform: links published, draws that used them, links nobody can account for."""

    chain: Chain
    draws: int

    @property
    def is_whole(self) -> bool:
        """Whether every published link belongs to a draw, and at most one draw waits for the next."""
        return 0 <= self.draws - self.chain.taken <= 1

    @property
    def missing(self) -> int:
        """Published links without a draw."""
        return max(0, self.chain.taken - self.draws)


@dataclass(frozen=True)
class Place:
    """A draw on its link; `gap` names the links before it that no draw accounts for."""

    share: Contribution
    meaning: str
    gap: tuple[int, int] | None

    @property
    def draw(self) -> Draw:
        """The draw."""
        found: Draw = self.share.draw
        return found

    @property
    def purpose(self) -> str:
        """What the draw is for."""
        return PURPOSES[Draw.Kind(self.draw.kind)]


def lanes_of(pool: Pool) -> list[Lane]:
    """The platform's chains of a pool."""
    used = Contribution.objects.filter(chain__pool=pool, party=Contribution.Party.PLATFORM).order_by()
    counted = dict(used.values_list("chain").annotate(Count("id")))
    chains = Chain.objects.filter(pool=pool, owner=Chain.Owner.PLATFORM).order_by("number")
    return [Lane(chain, counted.get(chain.pk, 0)) for chain in chains]


def shares_of(pool: Pool) -> QuerySet[Contribution]:
    """The platform's shares in the order of lane and link, each with its draw."""
    return (
        Contribution.objects.filter(chain__pool=pool, party=Contribution.Party.PLATFORM)
        .select_related("chain", "draw__request__case")
        .defer("draw__document", "draw__result", "draw__tally")
        .order_by("chain__number", "link")
    )


def places(shares: Iterable[Contribution], before: Contribution | None) -> Iterator[Place]:
    """Each draw with the gap in front of it; `before` is the share before the first one."""
    for share in shares:
        is_same = before is not None and before.chain_id == share.chain_id
        due = before.link + 1 if is_same and before is not None else 1
        gap = (due, share.link - 1) if share.link > due else None
        yield Place(share, MEANINGS[Draw.State(share.draw.state)], gap)
        before = share
