"""Small files, honest and hostile, made here byte by byte."""

import io
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
WORDS = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{type}" Target="{target}" TargetMode="External"/></Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def writer(pages: int = 1) -> PdfWriter:
    """A PDF in the making with so many blank pages."""
    made = PdfWriter()
    for _ in range(pages):
        made.add_blank_page(width=595, height=842)
    return made


def written(made: PdfWriter) -> bytes:
    """The bytes of a PDF in the making."""
    buffer = io.BytesIO()
    made.write(buffer)
    return buffer.getvalue()


def pdf(pages: int = 1) -> bytes:
    """An honest PDF."""
    return written(writer(pages))


def pdf_with_action(action: str) -> bytes:
    """A PDF that does something when it is opened."""
    made = writer()
    made._root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject(action), NameObject("/F"): TextStringObject("x")}
    )
    return written(made)


def pdf_with_attachment() -> bytes:
    """A PDF that carries another file."""
    made = writer()
    made.add_attachment("inner.exe", b"MZ")
    return written(made)


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF put together from the bodies of its objects; object 1 is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


CATALOG = b"<</Type/Catalog/Pages 2 0 R%s>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s>>"


def pdf_with_catalog(extra: bytes) -> bytes:
    """A PDF of one page whose catalog holds ``extra``."""
    return raw_pdf(CATALOG % extra, PAGES, PAGE % b"")


def pdf_bomb(megabytes: int) -> bytes:
    """A PDF whose page content unpacks to so many megabytes."""
    packed = zlib.compress(b"\0" * 1024 * 1024 * megabytes, 9)
    stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)
    return raw_pdf(CATALOG % b"", PAGES, PAGE % b"/Contents 4 0 R", stream)


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def docx(**extra: str | bytes) -> bytes:
    """A Word document with further members; ``__`` in a name stands for a slash."""
    members = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": WORDS}
    return archive(members | {name.replace("__", "/"): content for name, content in extra.items()})


def docx_with(members: Mapping[str, str | bytes]) -> bytes:
    """A Word document with these further members."""
    return archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": WORDS} | dict(members))


def relation(kind: str, target: str) -> str:
    """A relation of a Word document to something outside."""
    return RELATIONS.format(type=f"{OFFICE}/{kind}", target=target)


def xlsx() -> bytes:
    """A workbook."""
    return archive({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<workbook/>"})


def jpeg_with_place(*, orientation: int = 1) -> bytes:
    """A photograph, 40 wide and 20 high, which says where it was taken."""
    picture = Image.new("RGB", (40, 20), (200, 30, 30))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 4.0, 0.0)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def png(width: int = 8, height: int = 8) -> bytes:
    """A picture."""
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()
