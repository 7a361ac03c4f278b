"""The expert's invitations: one screen each, two large buttons, reachable by the link in the message."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.listing import Asked, Column, Listing
from lunheng.cases.queries import parties_of
from lunheng.cases.views import Screen, actor_of
from lunheng.core.errors import require
from lunheng.panels import permissions, queries
from lunheng.panels.forms import DECLINING, LOSING, RECUSING, UNSUITED, BallotForm, ReasonForm
from lunheng.panels.models import Election, Member
from lunheng.web.narrowing import Choice


def _with_due(asked: Asked, members: list[Any]) -> list[dict[str, Any]]:
    due = queries.answers_due(members)
    return [{"member": member, "due": due.get(member.pk)} for member in members]


INVITATIONS = Listing(
    name="panels.invitations",
    address="panels:invitations",
    title="我的邀请",
    needs_person=True,
    rows=lambda asked: queries.invitations(asked.actor.expert or "-"),
    dress=_with_due,
    search=("case__title", "request__meeting_place", "request__organizer__name_key"),
    search_label="论证、地点或组织单位",
    filters=(Choice("state", "状态", Member.State.choices, "state"),),
    columns=(
        Column("论证", lambda row: row["member"].case.title),
        Column("状态", lambda row: row["member"].get_state_display()),
        Column("论证会", lambda row: row["member"].request.meeting_at),
        Column("地点", lambda row: row["member"].request.meeting_place),
        Column("组织单位", lambda row: row["member"].request.organizer.name),
    ),
    empty=("还没有邀请", "系统抽取到您，或组织单位选取您时，会以短信通知，邀请列在这里。"),
    nothing_found="没有符合条件的邀请",
    layout="web/layouts/phone.html",
    card="panels/invitation_card.html",
)
"""Everything this expert is or was asked for."""


@require_safe
def show_invitation(request: HttpRequest, member_id: int) -> HttpResponse:
    """One invitation."""
    if not request.user.is_authenticated:
        return to_log_in(request)
    return render(request, "panels/invitation.html", _context(request, _mine(request, member_id)))


@require_POST
def confirm(request: HttpRequest, member_id: int) -> HttpResponse:
    """Confirm the seat."""
    return _do(request, member_id, "panels.confirm_seat", "已确认参加；方案送达后可以预审")


@require_POST
def sign_commitment(request: HttpRequest, member_id: int) -> HttpResponse:
    """Sign the commitment of confidentiality."""
    return _do(request, member_id, "panels.sign_commitment", "已签署保密承诺，可以查阅方案")


@require_POST
def answer_contact(request: HttpRequest, member_id: int) -> HttpResponse:
    """Agree, or deny a consent that the client recorded."""
    agrees = request.POST.get("agrees") == "yes"
    done = "已确认同意参加" if agrees else "已记录您不同意参加"
    return _do(request, member_id, "panels.answer_contact", done, agrees=agrees)


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, member_id: int) -> HttpResponse:
    """Cannot come, with a reason."""
    member = _mine(request, member_id)
    form = ReasonForm(request.POST or None, choices=DECLINING)
    follows = "席位由系统立即补抽" if member.request.is_direct else "组织单位另行选取专家"
    extra = _form_page(member, form, "不能参加", f"{follows}，本次不能再确认。不计作逾期未确认。")
    if request.method != "POST" or not form.is_valid():
        return _page(request, extra).show_form(form)
    is_unsuited = form.cleaned_data["chip"] == UNSUITED
    given = {"reason": form.reason, "is_unsuited": is_unsuited}
    return _page(request, extra, "已记录您不能参加").perform(
        "panels.decline_seat", member_id=member.pk, **given
    )


@require_http_methods(["GET", "POST"])
def recuse(request: HttpRequest, member_id: int) -> HttpResponse:
    """Recuse oneself, with the ground."""
    member = _mine(request, member_id)
    form = ReasonForm(request.POST or None, choices=RECUSING)
    consequence = "立即终止您对本案资料的访问，席位另行补足；不计作未答复或拒绝。"
    extra = _form_page(member, form, "申请回避", consequence)
    if request.method != "POST" or not form.is_valid():
        return _page(request, extra).show_form(form)
    return _page(request, extra, "已回避，感谢说明").perform(
        "panels.recuse_member", member_id=member.pk, ground=form.reason
    )


@require_http_methods(["GET", "POST"])
def report_loss(request: HttpRequest, member_id: int) -> HttpResponse:
    """A confirmed member cannot come after all."""
    member = _mine(request, member_id)
    form = ReasonForm(request.POST or None, choices=LOSING)
    extra = _form_page(member, form, "不能到会", "您立即离开专家组，席位另行补足；论证会在补足前不能开始。")
    if request.method != "POST" or not form.is_valid():
        return _page(request, extra).show_form(form)
    return _page(request, extra, "已记录您不能到会").perform(
        "panels.report_loss", member_id=member.pk, ground=form.reason
    )


@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, member_id: int) -> HttpResponse:
    """The ballot for the leader, and the results so far of rounds that are over."""
    member = _mine(request, member_id)
    case = member.case
    election = queries.open_election(case)
    people = list(election.candidates.select_related("expert__unit")) if election else []
    form = BallotForm(request.POST or None, people=people)
    context: dict[str, Any] = {
        "case": case,
        "member": member,
        "election": election,
        "form": form,
        "has_voted": bool(election and election.ballots.filter(voter=member).exists()),
        "cast": election.ballots.count() if election else 0,
        "voters": queries.confirmed(case).count(),
        "results": _results(case.pk),
        "leader": queries.leader(case),
        "clause": case.law.clause("panel.leader"),
    }
    screen = Screen(
        request,
        template="panels/election.html",
        page=context,
        then=reverse("panels:vote", args=(member.pk,)),
        done="投票已记录",
    )
    if request.method != "POST" or election is None or not form.is_valid():
        return screen.show_form(form)
    given = {"election_id": election.pk, "choice_id": int(form.cleaned_data["choice"])}
    return screen.perform("panels.cast_ballot", **given)


def _results(case_id: int) -> list[dict[str, Any]]:
    closed = Election.objects.filter(
        case_id=case_id, closed_at__isnull=False, ballots__isnull=False
    ).distinct()
    return [{"election": one, "tally": queries.tally(one)} for one in closed.order_by("round")]


def _mine(request: HttpRequest, member_id: int) -> Member:
    member = get_object_or_404(
        Member.objects.select_related(
            "case", "case__division", "expert", "expert__unit", "request", "request__organizer"
        ),
        pk=member_id,
    )
    require(permissions.may_answer(actor_of(request), member))
    return member


def _context(request: HttpRequest, member: Member) -> dict[str, Any]:
    case = member.case
    member.request.case = case
    due = queries.answer_due(member)
    sent, arrived = queries.window_of(member)
    return {
        "case": case,
        "member": member,
        "panel_request": member.request,
        "work_kind": case.law.label("work_kinds", member.request.work_kind),
        "mode": case.law.label("meeting_modes", member.request.meeting_mode),
        "specialty": case.law.label("specialties", member.specialty),
        "parties": parties_of(case) if member.left_at is None else [],
        "due": due,
        "sent_at": sent,
        "delivered_at": arrived,
        "window_clause": case.law.clause("confirmation.window"),
        "recusal_clause": case.law.clause("recusal.parties"),
        "secrecy_clause": case.law.clause("security.plan_access"),
        "is_direct": member.request.is_direct,
        "election": queries.open_election(case) if member.state == Member.State.CONFIRMED else None,
        "may_recuse": case.state in permissions.BEFORE_CONCLUSION and member.state in permissions.SITTING,
    }


def _form_page(member: Member, form: ReasonForm, title: str, consequence: str) -> dict[str, Any]:
    return {
        "case": member.case,
        "form": form,
        "title": title,
        "consequence": consequence,
        "clause": member.case.law.clause(
            "recusal.declaration" if title == "申请回避" else "confirmation.backfill"
        ),
        "back": reverse("panels:invitation", args=(member.pk,)),
        "layout": "web/layouts/phone.html",
        "is_dangerous": True,
    }


def _page(request: HttpRequest, context: dict[str, Any], done: str = "") -> Screen:
    return Screen(request, template="panels/act.html", page=context, then=context["back"], done=done)


def _do(request: HttpRequest, member_id: int, act: str, done: str, **given: Any) -> HttpResponse:
    if not request.user.is_authenticated:
        return to_log_in(request)
    member = _mine(request, member_id)
    screen = Screen(
        request,
        template="panels/invitation.html",
        page=lambda: _context(request, _mine(request, member_id)),
        then=reverse("panels:invitation", args=(member.pk,)),
        done=done,
    )
    return screen.perform(act, member_id=member.pk, **given)


def to_log_in(request: HttpRequest) -> HttpResponse:
    return redirect(f"{settings.LOGIN_URL}?next={request.path}")
