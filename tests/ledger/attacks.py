"""The attacks of somebody who owns the database, and even the log's key."""

import json
from pathlib import Path
from random import Random  # noqa: TID251
from uuid import UUID

from django.db import connection

from lunheng.core.ledger import EMPTY_LEAF, canonical, leaf_hash
from lunheng.core.ledger.tiles import grow, hashes_of
from lunheng.ledger import log, publisher
from lunheng.ledger.memory import Memory
from lunheng.ledger.models import Checkpoint, Cosignature, Entry, Payload, Pending, Sequence, Tile
from lunheng.ledger.sequencer import sequence
from lunheng.ledger.signer import Signer
from lunheng.ledger.triggers import drop
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter

FILES = ("CS-0001", "CS-0002", "CS-0003")


def grown(site: Site, size: int) -> Checkpoint:
    """A log of ``size`` entries in three files, signed and cosigned; the ledger's own refusals lifted."""
    for number in range(size):
        enter(1, subject=FILES[number % len(FILES)])
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    drop(connection)
    return checkpoint


def numbered() -> list[Entry]:
    """The entries in the order of the log."""
    return list(Entry.objects.filter(sequence__isnull=False).order_by("sequence__number"))


def leaves() -> list[bytes]:
    """The leaves that the log shows."""
    tiles = Tile.objects.filter(level=0).order_by("index").values_list("hashes", flat=True)
    return [leaf for hashes in tiles for leaf in hashes_of(bytes(hashes))]


def edit(random: Random) -> Entry:
    """Change the body of one entry that is not the last of its file."""
    entry = random.choice(numbered()[: -len(FILES)])
    entry.body = bytes(entry.body).replace(b'"auth":""', b'"auth":"x"')
    Entry.objects.filter(pk=entry.pk).update(body=entry.body)
    return entry


def edit_with_tile(random: Random) -> Entry:
    """The same, with leaf and tiles made to fit."""
    entry = edit(random)
    Entry.objects.filter(pk=entry.pk).update(leaf_sha256=leaf_hash(bytes(entry.body)))
    retile()
    return entry


def retile() -> None:
    """Make the tiles anew from what the entries say."""
    tiles: dict[tuple[int, int], bytes] = {}
    grow(0, [bytes(entry.leaf_sha256) for entry in numbered()], tiles)
    for (level, index), hashes in tiles.items():
        Tile.objects.filter(level=level, index=index).update(hashes=hashes)


def cut(random: Random) -> None:
    """Delete the last entries."""
    count = random.randrange(1, log.size() // 2)
    forget()
    for entry in reversed(_all()[-count:]):
        Payload.objects.filter(entry=entry).delete()
        entry.delete()


def rewrite(random: Random) -> None:
    """Change one old entry and rewrite everything that follows from it."""
    edit(random)
    forget()
    rechain()


def insert(random: Random) -> None:
    """Put an entry of an earlier day among the others and rewrite what follows."""
    entries = numbered()
    place = random.randrange(1, len(entries) - 1)
    forget()
    enter(1, subject="CS-0009")
    stranger = Entry.objects.get(subject="CS-0009")
    Pending.objects.all().delete()
    rechain([*entries[:place], stranger, *entries[place:]])


def fork(random: Random) -> None:
    """Cut the tail and grow another of at least the same length."""
    size = log.size()
    cut(random)
    rechain()
    enter(size - log.size() + random.randrange(3), subject="CS-0009")


ALL = {"cut": cut, "rewrite": rewrite, "insert": insert, "fork": fork}
"""What only an outside memory sees."""


def forget() -> None:
    """Throw the numbers, tiles, checkpoints and cosignatures away."""
    for model in (Cosignature, Checkpoint, Tile):
        model._default_manager.all().delete()
    kept = list(Sequence.objects.order_by("number").values_list("entry_id", flat=True))
    Sequence.objects.all().delete()
    _order[:] = kept


_order: list[UUID] = []


def _all() -> list[Entry]:
    found = Entry.objects.in_bulk(_order)
    return [found[key] for key in _order if key in found]


def rechain(entries: list[Entry] | None = None) -> None:
    """Give every entry the predecessor and the leaf that it now has, and let all wait in this order."""
    last: dict[str, str] = {}
    for entry in entries or _all():
        fields = json.loads(bytes(Entry.objects.get(pk=entry.pk).body))
        fields["prev"] = last.get(entry.subject, EMPTY_LEAF)
        body = canonical(fields)
        last[entry.subject] = leaf_hash(body).hex()
        Entry.objects.filter(pk=entry.pk).update(body=body, leaf_sha256=leaf_hash(body))
        Pending.objects.get_or_create(entry=entry)


def forged(site: Site, folder: Path) -> Checkpoint:
    """The changed log under the log's own key, stolen, by a signer that remembers nothing."""
    for entry in _all():
        if not Sequence.objects.filter(entry=entry).exists():
            Pending.objects.get_or_create(entry=entry)
    sequence(OPENING)
    thief = Signer(site.signer.key, Memory(folder / "thief.json"))
    made = publisher.publish(OPENING, thief.answer)
    assert made is not None
    return made
