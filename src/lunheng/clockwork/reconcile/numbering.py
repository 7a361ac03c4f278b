"""The numbers of the log and its tiles against the entries: every entry waits or is numbered, every leaf is in its tile."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from lunheng.clockwork.reconcile.difference import WHOLE, Difference
from lunheng.core.ledger import leaf_hash
from lunheng.core.ledger.hashing import SHA256, SM3, Hashing
from lunheng.core.ledger.tiles import grow, hashes_of, tiles_of
from lunheng.core.ledger.tree import CompactRange
from lunheng.ledger.models import Checkpoint, Entry, Pending, Sequence, Tile, Tree

PENDING, SEQUENCE, TILE = "ledger_pending", "ledger_sequence", "ledger_tile"
CHECKPOINT = "ledger_checkpoint"
CHUNK = 500
Key = tuple[int, int]
Signed = tuple[int, str, int, bytes | memoryview]
"""Of a checkpoint the key, the tree, the size and the root."""


def differences() -> Iterator[Difference]:
    """Every number, place in the queue and tile that does not fit."""
    # Read first: the log may only grow meanwhile.
    signed = list(Checkpoint.objects.order_by("size").values_list("pk", "tree", "size", "root"))
    numbered = dict(Sequence.objects.order_by("number").values_list("number", "entry_id"))
    yield from _waiting(set(numbered.values()))
    tiles = {(one.level, one.index): one for one in Tile.objects.filter(tree=Tree.SHA256)}
    leaves = dict(enumerate(_stored_leaves(tiles)))
    known = _leaves_of(list(numbered.values()))
    wrong = [*_numbers(numbered, known, leaves)]
    yield from wrong
    size = len(leaves) if wrong else len(numbered)
    owners = [known.get(numbered[place], set()) if place in numbered else set() for place in range(size)]
    in_order = [_leaf(own, leaves.get(place, b"")) for place, own in enumerate(owners)]
    yield from _tiles(tiles, in_order, SHA256)
    if not wrong:
        yield from _roots([row for row in signed if row[1] == Tree.SHA256], in_order, SHA256)
    second = {(one.level, one.index): one for one in Tile.objects.filter(tree=Tree.SM3)}
    yield from _second(second, numbered, [row for row in signed if row[1] == Tree.SM3])
    for key in Tile.objects.exclude(tree__in=Tree.values).values_list("pk", flat=True):
        yield Difference(TILE, str(key), "tree", "没有这棵散列树")


def _waiting(numbered: set[UUID]) -> Iterator[Difference]:
    known = set(Entry.objects.values_list("pk", flat=True))
    waiting = dict(Pending.objects.values_list("entry_id", "pk"))
    misplaced = [key for key in waiting if key in numbered or key not in known]
    for key in misplaced:
        yield Difference(PENDING, str(waiting[key]), "entry_id", "这条存证不在等待编号")
    lost = known - numbered - set(waiting)
    strangers = set(numbered) - known
    if not misplaced and not strangers:
        for name in sorted(map(str, lost)):
            yield Difference(PENDING, f"存证 {name}", WHOLE, "既未编号，也不在等待编号")


def _stored_leaves(tiles: Mapping[Key, Tile]) -> Iterator[bytes]:
    index = 0
    while (0, index) in tiles:
        yield from hashes_of(bytes(tiles[0, index].hashes))
        index += 1


def _leaves_of(entries: list[UUID]) -> dict[UUID, set[bytes]]:
    """Of every entry the leaf that is stored and the leaf that its body has; one of the two may have been edited."""
    found: dict[UUID, set[bytes]] = {}
    for begin in range(0, len(entries), CHUNK):
        rows = Entry.objects.filter(pk__in=entries[begin : begin + CHUNK])
        for key, body, leaf in rows.values_list("pk", "body", "leaf_sha256"):
            found[key] = {bytes(leaf), leaf_hash(bytes(body))}
    return found


def _numbers(
    numbered: Mapping[int, UUID], known: Mapping[UUID, set[bytes]], leaves: Mapping[int, bytes]
) -> Iterator[Difference]:
    """Numbers that the tiles do not know, and entries that sit at the place of another."""
    homes = {leaf: place for place, leaf in leaves.items()}
    holes = _holes(numbered, known, leaves)
    for number, entry in numbered.items():
        own = known.get(entry, set())
        if leaves.get(number) in own:
            continue
        home = next((homes[leaf] for leaf in own if leaf in homes), None)
        if home in holes:
            holes.discard(int(home or 0))
            yield Difference(SEQUENCE, str(number), "number", f"散列树上这条存证是第 {home} 号")
        elif leaves.get(number) in _unnumbered(numbered) or not own:
            yield Difference(SEQUENCE, str(number), "entry_id", "散列树上这个号是另一条存证")
    for number in sorted(holes):
        yield Difference(SEQUENCE, str(number), WHOLE, "这个编号不见了")


def _holes(
    numbered: Mapping[int, UUID], known: Mapping[UUID, set[bytes]], leaves: Mapping[int, bytes]
) -> set[int]:
    """Places of the tiles without a number; what no entry has ever been, behind the last, is the tile's own fault."""
    without = set(leaves) - set(numbered)
    if not without:
        return without
    entries = _unnumbered(numbered).union(*known.values())
    last = max(numbered, default=-1)
    return {place for place in without if place < last or leaves[place] in entries}


