"""The expert register, its export, and the file of one expert."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lunheng.cases.listing import Asked, Column, Listing
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
    StateForm,
    TermForm,
    UnitForm,
)
from lunheng.experts.models import Expert
from lunheng.jurisdictions import law as laws
from lunheng.pools import permissions as pool_permissions
from lunheng.pools.models import Membership, Pool
from lunheng.pools.queries import law_of, matters_about, points_of, pools_in, records_of
from lunheng.web.cells import Cited, Mark, Note
from lunheng.web.narrowing import Choice, Sort


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


@dataclass(frozen=True)
class Kept:
    """The pool whose register is asked for, with the names of its specialties."""

    pool: Pool
    labels: dict[str, str]


def _kept_pool(request: HttpRequest) -> Kept:
    pool = _pool(request)
    return Kept(pool, _names(pool, _today(request)))


def _dressed(asked: Asked, experts: list[Any]) -> list[tuple[Expert, str]]:
    return [(one, _specialties(one, asked.about.labels)) for one in experts]


def _state(row: tuple[Expert, str]) -> Mark:
    standing = row[0].membership
    return Mark(STATE_MEANINGS[standing.state], standing.get_state_display())


def _keeper(asked: Asked) -> dict[str, Any]:
    return {"keeper": pool_permissions.may_change(asked.actor, asked.about.pool, asked.at)}


STATE_MEANINGS = {"active": "good", "suspended": "soon", "removed": "late"}
REGISTER = Listing(
    name="experts.view",
    address="experts:register",
    title=lambda asked: str(asked.about.pool.name),
    about=_kept_pool,
    rows=lambda asked: queries.register(asked.about.pool),
    dress=_dressed,
    subject=lambda asked: str(asked.about.pool.file.reference),
    search=("name_key", "unit__name_key", "name", "unit__name", "reference"),
    search_label="姓名、单位或编号",
    filters=(
        Choice(
            "specialty",
            "专业",
            lambda asked: list(asked.about.labels.items()),
            field="specialties__specialty",
        ),
        Choice("state", "状态", Membership.State.choices, field="membership__state"),
    ),
    sorts=(
        Sort("reference", "按编号", ("reference",)),
        Sort("name", "按姓名", ("name", "reference")),
        Sort("ending", "聘期先截止的在前", (F("membership__ends_on").asc(nulls_last=True), "reference")),
    ),
    columns=(
        Column("编号", lambda row: row[0].reference, head="专家编号"),
        Column("姓名", lambda row: row[0].name, lambda row: reverse("experts:file", args=(row[0].pk,))),
        Column("工作单位", lambda row: row[0].unit.name),
        Column("职称", lambda row: row[0].title),
        Column("注册执业资格", lambda row: row[0].registration, is_on_page=False),
        Column("专业", lambda row: row[1]),
        Column("状态", _state),
        Column("聘任日期", lambda row: row[0].membership.appointed_on, is_on_page=False),
        Column("聘期截止", lambda row: row[0].membership.ends_on or Note("未设")),
    ),
    empty=("还没有专家", "入库的专家在公布后出现在名册里。"),
    nothing_found="没有符合条件的专家",
    template="experts/register.html",
    layout="web/layouts/public.html",
    more=_keeper,
)
RECORDS = Listing(
    name="experts.records",
    title="诚信档案",
    rows=lambda asked: records_of(asked.about.file),
    columns=(
        Column("时间", lambda one: one.at),
        Column("事项", lambda one: one.get_kind_display()),
        Column("内容", lambda one: one.text),
        Column("论证", lambda one: one.review),
        Column("依据", lambda one: Cited(one.clause)),
        Column("年度评价", lambda one: "计入" if one.is_for_yearly_evaluation else "不计入"),
    ),
    empty=(
        "还没有记录",
        "参加论证、逾期未确认、回避、检查发现和处理措施会按日期记在这里，每条写明依据。本人、专家库管理机构和主管部门可以查看。",
    ),
    is_exported=False,
)


@require_safe
def show_file(request: HttpRequest, expert_id: int) -> HttpResponse:
    """The file of one expert with the service record; every look is kept."""
    expert = _expert(request, expert_id)
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    log_access(request, "view", f"expert {expert.reference}", expert.file.reference)
    is_self = permissions.is_self(actor, expert)
    context = {
        "expert": expert,
        "specialties": _specialties(expert, _names(expert.pool, _today(request))),
        "qualification": _qualification(expert, _today(request)),
        "proofs": list(documents_of(expert.file)),
        "interests": list(expert.interests.select_related("organization")),
        "listing": RECORDS.part(request, expert),
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


def _labels(pool: Pool, on: date) -> dict[str, str]:
    law = law_of(pool, on)
    return law.labels("specialties") if law else {}


def _names(pool: Pool, on: date) -> dict[str, str]:
    """What specialties are called: by the pool's own rules, else as in the cities that have rules in force."""
    if own := _labels(pool, on):
        return own
    return {
        key: name
        for record in laws.all_in_force(on)
        for key, name in laws.of(record.digest).labels("specialties").items()
    }


def _specialties(expert: Expert, labels: dict[str, str]) -> str:
    return "、".join(labels.get(one.specialty, one.specialty) for one in expert.specialties.all())


def _today(request: HttpRequest) -> date:
    day: date = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    return day
