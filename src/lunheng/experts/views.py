"""The expert register, its export, and the file of one expert."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl import Workbook  # type: ignore[import-untyped]

from lunheng.cases.refusals import record_refusal
from lunheng.cases.timeline import timeline
from lunheng.cases.views import Screen, actor_of, key_in, log_access
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.verdict import Verdict
from lunheng.documents.models import Document
from lunheng.documents.queries import documents_of
from lunheng.documents.views import receive_files
from lunheng.experts import permissions, queries
from lunheng.experts.forms import (
    AdmissionForm,
    InterestForm,
    QualificationForm,
    SearchForm,
    StateForm,
    TermForm,
    UnitForm,
)
from lunheng.experts.models import Expert
from lunheng.pools import permissions as pool_permissions
from lunheng.pools.models import Pool
from lunheng.pools.queries import law_of, matters_about, points_of, pools_in, records_of

ROWS = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("专家编号", "姓名", "工作单位", "职称", "注册执业资格", "专业", "状态", "聘任日期", "聘期截止")


@dataclass(frozen=True)
class Change:
    """One act on a file: its name, form, words, and what follows from it."""

    act: str
    form: type[forms.Form]
    title: str
    consequence: str
    done: str
    evidence: str = ""
    """What is uploaded with it; empty where nothing is."""


CHANGES = {
    "state": Change(
        "experts.change_state",
        StateForm,
        "变更专家状态",
        "暂停或移出的专家不再被抽取；其正在参加的论证立即重新核对专家组。",
        "专家状态已变更",
    ),
    "unit": Change(
        "experts.change_unit",
        UnitForm,
        "变更工作单位",
        "回避以现工作单位为准；该专家正在参加的论证立即重新核对。",
        "工作单位已变更",
    ),
    "qualification": Change(
        "experts.record_qualification",
        QualificationForm,
        "登记职称、年限和等级",
        "不符合专家基本条件，或等级低于方案要求的，不再被抽取、推送；正在参加的论证立即重新核对。",
        "职称、年限和等级已登记",
        evidence="职称证书、从业年限和等级的证明",
    ),
    "term": Change("experts.renew_term", TermForm, "续聘", "聘期之外的专家不再被抽取。", "聘期已变更"),
    "interest": Change(
        "experts.record_interest",
        InterestForm,
        "登记利害关系",
        "该单位参建的工程不再抽取该专家；正在参加的论证立即重新核对。",
        "利害关系已登记",
    ),
}


@require_safe
def show_register(request: HttpRequest) -> HttpResponse:
    """The register of the office's pool: 25 rows, filters kept in the address."""
    pool = _pool(request)
    labels = _labels(pool, _today(request))
    form, found = _found(request, pool, labels)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    may_change = pool_permissions.may_change(actor_of(request), pool, request.at)  # type: ignore[attr-defined]
    context = {
        "pool": pool,
        "form": form,
        "page": page,
        "rows": [(expert, _specialties(expert, labels)) for expert in page],
        "keeper": may_change,
    }
    return render(request, "experts/register.html", context)


@require_safe
def export_register(request: HttpRequest) -> HttpResponse:
    """What the register shows with these filters, as a workbook; the export is kept."""
    pool = _pool(request)
    labels = _labels(pool, _today(request))
    _, found = _found(request, pool, labels)
    log_access(request, "export", "expert register", pool.file.reference)
    response = HttpResponse(_workbook(found, labels), content_type=XLSX)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E4%B8%93%E5%AE%B6%E5%90%8D%E5%86%8C.xlsx"
    return response


@require_safe
def show_file(request: HttpRequest, expert_id: int) -> HttpResponse:
    """The file of one expert with the service record; every look is kept."""
    expert = _expert(request, expert_id)
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    log_access(request, "view", f"expert {expert.reference}", expert.file.reference)
    records = Paginator(records_of(expert.file), ROWS).get_page(request.GET.get("page"))
    is_self = permissions.is_self(actor, expert)
    context = {
        "expert": expert,
        "specialties": _specialties(expert, _labels(expert.pool, _today(request))),
        "qualification": _qualification(expert, _today(request)),
        "proofs": list(documents_of(expert.file)),
        "interests": list(expert.interests.select_related("organization")),
        "records": records,
        "timeline": timeline(expert.file),
        "may_change": permissions.may_change(actor, expert, at).is_allowed,
        "may_declare": permissions.may_declare(actor, expert, at).is_allowed,
        "shows_contacts": is_self or permissions.may_change(actor, expert, at).is_allowed,
        "conduct": list(expert.file.conduct.all()),
        "points": points_of(expert.file),
        "matters": matters_about(expert.pool, expert.file, "member", actor, _today(request)),
        "layout": "web/layouts/phone.html" if is_self else "web/layouts/public.html",
    }
    return render(request, "experts/file.html", context)


