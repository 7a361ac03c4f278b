"""The sequencer: gives every committed entry its number and puts its leaf into the tree. Acts never wait for it.

Entries wait in ``Pending`` in the order in which they were written, so within a file they keep their order. One
sequencer works at a time, whoever calls; a second finds nothing to do. Numbers, tiles and the end of waiting are one
transaction: whatever stops it, an entry is either waiting or numbered, never both and never neither.
"""

from datetime import datetime

from django.db import connection, transaction

from lunheng.core.ledger.tiles import grow, partial_tiles
from lunheng.ledger import log, trees
from lunheng.ledger.models import Pending, Sequence, Tile, Tree

BATCH = 2_000
CHUNK = 500
LOCKS = {Tree.SHA256: 0x6C6F67, Tree.SM3: 0x6C6F68}
"""Numbers of the advisory locks on PostgreSQL; SQLite has one writer anyway."""


class SequencerError(Exception):
    """The tables of the log do not fit together; nothing was written."""


def sequence(at: datetime, *, limit: int = BATCH) -> int:
    """Number what waits, oldest first, at most ``limit`` entries; returns how many.

    Raises:
        SequencerError: tiles and numbers disagree, or somebody else took what waited.
    """
    if not Pending.objects.exists():
        return 0
    with transaction.atomic():
        if not _is_alone(Tree.SHA256):
            return 0
        waiting = list(
            Pending.objects.order_by("pk").values_list("pk", "entry_id", "entry__leaf_sha256")[:limit]
        )
        size = log.size()
        Sequence.objects.bulk_create(
            [Sequence(number=size + place, entry_id=row[1]) for place, row in enumerate(waiting)],
            batch_size=CHUNK,
        )
        _write_tiles(Tree.SHA256, _grown(Tree.SHA256, size, [bytes(row[2]) for row in waiting]))
        _take([row[0] for row in waiting])
    return len(waiting)


def mirror(at: datetime, *, limit: int = CHUNK) -> int:
    """Put what is numbered into the second tree too, in the same order, if this site keeps one; returns how many.

    Everything is hashed before the transaction begins, so that no act waits for it.

    Raises:
        SequencerError: the tiles of the second tree do not fit together.
    """
    if Tree.SM3 not in trees.in_use():
        return 0
    size, by = log.leaves(Tree.SM3), trees.HASHING[Tree.SM3]
    bodies = Sequence.objects.filter(number__gte=size, number__lt=size + limit).order_by("number")
    leaves = [by.leaf(bytes(body)) for body in bodies.values_list("entry__body", flat=True)]
    if not leaves:
        return 0
    tiles = _grown(Tree.SM3, size, leaves)
    with transaction.atomic():
        if not _is_alone(Tree.SM3) or log.leaves(Tree.SM3) != size:
            return 0
        _write_tiles(Tree.SM3, tiles)
    return len(leaves)


def _is_alone(tree: Tree) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCKS[tree]])
        return bool(cursor.fetchone()[0])


def _grown(tree: Tree, size: int, leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """The tiles that the leaves go into, with them."""
    tiles = {key: log.tile(*key, tree) for key in partial_tiles(size)}
    try:
        grow(size, leaves, tiles, trees.HASHING[tree])
    except ValueError as error:
        raise SequencerError(str(error)) from error
    return tiles


def _write_tiles(tree: Tree, tiles: dict[tuple[int, int], bytes]) -> None:
    Tile.objects.bulk_create(
        [
            Tile(tree=tree, level=level, index=index, hashes=hashes)
            for (level, index), hashes in tiles.items()
        ],
        update_conflicts=True,
        unique_fields=("tree", "level", "index"),
        update_fields=("hashes",),
        batch_size=CHUNK,
    )


def _take(keys: list[int]) -> None:
    taken = sum(
        Pending.objects.filter(pk__in=keys[begin : begin + CHUNK]).delete()[0]
        for begin in range(0, len(keys), CHUNK)
    )
    if taken != len(keys):
        raise SequencerError(f"{len(keys)} entries waited and {taken} were taken")