def _unnumbered(numbered: Mapping[int, UUID]) -> set[bytes]:
    taken = set(numbered.values())
    waiting = [key for key in Entry.objects.values_list("pk", flat=True) if key not in taken]
    return {leaf for leaves in _leaves_of(list(waiting)).values() for leaf in leaves}


def _second(
    tiles: Mapping[Key, Tile], numbered: Mapping[int, UUID], signed: list[Signed]
) -> Iterator[Difference]:
    """The second tree over the same bodies, as far as it has come; a body that was edited is named elsewhere."""
    stored = list(_stored_leaves(tiles))
    entries = [numbered[place] for place in range(len(stored)) if place in numbered]
    bodies = {
        key: bytes(body)
        for begin in range(0, len(entries), CHUNK)
        for key, body, leaf in Entry.objects.filter(pk__in=entries[begin : begin + CHUNK]).values_list(
            "pk", "body", "leaf_sha256"
        )
        if leaf_hash(bytes(body)) == bytes(leaf)
    }
    leaves = [
        SM3.leaf(bodies[numbered[place]]) if numbered.get(place) in bodies else leaf
        for place, leaf in enumerate(stored)
    ]
    yield from _tiles(tiles, leaves, SM3)
    yield from _roots(signed, leaves, SM3)


def _roots(signed: list[Signed], leaves: list[bytes], by: Hashing) -> Iterator[Difference]:
    """The first checkpoint whose signed root the tree does not have.

    Who changes an entry with its leaf and tiles, at the end of a file, contradicts nothing else inside.
    """
    tree_so_far = CompactRange(by)
    for key, _, count, root in signed:
        held = tree_so_far.size
        for leaf in leaves[held:count]:
            tree_so_far.append(leaf)
        if tree_so_far.size < count:
            yield Difference(CHECKPOINT, str(key), "size, root", f"散列树只有 {len(leaves)} 条")
            return
        if tree_so_far.root() != bytes(root):
            reason = f"散列树在 {count} 条时不是签过名的树根：第 {held} 至 {count - 1} 号存证之中有改动"
            yield Difference(CHECKPOINT, str(key), "size, root", reason)
            return


def _tiles(tiles: Mapping[Key, Tile], leaves: list[bytes], by: Hashing) -> Iterator[Difference]:
    """Tiles that are not what the leaves in their order give."""
    wanted = {(level, index) for level, index, _ in tiles_of(len(leaves))}
    for key in sorted(set(tiles) - wanted):
        yield Difference(TILE, str(tiles[key].pk), "tree, level, index", "散列树没有这一片")
    if len(tiles) < len(wanted):
        for level, index in sorted(wanted - set(tiles)):
            yield Difference(TILE, f"{level}/{index}", WHOLE, "这一片不见了")
    expected: dict[Key, bytes] = {}
    grow(0, leaves, expected, by)
    for key in sorted(wanted & set(tiles)):
        if bytes(tiles[key].hashes) != expected[key]:
            reason = f"第 {key[0]} 层第 {key[1]} 片与存证不符"
            yield Difference(TILE, str(tiles[key].pk), "tree, hashes", reason)


def _leaf(own: set[bytes], stored: bytes) -> bytes:
    """The leaf at a place: the tile's word where it agrees with the entry, else the entry's."""
    return stored if stored in own or not own else min(own)
