"""How large the streams of a PDF become: counted through the whole chain of filters, without keeping what comes out."""

import base64
import binascii
import zlib
from collections.abc import Callable, Iterable, Iterator

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, PdfObject, StreamObject

from lunheng.documents.parsing.faults import Fault, Unfit

STREAM_BYTES = 150 * 1024 * 1024
PIECE = 1024 * 1024
FILTERS = 4
PIXELS = 800_000_000
"""A sheet A0 scanned with 600 dpi has 558 million."""
IMAGE_BYTES = 600 * 1024 * 1024
SHORTEST_CODE, LONGEST_CODE, ENTRIES = 9, 12, 4096
CLEAR, END = 256, 257


def names_of(stream: StreamObject) -> list[str]:
    """The filters of a stream, in the order in which a reader undoes them, by their full names."""
    given = plain(dict.get(stream, "/Filter"))
    listed = [plain(one) for one in list.__iter__(given)] if isinstance(given, ArrayObject) else [given]
    return [FULL.get(str(one), str(one)) for one in listed if isinstance(one, NameObject)]


def plain(item: PdfObject | None) -> PdfObject | None:
    """The object itself, where a reference may stand."""
    return item.get_object() if item is not None else None


def name_under(item: DictionaryObject, key: str) -> str:
    """The name that stands under a key of a dictionary; empty when none does."""
    value = plain(dict.get(item, key))
    return str(value) if isinstance(value, NameObject) else ""


def unpacked_size(stream: StreamObject) -> int:
    """Bytes of the stream when every filter before a picture's own is undone.

    Raises:
        Unfit: more than a reader should be asked to hold, or filters stacked as no program stacks them.
    """
    names = names_of(stream)
    if len(names) > FILTERS or any(names.count(one) > 1 for one in EXPANDING):
        raise Unfit(Fault.TOO_COMPLEX)  # stacked filters serve only to hide how large a stream is
    pieces: Iterable[bytes] = (stream._data,)
    for number, name in enumerate(names):
        if name in PICTURES:
            if number != len(names) - 1:
                raise Unfit(Fault.DAMAGED)
            break
        if name == "/Crypt":
            _check_identity(stream)
        elif name in DECODERS:
            pieces = _bounded(DECODERS[name](pieces))
        else:
            raise Unfit(Fault.DAMAGED)
    is_picture = bool(names) and names[-1] in PICTURES
    head = _check_picture(stream, names, pieces) if is_picture or _is_image(stream) else None
    return head if head is not None else sum(map(len, pieces))


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > STREAM_BYTES:
            raise Unfit(Fault.TOO_LARGE)
        yield piece


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest:
            try:
                out = decoder.decompress(rest, PIECE)
            except zlib.error:
                return  # viewers show what they could read so far
            if not out:
                break
            yield out
            rest = decoder.unconsumed_tail


def _run_lengths(pieces: Iterable[bytes]) -> Iterator[bytes]:
    data = b"".join(pieces)
    place, out, waiting = 0, [], 0
    while place < len(data) and data[place] != 128:
        length = data[place]
        if length < 128:
            run = data[place + 1 : place + 2 + length]
            place += 2 + length
        else:
            run = data[place + 1 : place + 2] * (257 - length)
            place += 2
        out.append(run)
        waiting += len(run)
        if waiting > PIECE:
            yield b"".join(out)
            out, waiting = [], 0
    yield b"".join(out)


def _hexadecimal(pieces: Iterable[bytes]) -> Iterator[bytes]:
    digits = b"".join(b"".join(pieces).partition(b">")[0].split())
    try:
        yield binascii.unhexlify(digits + b"0" * (len(digits) % 2))
    except binascii.Error:
        raise Unfit(Fault.DAMAGED) from None


def _base_85(pieces: Iterable[bytes]) -> Iterator[bytes]:
    data = b"".join(pieces).partition(b"~")[0].removeprefix(b"<")
    try:
        yield base64.a85decode(data.strip())
    except ValueError:
        raise Unfit(Fault.DAMAGED) from None


