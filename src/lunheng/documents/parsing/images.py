"""Pictures: decoded, turned upright, and written anew without EXIF, place or comment."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps

from lunheng.documents.parsing.faults import Fault, Unfit

PIXELS = 50_000_000
Image.MAX_IMAGE_PIXELS = None  # counted below, with an answer of our own
FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}


def parser_of_image(kind: str) -> Callable[[Path, Path], int]:
    """The parser of one kind of picture."""
    wanted = FORMATS[kind]

    def parse(source: Path, target: Path) -> int:
        with Image.open(source, formats=[wanted]) as picture:
            if picture.width * picture.height > PIXELS:
                raise Unfit(Fault.PIXELS)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
        _rewrite(upright, wanted, target)
        return 1

    return parse


def _rewrite(picture: Image.Image, form: str, target: Path) -> None:
    # A new picture takes over the pixels alone; nothing else of the old file comes along.
    plain = picture if picture.mode in {"L", "RGB", "RGBA"} else picture.convert("RGB")
    if form == "JPEG" and plain.mode == "RGBA":
        plain = plain.convert("RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    bare.save(target, format=form, **({"quality": 90} if form == "JPEG" else {}))
