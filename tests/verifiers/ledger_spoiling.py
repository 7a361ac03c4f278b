"""What goes wrong with a file on its way, and what a forger without the keys can try: one change at a time.

Nothing here changes what a file means: the order of signature lines means nothing and is left alone, and every line
of the files used is needed by the policy. So each changed file must be refused.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence

from lunheng.core.draw import Stream
from tests.verifiers.ledger_site import LOG_KEY, STRANGER, PaperLog

Spoil = Callable[[bytes, Stream], bytes]
SIGNATURE = "— ".encode()
BASE64 = re.compile(rb"(?:(?<=[\n ])|^)[A-Za-z0-9+/]{6,}={0,2}(?=\n)")
NUMBER = re.compile(rb"(?:(?<=\n)|(?<=index )|(?<=old ))[0-9]+(?=\n)")


def flip(raw: bytes, dice: Stream) -> bytes:
    """One bit is another."""
    place = dice.uniform(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << dice.uniform(8)]) + raw[place + 1 :]


def cut(raw: bytes, dice: Stream) -> bytes:
    """The end is missing."""
    return raw[: dice.uniform(len(raw))]


def drop(raw: bytes, dice: Stream) -> bytes:
    """A byte is missing."""
    place = dice.uniform(len(raw))
    return raw[:place] + raw[place + 1 :]


def insert(raw: bytes, dice: Stream) -> bytes:
    """A byte too many, often one that many readers pass over."""
    place, extra = dice.uniform(len(raw) + 1), b"\n\r \t=\x00A+"
    return raw[:place] + extra[(number := dice.uniform(8)) : number + 1] + raw[place:]


def double_line(raw: bytes, dice: Stream) -> bytes:
    """A line stands twice."""
    lines = raw.splitlines(keepends=True)
    place = dice.uniform(len(lines))
    return b"".join([*lines[: place + 1], *lines[place:]])


def drop_line(raw: bytes, dice: Stream) -> bytes:
    """A line is missing."""
    lines = raw.splitlines(keepends=True)
    del lines[dice.uniform(len(lines))]
    return b"".join(lines)


def swap_lines(raw: bytes, dice: Stream) -> bytes:
    """Two lines have changed places."""
    lines = raw.splitlines(keepends=True)
    one, other = dice.uniform(len(lines)), dice.uniform(len(lines))
    if lines[one].startswith(SIGNATURE) and lines[other].startswith(SIGNATURE):
        return raw
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def carriage_return(raw: bytes, dice: Stream) -> bytes:
    """Line ends of another system, in one place or everywhere."""
    if not dice.uniform(4):
        return raw.replace(b"\n", b"\r\n")
    places = [found.start() for found in re.finditer(rb"\n", raw)]
    place = places[dice.uniform(len(places))]
    return raw[:place] + b"\r" + raw[place:]


def other_number(raw: bytes, dice: Stream) -> bytes:
    """Size or index one more or less, or spelled in another way."""
    found = list(NUMBER.finditer(raw))
    one = found[dice.uniform(len(found))]
    value = int(one[0])
    spelled = [
        value + 1,
        value - 1,
        value + 2**32,
        value * 2,
        f"0{value}",
        f"+{value}",
        f"{value}.0",
        f"{value} ",
    ]
    return raw[: one.start()] + str(spelled[dice.uniform(len(spelled))]).encode() + raw[one.end() :]


def other_base64(raw: bytes, dice: Stream) -> bytes:
    """The same bytes in a spelling that loose readers accept, or one byte more or less."""
    found = list(BASE64.finditer(raw))
    one = found[dice.uniform(len(found))]
    text = one[0].decode()
    bare = text.rstrip("=")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    follower = letters[(letters.index(bare[-1]) + 1) % 64]
    decoded = b64decode(text)
    spelled = [
        bare,
        text + "=",
        f"{bare[:-1]}{follower}{text[len(bare) :]}",
        text.replace("+", "-").replace("/", "_"),
        f"{text[:4]}\u3000{text[4:]}",
        b64encode(decoded[:-1]).decode(),
        b64encode(decoded + b"\x00").decode(),
        b64encode(bytes(reversed(decoded))).decode(),
    ]
    return raw[: one.start()] + spelled[dice.uniform(len(spelled))].encode() + raw[one.end() :]


def other_key(log: PaperLog, size: int) -> Spoil:
    """The log's signature is a stranger's, with the stranger's key identifier or under the log's own."""

    def spoil(raw: bytes, dice: Stream) -> bytes:
        true, false = (log.checkpoint(size, key=key).split(b"\n")[4] for key in (LOG_KEY, STRANGER))
        value = b64decode(false.split(b" ")[2])
        own = b64decode(true.split(b" ")[2])[:4]
        signature = value if dice.uniform(2) else own + value[4:]
        return raw.replace(true, b" ".join([*true.split(b" ")[:2], b64encode(signature)]))

    return spoil


def other_checkpoint(log: PaperLog, sizes: Sequence[int]) -> Spoil:
    """A true checkpoint of the same log, but of another size, under the head of this file."""
    others = [log.checkpoint(size) for size in sizes]

    def spoil(raw: bytes, dice: Stream) -> bytes:
        front = raw.partition(b"\n\n")[0]
        return front + b"\n\n" + others[dice.uniform(len(others))]

    return spoil


BLIND: tuple[Spoil, ...] = (
    flip, flip, flip, cut, drop, insert, double_line, drop_line, swap_lines, carriage_return, other_number, other_base64,
)  # fmt: skip
"""What needs no knowledge of the log."""


def spoiled(raw: bytes, ways: Sequence[Spoil], dice: Stream) -> Iterator[bytes]:
    """Changed files without end."""
    while True:
        changed = ways[dice.uniform(len(ways))](raw, dice)
        if changed != raw:
            yield changed
