"""Reads of notices: what is public, and which objections are open."""

from datetime import datetime

from django.db.models import QuerySet

from lunheng.cases.models import Case
from lunheng.notices.models import Notice, Objection


def public_notices(division: str = "") -> QuerySet[Notice]:
    """What anybody may read, newest first; of one division, if one is named."""
    found = Notice.objects.filter(withdrawn_at__isnull=True).select_related("case", "case__division")
    return found.filter(case__division_id=division) if division else found


def notice_of(case: Case) -> Notice | None:
    """The last public notice of a case that was not withdrawn."""
    return case.notices.filter(kind=Notice.Kind.NOTICE, withdrawn_at__isnull=True).first()


def notice_for_update(notice_id: int) -> Notice:
    """The notice, locked; the case is locked before."""
    return Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)


def open_objections(case: Case) -> QuerySet[Objection]:
    """Objections to notices of the case that nobody has answered yet."""
    return Objection.objects.filter(
        notice__case=case, notice__withdrawn_at__isnull=True, answered_at__isnull=True
    )


def has_upheld_objection(case: Case) -> bool:
    """Whether an objection to the running notice was found to be right."""
    notice = notice_of(case)
    return notice is not None and notice.objections.filter(is_upheld=True).exists()


def is_open(notice: Notice, at: datetime) -> bool:
    """Whether the form for objections is shown."""
    return notice.kind == Notice.Kind.NOTICE and notice.is_running(at)
