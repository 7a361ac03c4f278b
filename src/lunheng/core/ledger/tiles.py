"""Tiles: the tree cut into static pieces of 256 hashes (C2SP tlog-tiles), and the entries in bundles of 256.

A tile at level L holds hashes of perfect subtrees of 256**L leaves. A full tile never changes, so anybody may keep it
for ever; the last tile of each level is partial and is addressed together with its width.
"""

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence

from lunheng.core.ledger.body import LARGEST_BODY
from lunheng.core.ledger.hashing import SHA256, Hashing
from lunheng.core.ledger.tree import HASH_SIZE, Nodes, root_of

WIDTH = 256
HEIGHT = 8
ENTRIES = "entries"

Tiles = Callable[[int, int], bytes]
"""Answers the stored hashes of tile ``(level, index)``, one after another."""
PATH = re.compile(
    r"(?P<level>entries|0|[1-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """The address of a tile below ``tile/``: ``0/x001/x234/067``, with ``.p/<width>`` for a partial one."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"{level}/{'/'.join(reversed(groups))}{partial}"


def parse_tile_path(path: str) -> tuple[int | str, int, int]:
    """Level (or ``entries``), index and width of an address.

    Raises:
        ValueError: it is no address of a tile, or one of another spelling than ``tile_path`` gives.
    """
    found = PATH.fullmatch(path)
    if not found:
        raise ValueError(f"{path!r} is no address of a tile")
    level = found["level"] if found["level"] == ENTRIES else int(found["level"])
    index = int(found["index"].replace("x", "").replace("/", ""))
    width = int(found["width"] or WIDTH)
    if width > WIDTH or tile_path(level, index, width) != path:
        raise ValueError(f"{path!r} is not how this tile is addressed")
    return level, index, width


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, index and width of every tile of a tree of ``size`` leaves."""
    level = 0
    while size:
        yield from ((level, index, WIDTH) for index in range(size // WIDTH))
        if size % WIDTH:
            yield level, size // WIDTH, size % WIDTH
        size //= WIDTH
        level += 1


def grow(
    size: int, leaves: Iterable[bytes], tiles: MutableMapping[tuple[int, int], bytes], by: Hashing = SHA256
) -> int:
    """Add leaf hashes to a tree of ``size`` leaves; ``tiles`` holds its partial tiles and is given the touched ones.

    Returns the new size.
    """
    for leaf in leaves:
        _put(0, size, leaf, tiles, by)
        size += 1
    return size


def _put(
    level: int, place: int, value: bytes, tiles: MutableMapping[tuple[int, int], bytes], by: Hashing
) -> None:
    key = (level, place // WIDTH)
    before = tiles.get(key, b"")
    if len(before) != place % WIDTH * HASH_SIZE:
        raise ValueError(f"tile {key} holds {len(before)} bytes, not the hashes before place {place}")
    tiles[key] = before + value
    if place % WIDTH == WIDTH - 1:
        _put(level + 1, place // WIDTH, root_of(hashes_of(tiles[key]), by), tiles, by)


def partial_tiles(size: int) -> list[tuple[int, int]]:
    """The tiles that the next leaves of a tree of ``size`` leaves go into, as far as they hold something already."""
    return [(level, index) for level, index, width in tiles_of(size) if width != WIDTH]


def nodes_from(tiles: Tiles, by: Hashing = SHA256) -> Nodes:
    """Perfect subtrees read from tiles; a tile is asked for once, so make a new reader for a tree that has grown."""
    kept: dict[tuple[int, int], bytes] = {}

    def nodes(level: int, index: int) -> bytes:
        height, rest = divmod(level, HEIGHT)
        begin = index << rest
        key = (height, begin // WIDTH)
        if key not in kept:
            kept[key] = tiles(*key)
        offset = begin % WIDTH * HASH_SIZE
        return perfect_root(kept[key][offset : offset + (HASH_SIZE << rest)], 1 << rest, by)

    return nodes


def perfect_root(hashes: bytes, count: int, by: Hashing = SHA256) -> bytes:
    """The root over ``count`` (a power of two) hashes that follow one another.

    Raises:
        ValueError: there are fewer; the tile is not wide enough.
    """
    if len(hashes) != count * HASH_SIZE:
        raise ValueError("the tile is narrower than the tree says")
    row = hashes_of(hashes)
    while len(row) > 1:
        row = [by.node(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def hashes_of(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[at : at + HASH_SIZE] for at in range(0, len(tile), HASH_SIZE)]


def bundle(bodies: Iterable[bytes]) -> bytes:
    """Entries one after another, each after its length in two bytes, big-endian.

    Raises:
        ValueError: a body of more than 65,535 bytes.
    """
    parts = []
    for body in bodies:
        if len(body) > LARGEST_BODY:
            raise ValueError(f"a body of {len(body)} bytes does not fit into a bundle")
        parts.append(len(body).to_bytes(2, "big") + body)
    return b"".join(parts)


def parse_bundle(raw: bytes) -> Sequence[bytes]:
    """The bodies of a bundle.

    Raises:
        ValueError: it ends in the middle of one.
    """
    bodies, at = [], 0
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 2], "big")
        body = raw[at + 2 : at + 2 + length]
        if at + 1 >= len(raw) or len(body) != length:
            raise ValueError("the bundle ends in the middle of an entry")
        bodies.append(body)
        at += 2 + length
    return bodies
