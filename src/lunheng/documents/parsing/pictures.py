"""Pictures inside office documents: drawings that could act, and floods of pixels."""

import io
import struct

from PIL import Image

from lunheng.documents.parsing.faults import Fault, Unfit
from lunheng.documents.parsing.images import PIXELS

PLACEABLE = b"\xd7\xcd\xc6\x9a"
ESCAPE = 0x0626
ACTING_ESCAPES = frozenset({9, 19, 4115, 4116})
"""SETABORTPROC runs code; the others pass bytes to the printer unread."""
NAMED_ESCAPE = 110
RECORDS = 1_000_000
PAINTED = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def is_painted(head: bytes) -> bool:
    """Whether a part begins like a picture made of pixels."""
    return head.startswith(PAINTED)


def is_enhanced(head: bytes) -> bool:
    """Whether a part begins like an enhanced metafile."""
    return head.startswith(b"\x01\0\0\0") and head[40:44] == b" EMF"


def is_metafile(head: bytes) -> bool:
    """Whether a part begins like a Windows metafile."""
    return head.startswith((PLACEABLE, b"\x01\0\x09\0\0", b"\x02\0\x09\0\0"))


def check_painted(data: bytes) -> None:
    """Refuse a picture that unfolds into more pixels than a page can need."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "GIF", "BMP", "TIFF"]) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, struct.error):
        return  # no program shows it
    if width * height > PIXELS:
        raise Unfit(Fault.PIXELS)


def check_metafile(data: bytes) -> None:
    """Refuse a Windows metafile that calls the printer's driver or sets a procedure."""
    place = 40 if data.startswith(PLACEABLE) else 18
    for _ in range(RECORDS):
        if place + 8 > len(data):
            return
        words, function = struct.unpack_from("<IH", data, place)
        if words < 3 or function == 0:
            return
        if function == ESCAPE and struct.unpack_from("<H", data, place + 6)[0] in ACTING_ESCAPES:
            raise Unfit(Fault.MACRO)
        place += 2 * words
    raise Unfit(Fault.TOO_COMPLEX)


def check_enhanced(data: bytes) -> None:
    """Refuse an enhanced metafile that calls a named driver, or whose records do not follow one another."""
    place = 0
    for _ in range(RECORDS):
        if place + 8 > len(data):
            return
        kind, size = struct.unpack_from("<II", data, place)
        if kind == NAMED_ESCAPE:
            raise Unfit(Fault.MACRO)
        if size < 8:
            return
        place += size
    raise Unfit(Fault.TOO_COMPLEX)
