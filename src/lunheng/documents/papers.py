"""Official documents, each declared once: the template, the type of its data, the rule on which it stands, its title and
the name of its file. Title and clause come from the pack to which the case is pinned.

``tests/documents/test_template_fields.py`` compares every template with the type of its data, in both directions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypedDict, TypeVar
from uuid import UUID

from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.verdict import Verdict
from lunheng.documents.models import Document
from lunheng.documents.proofs import printed_proof
from lunheng.documents.rendering import render

Subject = TypeVar("Subject")
TITLES = "forms"
"""The vocabulary of the packs that names the forms of a city."""


class Head(TypedDict):
    """What every document bears."""

    title: str
    reference: str
    case: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Form(Generic[Subject]):
    """One kind of official document about one kind of thing (a report, a meeting, a request)."""

    key: str
    """Of the template, and of the title in the packs."""
    title: str
    """Where no layer of the pack has one."""
    rule: str
    """The rule whose clause the document cites."""
    data: type
    """The typed dictionary of its fields, beside those of every document."""
    fill: Callable[[Subject], Mapping[str, Any]]
    case_of: Callable[[Subject], Case]
    number_of: Callable[[Subject], object]
    """What tells two documents of a case apart."""
    called: Callable[[Subject], str] | None = None
    """How its file is called, where that is not its title."""
    kind: str = Document.Kind.OTHER
    is_secret: bool = False

    def title_of(self, case: Case) -> str:
        """The title that the case's pack gives it."""
        return case.law.pack.labels.get(TITLES, {}).get(self.key, self.title)

    def name_of(self, subject: Subject) -> str:
        """The name of its file."""
        called = self.called(subject) if self.called else self.title
        return f"{called}-{self.number_of(subject)}.pdf"

    def set(self, subject: Subject, entry: UUID | None = None) -> bytes:
        """The document about this, bearing the proof of the entry whose content it states."""
        return render(
            self.key, {**self._head(self.case_of(subject)), **self.fill(subject), **printed_proof(entry)}
        )

    def draw_up(self, subject: Subject, *, entry: UUID | None, at: datetime) -> dict[str, int]:
        """Set and store it, outside the transaction of the act that attaches: what that act is given."""
        document = Document.generate(
            name=self.name_of(subject),
            content=self.set(subject, entry),
            kind=self.kind,
            at=at,
            is_secret=self.is_secret,
        )
        return {"document_id": document.pk}

    def _head(self, case: Case) -> Head:
        return {
            "title": self.title_of(case),
            "reference": case.reference,
            "case": case.title,
            "clause": str(case.law.clause(self.rule)),
        }


PRINTED: dict[str, "Printed[Any]"] = {}
"""Every document that is printed on demand, by its key."""


@dataclass(frozen=True, kw_only=True)
class Printed(Generic[Subject]):
    """A document that pages offer to print as things stand, kept in no file (``documents:paper``)."""

    form: Form[Subject]
    find: Callable[[Case], Subject | None]
    """What of a case it is about; nothing where it does not exist yet."""
    may: Callable[[Actor, Case], Verdict]
    """Who may have it, beside being let into the case."""
    entry_of: Callable[[Subject], UUID | None] = lambda subject: None
    """The entry whose proof it bears."""

    def __post_init__(self) -> None:
        PRINTED[self.form.key] = self

    def address(self, case: Case) -> str:
        """Where it is printed."""
        return reverse("documents:paper", args=(case.pk, self.form.key))
