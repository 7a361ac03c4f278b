"""The attacks of somebody who owns the database, and even the log's key."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251
from typing import Any
from uuid import UUID

from django.db import connection

from lunheng.core.ledger import EMPTY_LEAF, canonical, leaf_hash
from lunheng.core.ledger.tiles import grow
from lunheng.ledger import publisher
from lunheng.ledger.memory import Memory
from lunheng.ledger.models import Checkpoint, Cosignature, Entry, Payload, Pending, RowState, Sequence, Tile
from lunheng.ledger.sequencer import sequence
from lunheng.ledger.signer import Signer
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter

FILES = ("TR-0001", "TR-0002", "TR-0003")
STRANGER = "TR-0009"


@dataclass
class Attack:
    """What was done: where it has to be named inside, by which number the public audit names it, and what was signed anew
    with the stolen key, oldest first.
    """

    place: tuple[str, str, str] | None = None
    number: int | None = None
    signed: list[Checkpoint] = field(default_factory=list)


def numbered(*, among: tuple[str, ...] = FILES) -> list[Entry]:
    """The entries of these files, in the order of the log."""
    entries = Entry.objects.filter(sequence__isnull=False, subject__in=among).select_related("sequence")
    return list(entries.order_by("sequence__number"))


def victim(random: Random, spared: set[UUID]) -> Entry:
    """An entry of which nobody holds a receipt, and which is not the last of its file."""
    return random.choice([one for one in numbered()[: -len(FILES)] if one.pk not in spared])


def edit(random: Random, spared: set[UUID]) -> Attack:
    """Change the body of one entry."""
    entry = victim(random, spared)
    Entry.objects.filter(pk=entry.pk).update(body=_changed(entry))
    return Attack(("ledger_entry", str(entry.pk), "body"), entry.sequence.number)


def edit_with_tile(random: Random, spared: set[UUID]) -> Attack:
    """The same, with leaf and tiles made to fit; the public audit names the next of its file, which follows another leaf."""
    entry = victim(random, spared)
    following = next(
        one for one in numbered(among=(entry.subject,)) if one.subject_number == entry.subject_number + 1
    )
    _edit_with_tile(entry)
    return Attack(("ledger_entry", str(entry.pk), "body, leaf_sha256"), following.sequence.number)


def edit_last_with_tile(random: Random, spared: set[UUID]) -> Attack:
    """The same at the end of a file, where no later entry names the leaf: only the signed root does."""
    entry = numbered()[-1]
    _edit_with_tile(entry)
    first = Checkpoint.objects.filter(size__gt=entry.sequence.number).order_by("size")[0]
    return Attack(("ledger_checkpoint", str(first.pk), "size, root"))


def _edit_with_tile(entry: Entry) -> None:
    body = _changed(entry)
    Entry.objects.filter(pk=entry.pk).update(body=body, leaf_sha256=leaf_hash(body))
    _retile()


def _changed(entry: Entry) -> bytes:
    body = bytes(entry.body).replace(b'"auth":""', b'"auth":"x"')
    assert body != bytes(entry.body)
    return body


def _retile() -> None:
    """Make the tiles anew from what the entries say."""
    leaves = Sequence.objects.order_by("number").values_list("entry__leaf_sha256", flat=True)
    tiles: dict[tuple[int, int], bytes] = {}
    grow(0, [bytes(leaf) for leaf in leaves], tiles)
    for (level, index), hashes in tiles.items():
        Tile.objects.filter(level=level, index=index).update(hashes=hashes)


def forget_pending(random: Random, spared: set[UUID]) -> Attack:
    """Take an entry out of the queue before it has its number."""
    (entry,) = enter(1, subject=random.choice(FILES))
    Pending.objects.filter(entry=entry).delete()
    return Attack(("ledger_pending", f"存证 {entry.pk}", "（整行）"))


@dataclass
class Thief:
    """Somebody with the log's own key, whose signer remembers nothing; ``folder`` is empty."""

    site: Site
    folder: Path
    size: int
    """How many entries the log had."""

    def cut(self, random: Random, spared: set[UUID]) -> Attack:
        """Delete the last entries; a smaller checkpoint is signed."""
        return self._published(_cut(random))

    def rewrite(self, random: Random, spared: set[UUID]) -> Attack:
        """Change one old entry and rewrite everything that follows from it."""
        entry = victim(random, spared)
        Entry.objects.filter(pk=entry.pk).update(body=_changed(entry))
        return self._gone_on(_forget())

    def insert(self, random: Random, spared: set[UUID]) -> Attack:
        """Put an entry of an earlier day among the others and rewrite what follows."""
        order = _forget()
        (stranger,) = enter(1, subject=STRANGER)
        place = random.randrange(len(order) - len(order) // 3, len(order) - 1)
        return self._gone_on([*order[:place], stranger.pk, *order[place:]])

    def fork(self, random: Random, spared: set[UUID]) -> Attack:
        """Cut the tail and grow another of the same length."""
        order = _cut(random)
        other = enter(self.size - len(order), subject=STRANGER)
        return self._gone_on([*order, *(entry.pk for entry in other)])

    def _gone_on(self, order: list[UUID]) -> Attack:
        """Published where it was as long as the true log, and once more when it is longer."""
        more = enter(1 + max(0, self.size - len(order)), subject=STRANGER)
        return self._published([*order, *(entry.pk for entry in more)])

    def _published(self, order: list[UUID]) -> Attack:
        _rechain(order)
        thief = Signer(self.site.signer.key, Memory(self.folder / "thief.json"))
        signed = []
        for limit in (self.size, len(order)):
            if sequence(OPENING, limit=limit):
                made = publisher.publish(OPENING, thief.answer)
                assert made is not None
                signed.append(made)
        return Attack(signed=signed)


def _cut(random: Random) -> list[UUID]:
    """Delete some of the last entries; the order of those that stay."""
    count = random.randrange(len(FILES), len(numbered()) // 2)
    order = _forget()
    for model in (Payload, RowState, Pending):
        model._default_manager.filter(entry_id__in=order[-count:]).delete()
    Entry.objects.filter(pk__in=order[-count:]).delete()
    return order[:-count]


def _forget() -> list[UUID]:
    """Throw the numbers, tiles, checkpoints and cosignatures away; the order that there was."""
    order = list(Sequence.objects.order_by("number").values_list("entry_id", flat=True))
    for model in (Cosignature, Checkpoint, Tile, Sequence, Pending):
        model._default_manager.all().delete()
    return order


def _rechain(order: list[UUID]) -> None:
    """Give every entry the predecessor and the leaf that it now has, and let all wait in this order."""
    last: dict[str, str] = {}
    entries = Entry.objects.in_bulk(order)
    changed: list[tuple[bytes, bytes, Any]] = []
    for key in order:
        entry = entries[key]
        fields = json.loads(bytes(entry.body))
        fields["prev"] = last.get(entry.subject, EMPTY_LEAF)
        body = canonical(fields)
        leaf = leaf_hash(body)
        last[entry.subject] = leaf.hex()
        if leaf != bytes(entry.leaf_sha256) or body != bytes(entry.body):
            name = Entry._meta.pk.get_db_prep_save(key, connection)
            changed.append((body, leaf, name))
    with connection.cursor() as cursor:
        if changed:
            cursor.executemany("UPDATE ledger_entry SET body = %s, leaf_sha256 = %s WHERE id = %s", changed)
    Pending.objects.all().delete()
    Pending.objects.bulk_create(Pending(entry_id=key) for key in order)


EDITS = {
    "row edited": edit,
    "row and its tile edited": edit_with_tile,
    "last row of a file and its tile edited": edit_last_with_tile,
    "pending row deleted": forget_pending,
}
"""Without the log's key."""
REWRITES = {
    "tail cut": Thief.cut,
    "old row changed, all rewritten": Thief.rewrite,
    "row put in, all rewritten": Thief.insert,
    "tail cut, another grown": Thief.fork,
}
"""With the log's key: everything inside fits."""
