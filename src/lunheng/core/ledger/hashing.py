"""Leaf, node and payload: how the entries of the log are hashed, in each of its two trees."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from lunheng.core.ledger.sm3 import sm3

EMPTY_LEAF = "0" * 64
"""``prev`` of the first entry of a file."""


@dataclass(frozen=True)
class Hashing:
    """How a tree is hashed (RFC 6962); every digest has 32 bytes."""

    digest: Callable[[bytes], bytes]

    @property
    def empty(self) -> bytes:
        """Root of the tree without leaves: the digest of nothing."""
        return self.digest(b"")

    def leaf(self, body: bytes) -> bytes:
        """The leaf of an entry: digest(0x00 ‖ body)."""
        return self.digest(b"\x00" + body)

    def node(self, left: bytes, right: bytes) -> bytes:
        """The parent of two subtrees: digest(0x01 ‖ left ‖ right)."""
        return self.digest(b"\x01" + left + right)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


SHA256 = Hashing(_sha256)
SM3 = Hashing(sm3)


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 leaf: SHA-256(0x00 ‖ body), 32 bytes."""
    return SHA256.leaf(body)


def commitment(salt: bytes, payload: bytes) -> str:
    """HMAC-SHA-256 of the canonical payload under the entry's own 32-byte salt, in hex.

    Destroying salt and payload erases the content; the entry and its proof remain.
    """
    return hmac.new(salt, b"ledger-payload/1\n" + payload, hashlib.sha256).hexdigest()
