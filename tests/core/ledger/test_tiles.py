"""Tiles: how they are addressed, how they grow, and that they answer what the leaves themselves would."""

import pytest

from lunheng.core.ledger.hashing import leaf_hash
from lunheng.core.ledger.tiles import (
    bundle,
    grow,
    nodes_from,
    parse_bundle,
    parse_tile_path,
    partial_tiles,
    tile_path,
    tiles_of,
)
from lunheng.core.ledger.tree import inclusion_proof, root_at, root_of, verify_inclusion

SIZE = 256 * 256 + 256 + 3
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(SIZE)]


@pytest.fixture(scope="module")
def tiles() -> dict[tuple[int, int], bytes]:
    """A tree of three levels of tiles, grown in uneven steps."""
    grown: dict[tuple[int, int], bytes] = {}
    size = 0
    for step in (1, 254, 1, 1, 4000, SIZE):
        size = grow(size, LEAVES[size : size + step], grown)
    return grown


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        ((0, 0, 256), "0/000"),
        ((0, 1234067, 256), "0/x001/x234/067"),
        ((1, 0, 3), "1/000.p/3"),
        (("entries", 999, 255), "entries/999.p/255"),
        ((63, 1000, 256), "63/x001/000"),
    ],
)
def test_a_tile_has_one_address(tile: tuple[int | str, int, int], path: str) -> None:
    assert (tile_path(*tile), parse_tile_path(path)) == (path, tile)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/0",
        "0/x000/001",
        "64/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/257",
        "entries/000.p/999",
        "0/000.p/01",
        "00/000",
        "-1/000",
        "0/１２３",
        "0/000/",
    ],
)
def test_another_spelling_is_no_address(path: str) -> None:
    with pytest.raises(ValueError, match="addres"):
        parse_tile_path(path)


def test_a_tree_of_three_levels_has_these_tiles() -> None:
    tiles = list(tiles_of(SIZE))
    assert (len(tiles), tiles[-3:]) == (257 + 1 + 2 + 1, [(1, 0, 256), (1, 1, 1), (2, 0, 1)])


def test_tiles_hold_what_they_should(tiles: dict[tuple[int, int], bytes]) -> None:
    assert {(level, index): width * 32 for level, index, width in tiles_of(SIZE)} == {
        key: len(value) for key, value in tiles.items()
    }


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, SIZE])
def test_the_root_from_tiles_is_the_root_of_the_leaves(
    size: int, tiles: dict[tuple[int, int], bytes]
) -> None:
    assert root_at(size, nodes_from(lambda level, index: tiles[level, index])) == root_of(LEAVES[:size])


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, SIZE - 1])
def test_a_proof_from_tiles_holds(index: int, tiles: dict[tuple[int, int], bytes]) -> None:
    proof = inclusion_proof(index, SIZE, nodes_from(lambda level, number: tiles[level, number]))
    verify_inclusion(index, SIZE, LEAVES[index], proof, root_of(LEAVES))


def test_growing_needs_only_the_partial_tiles(tiles: dict[tuple[int, int], bytes]) -> None:
    begun: dict[tuple[int, int], bytes] = {}
    grow(0, LEAVES[:300], begun)
    kept = {key: begun[key] for key in partial_tiles(300)}
    grow(300, LEAVES[300:600], kept)
    whole: dict[tuple[int, int], bytes] = {}
    grow(0, LEAVES[:600], whole)
    assert {key: whole[key] for key in kept} == kept


def test_a_tree_does_not_grow_over_a_tile_that_lost_a_hash() -> None:
    with pytest.raises(ValueError, match="before place 3"):
        grow(3, [LEAVES[3]], {(0, 0): b"\x00" * 64})


def test_a_tile_that_is_too_narrow_answers_nothing() -> None:
    with pytest.raises(ValueError, match="narrower"):
        root_at(4, nodes_from(lambda level, index: b"\x00" * 96))


def test_a_bundle_gives_back_its_entries() -> None:
    bodies = [b"", b"a", b"x" * 65_535]
    assert parse_bundle(bundle(bodies)) == bodies


def test_a_body_that_is_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(ValueError, match="65536"):
        bundle([b"x" * 65_536])


@pytest.mark.parametrize("raw", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00"])
def test_a_bundle_that_ends_early_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="middle"):
        parse_bundle(raw)
