"""DOCX and XLSX: an archive whose directory, members, relations and XML are each looked at before it is believed."""

import io
import posixpath
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from lunheng.documents.parsing import compound, pictures
from lunheng.documents.parsing.faults import Fault, Unfit
from lunheng.documents.parsing.markup import read_markup

MEMBERS = 4_000
MEMBER_BYTES = 200 * 1024 * 1024
TOTAL_BYTES = 400 * 1024 * 1024
PIECE = 256 * 1024
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACROS = ("vbaproject", "vbadata", "activex/", "macrosheets/", "customui", "webextension", "attachedtoolbars")
INNER_FILES = (
    b"PK\x03\x04", b"PK\x05\x06", b"MZ", b"%PDF", b"\x7fELF", b"7z\xbc\xaf", b"Rar!", b"MSCF", b"ITSF", b"{\\rtf",
    b"#!", b"L\0\0\0\x01\x14\x02\0", b"\x1f\x8b", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe",
)  # fmt: skip
MARKUP = (".xml", ".rels", ".vml", ".svg", ".html", ".htm", ".mht")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
LOCAL = struct.Struct("<IHHHHHIIIHH")
DESCRIPTOR = 24
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
DEEPEST = 2
"""A chart carries its workbook; nothing that is carried carries anything."""


def parser_of_office(kind: str) -> Callable[[Path, Path], int]:
    """The parser of one kind of office document; it has no pages that could be counted without laying it out."""

    def parse(source: Path, target: Path) -> int:
        with source.open("rb") as file:
            _check_package(kind, file, source.stat().st_size, [TOTAL_BYTES], depth=1)
        return 0

    return parse


def _check_package(kind: str, file: IO[bytes], size: int, budget: list[int], *, depth: int) -> None:
    with zipfile.ZipFile(file) as archive:
        members = _members(archive, file, size, budget)
        names = {member.filename for member in members}
        if "[Content_Types].xml" not in names or MAIN[kind] not in names:
            raise Unfit(Fault.DAMAGED if depth == 1 else Fault.EMBEDDED)
        for member in members:
            _check_content(archive, member, budget, depth)


def _members(
    archive: zipfile.ZipFile, file: IO[bytes], size: int, budget: list[int]
) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    names = [member.filename.lower().rstrip("/") for member in members]
    if len(members) > MEMBERS or len(set(names)) != len(names):
        raise Unfit(Fault.ARCHIVE)
    if sum(member.file_size for member in members) > budget[0]:
        raise Unfit(Fault.TOO_LARGE)
    for member in members:
        _check_member(member)
    _check_places(archive, members, file)
    return members


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    mode = stat.S_IFMT(member.external_attr >> 16)
    is_outside = name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR) or is_outside or "\0" in member.orig_filename:
        raise Unfit(Fault.ARCHIVE)
    if posixpath.normpath(name) != name.rstrip("/"):
        raise Unfit(Fault.ARCHIVE)
    if member.flag_bits & 1:
        raise Unfit(Fault.ENCRYPTED)
    if member.compress_type not in METHODS:
        raise Unfit(Fault.ARCHIVE)
    if any(part in name.lower() for part in MACROS):
        raise Unfit(Fault.MACRO)


def _check_places(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], file: IO[bytes]) -> None:
    """Members lie one after the other, from the first byte on, with nothing over, between or behind them."""
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if not 0 <= member.header_offset - end <= (DESCRIPTOR if end else 0):
            raise Unfit(Fault.ARCHIVE)
        file.seek(member.header_offset)
        header = LOCAL.unpack(file.read(LOCAL.size))
        end = member.header_offset + LOCAL.size + header[9] + header[10] + member.compress_size
    if not 0 <= archive.start_dir - end <= DESCRIPTOR:
        raise Unfit(Fault.ARCHIVE)


def _check_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: list[int], depth: int) -> None:
    pieces = _pieces(archive, member, budget)
    head = next(pieces, b"")
    if member.filename.lower().endswith(MARKUP) or _is_markup(head):
        read_markup(chain((head,), pieces))
    elif head.startswith(INNER_FILES):
        _check_inner(head, pieces, budget, depth)
    else:
        _check_part(head, pieces)


def _check_part(head: bytes, pieces: Iterator[bytes]) -> None:
    if head.startswith(compound.MAGIC[:4]):
        compound.check_object(_whole(head, pieces, compound.LARGEST))
    elif pictures.is_painted(head):
        pictures.check_painted(_whole(head, pieces, MEMBER_BYTES))
    elif pictures.is_metafile(head):
        pictures.check_metafile(_whole(head, pieces, MEMBER_BYTES))
    elif pictures.is_enhanced(head):
        pictures.check_enhanced(_whole(head, pieces, MEMBER_BYTES))
    else:
        for _ in pieces:
            pass  # counted


def _check_inner(head: bytes, pieces: Iterator[bytes], budget: list[int], depth: int) -> None:
    """A file in the file: a workbook that passes the same guard, and nothing else."""
    if depth >= DEEPEST or not head.startswith(b"PK\x03\x04"):
        raise Unfit(Fault.EMBEDDED)
    content = _whole(head, pieces, MEMBER_BYTES)
    try:
        _check_package("xlsx", io.BytesIO(content), len(content), budget, depth=depth + 1)
    except zipfile.BadZipFile:
        raise Unfit(Fault.EMBEDDED) from None


def _is_markup(head: bytes) -> bool:
    text = head
    for mark in MARKS:
        text = text.removeprefix(mark)
    return text.lstrip(b" \t\r\n\0").startswith(b"<")


def _whole(head: bytes, pieces: Iterator[bytes], limit: int) -> bytes:
    out = bytearray(head)
    for piece in pieces:
        out += piece
        if len(out) > limit:
            raise Unfit(Fault.TOO_LARGE)
    return bytes(out)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: list[int]) -> Iterator[bytes]:
    read = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            read += len(piece)
            budget[0] -= len(piece)
            if read > MEMBER_BYTES or read > member.file_size or budget[0] < 0:
                raise Unfit(Fault.TOO_LARGE)
            yield piece
