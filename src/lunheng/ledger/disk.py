"""What is said to be kept is on the disk: the file, and that the folder knows it."""

import os
from pathlib import Path


def write(path: Path, text: str, *, flags: int = os.O_TRUNC) -> None:
    """Write a file for its owner alone and have it on the disk; with ``O_EXCL`` only when there is none."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


def settle(path: Path) -> None:
    """Have a file on the disk that somebody else wrote, or the names in a folder after files were made or renamed."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
