"""The meeting: preparation, time and place, start, end, stop, site visits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.cases.queries import whose_turn_words
from lunheng.cases.views import Screen, actor_of
from lunheng.core.deadlines import CHINA
from lunheng.core.policy.rules.plans import Delivery
from lunheng.core.procedures.meeting import RESCHEDULE_MEETING
from lunheng.core.verdict import Verdict
from lunheng.meetings import permissions, queries
from lunheng.meetings.forms import ReasonForm, RescheduleForm, VisitAnswerForm
from lunheng.meetings.models import Meeting, SiteVisit
from lunheng.meetings.views.shared import (
    Button,
    Turn,
    case_at,
    head,
    moment_of,
    seat_of,
)
from lunheng.panels.permissions import may_organize
from lunheng.plans.models import PlanDelivery

TEMPLATE = "meetings/meeting.html"


def page(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything the meeting's page shows."""
    meeting = queries.last_meeting(case)
    organizes = may_organize(actor_of(request), case).is_allowed
    context = head(request, case, turn(request, case, meeting, organizes))
    return {
        **context,
        "meeting": meeting,
        "organizes": organizes,
        "member": seat_of(request, case),
        "lines": list(meeting.attendances.select_related("member")) if meeting else [],
        "labels": case.law.labels("attendees"),
        "absent": _absent(case, meeting),
        "quorum": quorum(meeting) if meeting else None,
        "experts": expert_rows(case),
        "needs_delivery": isinstance(case.law.rule("plan.delivery"), Delivery),
        "visits": list(queries.visits_of(case)),
        "earlier": list(case.meetings.filter(state=Meeting.State.STOPPED)),
    }


def _absent(case: Case, meeting: Meeting | None) -> list[str]:
    """Roles that nobody stands for: shown to everyone who sees the case, the station among them."""
    if meeting is None or meeting.started_at is None:
        return []
    return [case.law.label("attendees", role) for role in queries.absent_roles(meeting)]


def quorum(meeting: Meeting) -> Verdict:
    """Whether enough experts are here, as the start of the meeting would judge it."""
    members = list(queries.confirmed_members(meeting.case))
    here = [one for one in members if one.pk in queries.present_members(meeting)]
    return permissions.quorum(meeting, members, here)


def expert_rows(case: Case) -> list[dict[str, Any]]:
    """Each expert with the moment the plan came and was first opened."""
    version = queries.current_version(case)
    deliveries = {one.member_id: one for one in PlanDelivery.objects.filter(version=version)}
    return [
        {"member": member, "delivery": deliveries.get(member.pk)}
        for member in queries.confirmed_members(case)
    ]


def turn(request: HttpRequest, case: Case, meeting: Meeting | None, organizes: bool) -> Turn:
    """Whose turn it is before, during and after the meeting."""
    clause = str(case.law.clause("meeting.mode"))
    if meeting is None or not meeting.is_living:
        return _turn_without(case, organizes, clause)
    address = reverse("meetings:sign_in", args=(case.pk,))
    buttons = [Button("会议签到", address)] if organizes else []
    if seat_of(request, case) is not None:
        buttons = [Button("我要签到", reverse("meetings:arrive", args=(meeting.pk,)))]
    if meeting.state == Meeting.State.STARTED:
        text, who = "论证会进行中，请专家提交论证意见", whose_turn_words(case)
        buttons += [Button("结束论证会", reverse("meetings:end", args=(case.pk,)), True)] if organizes else []
        return Turn(who=who, text=text, clause=clause, buttons=buttons)
    buttons += [Button("开始论证会", reverse("meetings:start", args=(case.pk,)), True)] if organizes else []
    return Turn(
        who="组织单位、专家",
        text="到会专家符合规定后，由组织单位开始论证会",
        until=meeting.planned_at if moment_of(request) < meeting.planned_at else None,
        clause=clause,
        otherwise="未按时召开的，由组织单位改期",
        buttons=buttons,
    )


