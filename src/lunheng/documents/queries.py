"""Reads of documents."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lunheng.accounts.models import Account
from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.documents.models import Document
from lunheng.ledger.models import Access


def waiting_uploads(actor: Actor) -> QuerySet[Document]:
    """What the actor, or its organization, uploaded and has not used in an act yet; newest first."""
    own = Q(uploaded_by=actor.reference)
    if actor.organization:
        own |= Q(uploaded_organization=actor.organization)
    return Document.objects.filter(own, case__isnull=True).order_by("-id")


def documents_of(case: Case) -> QuerySet[Document]:
    """Every file of the case in the order in which it came."""
    return Document.objects.filter(case=case).order_by("bound_at", "id")


LATEST_VIEWS = 100
KINDS = {"view": "查看", "download": "下载"}


@dataclass(frozen=True)
class View:
    """One look at a file, or one that was refused."""

    access: Access
    name: str

    @property
    def role(self) -> str:
        """The role in which the person came."""
        return Role(self.access.role).label

    @property
    def kind(self) -> str:
        """Looked at, or taken away."""
        return KINDS[self.access.kind]


def what_of(document: Document) -> str:
    """How the list of looks names a file."""
    return f"document {document.pk} {document.sha256}"


def views_of(document: Document) -> list[View]:
    """Who looked at the file, took it away, or was refused, latest first."""
    case = document.case
    found = Access.objects.filter(
        subject=case.reference if case else "", kind__in=KINDS, what=what_of(document)
    )[:LATEST_VIEWS]
    people = {one.account for one in found}
    names = dict(Account.objects.filter(reference__in=people).values_list("reference", "name"))
    return [View(one, names.get(one.account, "未登录")) for one in found]
