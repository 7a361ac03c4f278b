"""One file from name to parser. Whatever fails first is the answer, with the clause and what to do now."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lunheng.core.calendar import load_calendar
from lunheng.core.errors import Refused, require
from lunheng.core.policy import Law
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.documents.guard.children import NoAnswer, parse_apart
from lunheng.documents.guard.names import clean_name, extension_of, fault_of_name
from lunheng.documents.guard.places import Busy
from lunheng.documents.guard.signatures import has_structure
from lunheng.documents.guard.words import WORDS
from lunheng.documents.parsing.faults import Fault, Unfit
from lunheng.jurisdictions import packs

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
"""Kinds that can be looked through; a pack may allow fewer."""
PICTURES = frozenset({"jpg", "jpeg", "png"})
LARGEST = 50 * 1024 * 1024
"""Bytes. What the child can look through in its time and memory; a pack may allow less, never more."""
RULE = "platform.files"


@dataclass(frozen=True)
class Examined:
    """A file that may be kept as it came; ``rendition`` is what is shown instead where the two differ."""

    name: str
    path: Path
    rendition: Path | None
    media_type: str
    size: int
    pages: int | None


def examine(name: str, path: Path, rewritten: Path) -> Examined:
    """Look through one received file; what is safe to show of a picture goes to ``rewritten``.

    Raises:
        Busy: the platform could not look through it now.
        Refused: with the clause of the platform's rule on files.
    """
    name = clean_name(name)
    kind = extension_of(name)
    require(_name_verdict(name))
    require(size_verdict(kind, path.stat().st_size))
    pages = _parse(kind, path, rewritten)
    rendition = rewritten if kind in PICTURES and _digest(rewritten) != _digest(path) else None
    return Examined(name, path, rendition, MEDIA_TYPES[kind], path.stat().st_size, pages or None)


def size_verdict(kind: str, size: int) -> Verdict:
    """Whether a file of this kind (extension) and size may be taken."""
    law = platform_law()
    verdict = law.judge(RULE, kind=kind, size=size)
    if not verdict.is_allowed:
        return verdict
    if kind not in MEDIA_TYPES:
        return refused(
            law.clause(RULE), f"平台不能检查 {kind} 类型的文件", f"请上传：{'、'.join(MEDIA_TYPES)}", kind
        )
    if size > LARGEST:
        return refused(
            law.clause(RULE),
            f"文件超过 {LARGEST // 1048576} MB 上限",
            "压缩或拆分后上传",
            f"{size // 1048576} MB",
        )
    return verdict


@lru_cache(maxsize=1)
def platform_law() -> Law:
    """The national floor with the platform's own rules: a file may come before there is a case. No rule on files
    counts days, so no calendar is read."""
    return Law(packs.resolved("cn"), lambda: load_calendar([]))


def _name_verdict(name: str) -> Verdict:
    clause = platform_law().clause(RULE)
    fault = fault_of_name(name)
    return refused(clause, fault, "改名后重新上传", name[:60]) if fault else allowed(clause, "文件名可用")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_seen: dict[tuple[str, str], int] = {}
"""Pages of the files that this process has looked through and found fit: the same bytes need no second look."""
MOST_SEEN = 4096


def _pages(kind: str, digest: str, path: Path, rewritten: Path) -> int:
    if (kind, digest) not in _seen:
        if len(_seen) >= MOST_SEEN:
            _seen.clear()
        _seen[kind, digest] = parse_apart(kind, path, rewritten)
    return _seen[kind, digest]


def _parse(kind: str, path: Path, rewritten: Path) -> int:
    try:
        if not has_structure(kind, path):
            raise Unfit(Fault.DAMAGED)
        if kind in PICTURES:
            return parse_apart(kind, path, rewritten)
        return _pages(kind, _digest(path), path, rewritten)
    except NoAnswer:
        raise Busy(platform_law().clause(RULE)) from None
    except Unfit as unfit:
        message, remedy = WORDS[unfit.fault]
        raise Refused(refused(platform_law().clause(RULE), message, remedy, kind)) from None
