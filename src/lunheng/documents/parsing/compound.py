"""OLE objects: only the equations of MathType and its kin are taken, and of these only what draws an equation."""

import re
import struct
from dataclasses import dataclass

from lunheng.documents.parsing.faults import Fault, Unfit

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EQUATIONS = frozenset(
    bytes((number, 0xCE, 0x02, 0x00)) + bytes.fromhex("00000000c000000000000046") for number in (2, 3)
)
"""Equation.3 and Equation.DSMT4."""
STREAMS = re.compile(
    r"Equation Native|\x01CompObj|\x01Ole|\x03ObjInfo|\x03EPRINT|\x03META|\x02OlePres\d{3}", re.ASCII
)
STREAM, STORAGE, ROOT = 2, 1, 5
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks."""
LONGEST_NAME = re.compile(rb"[\x20-\x7e]{48}")
"""No font has so long a name; the programs that attack the equation editor have."""
LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Member:
    """One line of the directory."""

    name: str
    kind: int
    program: bytes
    start: int
    size: int


def check_object(data: bytes) -> None:
    """Refuse an OLE object that is no equation, or an equation that holds anything else.

    A body of nothing but zeros holds nothing, and so does no harm.
    """
    if not data.startswith(MAGIC) or len(data) > LARGEST:
        raise Unfit(Fault.EMBEDDED)
    if not data[len(MAGIC) :].strip(b"\0"):
        return
    try:
        _check_equation(data)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Unfit(Fault.EMBEDDED) from None


def _check_equation(data: bytes) -> None:
    file = _Compound(data)
    members = file.members()
    roots = [one for one in members if one.kind == ROOT]
    if len(roots) != 1 or roots[0].program not in EQUATIONS or any(one.kind == STORAGE for one in members):
        raise Unfit(Fault.EMBEDDED)
    names = [one.name for one in members if one.kind == STREAM]
    if "Equation Native" not in names or not all(STREAMS.fullmatch(name) for name in names):
        raise Unfit(Fault.EMBEDDED)
    small = file.chain_bytes(roots[0].start, file.sectors)
    for one in members:
        if one.kind == STREAM:
            _check_stream(one.name, file.content(one, small))


def _check_stream(name: str, content: bytes) -> None:
    if name == "\x01Ole" and (len(content) < 20 or content[4] & 1 or len(content) > 128):
        raise Unfit(Fault.EXTERNAL)  # a link to something elsewhere
    if name == "Equation Native" and LONGEST_NAME.search(content):
        raise Unfit(Fault.EMBEDDED)


class _Compound:
    """The sectors of a compound file, each chain followed at most once around."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise Unfit(Fault.EMBEDDED)
        self.size, self.small_size = 1 << shift, 1 << small_shift
        self.first_directory, self.cutoff, self.first_small = (
            struct.unpack_from("<I", data, place)[0] for place in (48, 56, 60)
        )
        listed = [one for one in struct.unpack_from("<109I", data, 76) if one < LAST]
        self.sectors = self._table(b"".join(map(self.sector, listed)))
        self.small_sectors = self._table(self.chain_bytes(self.first_small, self.sectors))

    @staticmethod
    def _table(content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def sector(self, number: int) -> bytes:
        """The bytes of one sector."""
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def chain(self, start: int, table: list[int]) -> list[int]:
        """The numbers of a chain; one that runs in a circle is refused."""
        found, seen = [], set()
        while start < LAST:
            if start in seen:
                raise Unfit(Fault.EMBEDDED)
            seen.add(start)
            found.append(start)
            start = table[start]
        return found

    def chain_bytes(self, start: int, table: list[int]) -> bytes:
        """Everything in a chain of whole sectors."""
        return b"".join(map(self.sector, self.chain(start, table)))

    def members(self) -> list[Member]:
        """The directory, line by line."""
        content = self.chain_bytes(self.first_directory, self.sectors)
        lines = (content[place : place + 128] for place in range(0, len(content), 128))
        return [_member(line) for line in lines if line[66:67] not in (b"", b"\0")]

    def content(self, member: Member, small: bytes) -> bytes:
        """The bytes of a stream, from whole sectors or from small ones."""
        if member.size > LARGEST:
            raise Unfit(Fault.EMBEDDED)
        if member.size >= self.cutoff:
            return self.chain_bytes(member.start, self.sectors)[: member.size]
        size = self.small_size
        chain = self.chain(member.start, self.small_sectors) if member.size else []
        return b"".join(small[one * size : (one + 1) * size] for one in chain)[: member.size]


def _member(line: bytes) -> Member:
    length, kind = struct.unpack_from("<HB", line, 64)
    name = line[: max(0, length - 2)].decode("utf-16-le")
    start, size = struct.unpack_from("<II", line, 116)
    return Member(name, kind, line[80:96], start, size)
