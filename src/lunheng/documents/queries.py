"""Reads of documents."""

from django.db.models import Q, QuerySet

from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.documents.models import Document


def waiting_uploads(actor: Actor) -> QuerySet[Document]:
    """What the actor, or its organization, uploaded and has not used in an act yet; newest first."""
    own = Q(uploaded_by=actor.reference)
    if actor.organization:
        own |= Q(uploaded_organization=actor.organization)
    return Document.objects.filter(own, case__isnull=True).order_by("-id")


def documents_of(case: Case) -> QuerySet[Document]:
    """Every file of the case in the order in which it came."""
    return Document.objects.filter(case=case).order_by("bound_at", "id")
