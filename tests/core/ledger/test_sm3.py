"""SM3 gives what the standard prints (GB/T 32905-2016, appendix A), with and without the system's library."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.core.ledger.sm3 import sm3, sm3_by_steps
from lunheng.verifiers import verify_ledger

PRINTED = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
WAYS = [sm3, sm3_by_steps, verify_ledger.sm3, verify_ledger.sm3_in_python]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("message", PRINTED)
def test_the_digest_is_the_printed_one(way: Callable[[bytes], bytes], message: bytes) -> None:
    assert way(message).hex() == PRINTED[message]


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="the system's library has no SM3")
@given(st.binary(max_size=300))
def test_step_by_step_it_is_what_the_library_gives(message: bytes) -> None:
    expected = hashlib.new("sm3", message).digest()
    assert [way(message) for way in WAYS] == [expected] * len(WAYS)
