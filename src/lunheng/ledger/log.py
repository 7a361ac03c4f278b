"""Reads of the log: its size, its tiles and bundles, its checkpoints, and the receipt of an entry."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from lunheng.core.ledger.note import NoteError, parse_note, valid_signatures
from lunheng.core.ledger.proof import Receipt
from lunheng.core.ledger.quorum import NONE, Policy, parse_policy
from lunheng.core.ledger.tiles import ENTRIES, WIDTH, bundle, nodes_from, parse_tile_path
from lunheng.core.ledger.tree import HASH_SIZE, Nodes, inclusion_proof
from lunheng.ledger import trees
from lunheng.ledger.keys import verify
from lunheng.ledger.models import Checkpoint, Cosignature, Entry, Sequence, Tile, Tree

LOOKED_BACK = 50
"""Cosigned checkpoints among which one that the policy accepts is looked for: witnesses are asked every minute."""


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


def policy() -> Policy:
    """The site's policy: the log's key, the witnesses and the quorum.

    Raises:
        OSError: there is no policy file yet (the signer has never run).
        PolicyError: the file is no policy.
    """
    return parse_policy(Path(settings.LEDGER_POLICY).read_text("utf-8"))


def accepted(asked: Policy, tree: Tree = Tree.SHA256, *, size: int = 0) -> Checkpoint | None:
    """The newest checkpoint of at least ``size`` entries that is cosigned as the policy asks, if there is one."""
    recent = Checkpoint.objects.filter(tree=tree, size__gte=size).prefetch_related("cosignatures")
    if asked.quorum != NONE:
        recent = recent.filter(pk__in=Cosignature.objects.values("checkpoint"))
    return next((one for one in recent[:LOOKED_BACK] if _is_accepted(asked, one)), None)


def _is_accepted(asked: Policy, checkpoint: Checkpoint) -> bool:
    keys = [party.key for party in asked.witnesses.values()]
    try:
        found = valid_signatures(parse_note(cosigned(checkpoint).encode()), keys, verify)
    except NoteError:
        return False
    return asked.is_met([key for key, _ in found])


def handed_out(tree: Tree = Tree.SHA256, *, size: int = 0) -> Checkpoint | None:
    """The checkpoint under which outsiders get what at least ``size`` entries hold: the newest that the policy accepts.

    While there is none, the newest signed one: a log may grow faster than its witnesses answer. None when that is
    shorter.
    """
    newest = published(tree)
    if newest is None or newest.size < size:
        return None
    try:
        return accepted(policy(), tree, size=size) or newest
    except (OSError, ValueError):  # there is no policy yet
        return newest


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
    """Proof that the entry is in the log, under the newest checkpoint that the policy accepts, else the newest one.

    Raises:
        NotInLog: no checkpoint covers the entry yet; it will in a few seconds.
    """
    place = Sequence.objects.filter(entry_id=entry_id).select_related("entry").first()
    checkpoint = handed_out(tree, size=place.number + 1) if place else None
    if place is None or checkpoint is None:
        raise NotInLog(f"no checkpoint covers {entry_id} yet")
    path = inclusion_proof(place.number, checkpoint.size, nodes(tree), trees.HASHING[tree])
    return Receipt(bytes(place.entry.body), place.number, path, cosigned(checkpoint).encode())