def _lempel_ziv_welch(pieces: Iterable[bytes]) -> Iterator[bytes]:
    table, before = _letters(), b""
    held, bits, width = 0, 0, SHORTEST_CODE
    for byte in b"".join(pieces):
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & (1 << width) - 1
        if code == END:
            return
        if code == CLEAR:
            table, before, width = _letters(), b"", SHORTEST_CODE
            continue
        entry = _entry(table, code, before)
        if before and len(table) < ENTRIES:
            table.append(before + entry[:1])
        before = entry
        width = min(max((len(table) + 1).bit_length(), SHORTEST_CODE), LONGEST_CODE)
        yield entry


def _letters() -> list[bytes]:
    return [bytes((one,)) for one in range(256)] + [b"", b""]


def _entry(table: list[bytes], code: int, before: bytes) -> bytes:
    if code < len(table):
        return table[code]
    if not before:
        raise Unfit(Fault.DAMAGED)
    return before + before[:1]


DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "/FlateDecode": _inflated,
    "/LZWDecode": _lempel_ziv_welch,
    "/RunLengthDecode": _run_lengths,
    "/ASCIIHexDecode": _hexadecimal,
    "/ASCII85Decode": _base_85,
}
EXPANDING = ("/FlateDecode", "/LZWDecode", "/RunLengthDecode")
PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})
FULL = {
    "/Fl": "/FlateDecode",
    "/LZW": "/LZWDecode",
    "/RL": "/RunLengthDecode",
    "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
    "/DCT": "/DCTDecode",
    "/CCF": "/CCITTFaxDecode",
}


def _check_identity(stream: StreamObject) -> None:
    """Only the description of an encrypted file may stand there in clear."""
    if name_under(stream, "/Type") != "/Metadata":
        raise Unfit(Fault.ENCRYPTED)


def _is_image(stream: StreamObject) -> bool:
    return name_under(stream, "/Subtype") == "/Image"


def _number(stream: StreamObject, *keys: str) -> int:
    for key in keys:
        value = plain(dict.get(stream, key))
        if isinstance(value, NumberObject):
            return int(value)
    return 0


def _check_picture(stream: StreamObject, names: list[str], pieces: Iterable[bytes]) -> int | None:
    """Width times height, as the file says and as the picture itself says; returns the bytes of a packed picture."""
    width, height = _number(stream, "/Width", "/W"), _number(stream, "/Height", "/H")
    _bound(width, height)
    if width * height * max(1, _number(stream, "/BitsPerComponent", "/BPC")) // 8 > IMAGE_BYTES:
        raise Unfit(Fault.PIXELS)
    if not names or names[-1] not in PICTURES:
        return None
    data = b"".join(pieces)
    if names[-1] == "/DCTDecode":
        _bound(*_size_of_jpeg(data))
    elif names[-1] == "/JPXDecode":
        start = data.find(b"\xff\x4f\xff\x51")
        _bound(_big(data, start + 8), _big(data, start + 12)) if start >= 0 else None
    elif names[-1] == "/JBIG2Decode" and data[4:5] and data[4] & 63 == 48:
        tall = _big(data, 15)
        _bound(_big(data, 11), 1 if tall == 0xFFFFFFFF else tall)
    return len(data)


def _bound(width: int, height: int) -> None:
    if width < 0 or height < 0 or width * height > PIXELS:
        raise Unfit(Fault.PIXELS)


def _big(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "big")


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    """Width and height from the first frame header; nothing when there is none."""
    place = 2
    while place + 9 < len(data):
        if data[place] != 0xFF:
            place += 1
            continue
        marker = data[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return (
                int.from_bytes(data[place + 7 : place + 9], "big"),
                int.from_bytes(data[place + 5 : place + 7], "big"),
            )
        if marker in (0xFF, 0x01, 0xD8) or 0xD0 <= marker <= 0xD7:
            place += 1 if marker == 0xFF else 2
            continue
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return 0, 0
