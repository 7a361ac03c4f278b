"""What the parties hold of their entries: where each stands in the log, and the receipts of many at once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lunheng.core.ledger.proof import Receipt
from lunheng.core.ledger.tree import inclusion_proof
from lunheng.ledger import log, trees
from lunheng.ledger.models import Checkpoint, Entry, Tree
from lunheng.ledger.rowstates import KIND

DIGITS = 32
"""How much of a leaf is printed and read aloud: half of it, 128 bits, is more than anybody can make a second entry for."""


@dataclass(frozen=True)
class Standing:
    """Where an entry stands: its number in the log, and whether a signed checkpoint covers it."""

    number: int | None
    is_signed: bool

    @property
    def words(self) -> str:
        """待签发, or 已签发 with the number that everybody finds it by."""
        return f"已签发 #{self.number}" if self.is_signed else "待签发"


def signed_size(tree: Tree = Tree.SHA256) -> int:
    """How many entries the newest signed checkpoint covers."""
    size = Checkpoint.objects.filter(tree=tree).values_list("size", flat=True).first()
    return size or 0


def standing(entry: Entry, covered: int) -> Standing:
    """Where the entry stands under a checkpoint of ``covered`` entries; asks nothing when its ``sequence`` was selected."""
    place = getattr(entry, "sequence", None)
    number: int | None = place.number if place else None
    return Standing(number, number is not None and number < covered)


def digits_of(entry: Entry) -> str:
    """The digits to print beside an entry, and to compare."""
    return bytes(entry.leaf_sha256).hex()[:DIGITS]


def files_of(entry: Entry) -> list[dict[str, str | int]]:
    """The files that the entry names by digest, without what it says of rows."""
    files: list[dict[str, str | int]] = json.loads(bytes(entry.body))["files"]
    return [file for file in files if file.get("kind") != KIND]


def consequences(entry: Entry) -> list[Entry]:
    """Later entries of the same file that refer to this one, for instance of the document that was drawn up of it."""
    later = Entry.objects.filter(subject=entry.subject, subject_number__gt=entry.subject_number)
    return [one for one in later if str(entry.pk) in json.loads(bytes(one.body))["refs"]]


def grouped(digits: str) -> str:
    """The same in groups of four, for people."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def receipts_of(entries: Iterable[Entry], tree: Tree = Tree.SHA256) -> Iterator[tuple[Entry, Receipt]]:
    """The receipts of those entries that a checkpoint covers; tiles are read once.

    All stand under the newest checkpoint that the policy accepts, and what came after it under the newest one.
    """
    accepted, newest = log.handed_out(tree), log.published(tree)
    if accepted is None or newest is None:
        return
    nodes = log.nodes(tree)
    notes = {one.size: log.cosigned(one).encode() for one in (accepted, newest)}
    for entry in entries:
        place = standing(entry, newest.size)
        if place.is_signed and place.number is not None:
            size = accepted.size if place.number < accepted.size else newest.size
            path = inclusion_proof(place.number, size, nodes, trees.HASHING[tree])
            yield entry, Receipt(bytes(entry.body), place.number, path, notes[size])
