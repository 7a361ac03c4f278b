"""Pictures: the original is kept; what is shown is painted anew, upright, without EXIF, place or comment, and compared
with the original on white before it is believed."""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

from lunheng.documents.parsing.faults import Fault, Unfit

PIXELS = 50_000_000
Image.MAX_IMAGE_PIXELS = None  # counted below, with an answer of our own
FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}
QUALITY = 92
MEAN, FAR, SHARE = 6.0, 64, 0.001
"""How far a picture that is packed with losses may be from its original: on average, and at so large a part."""
POLYGLOT = (b"%PDF-", b"<html", b"<script", b"<!doctype", b"<svg", b"<?php", b"\x7fELF", b"PK\x05\x06")
"""What other programs would take the file for, in the places where a picture keeps words."""
MOTION = (b"ftyp",)
SAMSUNG = b"SEFT"


def parser_of_image(kind: str) -> Callable[[Path, Path], int]:
    """The parser of one kind of picture; what may be shown of it is written to the target."""
    wanted = FORMATS[kind]

    def parse(source: Path, target: Path) -> int:
        data = source.read_bytes()
        {"PNG": _check_chunks, "JPEG": _check_segments}[wanted](data)
        with Image.open(source, formats=[wanted]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Unfit(Fault.PIXELS)
            if wanted == "PNG" and getattr(picture, "is_animated", False):
                raise Unfit(Fault.FRAMES)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
        seen = on_white(upright)
        _paint(upright, seen, wanted, target)
        _compare(seen, target, is_exact=wanted == "PNG")
        return 1

    return parse


def on_white(picture: Image.Image) -> Image.Image:
    """The picture as a person sees it on paper: three colors, what is transparent shows white."""
    if picture.mode.startswith(("I", "F")):
        return _from_deep(picture).convert("RGB")
    if picture.mode == "CMYK":
        return picture.convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    return Image.alpha_composite(paper, clear).convert("RGB")


def _from_deep(picture: Image.Image) -> Image.Image:
    """Sixteen bits for each pixel become eight: the upper ones."""
    return picture.convert("I").point(lambda value: value / 257).convert("L")


def _paint(upright: Image.Image, seen: Image.Image, form: str, target: Path) -> None:
    # A new picture takes over the pixels alone; nothing else of the old file comes along.
    plain = seen
    if form == "PNG" and upright.mode in ("L", "1") and not upright.has_transparency_data:
        plain = upright.convert("L")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    bare.save(target, format=form, **({"quality": QUALITY, "subsampling": 0} if form == "JPEG" else {}))


def _compare(seen: Image.Image, target: Path, *, is_exact: bool) -> None:
    """Refuse a picture whose copy does not show the same."""
    with Image.open(target) as written:
        copy = on_white(written)
    if copy.size != seen.size:
        raise Unfit(Fault.UNFAITHFUL)
    far = ImageChops.difference(seen, copy).convert("L").histogram()
    count = sum(far)
    mean = sum(distance * pixels for distance, pixels in enumerate(far)) / count
    share = sum(far[FAR:]) / count
    if (is_exact and mean > 0) or mean > MEAN or share > SHARE:
        raise Unfit(Fault.UNFAITHFUL)


def _check_words(data: bytes) -> None:
    text = data.lower()
    if any(mark.lower() in text for mark in POLYGLOT):
        raise Unfit(Fault.TRAILING)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 8
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (told,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(kind + body) != told:
            raise Unfit(Fault.DAMAGED)
        yield kind, body
        place += 12 + length


def _check_chunks(data: bytes) -> None:
    """PNG: every chunk whole, one picture, nothing behind its end, no other file among its words."""
    last = b""
    for kind, body in _chunks(data):
        if last == b"IEND":
            raise Unfit(Fault.TRAILING)
        if kind == b"acTL":
            raise Unfit(Fault.FRAMES)
        if kind != b"IDAT":
            _check_words(body)
        last = kind
    if last != b"IEND":
        raise Unfit(Fault.DAMAGED)


def _check_segments(data: bytes) -> None:
    """JPEG: no other file among the words before the picture, and behind it only what cameras put there."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        if data[place + 1] == 0xFF:
            place += 1
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] in range(0xE0, 0xF0) or data[place + 1] == 0xFE:
            _check_words(data[place + 4 : place + 2 + length])
        place += 2 + length
    _check_behind(data[_end_of_picture(data, place) :])


def _end_of_picture(data: bytes, scan: int) -> int:
    """Where the first picture ends: inside a scan 0xFF stands before a zero or a restart mark only."""
    place = scan
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        mark = data[place + 1]
        if mark == 0xD9:
            return place + 2
        if mark in (0x00, 0x01, 0xFF) or 0xD0 <= mark <= 0xD8:
            place += 1 if mark == 0xFF else 2
        else:  # a further scan or table of a progressive picture
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return len(data)


def _check_behind(rest: bytes) -> None:
    """Padding, a preview, the short film of a telephone, or its maker's own notes."""
    bare = rest.lstrip(b"\0\xff \r\n\t")
    if not bare or rest.startswith(b"\xff\xd8\xff") or bare.startswith(b"\xd8\xff"):
        return
    is_known = bare[:12][-8:].startswith(MOTION) or bare[1:9].startswith(MOTION) or SAMSUNG in rest[-8:]
    if not is_known:
        raise Unfit(Fault.TRAILING)
    _check_words(rest)
