"""What the verification of an SM2 signature refuses (GB/T 32918.2, 7.1), with both verifiers.

A signature that a missing guard would let pass can be made against the length, the curve and the point at infinity. Against
a range it would take 2^32 trials or the inverse of a digest, so the ranges are asked for by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import pytest

from lunheng.verifiers import verify_ledger
from lunheng.verifiers.verify_ledger import SM2_BASE, SM2_ORDER, SM2_P, sm2_combined, sm2_holds, sm2_numbers
from tests.verifiers.ledger_javascript import ask_javascript

PRIVATE, NONCE = 0x1234567, 0x7654321
MESSAGE = b"message digest"
HEAD = bytes.fromhex(
    "0080" + b"1234567812345678".hex() + "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0"
)
"""Length of the identity, identity, curve and base point."""
LOW_X = (0, 0xFD4511E81736A60F07E88A83D6CF5A167FAE6D1A9C9330E76E232E00F5CDC154)
LOW_Y = (0x9C17043EFFE1A805A74A9A5E70B9D659705D3242094A566DC016F49311178D1F, 1)
"""Points of the curve whose numbers fit into 32 bytes a second time, with the prime added."""


@dataclass(frozen=True)
class Signed:
    """A key and what it says that it signed."""

    key: bytes
    signature: bytes
    message: bytes = MESSAGE

    def judged(self) -> list[bool]:
        """By both verifiers."""
        (found,) = ask_javascript([{"tool": "sm2", **{name: raw.hex() for name, raw in vars(self).items()}}])
        return [sm2_holds(self.key, self.signature, self.message), found.code == 0]

    def reckoned(self) -> list[bool]:
        """Whether both verifiers begin to reckon with these numbers."""
        numbers = {"key": self.key.hex(), "signature": self.signature.hex()}
        (found,) = ask_javascript([{"tool": "sm2_numbers", **numbers}])
        return [sm2_numbers(self.key, self.signature) is not None, found.code == 0]


def raw(*numbers: int) -> bytes:
    """Numbers of 32 bytes."""
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def times(scalar: int) -> tuple[int, int]:
    """A multiple of the base point."""
    point = sm2_combined(scalar, 0, None)
    assert point is not None
    return point


def digest_of(key: bytes, message: bytes = MESSAGE) -> int:
    """What a signature is made over: the key as it is written comes into it."""
    sm3 = verify_ledger.sm3_in_python
    return int.from_bytes(sm3(sm3(HEAD + key) + message), "big")


def signature_of(key: bytes) -> tuple[int, int]:
    """r and s by the private key, over this spelling of the public one."""
    r = (digest_of(key) + times(NONCE)[0]) % SM2_ORDER
    return r, pow(1 + PRIVATE, -1, SM2_ORDER) * (NONCE - r * PRIVATE) % SM2_ORDER


KEY = raw(*times(PRIVATE))


def test_a_signature_made_by_the_formula_holds() -> None:
    """The control of all that follows."""
    assert Signed(KEY, raw(*signature_of(KEY))).judged() == [True, True]


def test_a_key_of_another_length_is_none_though_its_owner_signed_over_it() -> None:
    longer = KEY[:32] + b"\x00" + KEY[32:]
    assert Signed(longer, raw(*signature_of(longer))).judged() == [False, False]


def test_a_signature_of_another_length_is_none_though_its_numbers_are_right() -> None:
    r, s = signature_of(KEY)
    assert Signed(KEY, raw(r) + b"\x00" + raw(s)).judged() == [False, False]


def test_a_point_beside_the_curve_signs_nothing() -> None:
    """A point of order two on another curve: whenever r + s is even it vanishes, and nobody needs a private key."""
    key = raw(5, 0)
    message = next(
        text
        for text in (str(number).encode() for number in count())
        if (digest_of(key, text) + SM2_BASE[0]) % SM2_ORDER % 2
    )
    r = (digest_of(key, message) + SM2_BASE[0]) % SM2_ORDER
    assert Signed(key, raw(r, 1), message).judged() == [False, False]


def test_a_sum_at_infinity_gives_back_nothing() -> None:
    """s·G + (r + s)·K vanishes, and r is the digest itself."""
    r = digest_of(KEY) % SM2_ORDER
    s = -r * PRIVATE * pow(1 + PRIVATE, -1, SM2_ORDER) % SM2_ORDER
    assert Signed(KEY, raw(r, s)).judged() == [False, False]


SMALL, GREAT = (1, SM2_ORDER - 2), (SM2_ORDER - 2, 1)


@pytest.mark.parametrize("point", [LOW_X, LOW_Y, SM2_BASE])
@pytest.mark.parametrize("numbers", [SMALL, GREAT])
def test_numbers_at_the_ends_of_their_ranges_are_reckoned_with(
    point: tuple[int, int], numbers: tuple[int, int]
) -> None:
    assert Signed(raw(*point), raw(*numbers)).reckoned() == [True, True]


@pytest.mark.parametrize(
    ("point", "numbers"),
    [
        ((LOW_X[0] + SM2_P, LOW_X[1]), SMALL),
        ((LOW_Y[0], LOW_Y[1] + SM2_P), SMALL),
        ((LOW_X[0] + 1, LOW_X[1]), SMALL),
        (SM2_BASE, (0, 1)),
        (SM2_BASE, (SM2_ORDER, 1)),
        (SM2_BASE, (SM2_ORDER + 1, 1)),
        (SM2_BASE, (1, 0)),
        (SM2_BASE, (1, SM2_ORDER)),
        (SM2_BASE, (1, SM2_ORDER + 1)),
        (SM2_BASE, (1, SM2_ORDER - 1)),
        (SM2_BASE, (SM2_ORDER - 7, 7)),
    ],
    ids=[
        "x beyond", "y beyond", "beside the curve", "r nothing", "r the order", "r beyond", "s nothing", "s the order",
        "s beyond", "r + s nothing", "s + r nothing",
    ],
)  # fmt: skip
def test_numbers_out_of_their_ranges_are_not_reckoned_with(
    point: tuple[int, int], numbers: tuple[int, int]
) -> None:
    assert Signed(raw(*point), raw(*numbers)).reckoned() == [False, False]


@pytest.mark.parametrize(
    ("s", "total", "private"),
    [
        (5, 3, SM2_ORDER - 1),
        (1, 1, SM2_ORDER - 1),
        (6, 1, SM2_ORDER - 2),
        (2, 1, SM2_ORDER - 2),
        (1, 1, 1),
        (7, 0, PRIVATE),
        (0, 7, PRIVATE),
        (NONCE, PRIVATE, PRIVATE),
    ],
    ids=[
        "minus base",
        "nothing",
        "nothing on the way",
        "nothing at the end",
        "twice",
        "base only",
        "key only",
        "any",
    ],
)
def test_sums_are_multiples_of_the_base_point(s: int, total: int, private: int) -> None:
    """Where two points are one, or opposite, or one of them is at infinity."""
    (x, y), expected = times(private), sm2_combined((s + total * private) % SM2_ORDER, 0, None)
    (found,) = ask_javascript([{"tool": "sm2_sum", "s": str(s), "t": str(total), "x": str(x), "y": str(y)}])

    assert sm2_combined(s, total, (x, y)) == expected
    assert found.code == (str(expected[0]) if expected else "null")
