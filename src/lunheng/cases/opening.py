"""How a file of the platform comes into being, inside the act that needs it."""

from collections.abc import Iterable
from datetime import date, datetime

from lunheng.cases import running
from lunheng.cases.models import Case, Party
from lunheng.core.workflow import FileState, ReviewState
from lunheng.jurisdictions.models import Division, PackRecord
from lunheng.organizations.models import Organization

PREFIXES = {
    Case.Kind.REVIEW: "LZ",
    Case.Kind.PROJECT: "GC",
    Case.Kind.EXPERT: "ZJ",
    Case.Kind.POOL: "K",
    Case.Kind.PROCEEDING: "BL",
}


def open_case(
    kind: Case.Kind,
    *,
    title: str,
    division: Division,
    at: datetime,
    pack: PackRecord | None = None,
    requested_on: date | None = None,
    district: Division | None = None,
    is_city_run: bool = False,
    previous: Case | None = None,
) -> Case:
    """A new file, locked by the running act. Its reference is the kind, the division, the year and a number."""
    first = ReviewState.DRAFTING if kind == Case.Kind.REVIEW else FileState.OPEN
    case = Case.objects.create(
        reference=f"pending-{running.current().event}-{at.timestamp()}-{title}"[:40],
        kind=kind,
        title=title,
        division=division,
        district=district,
        is_city_run=is_city_run,
        pack=pack,
        state=first.value,
        requested_on=requested_on,
        opened_at=at,
        previous=previous,
    )
    case.reference = f"{PREFIXES[kind]}-{division.code}-{at.year}-{case.pk:06d}"
    case.save(update_fields=("reference",))
    running.current().locks([case])
    return case


def set_parties(case: Case, parties: Iterable[tuple[Organization, str]], at: datetime) -> None:
    """Take over the parties of the project as they are now."""
    Party.objects.bulk_create(
        Party(case=case, organization=organization, role=role, joined_at=at) for organization, role in parties
    )
