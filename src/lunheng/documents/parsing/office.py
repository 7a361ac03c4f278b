"""DOCX and XLSX: an archive whose directory, members, relations and XML are each looked at before it is believed."""

import posixpath
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lunheng.documents.parsing.faults import Fault, Unfit

MEMBERS = 4_000
MEMBER_BYTES = 200 * 1024 * 1024
TOTAL_BYTES = 400 * 1024 * 1024
DEPTH = 256
PIECE = 256 * 1024
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACROS = ("vbaproject.bin", "vbadata.xml", "activex/", "xl/macrosheets/", "customui/")
INNER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ", b"%PDF", b"\x7fELF", b"7z\xbc\xaf", b"Rar!")
HARMLESS_EXTERNAL = "/hyperlink"


def parser_of_office(kind: str) -> Callable[[Path, Path], int]:
    """The parser of one kind of office document; it has no pages that could be counted without laying it out."""

    def parse(source: Path, target: Path) -> int:
        with zipfile.ZipFile(source) as archive:
            members = _members(archive, source.stat().st_size)
            names = {member.filename for member in members}
            if "[Content_Types].xml" not in names or MAIN[kind] not in names:
                raise Unfit(Fault.DAMAGED)
            _read_all(archive, members)
        return 0

    return parse


def _members(archive: zipfile.ZipFile, size: int) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    names = [member.filename.lower() for member in members]
    if len(members) > MEMBERS or len(set(names)) != len(names):
        raise Unfit(Fault.ARCHIVE)
    if sum(member.file_size for member in members) > TOTAL_BYTES:
        raise Unfit(Fault.TOO_LARGE)
    for member in members:
        _check_member(member)
    _check_places(members, size)
    return members


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    is_outside = name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
    if is_link or is_outside or posixpath.normpath(name) != name.rstrip("/"):
        raise Unfit(Fault.ARCHIVE)
    if member.flag_bits & 1:
        raise Unfit(Fault.ENCRYPTED)
    if any(part in name.lower() for part in MACROS):
        raise Unfit(Fault.MACRO)


def _check_places(members: list[zipfile.ZipInfo], size: int) -> None:
    """Members lie one after the other, from the first byte on, and never over each other."""
    places = sorted((member.header_offset, member.compress_size) for member in members)
    if places and places[0][0] != 0:
        raise Unfit(Fault.ARCHIVE)
    ends = [start + 30 + length for start, length in places]
    starts = [start for start, _ in places[1:]] + [size]
    if any(end > start for end, start in zip(ends, starts, strict=True)):
        raise Unfit(Fault.ARCHIVE)


def _read_all(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    total = 0
    for member in members:
        is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
        reader = _xml_reader() if is_xml else None
        for number, piece in enumerate(_pieces(archive, member)):
            total += len(piece)
            if total > TOTAL_BYTES:
                raise Unfit(Fault.TOO_LARGE)
            if reader is not None:
                reader.Parse(piece, False)
            elif number == 0 and piece.startswith(INNER_FILES):
                raise Unfit(Fault.EMBEDDED)
        if reader is not None:
            reader.Parse(b"", True)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    read = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            read += len(piece)
            if read > MEMBER_BYTES or read > member.file_size:
                raise Unfit(Fault.TOO_LARGE)
            yield piece


def _xml_reader() -> Any:
    """An expat parser that refuses document types and entities, deep nesting, and relations to outside files."""
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = [0]

    def refuse(*_: object) -> None:
        raise Unfit(Fault.ENTITY)

    def open_element(tag: str, attributes: dict[str, str]) -> None:
        depth[0] += 1
        if depth[0] > DEPTH:
            raise Unfit(Fault.TOO_COMPLEX)
        _check_element(tag, attributes)

    def close_element(_: str) -> None:
        depth[0] -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = open_element
    parser.EndElementHandler = close_element
    return parser


def _check_element(tag: str, attributes: dict[str, str]) -> None:
    local = tag.rpartition(" ")[2]
    is_outside = local == "Relationship" and attributes.get("TargetMode") == "External"
    if is_outside and not attributes.get("Type", "").endswith(HARMLESS_EXTERNAL):
        raise Unfit(Fault.EXTERNAL)
    if local in {"Override", "Default"} and "macroenabled" in attributes.get("ContentType", "").lower():
        raise Unfit(Fault.MACRO)
    if local in {"ddeLink", "oleLink"}:
        raise Unfit(Fault.EXTERNAL)
