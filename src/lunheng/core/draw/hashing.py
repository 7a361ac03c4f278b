"""The two hash functions a draw may use: SHA-256, and SM3 (GB/T 32905) where the state's ciphers are required.

OpenSSL often brings SM3; where it does not, the few lines below do the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

SHA256, SM3 = "sha256", "sm3"
HASHES = (SHA256, SM3)
_WORD = 0xFFFFFFFF
_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def hasher(name: str) -> Callable[[bytes], bytes]:
    """Bytes to the 32 bytes of their hash; raises `ValueError` for a name that is none of `HASHES`."""
    if name == SHA256:
        return _sha256
    if name == SM3:
        return _library_sm3 if SM3 in hashlib.algorithms_available else sm3
    raise ValueError(f"不认识的杂凑算法：{name}")


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _library_sm3(content: bytes) -> bytes:
    return hashlib.new(SM3, content).digest()


def digest(tag: str, *parts: bytes, name: str = SHA256) -> bytes:
    """The hash over length-prefixed parts, so that no two different lists of parts give the same bytes."""
    pieces = (tag.encode(), *parts)
    return hasher(name)(b"".join(len(piece).to_bytes(8, "big") + piece for piece in pieces))


def sm3(content: bytes) -> bytes:
    """SM3 as the standard writes it."""
    padded = content + b"\x80" + bytes(-(len(content) + 9) % 64) + (8 * len(content)).to_bytes(8, "big")
    state: tuple[int, ...] = _START
    for start in range(0, len(padded), 64):
        block = _compress(state, padded[start : start + 64])
        state = tuple(old ^ new for old, new in zip(state, block, strict=True))
    return b"".join(word.to_bytes(4, "big") for word in state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for step in range(64):
        constant = 0x79CC4519 if step < 16 else 0x7A879D8A
        mixed = _turn((_turn(a, 12) + e + _turn(constant, step % 32)) & _WORD, 7)
        first = a ^ b ^ c if step < 16 else (a & b) | (a & c) | (b & c)
        second = e ^ f ^ g if step < 16 else (e & f) | (~e & g)
        left = (first + d + (mixed ^ _turn(a, 12)) + (words[step] ^ words[step + 4])) & _WORD
        right = (second + h + mixed + words[step]) & _WORD
        a, b, c, d = left, a, _turn(b, 9), c
        e, f, g, h = right ^ _turn(right, 9) ^ _turn(right, 17), e, _turn(f, 19), g
    return a, b, c, d, e, f, g, h


def _expand(block: bytes) -> list[int]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ _turn(words[at - 3], 15)
        spread = mixed ^ _turn(mixed, 15) ^ _turn(mixed, 23)
        words.append(spread ^ _turn(words[at - 13], 7) ^ words[at - 6])
    return words


def _turn(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _WORD if by else word
