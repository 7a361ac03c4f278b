"""抽样: a share of things, in the order of the hashes of a seed with each of their keys; whoever has the seed computes it."""

from collections.abc import Sequence
from hashlib import sha256


def drawn_of(keys: Sequence[str], share: int, seed: bytes) -> tuple[str, ...]:
    """So many hundredths of the keys, rounded up; one at least where there are any."""
    size = -(-len(keys) * share // 100)
    return tuple(sorted(keys, key=lambda key: sha256(seed + b"\0" + key.encode()).digest())[:size])
