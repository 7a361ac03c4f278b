"""SM2 signatures are those of the standard (GB/T 32918.5-2017, appendix A.2), made by a library and checked by hand too."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.ledger import sm2
from lunheng.verifiers.verify_ledger import sm2_holds

pytest.importorskip("tongsuopy")

MESSAGE = b"message digest"
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
Holds = Callable[[bytes, bytes, bytes], bool]
WAYS = [sm2.holds, sm2_holds]


@pytest.mark.parametrize("holds", WAYS)
def test_the_printed_signature_holds(holds: Holds) -> None:
    assert (sm2.public_of(PRIVATE), holds(PUBLIC, SIGNATURE, MESSAGE)) == (PUBLIC, True)


@pytest.mark.parametrize("holds", WAYS)
def test_what_the_library_signs_holds_and_is_never_the_same_twice(holds: Holds) -> None:
    made = {sm2.sign(PRIVATE, MESSAGE) for _ in range(5)}
    assert ([holds(PUBLIC, one, MESSAGE) for one in made], len(made)) == ([True] * 5, 5)


@pytest.mark.parametrize("holds", WAYS)
@given(st.integers(0, 8 * 142 - 1))
@settings(max_examples=60, deadline=None)
def test_no_changed_bit_is_believed(holds: Holds, bit: int) -> None:
    whole = bytearray(PUBLIC + SIGNATURE + MESSAGE)
    whole[bit // 8] ^= 1 << bit % 8
    assert not holds(bytes(whole[:64]), bytes(whole[64:128]), bytes(whole[128:]))


@pytest.mark.parametrize("holds", WAYS)
@pytest.mark.parametrize(
    "value",
    [
        bytes(64),
        b"\xff" * 64,
        SIGNATURE[:32] + bytes(32),
        SIGNATURE[:32] + (ORDER - int.from_bytes(SIGNATURE[:32], "big")).to_bytes(32, "big"),
        SIGNATURE[:63],
        SIGNATURE + b"\x00",
    ],
)
def test_no_number_out_of_range_is_believed(holds: Holds, value: bytes) -> None:
    assert not holds(PUBLIC, value, MESSAGE)


@pytest.mark.parametrize("holds", WAYS)
@pytest.mark.parametrize("public", [bytes(64), b"\xff" * 64, PUBLIC[32:] + PUBLIC[:32], PUBLIC[:63]])
def test_no_point_beside_the_curve_is_a_key(holds: Holds, public: bytes) -> None:
    assert not holds(public, SIGNATURE, MESSAGE)


def test_keys_whose_first_byte_is_four_are_keys_like_others() -> None:
    """A well-known library cuts that byte off and then verifies nothing."""
    private = next(
        number.to_bytes(32, "big")
        for number in range(1, 5_000)
        if sm2.public_of(number.to_bytes(32, "big"))[0] == 4
    )
    signature = sm2.sign(private, MESSAGE)
    assert [holds(sm2.public_of(private), signature, MESSAGE) for holds in WAYS] == [True, True]