@require_safe
def show_my_file(request: HttpRequest) -> HttpResponse:
    """My own file."""
    expert = get_object_or_404(Expert, reference=actor_of(request).expert or None)
    return show_file(request, expert.pk)


@require_http_methods(["GET", "POST"])
def admit_expert(request: HttpRequest) -> HttpResponse:
    """Enter an expert into the office's pool."""
    pool = _pool(request)
    form = AdmissionForm(request.POST or None, specialties=_labels(pool, _today(request)))
    return Screen(
        request,
        template="experts/admission.html",
        page={"pool": pool},
        then=reverse("experts:register"),
        done="专家已入库",
    ).perform_form("experts.admit_expert", form, pool_id=pool.pk)


@require_http_methods(["GET", "POST"])
def change_file(request: HttpRequest, expert_id: int, change: str) -> HttpResponse:
    """One page per change, with what follows from it said before."""
    if change not in CHANGES:
        raise Http404(change)
    expert, chosen = _expert(request, expert_id), CHANGES[change]
    form = chosen.form(request.POST or None)
    screen = Screen(
        request,
        template="experts/change.html",
        page={"expert": expert, "change": chosen, "form": form},
        then=reverse("experts:file", args=(expert.pk,)),
        done=chosen.done,
    )
    if request.method != "POST" or not form.is_valid():
        return screen.show_form(form)

    def evidence() -> dict[str, Any]:
        return {"document_ids": _uploaded(request)} if chosen.evidence else {}

    return screen.perform(chosen.act, evidence, **form.cleaned_data, expert_id=expert.pk)


def _uploaded(request: HttpRequest) -> list[int]:
    """Files that were uploaded before (by number), or that come with this form."""
    numbers = [key for key in map(key_in, request.POST.getlist("document_ids")) if key]
    if numbers or not request.FILES.getlist("file"):
        return numbers
    return [one.pk for one in receive_files(request, "file", kind=Document.Kind.PROOF)]


def _pool(request: HttpRequest) -> Pool:
    """The pool of the office that asks, or the one it names; a refusal is kept and becomes a page."""
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    pools = pools_in(actor.jurisdiction)
    wanted = request.GET.get("pool")
    pool = (Pool.objects.filter(key=wanted) if wanted else pools).select_related("file", "division").first()
    if pool is None:
        raise Http404("专家库")
    _kept(request, pool_permissions.may_read(actor, pool, at))
    return pool


def _expert(request: HttpRequest, expert_id: int) -> Expert:
    related = ("file", "file__division", "pool", "pool__division", "unit", "membership")
    expert = get_object_or_404(
        Expert.objects.select_related(*related).prefetch_related("specialties"), pk=expert_id
    )
    _kept(request, permissions.may_read(actor_of(request), expert, request.at))  # type: ignore[attr-defined]
    return expert


def _qualification(expert: Expert, on: date) -> dict[str, Any] | None:
    """What is on file of title and years, with what the rule of today says to it."""
    facts, law = expert.qualification(on), law_of(expert.pool, on)
    if facts is None or law is None:
        return None
    return {**facts, "verdict": law.judge("eligibility.floor", **facts)}


def _kept(request: HttpRequest, verdict: Verdict) -> None:
    try:
        require(verdict)
    except Refused as refusal:
        at = request.at  # type: ignore[attr-defined]
        record_refusal("experts.view", refusal, {"actor": actor_of(request), "at": at})
        raise


def _found(request: HttpRequest, pool: Pool, labels: dict[str, str]) -> tuple[SearchForm, Any]:
    form = SearchForm(request.GET, specialties=labels)
    return form, queries.register(pool, form.cleaned_data if form.is_valid() else {})


def _labels(pool: Pool, on: date) -> dict[str, str]:
    law = law_of(pool, on)
    return law.labels("specialties") if law else {}


def _specialties(expert: Expert, labels: dict[str, str]) -> str:
    return "、".join(labels.get(one.specialty, one.specialty) for one in expert.specialties.all())


def _workbook(experts: Iterable[Expert], labels: dict[str, str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("专家名册")
    sheet.append(HEADS)
    for expert in experts:
        sheet.append([_safe(cell) for cell in _line(expert, labels)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _line(expert: Expert, labels: dict[str, str]) -> tuple[str, ...]:
    return (
        expert.reference,
        expert.name,
        expert.unit.name,
        expert.title,
        expert.registration,
        _specialties(expert, labels),
        expert.membership.get_state_display(),
        str(expert.membership.appointed_on),
        str(expert.membership.ends_on or ""),
    )


def _safe(cell: str) -> str:
    """Text that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _today(request: HttpRequest) -> date:
    day: date = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    return day
