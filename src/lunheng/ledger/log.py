"""Reads of the log: its size, its tiles and bundles, its checkpoints, and the receipt of an entry."""

from uuid import UUID

from django.db.models import Max

from lunheng.core.ledger.proof import Receipt
from lunheng.core.ledger.tiles import ENTRIES, WIDTH, bundle, nodes_from, parse_tile_path
from lunheng.core.ledger.tree import HASH_SIZE, Nodes, inclusion_proof
from lunheng.ledger import trees
from lunheng.ledger.models import Checkpoint, Entry, Sequence, Tile, Tree


class NotInLog(LookupError):
    """The log has no such tile, or does not cover the entry yet."""


def size() -> int:
    """How many entries are numbered."""
    last: int | None = Sequence.objects.aggregate(last=Max("number"))["last"]
    return 0 if last is None else last + 1


def leaves(tree: Tree) -> int:
    """How many leaves are in a tree's tiles."""
    last = Tile.objects.filter(tree=tree, level=0).order_by("-index").first()
    return last.index * WIDTH + len(last.hashes) // HASH_SIZE if last else 0


def tile(level: int, index: int, tree: Tree = Tree.SHA256) -> bytes:
    """The stored hashes of a tile, which may be more than a checkpoint covers.

    Raises:
        NotInLog: there is none.
    """
    hashes = Tile.objects.filter(tree=tree, level=level, index=index).values_list("hashes", flat=True).first()
    if hashes is None:
        raise NotInLog(f"no tile {level}/{index} of {tree}")
    return bytes(hashes)


def nodes(tree: Tree = Tree.SHA256) -> Nodes:
    """Perfect subtrees of the log as it is now; make a new reader after it has grown."""
    return nodes_from(lambda level, index: tile(level, index, tree), trees.HASHING[tree])


def published(tree: Tree = Tree.SHA256) -> Checkpoint | None:
    """The newest signed checkpoint."""
    return Checkpoint.objects.filter(tree=tree).prefetch_related("cosignatures").first()


def cosigned(checkpoint: Checkpoint) -> str:
    """The checkpoint's note with the cosignatures that came in."""
    return checkpoint.note + "".join(one.line for one in checkpoint.cosignatures.all())


def resource(path: str, tree: Tree = Tree.SHA256) -> bytes:
    """The bytes at ``tile/<path>``, as far as the newest checkpoint covers them.

    Raises:
        NotInLog: no address of a tile, or one that is not published.
    """
    try:
        level, index, width = parse_tile_path(path)
    except ValueError as error:
        raise NotInLog(str(error)) from error
    checkpoint = published(tree)
    height = 0 if level == ENTRIES else int(level)
    covered = checkpoint.size // WIDTH**height if checkpoint else 0
    if index * WIDTH + width > covered:
        raise NotInLog(f"{path} is not published")
    if level == ENTRIES:
        return _bundle(index, width)
    return tile(height, index, tree)[: width * HASH_SIZE]


def _bundle(index: int, width: int) -> bytes:
    first = index * WIDTH
    bodies = (
        Entry.objects.filter(sequence__number__gte=first, sequence__number__lt=first + width)
        .order_by("sequence__number")
        .values_list("body", flat=True)
    )
    return bundle(bytes(body) for body in bodies)


def receipt(entry_id: UUID, tree: Tree = Tree.SHA256) -> Receipt:
    """Proof that the entry is in the log, under the newest checkpoint.

    Raises:
        NotInLog: no checkpoint covers the entry yet; it will in a few seconds.
    """
    place = Sequence.objects.filter(entry_id=entry_id).select_related("entry").first()
    checkpoint = published(tree)
    if place is None or checkpoint is None or place.number >= checkpoint.size:
        raise NotInLog(f"no checkpoint covers {entry_id} yet")
    path = inclusion_proof(place.number, checkpoint.size, nodes(tree), trees.HASHING[tree])
    return Receipt(bytes(place.entry.body), place.number, path, cosigned(checkpoint).encode())
