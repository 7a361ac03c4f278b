"""PDF: every object is visited, also those in object streams, and names are compared after ``#`` escapes are read."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from lunheng.documents.parsing.faults import Fault, Unfit

OBJECTS = 200_000
PAGES = 5_000
NESTING = 200
FORBIDDEN_KEYS = {
    "/JS": Fault.SCRIPT,
    "/JavaScript": Fault.SCRIPT,
    "/EmbeddedFiles": Fault.EMBEDDED,
    "/EF": Fault.EMBEDDED,
    "/XFA": Fault.FORM,
    "/RichMediaContent": Fault.MEDIA,
}
FORBIDDEN_VALUES = {
    "/JavaScript": Fault.SCRIPT,
    "/Launch": Fault.LAUNCH,
    "/ImportData": Fault.LAUNCH,
    "/SubmitForm": Fault.LAUNCH,
    "/GoToR": Fault.LAUNCH,
    "/GoToE": Fault.EMBEDDED,
    "/EmbeddedFile": Fault.EMBEDDED,
    "/FileAttachment": Fault.EMBEDDED,
    "/RichMedia": Fault.MEDIA,
    "/Movie": Fault.MEDIA,
    "/Sound": Fault.MEDIA,
    "/Rendition": Fault.MEDIA,
    "/3D": Fault.MEDIA,
}
TYPES = ("/S", "/Type", "/Subtype")
RAW = {
    b"/JavaScript": Fault.SCRIPT,
    b"/Launch": Fault.LAUNCH,
    b"/EmbeddedFile": Fault.EMBEDDED,
    b"/RichMedia": Fault.MEDIA,
    b"/ImportData": Fault.LAUNCH,
}
"""Names looked for in the plain bytes too: a viewer may find objects that the cross-reference table leaves out."""
STREAM_BYTES = 150 * 1024 * 1024
TOTAL_BYTES = 1024 * 1024 * 1024
PIECE = 1024 * 1024
FLATE = ("/FlateDecode", "/Fl")


def parse_pdf(source: Path, target: Path) -> int:
    """The number of pages of a PDF without active parts."""
    _search_raw(source.read_bytes())
    with source.open("rb") as file:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise Unfit(Fault.ENCRYPTED)
        total = 0
        for number in _object_numbers(reader):
            item = reader.get_object(number)
            _visit(item, depth=0)
            total += _unpacked_size(item) if isinstance(item, StreamObject) else 0
            if total > TOTAL_BYTES:
                raise Unfit(Fault.TOO_LARGE)
        _visit(reader.trailer, depth=0)
        return _page_count(reader)


def _search_raw(content: bytes) -> None:
    for name, fault in RAW.items():
        if name in content:
            raise Unfit(fault)


def _unpacked_size(stream: StreamObject) -> int:
    """Bytes of the stream after its first filter, counted without keeping them."""
    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, ArrayObject) else [str(filters)]
    if sum(name in FLATE for name in names) > 1 or len(names) > 3:
        raise Unfit(Fault.TOO_COMPLEX)  # stacked filters serve only to hide how large a stream is
    return _inflated_size(stream._data) if names[0] in FLATE else len(stream._data)


def _inflated_size(data: bytes) -> int:
    decoder, size = zlib.decompressobj(), 0
    try:
        piece = decoder.decompress(data, PIECE)
        while piece:
            size += len(piece)
            if size > STREAM_BYTES:
                raise Unfit(Fault.TOO_LARGE)
            piece = decoder.decompress(decoder.unconsumed_tail, PIECE)
    except zlib.error:
        return size  # viewers show what they could read so far
    return size


def _object_numbers(reader: PdfReader) -> Iterator[IndirectObject]:
    keys = {(number, generation) for generation, table in reader.xref.items() for number in table}
    keys |= {(number, 0) for number in reader.xref_objStm}
    if len(keys) > OBJECTS:
        raise Unfit(Fault.TOO_COMPLEX)
    for number, generation in sorted(keys):
        if generation < 65535:
            yield IndirectObject(number, generation, reader)


def _visit(item: PdfObject | None, *, depth: int) -> None:
    if depth > NESTING:
        raise Unfit(Fault.TOO_COMPLEX)
    if isinstance(item, DictionaryObject):
        _inspect(item)
        children = [dict.__getitem__(item, key) for key in item]
    elif isinstance(item, ArrayObject):
        children = [list.__getitem__(item, index) for index in range(len(item))]
    else:
        return
    for child in children:
        if not isinstance(child, IndirectObject):  # indirect ones are visited by number
            _visit(child, depth=depth + 1)


def _inspect(item: DictionaryObject) -> None:
    for key in item:
        if key in FORBIDDEN_KEYS:
            raise Unfit(FORBIDDEN_KEYS[key])
    for key in TYPES:
        value = item.get(key)
        if isinstance(value, NameObject) and value in FORBIDDEN_VALUES:
            raise Unfit(FORBIDDEN_VALUES[value])


def _page_count(reader: PdfReader) -> int:
    count = 0
    for count, _ in enumerate(reader.pages, start=1):
        if count > PAGES:
            raise Unfit(Fault.TOO_COMPLEX)
    if count == 0:
        raise Unfit(Fault.EMPTY)
    return count
