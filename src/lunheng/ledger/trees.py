"""The two trees over the log: one origin, one way of hashing and one kind of key each, over the same entries."""

from django.conf import settings

from lunheng.core.ledger.hashing import SHA256, SM3, Hashing
from lunheng.core.ledger.note import LOG
from lunheng.core.ledger.note import SM2 as SM2_KEY
from lunheng.ledger.models import Tree

HASHING: dict[Tree, Hashing] = {Tree.SHA256: SHA256, Tree.SM3: SM3}
KEYS: dict[Tree, int] = {Tree.SHA256: LOG, Tree.SM3: SM2_KEY}
SUFFIX = "/sm3"
FILES = {Tree.SHA256: ("key", "state.json"), Tree.SM3: ("key-sm2", "state-sm3.json")}
"""Where in the signer's folder a tree's key and memory lie."""
FOLDERS = {Tree.SHA256: ".", Tree.SM3: "sm3"}
"""Where below the log's address, and in an exported copy, a tree lies."""


def in_use() -> list[Tree]:
    """The trees that this site keeps; the second only when it is switched on."""
    return [Tree.SHA256, Tree.SM3] if settings.LEDGER_SECOND_TREE else [Tree.SHA256]


def origin(tree: Tree) -> str:
    """The name under which the tree's checkpoints are signed."""
    return str(settings.LEDGER_ORIGIN) + (SUFFIX if tree == Tree.SM3 else "")
