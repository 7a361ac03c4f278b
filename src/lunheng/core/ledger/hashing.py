"""Leaf hash and payload commitment."""

import hashlib
import hmac

EMPTY_LEAF = "0" * 64
"""``prev`` of the first entry of a file."""


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 leaf: SHA-256(0x00 ‖ body), 32 bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def commitment(salt: bytes, payload: bytes) -> str:
    """HMAC-SHA-256 of the canonical payload under the entry's own 32-byte salt, in hex.

    Destroying salt and payload erases the content; the entry and its proof remain.
    """
    return hmac.new(salt, b"ledger-payload/1\n" + payload, hashlib.sha256).hexdigest()
