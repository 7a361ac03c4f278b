"""The hash functions give the values of their standards, with and without OpenSSL's help."""

import hashlib

import pytest

from lunheng.core.draw import Candidate, Request, Stream, digest, prepare
from lunheng.core.draw.hashing import hasher, sm3
from lunheng.core.draw.model import RequestError
from lunheng.verifiers import verify_draw

STANDARD = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]


@pytest.mark.parametrize(("message", "value"), STANDARD)
def test_sm3_gives_the_values_printed_in_the_standard(message: bytes, value: str) -> None:
    assert sm3(message).hex() == value
    assert verify_draw.own_sm3(message).hex() == value
    assert hasher("sm3")(message).hex() == value


def test_sm3_agrees_between_engine_and_verifier_at_every_length_around_a_block() -> None:
    for length in range(130):
        message = bytes(range(length))
        assert sm3(message) == verify_draw.own_sm3(message) == hasher("sm3")(message)


def test_sm3_is_reckoned_by_hand_where_the_library_lacks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})

    assert hasher("sm3") is sm3
    assert verify_draw.sm3(b"abc").hex() == STANDARD[0][1]


def test_stream_and_tagged_hash_follow_the_name() -> None:
    block = hasher("sm3")(b"EXPERT-DRAW/1 stream\0" + bytes(32) + bytes(8))

    assert Stream(bytes(32), "sm3").take(32) == block
    assert digest("t", name="sm3") == hasher("sm3")(bytes(7) + b"\x01t")


def test_the_request_decides_which_hash_the_draw_uses() -> None:
    pool = [Candidate(f"e{index}", f"u{index}", ("a",)) for index in range(30)]
    plain, state = (
        prepare(pool, Request(size=5, quota={"a": (5, 5)}, hash=name)) for name in ("sha256", "sm3")
    )

    assert plain.draw(b"seed").panel != state.draw(b"seed").panel
    assert plain.plan == state.plan


def test_another_hash_is_refused() -> None:
    with pytest.raises(RequestError, match="不认识的杂凑算法：md5"):
        Request(size=1, quota={"a": (1, 1)}, hash="md5")
    with pytest.raises(ValueError, match="md5"):
        hasher("md5")
