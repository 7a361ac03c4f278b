"""SM3 (GB/T 32905-2016): by the library of the system where it has it, else by the standard's own steps."""

import hashlib
from collections.abc import Callable
from struct import pack, unpack

INITIAL = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
EARLY, LATE = 0x79CC4519, 0x7A879D8A
WORD = 0xFFFFFFFF


def sm3_by_steps(data: bytes) -> bytes:
    """The 32 bytes of the digest, in plain Python."""
    state = list(INITIAL)
    padding = b"\x80" + bytes(-(len(data) + 9) % 64)
    padded = data + padding + (8 * len(data)).to_bytes(8, "big")
    for at in range(0, len(padded), 64):
        state = [
            one ^ other for one, other in zip(state, _compressed(state, padded[at : at + 64]), strict=True)
        ]
    return pack(">8I", *state)


def _compressed(state: list[int], block: bytes) -> list[int]:
    words = _expanded(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = EARLY if j < 16 else LATE
        mixed = _turned(_turned(a, 12) + e + _turned(constant, j % 32) & WORD, 7)
        is_early = j < 16
        choice = a ^ b ^ c if is_early else a & b | a & c | b & c
        other = e ^ f ^ g if is_early else e & f | ~e & WORD & g
        first = choice + d + (mixed ^ _turned(a, 12)) + (words[j] ^ words[j + 4]) & WORD
        second = other + h + mixed + words[j] & WORD
        a, b, c, d = first, a, _turned(b, 9), c
        e, f, g, h = second ^ _turned(second, 9) ^ _turned(second, 17), e, _turned(f, 19), g
    return [a, b, c, d, e, f, g, h]


def _expanded(block: bytes) -> list[int]:
    words = list(unpack(">16I", block))
    for j in range(16, 68):
        one = words[j - 16] ^ words[j - 9] ^ _turned(words[j - 3], 15)
        spread = one ^ _turned(one, 15) ^ _turned(one, 23)
        words.append(spread ^ _turned(words[j - 13], 7) ^ words[j - 6])
    return words


def _turned(word: int, places: int) -> int:
    return (word << places | word >> 32 - places) & WORD


def _by_library(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


sm3: Callable[[bytes], bytes] = _by_library if "sm3" in hashlib.algorithms_available else sm3_by_steps
"""The 32 bytes of the digest."""
