"""The tree: roots by the standard's own definition, proofs that hold, and nothing else that does."""

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.core.ledger.hashing import leaf_hash
from lunheng.core.ledger.tree import (
    EMPTY_ROOT,
    CompactRange,
    ProofError,
    consistency_proof,
    inclusion_proof,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)

ROOT = Path(__file__).resolve().parents[3]
PUBLIC = ROOT.parent / "shared" / "vectors" / "merkle" / "testdata"
OWN = json.loads((ROOT / "tests" / "vectors" / "ledger" / "tree.json").read_text("utf-8"))
LARGEST = 40
LEAVES = [leaf_hash(bytes([number])) for number in range(LARGEST)]


def defined_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return hashlib.sha256(b"\x01" + defined_root(leaves[:cut]) + defined_root(leaves[cut:])).digest()


def nodes(level: int, index: int) -> bytes:
    return defined_root(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_a_root_is_the_one_that_the_standard_defines(size: int) -> None:
    assert root_of(LEAVES[:size]) == root_at(size, nodes) == defined_root(LEAVES[:size])


def test_the_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert CompactRange().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_leaf_is_shown_to_be_in_every_tree(size: int) -> None:
    for index in range(size):
        verify_inclusion(
            index, size, LEAVES[index], inclusion_proof(index, size, nodes), defined_root(LEAVES[:size])
        )


@pytest.mark.parametrize("new", range(LARGEST + 1))
def test_every_tree_is_shown_to_begin_with_every_smaller_one(new: int) -> None:
    for old in range(new + 1):
        proof = consistency_proof(old, new, nodes)
        verify_consistency(old, new, proof, defined_root(LEAVES[:old]), defined_root(LEAVES[:new]))


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(index, size, nodes)
    with pytest.raises(ProofError, match="has no leaf"):
        verify_inclusion(index, size, LEAVES[0], [], EMPTY_ROOT)


def test_a_tree_does_not_begin_with_a_larger_one() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(6, 5, nodes)
    with pytest.raises(ProofError, match="does not begin"):
        verify_consistency(6, 5, [], LEAVES[0], LEAVES[1])


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_changed_inclusion_proof_shows_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    hashes = [LEAVES[index], root_at(size, nodes), *inclusion_proof(index, size, nodes)]
    place = data.draw(st.integers(0, len(hashes) - 1))
    hashes[place] = flipped(hashes[place], data.draw(st.integers(0, 255)))
    with pytest.raises(ProofError):
        verify_inclusion(index, size, hashes[0], hashes[2:], hashes[1])


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_changed_consistency_proof_shows_nothing(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, LARGEST))
    old = data.draw(st.integers(1, new - 1))
    hashes = [root_at(old, nodes), root_at(new, nodes), *consistency_proof(old, new, nodes)]
    place = data.draw(st.integers(0, len(hashes) - 1))
    hashes[place] = flipped(hashes[place], data.draw(st.integers(0, 255)))
    with pytest.raises(ProofError):
        verify_consistency(old, new, hashes[2:], hashes[0], hashes[1])


@given(st.integers(0, LARGEST - 1), st.integers(0, LARGEST + 3), st.integers(1, LARGEST))
@settings(max_examples=400, deadline=None)
def test_a_proof_of_one_place_shows_no_other(claimed: int, claimed_size: int, size: int) -> None:
    index = claimed % size
    proof, root = inclusion_proof(index, size, nodes), root_at(size, nodes)
    if (claimed, claimed_size) == (index, size):
        verify_inclusion(claimed, claimed_size, LEAVES[index], proof, root)
        return
    if claimed != index:
        with pytest.raises(ProofError):
            verify_inclusion(claimed, size, LEAVES[index], proof, root)


def flipped(value: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(value))


@pytest.mark.parametrize("short", [b"", b"\x00" * 31, b"\x00" * 33])
def test_a_hash_of_another_length_is_refused(short: bytes) -> None:
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(0, 2, LEAVES[0], [short], LEAVES[1])
    with pytest.raises(ProofError, match="32 bytes"):
        verify_consistency(1, 2, [short], LEAVES[0], LEAVES[1])


def public_vectors(kind: str) -> list[Any]:
    files = sorted((PUBLIC / kind).rglob("*.json")) if PUBLIC.is_dir() else []
    return [
        pytest.param(json.loads(file.read_text("utf-8")), id=str(file.relative_to(PUBLIC))) for file in files
    ]


def raw(text: str | None) -> bytes:
    return b64decode(text or "")


@pytest.mark.parametrize("vector", public_vectors("inclusion"))
def test_inclusion_agrees_with_the_public_vectors(vector: dict[str, Any]) -> None:
    def verify() -> None:
        proof = [raw(one) for one in vector["proof"] or []]
        verify_inclusion(
            vector["leafIdx"], vector["treeSize"], raw(vector["leafHash"]), proof, raw(vector["root"])
        )

    agrees(verify, vector["wantErr"])


@pytest.mark.parametrize("vector", public_vectors("consistency"))
def test_consistency_agrees_with_the_public_vectors(vector: dict[str, Any]) -> None:
    def verify() -> None:
        proof = [raw(one) for one in vector["proof"] or []]
        verify_consistency(
            vector["size1"], vector["size2"], proof, raw(vector["root1"]), raw(vector["root2"])
        )

    agrees(verify, vector["wantErr"])


def agrees(verify: Any, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(ProofError):
            verify()
    else:
        verify()


@pytest.mark.parametrize("vector", OWN["inclusion"], ids=lambda one: f"{one['index']}-of-{one['size']}")
def test_inclusion_proofs_are_those_on_file(vector: dict[str, Any]) -> None:
    proof = inclusion_proof(vector["index"], vector["size"], nodes)
    assert [one.hex() for one in proof] == vector["proof"]


@pytest.mark.parametrize("vector", OWN["consistency"], ids=lambda one: f"{one['old']}-to-{one['new']}")
def test_consistency_proofs_are_those_on_file(vector: dict[str, Any]) -> None:
    proof = consistency_proof(vector["old"], vector["new"], nodes)
    assert [one.hex() for one in proof] == vector["proof"]
