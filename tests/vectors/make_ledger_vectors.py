"""Writes ``ledger/tree.json``: roots and proofs by the recursive definitions of RFC 6962, section 2.1, sharing no code
with the product. Run ``python -m tests.vectors.make_ledger_vectors``; the result never differs."""

import hashlib
import json
from pathlib import Path

SIZES = (1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 32, 33, 40)


def leaf(number: int) -> bytes:
    """The leaf hash of the entry that is the one byte ``number``."""
    return hashlib.sha256(b"\x00" + bytes([number])).digest()


def root(leaves: list[bytes]) -> bytes:
    """MTH."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    cut = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + root(leaves[:cut]) + root(leaves[cut:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH."""
    if len(leaves) == 1:
        return []
    cut = largest_power_below(len(leaves))
    if index < cut:
        return [*path(index, leaves[:cut]), root(leaves[cut:])]
    return [*path(index - cut, leaves[cut:]), root(leaves[:cut])]


def subproof(old: int, leaves: list[bytes], is_whole: bool) -> list[bytes]:
    """SUBPROOF."""
    if old == len(leaves):
        return [] if is_whole else [root(leaves)]
    cut = largest_power_below(len(leaves))
    if old <= cut:
        return [*subproof(old, leaves[:cut], is_whole), root(leaves[cut:])]
    return [*subproof(old - cut, leaves[cut:], False), root(leaves[:cut])]


def largest_power_below(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    cut = 1
    while cut * 2 < size:
        cut *= 2
    return cut


def main() -> None:
    """Write the file."""
    leaves = [leaf(number) for number in range(max(SIZES))]
    vectors = {
        "roots": [{"size": size, "root": root(leaves[:size]).hex()} for size in (0, *SIZES)],
        "inclusion": [
            {"index": index, "size": size, "proof": [one.hex() for one in path(index, leaves[:size])]}
            for size in SIZES
            for index in sorted({0, size // 2, size - 1})
        ],
        "consistency": [
            {"old": old, "new": new, "proof": [one.hex() for one in subproof(old, leaves[:new], True)]}
            for new in SIZES
            for old in SIZES
            if old <= new
        ],
    }
    file = Path(__file__).parent / "ledger" / "tree.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(vectors, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
