"""The sequencer: gives every committed entry its number and puts its leaf into the tree. Acts never wait for it.

Entries wait in ``Pending`` in the order in which they were written, so within a file they keep their order. One
sequencer works at a time, whoever calls; a second finds nothing to do. Numbers, tiles and the end of waiting are one
transaction: whatever stops it, an entry is either waiting or numbered, never both and never neither.
"""

from datetime import datetime

from django.db import connection, transaction

from lunheng.core.ledger.tiles import grow, partial_tiles
from lunheng.ledger import log
from lunheng.ledger.models import Pending, Sequence, Tile

BATCH = 2_000
CHUNK = 500
LOCK = 0x6C6F67
"""Number of the advisory lock on PostgreSQL; SQLite has one writer anyway."""


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
        if not _is_alone():
            return 0
        waiting = list(
            Pending.objects.order_by("pk").values_list("pk", "entry_id", "entry__leaf_sha256")[:limit]
        )
        size = log.size()
        Sequence.objects.bulk_create(
            [Sequence(number=size + place, entry_id=row[1]) for place, row in enumerate(waiting)],
            batch_size=CHUNK,
        )
        _add_leaves(size, [bytes(row[2]) for row in waiting])
        _take([row[0] for row in waiting])
    return len(waiting)


def _is_alone() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _add_leaves(size: int, leaves: list[bytes]) -> None:
    before = {key: log.tile(*key) for key in partial_tiles(size)}
    tiles = dict(before)
    try:
        grow(size, leaves, tiles)
    except ValueError as error:
        raise SequencerError(str(error)) from error
    Tile.objects.bulk_create(
        [Tile(level=level, index=index, hashes=hashes) for (level, index), hashes in tiles.items()],
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
