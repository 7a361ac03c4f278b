"""Real files, small: a PDF that readers accept and a photo."""

import io
from functools import lru_cache

from PIL import Image
from pypdf import PdfWriter


@lru_cache(maxsize=8)
def a_pdf(pages: int = 2) -> bytes:
    """A PDF of blank A4 pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@lru_cache(maxsize=8)
def a_photo(width: int = 64) -> bytes:
    """A JPEG of one color."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, width), (120, 140, 160)).save(buffer, "JPEG")
    return buffer.getvalue()
