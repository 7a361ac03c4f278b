"""Whether what was handed in still lies there: every stored file is hashed whenever it is read, and once a day anyway.

What is missing or changed is noted by its digest, told by an alarm until it is mended, and marked in its case. The
round is done in small pieces, so that no other duty of the worker waits, and goes on where it ended.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from lunheng.cases.models import Case
from lunheng.documents import store
from lunheng.documents.models import Audit, DamagedFile, Document

log = structlog.get_logger(__name__)

EVERY = timedelta(days=1)
BUDGET = 64 * 1024 * 1024
"""Bytes that one piece of the round may read; about a fifth of a second."""
ROWS = 200
"""Rows of one piece, however small their files."""


def audit(at: datetime) -> int:
    """Go on with the round, or begin a new one when the last began a day ago; how many files were looked at."""
    state = _state(at)
    if state.finished_at is not None:
        return 0
    looked, read = 0, 0
    last = state.last_document
    for document in Document.objects.filter(pk__gt=last).order_by("pk")[:ROWS]:
        for digest in digests_of(document):
            look_at(digest, at)
            looked += 1
        last, read = document.pk, read + document.size
        if read > BUDGET:
            break
    is_done = not Document.objects.filter(pk__gt=last).exists()
    Audit.objects.filter(pk=Audit.ONLY).update(
        last_document=last, looked_at=state.looked_at + looked, finished_at=at if is_done else None
    )
    return looked


def audit_all(at: datetime) -> None:
    """Look at every stored file now: for whoever asks on the command line."""
    for document in Document.objects.order_by("pk").iterator():
        for digest in digests_of(document):
            look_at(digest, at)


def digests_of(document: Document) -> Iterator[str]:
    """The original, and what is shown of it."""
    yield document.sha256
    if document.shown_sha256:
        yield document.shown_sha256


def look_at(digest: str, at: datetime) -> None:
    """Hash one stored file; note what is wrong, or that it is right again."""
    try:
        store.open_checked(digest).close()
    except store.StoreFault as fault:
        note(fault, at)
    else:
        DamagedFile.objects.filter(sha256=digest, mended_at__isnull=True).update(mended_at=at)


def note(fault: store.StoreFault, at: datetime) -> None:
    """Note that a digest has lost its bytes; told in the log each time, kept once."""
    kind = DamagedFile.Fault.MISSING if isinstance(fault, store.Missing) else DamagedFile.Fault.CHANGED
    log.error("stored file damaged", sha256=fault.digest, fault=kind.value)
    with transaction.atomic():
        damaged, is_new = DamagedFile.objects.select_for_update().get_or_create(
            sha256=fault.digest, defaults={"fault": kind, "found_at": at}
        )
        if not is_new and (damaged.mended_at is not None or damaged.fault != kind):
            damaged.fault, damaged.found_at, damaged.mended_at = kind, at, None
            damaged.save()


def alarms() -> list[str]:
    """In words, what is damaged now; empty when every stored file is as it came."""
    count = DamagedFile.objects.filter(mended_at__isnull=True).count()
    told = f"{count} 份存储的文件缺失或内容被改动：请立即保护现场，从备份恢复原文件，恢复后自动复核"
    return [told] if count else []


def damaged_of(case: Case) -> list[tuple[Document, str]]:
    """The files of a case that are damaged now, each with what is wrong."""
    found = dict(DamagedFile.objects.filter(mended_at__isnull=True).values_list("sha256", "fault"))
    hit = Document.objects.filter(Q(sha256__in=found) | Q(shown_sha256__in=found), case=case) if found else ()
    return [(one, DamagedFile.Fault(found.get(one.sha256) or found[one.shown_sha256]).label) for one in hit]


def _state(at: datetime) -> Audit:
    state, _ = Audit.objects.get_or_create(pk=Audit.ONLY, defaults={"begun_at": at})
    if state.finished_at is not None and state.begun_at <= at - EVERY:
        state.begun_at, state.finished_at, state.last_document, state.looked_at = at, None, 0, 0
        state.save()
    return state
