"""Who follows a log signs what extends the last checkpoint, and nothing else."""

import pytest

from lunheng.core.ledger.following import NotFollowed, Tip, follow
from lunheng.core.ledger.hashing import leaf_hash
from lunheng.core.ledger.note import Checkpoint
from lunheng.core.ledger.tree import consistency_proof, root_of

LEAVES = [leaf_hash(bytes([number])) for number in range(20)]


def nodes(level: int, index: int) -> bytes:
    return root_of(LEAVES[index << level : (index + 1) << level])


def checkpoint(size: int, leaves: list[bytes] | None = None) -> Checkpoint:
    return Checkpoint("log.example", size, root_of((leaves or LEAVES)[:size]))


TIP = Tip(11, root_of(LEAVES[:11]))


@pytest.mark.parametrize("size", [0, 1, 11, 20])
def test_the_first_checkpoint_is_followed(size: int) -> None:
    assert follow(Tip(), 0, checkpoint(size), []) == Tip(size, root_of(LEAVES[:size]))


@pytest.mark.parametrize("size", [11, 12, 16, 20])
def test_what_extends_the_tip_is_followed(size: int) -> None:
    tip = follow(TIP, 11, checkpoint(size), consistency_proof(11, size, nodes))
    assert tip == Tip(size, root_of(LEAVES[:size]))


FORKED = [*LEAVES[:5], leaf_hash(b"another"), *LEAVES[6:]]


@pytest.mark.parametrize(
    ("old", "new", "status", "body"),
    [
        (11, checkpoint(10), 400, None),
        (10, checkpoint(12), 409, "11\n"),
        (0, checkpoint(12), 409, "11\n"),
        (11, checkpoint(11, FORKED), 409, "11\n"),
        (11, checkpoint(20, FORKED), 422, None),
    ],
)
def test_what_goes_back_or_aside_is_not_followed(
    old: int, new: Checkpoint, status: int, body: str | None
) -> None:
    with pytest.raises(NotFollowed) as refusal:
        follow(TIP, old, new, consistency_proof(min(old, new.size), new.size, nodes))
    assert (refusal.value.status, body or refusal.value.body) == (status, refusal.value.body)
