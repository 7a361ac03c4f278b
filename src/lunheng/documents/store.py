"""The content-addressed store: a file is found by its SHA-256, is on the disk before its digest is named, and is
never overwritten."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import IO, cast

from django.conf import settings

from lunheng.ledger.disk import settle

DIGEST = re.compile(r"[0-9a-f]{64}")


PIECE = 1024 * 1024
IN_MEMORY = 4 * PIECE


class StoreFault(Exception):
    """The store does not hold what a digest names."""

    def __init__(self, message: str, digest: str = "") -> None:
        super().__init__(message)
        self.digest = digest


class Missing(StoreFault):
    """Nothing lies under the digest."""


class Changed(StoreFault):
    """What lies under the digest are other bytes."""


def put(content: bytes) -> str:
    """Keep the bytes; returns their digest once file and folder are on the disk."""
    path = new_part()
    path.write_bytes(content)
    return put_file(path)


def put_file(path: Path) -> str:
    """Take over a file from ``new_part``; returns its digest once file and folder are on the disk."""
    digest = digest_of(path)
    target = path_of(digest)
    _make_folder(target.parent)
    path.chmod(0o400)
    settle(path)
    try:
        os.link(path, target)  # fails when the name is taken, where a rename would overwrite
    except FileExistsError:
        if digest_of(target) != digest:
            raise Changed(f"{digest} 的内容与摘要不符", digest) from None
    path.unlink()
    settle(target.parent)
    return digest


def new_part() -> Path:
    """An empty private file inside the store's file system, to be filled and handed to ``put_file``."""
    folder = Path(settings.FILES_DIRECTORY) / "incoming"
    _make_folder(folder)
    handle, name = tempfile.mkstemp(dir=folder, prefix="part-")
    os.close(handle)
    return Path(name)


def read(digest: str) -> bytes:
    """The bytes, re-hashed on the way.

    Raises:
        StoreFault: missing, or not the bytes that the digest names.
    """
    with open_checked(digest) as file:
        return file.read()


def open_checked(digest: str) -> IO[bytes]:
    """The bytes as an open file: what was hashed, and not what lies on the disk a moment later.

    Raises:
        StoreFault: missing, or not the bytes that the digest names.
    """
    taken = hashlib.sha256()
    copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    try:
        with path_of(digest).open("rb") as file:
            while piece := file.read(PIECE):
                taken.update(piece)
                copy.write(piece)
    except OSError:
        raise Missing(f"没有 {digest}", digest) from None
    if taken.hexdigest() != digest:
        raise Changed(f"{digest} 的内容与摘要不符", digest)
    copy.seek(0)
    return cast("IO[bytes]", copy)


def path_of(digest: str) -> Path:
    """Where the bytes with this digest lie. Raises ValueError for anything but 64 hexadecimal digits."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is not a SHA-256 digest")
    return Path(settings.FILES_DIRECTORY) / digest[:2] / digest[2:4] / digest


def digest_of(path: Path) -> str:
    """SHA-256 (hex) of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_folder(folder: Path) -> None:
    """Make the folder and see every new name of the way on the disk."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
        settle(parent.parent)
