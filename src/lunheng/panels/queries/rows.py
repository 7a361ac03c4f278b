"""Rows of a panel: which case they belong to, the locked row, who sits where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from lunheng.accounts.models import Account, Seat
from lunheng.cases import running
from lunheng.cases.locks import CaseKey
from lunheng.cases.models import Case
from lunheng.core.actor import Role
from lunheng.experts.models import Expert
from lunheng.jurisdictions import territory
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_INVITATION
from lunheng.panels.models import Draw, Election, Member, PanelRequest, SisterDecision
from lunheng.panels.queries import pool

HOLDING = (Member.State.INVITED, Member.State.CONFIRMED)
STILL_POSSIBLE = (
    Member.State.PUSHED,
    Member.State.SKIPPED,
    Member.State.PICKED,
    Member.State.CONSENTED,
    Member.State.CONFIRMED,
)
"""Pushed experts who agreed or have not answered yet."""


def case_of_request(request_id: int) -> CaseKey:
    """The case of a request, before anything is locked."""
    return PanelRequest.objects.filter(pk=request_id).order_by().values("case_id")


def case_of_draw(draw_id: int) -> CaseKey:
    """The case of a draw, before anything is locked."""
    return Draw.objects.filter(pk=draw_id).order_by().values("request__case_id")


def draw_for_update(case: Case, draw_id: int) -> Draw:
    """The draw, locked, with the locked case and request in it."""
    draw = Draw.objects.select_for_update(of=("self",)).select_related("lost").get(pk=draw_id)
    draw.request = request_for_update(case, draw.request_id)
    return draw


def lock_experts(references: Iterable[str]) -> dict[str, Expert]:
    """These experts, locked in one order, so that two panels cannot take the same one at the same time."""
    pool.look_again()
    found = (
        Expert.objects.select_for_update(of=("self",), no_key=True)
        .filter(reference__in=list(references))
        .select_related("account", "unit", "membership")
        .order_by("pk")
    )
    return {expert.reference: expert for expert in found}


def case_of_member(member_id: int) -> CaseKey:
    """The case of a member, before anything is locked."""
    return Member.objects.filter(pk=member_id).order_by().values("case_id")


def case_of_election(election_id: int) -> CaseKey:
    """The case of a ballot, before anything is locked."""
    return Election.objects.filter(pk=election_id).order_by().values("case_id")


def case_of_decision(decision_id: int) -> CaseKey:
    """The case of a decision on a sister company, before anything is locked."""
    return SisterDecision.objects.filter(pk=decision_id).order_by().values("case_id")


def request_for_update(case: Case, request_id: int) -> PanelRequest:
    """The request, locked, with the locked case in it."""
    request = (
        PanelRequest.objects.select_for_update(of=("self",))
        .select_related("organizer", "pool")
        .get(pk=request_id, case=case)
    )
    request.case = case
    return request


def member_for_update(case: Case, member_id: int) -> Member:
    """The member, locked, with the locked case in it."""
    return _bound(case, _locked(case).get(pk=member_id))


def members_for_update(case: Case, request: PanelRequest, *states: str) -> list[Member]:
    """The members of a request in these states (all, when none is named), locked by primary key."""
    rows = _locked(case).filter(request=request).order_by("pk")
    return [_bound(case, member) for member in rows if not states or member.state in states]


def members_by_ids(
    case: Case, request: PanelRequest, identifiers: list[int]
) -> tuple[list[Member], list[str]]:
    """The members of the request with these keys, locked, and the keys that are none of its members."""
    rows = {member.pk: member for member in members_for_update(case, request)}
    unknown = [str(identifier) for identifier in identifiers if identifier not in rows]
    return [rows[identifier] for identifier in dict.fromkeys(identifiers) if identifier in rows], unknown


def confirmed(case: Case) -> QuerySet[Member]:
    """Who sits on the panel now, in order."""
    return (
        Member.objects.filter(case=case, state=Member.State.CONFIRMED)
        .select_related("expert", "expert__unit", "expert__membership", "request", "draw")
        .order_by("is_extra", "draw", "order")
    )


def leader(case: Case) -> Member | None:
    """The leader of the panel, if there is one."""
    return confirmed(case).filter(is_leader=True).first()


def living_request(case: Case) -> PanelRequest | None:
    """The request that counts: the one that was not withdrawn."""
    return (
        PanelRequest.objects.filter(case=case)
        .exclude(state=PanelRequest.State.CANCELLED)
        .select_related("organizer", "pool")
        .first()
    )


def open_election(case: Case) -> Election | None:
    """The ballot that is going on."""
    return Election.objects.filter(case=case, closed_at__isnull=True).last()


def is_elected(case: Case) -> bool:
    """Whether the law has the members elect their leader."""
    return getattr(case.law.rule("panel.leader"), "mode", "") == "elected"


def organizing_roles(case: Case, organization: str) -> set[str]:
    """The roles in which a unit (by credit code) may organize this review now: contractor, agency or none.

    Another contractor that joined the works later did not ask for the review and does not organize it.
    """
    if not organization:
        return set()
    rows = case.parties.filter(
        left_at__isnull=True, role__in=(Role.CONTRACTOR.value, Role.AGENCY.value)
    ).values_list("organization__code", "role", "case__review__contractor__code")
    found = running.once(("parties", case.pk, "organizing"), lambda: list(rows))
    mine = [(role, own) for code, role, own in found if code == organization]
    return {role for role, own in mine if role == Role.AGENCY.value or own in (None, organization)}


def people_of(request: PanelRequest) -> list[Account]:
    """The log-ins of the organizing body."""
    seats = Seat.objects.filter(organization=request.organizer, is_active=True).select_related("account")
    return list({seat.account_id: seat.account for seat in seats.order_by("id")}.values())


def station_people(case: Case) -> list[Account]:
    """The log-ins of the station that supervises the case's city, and of the offices that the pack puts in its place:
    those that may decide about the panel, wherever around the project they are."""
    seats = Seat.objects.filter(is_active=True).filter(
        Q(role=Role.STATION.value, division_id=case.division_id) | Q(pk__in=_of_offices(case))
    )
    return list(
        {seat.account_id: seat.account for seat in seats.select_related("account").order_by("id")}.values()
    )


def _of_offices(case: Case) -> list[int]:
    """The seats of offices by title to which the pack gives what is decided about a panel, in the places of the case."""
    power = case.law.power("decide_sister")
    if power is None:
        return []
    seats = Seat.objects.filter(
        role=Role.OFFICE.value, office__in=power.offices, division_id__in=territory.chain(case.place_id)
    )
    return list(seats.values_list("pk", flat=True))


def invitation_of(member: Member) -> Message | None:
    """The message that asked this member."""
    return (
        Message.objects.filter(subject=member.subject, template=PANEL_INVITATION.key).order_by("-id").first()
    )


def references(request: PanelRequest) -> list[str]:
    """Every expert whom a draw or push of this request brought up."""
    return list(Member.objects.filter(request=request).values_list("expert__reference", flat=True))


def _locked(case: Case) -> QuerySet[Member]:
    return (
        Member.objects.select_for_update(of=("self",))
        .filter(case=case)
        .select_related(
            "expert",
            "expert__unit",
            "expert__account",
            "expert__membership",
            "request",
            "request__organizer",
            "draw",
        )
    )


def _bound(case: Case, member: Member) -> Member:
    member.case = case
    member.request.case = case
    return member
