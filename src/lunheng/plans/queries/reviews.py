"""Reviews: one, those of a list, who organizes, what went before."""

from django.db.models import QuerySet

from lunheng.cases.models import Case
from lunheng.cases.permissions import supervised
from lunheng.core.actor import Actor
from lunheng.core.workflow import ReviewState, Standing, over
from lunheng.organizations.models import Organization
from lunheng.panels.models import Member
from lunheng.plans.models import Entrustment, PlanVersion, Review
from lunheng.works.models import HazardousWork

RELATED = (
    "case",
    "case__division",
    "case__district",
    "case__pack",
    "contractor",
    "plan",
    "plan__author",
    "plan__work",
    "plan__work__project",
    "plan__work__project__file",
)
TO_BE_REPEATED = over(Standing.CLOSED) - {ReviewState.CANCELLED}
"""States after which the same works need another review."""


def review(review_id: int) -> Review:
    """The review with everything that its acts ask for."""
    return Review.objects.select_related(*RELATED).get(pk=review_id)


def review_of(case: Case) -> Review:
    """The review of a case."""
    return Review.objects.select_related(*RELATED).get(case=case)


def version(version_id: int) -> PlanVersion:
    """The version with its review."""
    related = (f"review__{name}" for name in RELATED)
    return PlanVersion.objects.select_related("review", *related).get(pk=version_id)


def latest_version(found: Review) -> PlanVersion | None:
    """The newest version in this review."""
    return found.versions.order_by("number").last()


def agency_of(found: Review) -> Organization | None:
    """The review agency whose entrustment is accepted and not ended."""
    living = found.entrustments.filter(state=Entrustment.State.ACCEPTED).select_related("agency").first()
    return living.agency if living else None


def organizer_of(found: Review) -> Organization:
    """组织单位: the entrusted agency, or the contractor itself."""
    return agency_of(found) or found.contractor


def confirmed_count(case: Case) -> int:
    """How many experts have confirmed in this case."""
    return Member.objects.filter(case=case, state=Member.State.CONFIRMED).count()


def last_over(work: HazardousWork) -> Case | None:
    """The last review of the works that has to be repeated and has not been yet."""
    found = Case.objects.filter(
        kind=Case.Kind.REVIEW, review__plan__work=work, state__in=TO_BE_REPEATED, followed_by__isnull=True
    )
    return found.order_by("pk").last()


def empty_review(work: HazardousWork, title: str) -> Review | None:
    """The review of a plan of this title that was opened and has no version yet."""
    found = Review.objects.select_related("case").filter(
        plan__work=work, plan__title=title, case__state=ReviewState.DRAFTING, versions__isnull=True
    )
    return found.first()


def reviews_for(actor: Actor) -> QuerySet[Review]:
    """Reviews that the actor may see in a list: as a party of the case, or as the supervising office."""
    found = Review.objects.select_related(*RELATED[:6], "plan__work__project")
    if actor.role.is_office:
        return found.filter(case__in=Case.objects.filter(supervised(actor)))
    if not actor.organization:
        return found.none()
    return found.filter(
        case__parties__organization__code=actor.organization,
        case__parties__role=actor.role.value,
        case__parties__left_at__isnull=True,
    )
