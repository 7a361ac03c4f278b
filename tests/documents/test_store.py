"""Files are found by their digest and never overwritten."""

import hashlib
import os
from pathlib import Path

import pytest

from lunheng.documents import store

CONTENT = "专项施工方案".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def test_what_was_put_is_read_by_its_digest() -> None:
    assert (store.put(CONTENT), store.read(DIGEST)) == (DIGEST, CONTENT)


def test_the_same_bytes_are_kept_once_and_leave_nothing_behind(folder: Path) -> None:
    assert store.put(CONTENT) == store.put(CONTENT)
    assert [path for path in folder.rglob("*") if path.is_file()] == [store.path_of(DIGEST)]


def test_a_kept_file_cannot_be_written_by_its_owner() -> None:
    store.put(CONTENT)
    assert store.path_of(DIGEST).stat().st_mode & 0o777 == 0o400


def test_file_and_folder_are_on_the_disk_before_the_digest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, int]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        state = os.fstat(handle)
        synced.append((state.st_dev, state.st_ino))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    kept = store.path_of(store.put(CONTENT))
    wanted = {(path.stat().st_dev, path.stat().st_ino) for path in (kept, kept.parent)}
    assert wanted <= set(synced)


def test_bytes_that_were_changed_on_the_disk_are_noticed_when_read() -> None:
    store.put(CONTENT)
    store.path_of(DIGEST).chmod(0o600)
    store.path_of(DIGEST).write_bytes(b"changed")
    with pytest.raises(store.StoreFault, match="内容与摘要不符"):
        store.read(DIGEST)


def test_a_changed_file_is_not_taken_for_the_same_one() -> None:
    store.put(CONTENT)
    store.path_of(DIGEST).chmod(0o600)
    store.path_of(DIGEST).write_bytes(b"changed")
    with pytest.raises(store.StoreFault):
        store.put(CONTENT)


def test_what_was_never_put_is_missing() -> None:
    with pytest.raises(store.StoreFault, match="没有"):
        store.read(DIGEST)


@pytest.mark.parametrize("digest", ["../../etc/passwd", DIGEST.upper(), ""])
def test_nothing_but_a_digest_is_a_way_into_the_store(digest: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256 digest"):
        store.path_of(digest)
