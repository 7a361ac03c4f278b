"""Electronic signatures: who makes the keys (``seals``), and signing and verifying with them."""

from lunheng.documents.signing.signatures import (
    SignatureCheck,
    SignedAlready,
    UnreadableDocument,
    sign,
    verify,
)

__all__ = ["SignatureCheck", "SignedAlready", "UnreadableDocument", "sign", "verify"]
