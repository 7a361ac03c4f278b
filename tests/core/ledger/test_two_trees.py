"""Both trees over the same entries are those that a program of other people builds."""

import hashlib

import pymerkle
import pytest
from pymerkle import hasher

from lunheng.core.ledger.hashing import SHA256, SM3, Hashing
from lunheng.core.ledger.tiles import grow, nodes_from
from lunheng.core.ledger.tree import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    root_at,
    verify_consistency,
    verify_inclusion,
)

needs_sm3 = pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="their program needs it")
TREES = [pytest.param("sha256", SHA256), pytest.param("sm3", SM3, marks=needs_sm3)]


class Both:
    """The same entries in the same order in our tiles and in their tree."""

    def __init__(self, name: str, by: Hashing, size: int) -> None:
        bodies = [f"虚构的第{number}条".encode() for number in range(size)]
        tiles: dict[tuple[int, int], bytes] = {}
        self.by = by
        self.leaves = [by.leaf(body) for body in bodies]
        grow(0, self.leaves, tiles, by)
        self.nodes = nodes_from(lambda level, index: tiles[level, index], by)
        self.theirs = pymerkle.InmemoryTree(algorithm=name)
        self.theirs.append_entries(bodies)

    def root(self, size: int) -> bytes:
        """Theirs."""
        found: bytes = self.theirs.get_root(size)
        return found

    def check_proofs(self, old: int, new: int) -> None:
        """Ours of the last leaf of ``old`` in ``new``, and of ``old`` in ``new``, against their roots and their path."""
        path = inclusion_proof(old - 1, new, self.nodes, self.by)
        assert path == self.theirs.prove_inclusion(old, new).path[1:]
        verify_inclusion(old - 1, new, self.leaves[old - 1], path, self.root(new), self.by)
        proof = consistency_proof(old, new, self.nodes, self.by)
        verify_consistency(old, new, proof, self.root(old), self.root(new), self.by)


@pytest.fixture(autouse=True)
def _teach_them_sm3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(hasher.HASH_FUNCTIONS, "sm3", lambda data=b"": hashlib.new("sm3", data))
    monkeypatch.setattr(hasher, "ALGORITHMS", [*hasher.ALGORITHMS, "sm3"])


@pytest.mark.parametrize(("name", "by"), TREES)
def test_three_thousand_roots_and_five_hundred_proofs_agree(name: str, by: Hashing) -> None:
    both = Both(name, by, 3_000)
    sizes = range(1, 3_001)
    assert [root_at(size, both.nodes, by) for size in sizes] == [both.root(size) for size in sizes]
    for number in range(250):
        new = 3_000 - number * 7
        both.check_proofs(1 + number * 1_009 % new, new)


def test_the_trees_differ_in_everything_but_their_entries() -> None:
    first, second = Both("sha256", SHA256, 5), Both("sm3", SM3, 5)
    proof = inclusion_proof(2, 5, second.nodes, SM3)
    with pytest.raises(ProofError):
        verify_inclusion(2, 5, second.leaves[2], proof, second.root(5))
    assert first.root(5) != second.root(5)
