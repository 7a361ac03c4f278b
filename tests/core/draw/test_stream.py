"""The stream of random bytes gives, on every machine, the published values."""

from collections import Counter

import pytest

from lunheng.core.draw import Stream, digest, shuffle

ZERO_SEED = bytes(32)


def test_the_first_block_is_the_published_one() -> None:
    first = "43654145fe58df0efde4a4053f8a64b1942659a060a8e152085a24457f130f60"

    assert Stream(ZERO_SEED).take(32).hex() == first


@pytest.mark.parametrize(
    ("bound", "values"),
    [
        (10, [3, 5, 1, 5, 8, 4, 4, 5, 4, 1, 4, 6]),
        (1000, [869, 325, 600, 782, 484, 5]),
        (2**100 + 1, [269021384248187982024706098495]),
    ],
)
def test_whole_numbers_are_the_published_ones(bound: int, values: list[int]) -> None:
    stream = Stream(ZERO_SEED)

    assert [stream.uniform(bound) for _ in values] == values


def test_a_shuffle_is_the_published_one() -> None:
    items = list(range(10))

    Stream(ZERO_SEED).shuffle(items)

    assert items == [9, 2, 7, 6, 4, 0, 8, 1, 5, 3]


def test_the_tagged_hash_is_the_published_one() -> None:
    expected = "a9468e59aa9afff13f1a6e3b2b7137401001dc245b6573d3f787d84a8a23c0f4"

    assert digest("t", b"a", b"").hex() == expected


def test_a_choice_of_one_reads_nothing() -> None:
    stream = Stream(ZERO_SEED)
    stream.uniform(1)

    assert stream.take(4) == Stream(ZERO_SEED).take(4)


def test_nothing_can_be_chosen_from_nothing() -> None:
    with pytest.raises(ValueError, match="positive"):
        Stream(ZERO_SEED).uniform(0)


def test_weights_decide_how_often_an_index_is_picked() -> None:
    stream = Stream(ZERO_SEED)
    count = Counter(stream.pick((1, 0, 3)) for _ in range(4000))

    assert count[1] == 0
    assert abs(count[0] - 1000) < 120


def test_labels_give_independent_orders_under_one_seed() -> None:
    items = tuple(range(12))

    assert shuffle(items, b"seed", "a") == shuffle(items, b"seed", "a")
    assert shuffle(items, b"seed", "a") != shuffle(items, b"seed", "b")
    assert sorted(shuffle(items, b"seed", "a")) == list(items)
