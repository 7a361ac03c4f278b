"""The Merkle tree over the leaves of the log (RFC 6962): roots, proofs, and their verification.

A tree of n leaves is cut at the largest power of two below n, again and again. Every cut leaves a *perfect* subtree on
its left, so every proof is read from perfect subtrees alone, and a store has to keep nothing else: ``Nodes`` answers
the hash of the perfect subtree at ``(level, index)``, which covers the leaves ``[index << level, (index + 1) << level)``.
Which hash it is, ``by`` says: that of the ecosystem unless told otherwise.
"""

from collections.abc import Callable, Iterable, Sequence

from lunheng.core.ledger.hashing import SHA256, Hashing

Nodes = Callable[[int, int], bytes]

EMPTY_ROOT = SHA256.empty
"""Root of the tree without leaves."""
HASH_SIZE = 32


class ProofError(ValueError):
    """A proof does not show what it is said to show."""


class CompactRange:
    """The roots of the perfect subtrees of a growing tree, largest first: all that appending needs to remember."""

    def __init__(self, by: Hashing = SHA256) -> None:
        self.by = by
        self.size = 0
        self.hashes: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        self.hashes.append(leaf)
        self.size += 1
        carry = self.size
        while carry % 2 == 0:
            right = self.hashes.pop()
            self.hashes[-1] = self.by.node(self.hashes[-1], right)
            carry //= 2

    def root(self) -> bytes:
        """The root of the whole tree."""
        return _folded(self.hashes, self.by)


def root_of(leaves: Iterable[bytes], by: Hashing = SHA256) -> bytes:
    """The root over leaf hashes."""
    compact = CompactRange(by)
    for leaf in leaves:
        compact.append(leaf)
    return compact.root()


def root_at(size: int, nodes: Nodes, by: Hashing = SHA256) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return subtree(0, size, nodes, by)


def subtree(begin: int, end: int, nodes: Nodes, by: Hashing = SHA256) -> bytes:
    """The hash over the leaves ``[begin, end)``, where ``begin`` is a place at which the tree is cut."""
    hashes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        hashes.append(nodes(level, begin >> level))
        begin += 1 << level
    return _folded(hashes, by)


def inclusion_proof(index: int, size: int, nodes: Nodes, by: Hashing = SHA256) -> list[bytes]:
    """The path from leaf ``index`` to the root of ``size`` leaves, lowest sibling first.

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        cut = begin + _cut(end - begin)
        if index < cut:
            path.append(subtree(cut, end, nodes, by))
            end = cut
        else:
            path.append(subtree(begin, cut, nodes, by))
            begin = cut
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes, by: Hashing = SHA256) -> list[bytes]:
    """What shows that the tree of ``old`` leaves is the beginning of the tree of ``new``; empty for 0 and for equal sizes.

    Raises:
        ValueError: ``old`` is greater than ``new``, or negative.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    begin, end, is_whole = 0, new, True
    while old != end:
        cut = begin + _cut(end - begin)
        if old <= cut:
            path.append(subtree(cut, end, nodes, by))
            end = cut
        else:
            path.append(subtree(begin, cut, nodes, by))
            begin, is_whole = cut, False
    if not is_whole:
        path.append(subtree(begin, end, nodes, by))
    return path[::-1]


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes, by: Hashing = SHA256
) -> None:
    """Check that ``leaf`` is number ``index`` (from 0) of the ``size`` leaves under ``root``.

    Raises:
        ProofError: it is not shown.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    _check_widths([leaf, root, *proof])
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise ProofError(f"{len(proof)} hashes are not the length of this path")
    computed = leaf
    for level, sibling in enumerate(proof):
        is_right = level >= inner or index >> level & 1
        computed = by.node(sibling, computed) if is_right else by.node(computed, sibling)
    if computed != root:
        raise ProofError("the path does not lead to the root")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes, by: Hashing = SHA256
) -> None:
    """Check that the tree of ``old`` leaves under ``old_root`` is the beginning of the one under ``new_root``.

    Every tree begins with the empty one, whose root is checked and whose proof is empty.

    Raises:
        ProofError: it is not shown.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves does not begin with {old}")
    if old == new:
        _check_same(proof, old_root, new_root)
    if old == 0:
        _check_nothing(proof, old_root, new_root, by)
    if old in (0, new):
        return
    _check_widths([old_root, new_root, *proof])
    level = (old & -old).bit_length() - 1
    # A perfect old tree is itself the first node of the path, and is left out of the proof.
    path = list(proof) if old != 1 << level else [old_root, *proof]
    inner = (old - 1 ^ new - 1).bit_length() - level
    index = old - 1 >> level
    if len(path) != 1 + inner + (index >> inner).bit_count():
        raise ProofError(f"{len(proof)} hashes are not the length of this proof")
    _check_roots(index, inner, path, (old_root, new_root), by)


def _check_same(proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    if proof:
        raise ProofError("between equal sizes a proof is empty")
    if old_root != new_root:
        raise ProofError("two roots for one size")


def _check_nothing(proof: Sequence[bytes], old_root: bytes, new_root: bytes, by: Hashing) -> None:
    _check_widths([new_root])
    if proof:
        raise ProofError("from no leaves a proof is empty")
    if old_root != by.empty:
        raise ProofError("the root of no leaves is another")


def _check_roots(
    index: int, inner: int, path: Sequence[bytes], roots: tuple[bytes, bytes], by: Hashing
) -> None:
    before = after = path[0]
    for level, sibling in enumerate(path[1:]):
        if level >= inner or index >> level & 1:
            before = by.node(sibling, before)
            after = by.node(sibling, after)
        else:
            after = by.node(after, sibling)
    if before != roots[0]:
        raise ProofError("the proof does not lead to the old root")
    if after != roots[1]:
        raise ProofError("the proof does not lead to the new root")


def _check_widths(hashes: Iterable[bytes]) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofError("a hash has not 32 bytes")


def _cut(size: int) -> int:
    """The largest power of two below ``size`` (2 or more)."""
    return 1 << (size - 1).bit_length() - 1


def _folded(hashes: Sequence[bytes], by: Hashing) -> bytes:
    if not hashes:
        return by.empty
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = by.node(left, root)
    return root
