"""PDF: every object is visited, also those in object streams and those that no table lists, and names are compared
after ``#`` escapes are read. A file that opens without a password is looked at as it is then read."""

import io
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
    read_object,
)

from lunheng.documents.parsing.faults import Fault, Unfit
from lunheng.documents.parsing.links import is_harmless
from lunheng.documents.parsing.streams import name_under, plain, unpacked_size

OBJECTS = 200_000
PAGES = 5_000
NESTING = 200
TOTAL_BYTES = 1024 * 1024 * 1024
FORBIDDEN_KEYS = {
    "/JS": Fault.SCRIPT,
    "/JavaScript": Fault.SCRIPT,
    "/EmbeddedFiles": Fault.EMBEDDED,
    "/EF": Fault.EMBEDDED,
    "/Collection": Fault.EMBEDDED,
    "/XFA": Fault.FORM,
    "/RichMediaContent": Fault.MEDIA,
    "/FFilter": Fault.EXTERNAL,
    "/OPI": Fault.EXTERNAL,
}
FORBIDDEN_VALUES = {
    "/JavaScript": Fault.SCRIPT,
    "/Launch": Fault.LAUNCH,
    "/ImportData": Fault.LAUNCH,
    "/SubmitForm": Fault.LAUNCH,
    "/GoToR": Fault.LAUNCH,
    "/Filespec": Fault.LAUNCH,
    "/GoToE": Fault.EMBEDDED,
    "/EmbeddedFile": Fault.EMBEDDED,
    "/FileAttachment": Fault.EMBEDDED,
    "/PS": Fault.SCRIPT,
    "/RichMedia": Fault.MEDIA,
    "/RichMediaExecute": Fault.MEDIA,
    "/Screen": Fault.MEDIA,
    "/Movie": Fault.MEDIA,
    "/Sound": Fault.MEDIA,
    "/Rendition": Fault.MEDIA,
    "/GoTo3DView": Fault.MEDIA,
    "/3D": Fault.MEDIA,
}
TYPES = ("/S", "/Type", "/Subtype")
RAW = {
    b"/JavaScript": Fault.SCRIPT,
    b"/Launch": Fault.LAUNCH,
    b"/ImportData": Fault.LAUNCH,
    b"/SubmitForm": Fault.LAUNCH,
    b"/EmbeddedFile": Fault.EMBEDDED,
    b"/FileAttachment": Fault.EMBEDDED,
    b"/RichMedia": Fault.MEDIA,
    b"/Rendition": Fault.MEDIA,
    b"/FFilter": Fault.EXTERNAL,
}
"""Names looked for in the plain bytes too: a viewer may find objects that the cross-reference table leaves out, or
take the second of two entries of one name."""
RAW_PATTERN = re.compile(rb"|".join(map(re.escape, sorted(RAW, key=len, reverse=True))))
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
HEADER = re.compile(
    rb"(?<![0-9])(\d{1,10})[\s\0]+(\d{1,5})[\s\0]+obj(?![A-Za-z0-9])[\s\0]*(?:%[^\r\n]*[\s\0]*)*"
)
DECLARATION = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
QUIET = "/GoTo"
"""The one action that may happen without being asked for: the page at which the file opens."""


def parse_pdf(source: Path, target: Path) -> int:
    """The number of pages of a PDF without active parts."""
    content = source.read_bytes()
    _search_raw(content)
    with source.open("rb") as file:
        reader = _opened(file)
        total = 0
        for item in _objects(reader, content):
            _visit(item, depth=0)
            if isinstance(item, StreamObject):
                total += _look_into(item)
            if total > TOTAL_BYTES:
                raise Unfit(Fault.TOO_LARGE)
        _visit(reader.trailer, depth=0)
        return _page_count(reader)


def _opened(file: Any) -> PdfReader:
    """The reader, with the empty password where the file is locked against changes only."""
    try:
        reader = PdfReader(file, strict=False)
    except NotImplementedError:
        raise Unfit(Fault.ENCRYPTED) from None
    if reader._encryption is not None and not reader._encryption.is_decrypted():
        raise Unfit(Fault.ENCRYPTED)
    return reader


def _search_raw(content: bytes) -> None:
    found = RAW_PATTERN.search(ESCAPE.sub(lambda code: bytes((int(code[1], 16),)), content))
    if found:
        raise Unfit(RAW[found[0]])


def _objects(reader: PdfReader, content: bytes) -> Iterator[PdfObject | None]:
    """Every object: by the table, inside object streams, and wherever one begins that no table lists."""
    keys = {(number, generation) for generation, table in reader.xref.items() for number in table}
    headers = list(HEADER.finditer(content))
    if len(keys | {(number, 0) for number in reader.xref_objStm}) > OBJECTS or len(headers) > 2 * OBJECTS:
        raise Unfit(Fault.TOO_COMPLEX)
    containers = {number for number, _ in reader.xref_objStm.values()}
    budget = [OBJECTS]
    for number, generation in sorted(keys):
        if generation >= 65535:
            continue
        item = reader.get_object(IndirectObject(number, generation, reader))
        yield item
        yield from _contained(reader, item, budget, is_container=number in containers)
    listed = {place for table in reader.xref.values() for place in table.values()}
    for header in headers:
        if header.start() not in listed:
            item = _unlisted(reader, header)
            yield item
            yield from _contained(reader, item, budget)


