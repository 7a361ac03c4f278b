"""The bytes of the ledger: what an entry says, and how it is hashed.

1. An entry's body is canonical JSON (RFC 8785, restricted): ASCII keys, no floats, integers below 2**53,
   NFC strings without lone surrogates.
2. Its leaf is SHA-256(0x00 ‖ body) (RFC 6962); ``prev`` of a body is the leaf before it in the same file.
3. The body is public: it carries a salted commitment to the payload, never the payload.
"""

from lunheng.core.ledger.body import FIELDS, Body, make_body, parse_body
from lunheng.core.ledger.canonical import CanonicalError, canonical
from lunheng.core.ledger.chain import ChainBreak, check_chain
from lunheng.core.ledger.hashing import EMPTY_LEAF, commitment, leaf_hash
from lunheng.core.ledger.identifier import uuid7

__all__ = [
    "EMPTY_LEAF",
    "FIELDS",
    "Body",
    "CanonicalError",
    "ChainBreak",
    "canonical",
    "check_chain",
    "commitment",
    "leaf_hash",
    "make_body",
    "parse_body",
    "uuid7",
]
