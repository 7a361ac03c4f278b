"""First and last bytes: a file is what it begins with, from the first byte to the last, and nothing besides."""

from pathlib import Path

TAIL = 66_000
PDF_SLACK = 1_024
JPEG_SLACK = 64 * 1024
ARCHIVE_END = b"PK\x05\x06"
ZIP64_END = b"PK\x06\x07"


def has_structure(kind: str, path: Path) -> bool:
    """Whether head and tail of the file are those of its kind."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    return {"pdf": _is_pdf, "docx": _is_archive, "xlsx": _is_archive, "png": _is_png}.get(kind, _is_jpeg)(
        head, tail
    )


def _is_pdf(head: bytes, tail: bytes) -> bool:
    is_begun = head.startswith((b"%PDF-1.", b"%PDF-2."))
    end = tail.rfind(b"%%EOF")
    rest = tail[end + 5 :]
    return (
        is_begun
        and end >= 0
        and len(rest) <= PDF_SLACK
        and not rest.strip(b"\r\n \t\0")
        and ARCHIVE_END not in tail
    )


def _is_archive(head: bytes, tail: bytes) -> bool:
    end = tail.rfind(ARCHIVE_END)
    if not head.startswith(b"PK\x03\x04") or end < 0 or len(tail) < end + 22 or ZIP64_END in tail:
        return False
    comment = int.from_bytes(tail[end + 20 : end + 22], "little")
    return comment == 0 and end + 22 == len(tail)


def _is_png(head: bytes, tail: bytes) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n") and tail.endswith(b"IEND\xaeB`\x82")


def _is_jpeg(head: bytes, tail: bytes) -> bool:
    # Cameras may add padding or a preview after the picture; it is dropped when the picture is written anew.
    return head.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in tail[-JPEG_SLACK:] and ARCHIVE_END not in tail