def _unlisted(reader: PdfReader, header: re.Match[bytes]) -> PdfObject | None:
    """An object that stands in the bytes and in no table; nothing where the bytes only look like one."""
    try:
        reader.stream.seek(header.end())
        item = read_object(reader.stream, reader)
        if reader._encryption is not None:
            item = reader._encryption.decrypt_object(item, int(header[1]), int(header[2]), strict=False)
    except (MemoryError, RecursionError):
        raise
    except Exception:
        return None
    return item


def _contained(
    reader: PdfReader, item: PdfObject | None, budget: list[int], *, is_container: bool = False
) -> Iterator[PdfObject | None]:
    """What an object stream holds, whether or not a table lists it."""
    if not isinstance(item, StreamObject):
        return
    if not is_container and name_under(item, "/Type") != "/ObjStm":
        return
    unpacked_size(item)  # counted before it is kept
    data = item.get_data()
    _search_raw(data)
    first = plain(dict.get(item, "/First"))
    start = int(first) if isinstance(first, NumberObject) else 0
    numbers = [int(one) for one in data[:start].split() if one.isdigit() and len(one) <= 10]
    stream = io.BytesIO(data)
    for offset in numbers[1::2]:
        budget[0] -= 1
        if budget[0] < 0:
            raise Unfit(Fault.TOO_COMPLEX)
        stream.seek(start + offset)
        yield read_object(stream, reader)


def _look_into(stream: StreamObject) -> int:
    size = unpacked_size(stream)
    if dict.__contains__(stream, "/F"):
        raise Unfit(Fault.EXTERNAL)  # its bytes lie in another file
    kind = name_under(stream, "/Subtype")
    if kind == "/Form" and dict.__contains__(stream, "/Ref"):
        raise Unfit(Fault.EXTERNAL)
    if kind == "/XML" and DECLARATION.search(stream.get_data()):
        raise Unfit(Fault.ENTITY)
    return size


def _visit(item: PdfObject | None, *, depth: int) -> None:
    if depth > NESTING:
        raise Unfit(Fault.TOO_COMPLEX)
    if isinstance(item, DictionaryObject):
        _inspect(item)
        children = list(dict.values(item))
    elif isinstance(item, ArrayObject):
        children = list(list.__iter__(item))
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
        value = plain(dict.get(item, key))
        if isinstance(value, NameObject) and value in FORBIDDEN_VALUES:
            raise Unfit(FORBIDDEN_VALUES[value])
    _inspect_actions(item)


def _inspect_actions(item: DictionaryObject) -> None:
    if "/URI" in item:
        _check_link(plain(dict.get(item, "/URI")))
    if name_under(item, "/FS") == "/URL":
        raise Unfit(Fault.LAUNCH)
    if name_under(item, "/S") == "/Thread" and "/F" in item:
        raise Unfit(Fault.LAUNCH)
    if "/OpenAction" in item:
        _check_unasked(plain(dict.get(item, "/OpenAction")))
    events = plain(dict.get(item, "/AA"))
    if isinstance(events, DictionaryObject):
        for action in dict.values(events):
            _check_unasked(plain(action))


def _check_link(value: PdfObject | None) -> None:
    if isinstance(value, DictionaryObject):  # the base of all links of the file
        value = plain(dict.get(value, "/Base"))
    if isinstance(value, TextStringObject | ByteStringObject):
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        if not is_harmless(text):
            raise Unfit(Fault.LINK)


def _check_unasked(action: PdfObject | None) -> None:
    """What happens by itself may only lead to a place in the same file."""
    if not isinstance(action, DictionaryObject):
        return
    if name_under(action, "/S") not in (QUIET, "") or "/Next" in action:
        raise Unfit(Fault.LAUNCH)


def _page_count(reader: PdfReader) -> int:
    """The pages that the tree really holds, counted with a queue: a node is entered once, and the root may not lie."""
    root = reader.root_object
    top = dict.get(root, "/Pages")
    count, seen, waiting = 0, set(), deque([top])
    while waiting:
        reference = waiting.popleft()
        key = reference.idnum if isinstance(reference, IndirectObject) else -id(reference)
        if key in seen:
            raise Unfit(Fault.DAMAGED)
        seen.add(key)
        node = plain(reference)
        if not isinstance(node, DictionaryObject):
            continue
        kids = plain(dict.get(node, "/Kids"))
        if isinstance(kids, ArrayObject):
            waiting.extend(list.__iter__(kids))
        else:
            count += 1
        if count + len(waiting) > PAGES:
            raise Unfit(Fault.TOO_COMPLEX)
    return _agreed(plain(top), count)


def _agreed(top: PdfObject | None, count: int) -> int:
    if count == 0:
        raise Unfit(Fault.EMPTY)
    told = plain(dict.get(top, "/Count")) if isinstance(top, DictionaryObject) else None
    if isinstance(told, NumberObject) and int(told) != count:
        raise Unfit(Fault.DAMAGED)
    return count
