"""Signing in: the desk with its code, and the page that the code opens on a phone."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lunheng.cases.models import Case
from lunheng.cases.queries import parties_of, roles_of
from lunheng.cases.views import Screen, actor_of
from lunheng.meetings import queries
from lunheng.meetings.forms import SignInForm
from lunheng.meetings.models import Meeting
from lunheng.meetings.views.meeting import page
from lunheng.meetings.views.shared import case_at, seat_of
from lunheng.panels.models import Member

DESK = "meetings/sign_in.html"


def code_for(request: HttpRequest, meeting: Meeting) -> str:
    """The code on the desk, as the address of a picture."""
    address = request.build_absolute_uri(reverse("meetings:arrive", args=(meeting.pk,)))
    return segno.make(address, error="m").svg_data_uri(scale=6, border=2)


def living(case: Case) -> Meeting:
    """The meeting that is planned or under way, or 404."""
    return get_object_or_404(Meeting, pk=getattr(queries.living_meeting(case), "pk", None))


def desk(request: HttpRequest, case: Case, meeting: Meeting) -> dict[str, Any]:
    """What the desk shows."""
    names = list(dict.fromkeys(party.organization.name for party in parties_of(case)))
    own = actor_of(request).organization_name
    is_party = own in names and bool(roles_of(case, actor_of(request).organization))
    form = SignInForm(
        request.POST or None,
        roles=case.law.labels("attendees"),
        organizations=[own] if is_party and request.resolver_match.url_name == "arrive" else names,  # type: ignore[union-attr]
    )
    return {
        **page(request, case),
        "form": form,
        "code": code_for(request, meeting),
        "address": request.build_absolute_uri(reverse("meetings:arrive", args=(meeting.pk,))),
    }


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, case_id: int) -> HttpResponse:
    """The desk: the code for experts, and a form for everybody else."""
    case = case_at(request, case_id)
    meeting = living(case)
    context = desk(request, case, meeting)
    return Screen(
        request, template=DESK, page=context, then=reverse("meetings:sign_in", args=(case.pk,)), done="已登记"
    ).perform_form("meetings.sign_in", context["form"], meeting_id=meeting.pk)


@require_POST
def sign_in_member(request: HttpRequest, case_id: int, member_id: int) -> HttpResponse:
    """The desk notes that an expert is in the room."""
    case = case_at(request, case_id)
    meeting = living(case)
    get_object_or_404(Member, pk=member_id, case=case)
    return Screen(
        request,
        template=DESK,
        page=lambda: desk(request, case, meeting),
        then=reverse("meetings:sign_in", args=(case.pk,)),
        done="专家已签到",
    ).perform("meetings.sign_in_member", meeting_id=meeting.pk, member_id=member_id)


@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What the code opens: one large button for an expert, a short form for people of the parties."""
    meeting = get_object_or_404(Meeting.objects.select_related("case"), pk=meeting_id)
    case = case_at(request, meeting.case_id)
    member = seat_of(request, case)
    then = reverse("meetings:arrive", args=(meeting.pk,))
    if member is not None and request.method == "POST":
        return Screen(
            request,
            template="meetings/arrive.html",
            page=lambda: _arriving(request, case, meeting),
            then=then,
            done="签到成功",
        ).perform("meetings.sign_in_member", meeting_id=meeting.pk, member_id=member.pk)
    context = _arriving(request, case, meeting)
    if member is not None:
        return render(request, "meetings/arrive.html", context)
    return Screen(
        request, template="meetings/arrive.html", page=context, then=then, done="签到成功"
    ).perform_form("meetings.sign_in", context["form"], meeting_id=meeting.pk)


def _arriving(request: HttpRequest, case: Case, meeting: Meeting) -> dict[str, Any]:
    member = seat_of(request, case)
    line = meeting.attendances.filter(member=member).first() if member else None
    layout = "web/layouts/phone.html"
    return {**desk(request, case, meeting), "meeting": meeting, "line": line, "layout": layout}
