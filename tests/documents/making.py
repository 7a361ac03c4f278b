"""Parts from which the two corpora are put together: PDFs with object streams, OLE objects, office documents, pictures."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from tests.documents import samples

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """The body of a stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """A stream, packed."""
    return stream(zlib.compress(data), b"/Filter/FlateDecode" + entries)


def page_pdf(extra: bytes = b"", *more: bytes, catalog: bytes = b"") -> bytes:
    """A PDF of one page with these entries; further objects are numbered from 4."""
    return samples.raw_pdf(samples.CATALOG % catalog, samples.PAGES, samples.PAGE % extra, *more)


def packed_pdf(objects: Mapping[int, bytes], packed: Mapping[int, bytes], *, listed: bool = True) -> bytes:
    """A PDF with a cross-reference stream whose ``packed`` objects lie in one object stream, listed or not."""
    container = max([*objects, *packed]) + 1
    table = container + 1
    bodies, index, at = b"", [], 0
    for number, body in packed.items():
        index.append(b"%d %d" % (number, at))
        bodies += body + b" "
        at = len(bodies)
    head = b" ".join(index) + b" "
    entries = b"/Type/ObjStm/N %d/First %d" % (len(packed), len(head))
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    for number, body in {**objects, container: flate(head + bodies, entries)}.items():
        places[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    if listed:
        places |= {number: (2, container, place) for place, number in enumerate(packed)}
    places[table] = (1, len(out), 0)
    rows = b"".join(struct.pack(">BIH", *places.get(number, (0, 0, 65535))) for number in range(table + 1))
    told = b"/Type/XRef/W[1 4 2]/Size %d/Root 1 0 R" % (table + 1)
    start = len(out)
    out += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, flate(rows, told), start)
    return bytes(out)


def updated(pdf: bytes, objects: Mapping[int, bytes]) -> bytes:
    """The PDF with an incremental update behind it."""
    before = int(pdf.rpartition(b"startxref\n")[2].split()[0])
    out, lines = bytearray(pdf), []
    for number, body in objects.items():
        lines.append(b"%d 1\n%010d 00000 n \n" % (number, len(out)))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n" + b"".join(lines)
    out += b"trailer\n<</Size 99/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (before, start)
    return bytes(out)


def docx(
    body: str = "", members: Mapping[str, str | bytes] | None = None, relations: str = "", types: str = ""
) -> bytes:
    """A Word document with this body, these further members, relations and kinds of parts."""
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(types),
        "_rels/.rels": RELATIONS.format(""),
        "word/document.xml": f"<w:document {W}><w:body><w:p>{body}</w:p></w:body></w:document>",
    }
    if relations:
        whole["word/_rels/document.xml.rels"] = RELATIONS.format(relations)
    return samples.archive(whole | dict(members or {}))


def related(kind: str, target: str, *, outside: bool = True, base: str = OFFICE) -> str:
    """One relation."""
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r1" Type="{base}/{kind}" Target="{target}"{mode}/>'


def field(*pieces: str, result: str = "1") -> str:
    """A field of Word whose instruction is cut into runs."""
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{result}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def nested(outer: str, inner: str, behind: str = "") -> str:
    """A field whose instruction holds the result of another."""
    begin, end = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    text = '<w:r><w:instrText xml:space="preserve">{}</w:instrText></w:r>'
    return begin + text.format(outer) + field(inner) + text.format(behind) + end


def xlsx(cells: str = "", members: Mapping[str, str | bytes] | None = None, names: str = "") -> bytes:
    """A workbook of one sheet with these rows."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(""),
        "xl/workbook.xml": f'<workbook {space}><sheets><sheet name="S" sheetId="1"/></sheets>{names}</workbook>',
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>",
    }
    return samples.archive(whole | dict(members or {}))


def formula(text: str) -> bytes:
    """A workbook with one formula."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return xlsx(f'<row r="1"><c r="A1"><f>{escaped}</f></c></row>')


def compound(
    streams: Mapping[str, bytes], program: bytes = b"\x03\xce\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
) -> bytes:
    """An OLE compound file whose small streams hold these bytes."""
    small, lines = b"", []
    table: list[int] = []
    for name, content in streams.items():
        start = len(small) // 64 if content else 0xFFFFFFFE
        count = -(-len(content) // 64)
        table += [len(table) + one + 1 for one in range(count - 1)] + [0xFFFFFFFE] if content else []
        small += content.ljust(count * 64, b"\0")
        lines.append(_directory_line(name, 2, bytes(16), start, len(content)))
    small = small.ljust(-(-len(small) // 512) * 512, b"\0")
    directory = _directory_line("Root Entry", 5, program, 2, len(small)) + b"".join(lines)
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    small_table = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    sectors, directories = len(small) // 512, len(directory) // 512
    # sector 0: table of sectors, 1: table of small ones, then the small streams, then the directory
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *_run(2, sectors), *_run(2 + sectors, directories)]
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", header, 44, 1, 2 + sectors, 0, 4096, 1, 1, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return bytes(header) + fat + small_table + small + directory


def _run(start: int, count: int) -> list[int]:
    return [start + one + 1 for one in range(count - 1)] + [0xFFFFFFFE]


def _directory_line(name: str, kind: int, program: bytes, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    line = bytearray(128)
    line[: len(text)] = text
    struct.pack_into("<HBB", line, 64, len(text), kind, 1)
    struct.pack_into("<III", line, 68, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    line[80:96] = program
    struct.pack_into("<II", line, 116, start, size)
    return bytes(line)


EQUATION: dict[str, bytes] = {
    "\x01CompObj": b"\x01\0\xfe\xff" + b"MathType 6.0 Equation\0Equation.DSMT4\0",
    "\x01Ole": b"\x01\0\0\x02" + bytes(16),
    "Equation Native": struct.pack("<HIHI", 28, 0x20000, 0, 60).ljust(28, b"\0")
    + b"\x05\x01\0\x06\x09DSMT6\0\0\x13WinAllBasicCodePages\0\x11\x05Times New Roman\0".ljust(60, b"\0"),
}
"""What an equation of MathType holds."""


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (24, 16), **options: Any) -> bytes:
    """A picture with a slope of light over it."""
    slope = Image.linear_gradient("L").resize(size)
    buffer = io.BytesIO()
    _in_mode(slope, mode).save(buffer, form, **options)
    return buffer.getvalue()


def _in_mode(slope: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        deep = Image.new("I;16", slope.size)
        deep.putdata([value * 257 for value in slope.tobytes()])
        return deep
    if mode in ("LA", "RGBA"):
        ink = Image.new(mode[:-1], slope.size, 0)
        ink.putalpha(slope)
        return ink
    return slope.convert(mode)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """A PNG with further chunks before its pixels."""
    return png[:33] + b"".join(chunks) + png[33:]


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with a further segment behind its first two bytes."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def zipped(
    members: Sequence[tuple[zipfile.ZipInfo | str, str | bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """An archive of members as given, the same name twice if need be."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return buffer.getvalue()


def repacked(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same members packed in another manner."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zipped([(name, archive.read(name)) for name in archive.namelist()], method)