def _turn_without(case: Case, organizes: bool, clause: str) -> Turn:
    """No living meeting: before the panel is complete, after a stop, or when it is all over."""
    may = may_now(case, RESCHEDULE_MEETING).is_allowed
    address = reverse("meetings:reschedule", args=(case.pk,))
    buttons = [Button("安排论证会", address)] if organizes and may and case.state == "preparing" else []
    return Turn(who=whose_turn_words(case), text=case.state_label, clause=clause, buttons=buttons)


@require_safe
def show_meeting(request: HttpRequest, case_id: int) -> HttpResponse:
    """Preparation, sign-in sheet, site visits, and the way on."""
    case = case_at(request, case_id)
    return render(request, TEMPLATE, page(request, case))


@require_http_methods(["GET", "POST"])
def reschedule(request: HttpRequest, case_id: int) -> HttpResponse:
    """Another time, place or form."""
    case = case_at(request, case_id)
    meeting = queries.last_meeting(case)
    initial = (
        {
            "mode": meeting.mode,
            "place": meeting.place,
            "planned_at": max(meeting.planned_at, moment_of(request)).astimezone(CHINA),
        }
        if meeting
        else {}
    )
    return Screen(
        request,
        template="meetings/reschedule.html",
        page={**page(request, case), "title": "论证会改期"},
        then=reverse("meetings:meeting", args=(case.pk,)),
        done="论证会时间、地点已更新，已通知专家和参建各方",
    ).perform_form(
        "meetings.reschedule_meeting", RescheduleForm(request.POST or None, initial=initial), case_id=case.pk
    )


def _press(request: HttpRequest, case_id: int, name: str, done: str) -> HttpResponse:
    case = case_at(request, case_id)
    meeting = get_object_or_404(Meeting, pk=getattr(queries.last_meeting(case), "pk", None))
    return Screen(
        request,
        template=TEMPLATE,
        page=lambda: page(request, case_at(request, case_id)),
        then=reverse("meetings:meeting", args=(case.pk,)),
        done=done,
    ).perform(name, meeting_id=meeting.pk)


@require_POST
def start(request: HttpRequest, case_id: int) -> HttpResponse:
    """Start the meeting."""
    return _press(request, case_id, "meetings.start_meeting", "论证会已开始")


@require_POST
def end(request: HttpRequest, case_id: int) -> HttpResponse:
    """End the meeting."""
    return _press(request, case_id, "meetings.end_meeting", "论证会已结束，上传论证结果的时限开始计算")


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, case_id: int) -> HttpResponse:
    """The meeting cannot be held: a page with the consequence and the reason."""
    case = case_at(request, case_id)
    meeting = get_object_or_404(Meeting, pk=getattr(queries.last_meeting(case), "pk", None))
    return Screen(
        request,
        template="meetings/stop.html",
        page=page(request, case),
        then=reverse("meetings:meeting", args=(case.pk,)),
        done="已登记论证会未能召开，请另行安排",
    ).perform_form("meetings.stop_meeting", ReasonForm(request.POST or None), meeting_id=meeting.pk)


@require_http_methods(["GET", "POST"])
def ask_visit(request: HttpRequest, case_id: int) -> HttpResponse:
    """An expert asks for a site visit."""
    case = case_at(request, case_id)
    member = seat_of(request, case)
    context = {**page(request, case), "title": "申请现场踏勘"}
    return Screen(
        request,
        template="meetings/visit.html",
        page=context,
        then=reverse("meetings:meeting", args=(case.pk,)),
        done="踏勘申请已提交，等待施工单位答复",
    ).perform_form(
        "meetings.ask_site_visit", ReasonForm(request.POST or None), member_id=member.pk if member else 0
    )


@require_http_methods(["GET", "POST"])
def answer_visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The contractor answers with a time or a reason."""
    visit = get_object_or_404(SiteVisit.objects.select_related("case", "member__expert"), pk=visit_id)
    case = case_at(request, visit.case_id)
    return Screen(
        request,
        template="meetings/visit.html",
        page={**page(request, case), "title": "答复踏勘申请", "visit": visit},
        then=reverse("meetings:meeting", args=(case.pk,)),
        done="已答复踏勘申请",
    ).perform_form("meetings.answer_site_visit", VisitAnswerForm(request.POST or None), visit_id=visit.pk)
