"""Acts on one member, each a page that says the consequence before it is done; the office's page of exclusions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.listing import Column, Listing
from lunheng.cases.permissions import may_supervise
from lunheng.cases.views import Screen, actor_of, viewable_case
from lunheng.core.eligibility import Ground
from lunheng.core.errors import require
from lunheng.panels import permissions, queries
from lunheng.panels.forms import LOSING, ContactForm, ReasonForm, SisterForm, TextForm
from lunheng.panels.models import Member, SisterDecision
from lunheng.web.cells import Cited, Note
from lunheng.web.narrowing import Choice

EXCLUSIONS = Listing(
    name="panels.exclusions",
    title="未列入抽取的专家",
    rows=lambda asked: queries.exclusions(asked.about),
    search=("expert__name_key", "expert__unit__name_key", "path"),
    search_label="专家、单位或关系路径",
    filters=(Choice("ground", "原因", [(one.value, one.label) for one in Ground], "ground"),),
    columns=(
        Column("轮次", lambda one: f"{one.draw.number}（{one.draw.get_kind_display()}）", is_number=True),
        Column("专家", lambda one: (one.expert.name, Note(one.expert.unit.name))),
        Column("原因", lambda one: one.get_ground_display()),
        Column("说明", lambda one: one.path),
        Column("依据", lambda one: Cited(one.clause)),
    ),
    empty=(
        "没有被排除的专家",
        "抽取时因参建单位、上下级或利害关系等被排除的专家，会连同依据和关系路径列在这里。",
    ),
    is_exported=False,
)
CONSEQUENCES = {
    "panels.report_loss": "该成员立即失去本案权限，论证会在专家组补足前不能开始；席位由系统补抽，或由委托单位另行选取。",
    "panels.remove_member": "该成员立即失去本案权限，席位须补足；移出不计专家过错，除非另有处理。",
    "panels.file_leak": "线索记入该专家的档案，由监督机构核实后处理。",
}


@require_http_methods(["GET", "POST"])
def record_contact(request: HttpRequest, case_id: int, member_id: int) -> HttpResponse:
    """What a picked expert said."""
    member = _member(request, case_id, member_id)
    form = ContactForm(request.POST or None)
    context = _context(request, member, form, "登记联系结果", "结果以短信告知专家，专家可以登录确认或否认。")
    if request.method != "POST" or not form.is_valid():
        return _page(request, context).show_form(form)
    return _page(request, context, "联系结果已登记").perform(
        "panels.record_contact", member_id=member.pk, **form.cleaned_data
    )


@require_http_methods(["GET", "POST"])
def report_loss(request: HttpRequest, case_id: int, member_id: int) -> HttpResponse:
    """A confirmed member cannot come."""
    member = _member(request, case_id, member_id)
    form = ReasonForm(request.POST or None, choices=LOSING)
    context = _context(
        request, member, form, "登记不能到会", CONSEQUENCES["panels.report_loss"], is_dangerous=True
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, context).show_form(form)
    return _page(request, context, "已登记，席位正在补足").perform(
        "panels.report_loss", member_id=member.pk, ground=form.reason
    )


@require_http_methods(["GET", "POST"])
def remove_member(request: HttpRequest, case_id: int, member_id: int) -> HttpResponse:
    """The office removes a member."""
    return _with_text(
        request, case_id, member_id, "panels.remove_member", "移出专家组", "已移出专家组", "ground"
    )


@require_http_methods(["GET", "POST"])
def file_leak(request: HttpRequest, case_id: int, member_id: int) -> HttpResponse:
    """A leak is filed against a member."""
    return _with_text(request, case_id, member_id, "panels.file_leak", "登记泄密线索", "线索已登记", "text")


@require_POST
def name_leader(request: HttpRequest, case_id: int, member_id: int) -> HttpResponse:
    """The client sets a lost leader anew."""
    member = _member(request, case_id, member_id)
    case = member.case
    screen = Screen(request, then=reverse("panels:panel", args=(case.pk,)), done="组长已确定")
    return screen.perform("panels.name_leader", case_id=case.pk, member_id=member.pk)


@require_safe
def show_exclusions(request: HttpRequest, case_id: int) -> HttpResponse:
    """Who could not be drawn, by which clause and path; experts of sister companies waiting for a decision.

    The applicant sees how many each ground kept out, and no name.
    """
    case = viewable_case(request, case_id)
    actor = actor_of(request)
    if permissions.is_organizer(actor, case):
        counted = {"case": case, "rounds": queries.exclusion_counts(case)}
        return render(request, "panels/exclusion_counts.html", counted)
    require(may_supervise(actor, case))
    context = {
        "case": case,
        "listing": EXCLUSIONS.part(request, case),
        "sisters": queries.sister_decisions(case),
    }
    return render(request, "panels/exclusions.html", context)


@require_http_methods(["GET", "POST"])
def decide_sister(request: HttpRequest, case_id: int, decision_id: int) -> HttpResponse:
    """The office decides on one expert of a sister company."""
    case = viewable_case(request, case_id)
    require(permissions.may_decide_sister(actor_of(request), case))
    decision = get_object_or_404(SisterDecision.objects.select_related("expert"), pk=decision_id, case=case)
    form = SisterForm(request.POST or None)
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "title": f"判定兄弟单位专家：{decision.expert.name}",
        "consequence": f"关系路径：{decision.path}。判定可以参加的，下一次抽取时列入；应当回避的不列入。",
        "clause": case.law.clause("recusal.relations"),
        "back": reverse("panels:exclusions", args=(case.pk,)),
    }
    if request.method != "POST" or not form.is_valid():
        return _page(request, context).show_form(form)
    return _page(request, context, "判定已记录").perform(
        "panels.decide_sister", decision_id=decision.pk, **form.cleaned_data
    )


def _with_text(
    request: HttpRequest, case_id: int, member_id: int, act: str, title: str, done: str, argument: str
) -> HttpResponse:
    member = _member(request, case_id, member_id)
    form = TextForm(request.POST or None)
    context = _context(request, member, form, title, CONSEQUENCES[act], is_dangerous=True)
    if request.method != "POST" or not form.is_valid():
        return _page(request, context).show_form(form)
    return _page(request, context, done).perform(
        act, member_id=member.pk, **{argument: form.cleaned_data["text"]}
    )


def _member(request: HttpRequest, case_id: int, member_id: int) -> Member:
    case = viewable_case(request, case_id)
    member = get_object_or_404(Member.objects.select_related("expert"), pk=member_id, case=case)
    member.case = case
    return member


def _context(
    request: HttpRequest,
    member: Member,
    form: forms.Form,
    title: str,
    consequence: str,
    *,
    is_dangerous: bool = False,
) -> dict[str, Any]:
    """The page of an act; whoever may not know yet who was drawn does not learn it here."""
    case = member.case
    name = member.expert.name if queries.may_name(member, actor_of(request)) else "（确认后显示）"
    return {
        "case": case,
        "form": form,
        "title": f"{title}：{name}",
        "consequence": consequence,
        "clause": case.law.clause("panel.size"),
        "back": reverse("panels:panel", args=(case.pk,)),
        "is_dangerous": is_dangerous,
    }


def _page(request: HttpRequest, context: dict[str, Any], done: str = "") -> Screen:
    return Screen(request, template="panels/act.html", page=context, then=context["back"], done=done)
