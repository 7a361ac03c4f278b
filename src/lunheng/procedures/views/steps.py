"""Taking a step, answering an objection, taking a matter back: one page each, with what follows said before."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lunheng.cases.refusals import record_refusal
from lunheng.cases.views import Screen, actor_of, key_in
from lunheng.core.errors import Refused
from lunheng.core.policy.proceedings import Step
from lunheng.core.policy.proceedings.kinds import OUTCOMES
from lunheng.documents.models import Document
from lunheng.documents.views import receive_files
from lunheng.notices.models import Objection
from lunheng.procedures import drafts, permissions, queries
from lunheng.procedures.forms import AnswerForm, ReasonForm, SheetForm, StepForm
from lunheng.procedures.models import Proceeding
from lunheng.procedures.views.matters import viewable

FILES = "file"
KEPT = "草稿已保存，尚未提交；身份证号码、承诺和文件须在提交时填写"


@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, proceeding_id: int, step: str) -> HttpResponse:
    """One step: what is asked, what it means, and the button; a list is shown again before it is decided."""
    proceeding = viewable(request, proceeding_id)
    here = proceeding.rule.by_id.get(step)
    if here is None or here.kind == "effect":
        raise Http404(step)
    if here.kind == "joint_review":
        return HttpResponseRedirect(reverse("procedures:session", args=(proceeding.procedure, here.id)))
    actor = actor_of(request)
    if here.picks and not permissions.reads_all(actor, proceeding):
        # Who applied is read by the offices of the matter, also where the list is only looked at.
        refusal = Refused(permissions.may_take(actor, proceeding, here, None))
        told = {"actor": actor, "at": request.at, "case_id": proceeding.case_id}  # type: ignore[attr-defined]
        record_refusal("procedures.take_step", refusal, told)
        raise refusal
    law = proceeding.case.law
    fields = proceeding.rule.fields_of(here.form)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        step=here,
        fields=fields,
        law=law,
        initial=_known(request, proceeding) | drafts.read(actor.reference, drafts.of_step(proceeding, here)),
    )
    context = _context(request, proceeding, here, form)
    order = permissions.is_in_order(proceeding, here)
    if request.method != "POST" or not form.is_valid():
        may = permissions.may_take(actor, proceeding, here, queries.candidate_of(proceeding, actor))
        verdict = order if not order.is_allowed else may
        early = {} if verdict.is_allowed or form.errors else {"early": verdict}
        return render(
            request, "procedures/step.html", {**context, **early}, status=422 if form.errors else 200
        )
    if here.picks and "confirmed" not in request.POST and order.is_allowed:
        return render(request, "procedures/list.html", {**context, **_preview(request, proceeding)})
    screen = Screen(
        request,
        template="procedures/step.html",
        page=context,
        then=reverse("procedures:proceeding", args=(proceeding.pk,)),
        done=f"{permissions.title_of(law, here)}：{OUTCOMES[form.outcome]}，已办理",
    )
    ids = [key_in(one) for one in request.POST.getlist("candidate")]
    return screen.perform(
        "procedures.take_step",
        lambda: form.arguments(files_of(request, form)),
        proceeding_id=proceeding.pk,
        step=here.id,
        candidate_ids=ids,
        **_findings(request, proceeding, here),
    )


@require_POST
def keep_draft(request: HttpRequest, proceeding_id: int, step: str) -> HttpResponse:
    """Keep what was typed, and go back to the form; nothing is handed in."""
    proceeding = viewable(request, proceeding_id)
    here = proceeding.rule.by_id.get(step)
    if here is None:
        raise Http404(step)
    form = StepForm(
        request.POST, step=here, fields=proceeding.rule.fields_of(here.form), law=proceeding.case.law
    )
    at = request.at  # type: ignore[attr-defined]
    drafts.keep(actor_of(request).reference, drafts.of_step(proceeding, here), form.sheet, form.typed, at)
    messages.success(request, KEPT)
    return HttpResponseRedirect(reverse("procedures:step", args=(proceeding.pk, here.id)))


@require_POST
def draw_sample(request: HttpRequest, proceeding_id: int, step: str) -> HttpResponse:
    """Let the platform draw the sample, and show what was drawn."""
    proceeding = viewable(request, proceeding_id)
    screen = Screen(
        request,
        then=reverse("procedures:step", args=(proceeding.pk, step)),
        done="样本已随机抽取，请逐件登记抽查结果",
    )
    return screen.perform("procedures.draw_sample", dict, proceeding_id=proceeding.pk, step=step)


def _findings(request: HttpRequest, proceeding: Proceeding, step: Step) -> dict[str, list[str]]:
    """What was found of every item of a sample; nothing in any other step."""
    sample = queries.drawn_sample(proceeding, step) if step.kind == "sample" else None
    keys = [key for key, _ in sample.data["drawn"]] if sample else []
    told = {key: request.POST.get(f"item-{key}", "") for key in keys}
    found = {word: [key for key, said in told.items() if said == word] for word in ("checked", "wrong")}
    return found if sample else {}


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, proceeding_id: int) -> HttpResponse:
    """Take the matter back, with the reason."""
    proceeding = viewable(request, proceeding_id)
    address = reverse("procedures:proceeding", args=(proceeding.pk,))
    screen = Screen(
        request,
        template="procedures/withdraw.html",
        page={"proceeding": proceeding, "case": proceeding.case},
        then=address,
        done="已撤回",
    )
    form = ReasonForm(request.POST or None)
    return screen.perform_form("procedures.withdraw_proceeding", form, proceeding_id=proceeding.pk)


@require_http_methods(["GET", "POST"])
def answer_objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Answer one objection, which only the offices of the matter read."""
    rows = Objection.objects.select_related("notice__case__proceeding")
    objection = rows.filter(pk=objection_id).first()
    if objection is None:
        raise Refused(permissions.UNKNOWN)
    proceeding = viewable(request, objection.notice.case.proceeding.pk)
    actor = actor_of(request)
    if queries.candidate_of(proceeding, actor) is not None or not actor.jurisdiction:
        here = proceeding.here or proceeding.rule.first
        raise Refused(permissions.may_take(actor, proceeding, here, None))
    screen = Screen(
        request,
        template="procedures/objection.html",
        page={"proceeding": proceeding, "case": proceeding.case, "objection": objection},
        then=reverse("procedures:proceeding", args=(proceeding.pk,)),
        done=f"第{objection.number}号异议已答复",
    )
    form = AnswerForm(request.POST or None)
    return screen.perform_form("procedures.answer_objection", form, objection_id=objection.pk)


def files_of(request: HttpRequest, form: SheetForm) -> dict[str, list[int]]:
    """The files of a sheet by field: uploaded before (their numbers), or sent with the form where there is no script.

    Raises:
        Refused: a file that the guard does not let in.
    """
    found: dict[str, list[int]] = {}
    for field in form.file_fields:
        found[field.key] = [key_in(one) for one in request.POST.getlist(field.key)]
    if form.file_fields and request.FILES.getlist(FILES):
        sent = receive_files(request, FILES, kind=Document.Kind.PROOF)
        found[form.file_fields[0].key] += [document.pk for document in sent]
    return found


def _known(request: HttpRequest, proceeding: Proceeding) -> dict[str, Any]:
    """What the person filled in before; a return begins with it. The identity number is asked again."""
    own = queries.candidate_of(proceeding, actor_of(request))
    known: Mapping[str, Any] = own.data if own is not None else {}
    secret = {f.key for sheet in proceeding.rule.forms.values() for f in sheet.fields if f.type == "identity"}
    return {key: value for key, value in known.items() if key not in secret}


def _context(request: HttpRequest, proceeding: Proceeding, step: Step, form: forms.Form) -> dict[str, Any]:
    law = proceeding.case.law
    target = proceeding.rule.following(step.id)
    returned = proceeding.steps_taken.filter(outcome="return").last() if step.kind == "apply" else None
    return {
        "proceeding": proceeding,
        "case": proceeding.case,
        "step": step,
        "title": permissions.title_of(law, step),
        "clause": proceeding.clause_of(step),
        "form": form,
        "sheet": proceeding.rule.forms[step.form].title if step.form else "",
        "following": permissions.title_of(law, proceeding.rule.by_id[target]) if target != "end" else "办结",
        "returned": returned,
        "people": list(queries.listed(proceeding)) if step.picks else [],
        "picked": set(request.POST.getlist("candidate")),
        "is_bound": request.method == "POST",
        "sample": _sample(request, proceeding, step),
    }


def _sample(request: HttpRequest, proceeding: Proceeding, step: Step) -> list[dict[str, str]] | None:
    """What was drawn, with what was said of it in a page that came back; None while nothing is drawn."""
    found = queries.drawn_sample(proceeding, step) if step.kind == "sample" else None
    if found is None:
        return None
    return [
        {"key": key, "name": name, "said": request.POST.get(f"item-{key}", "")}
        for key, name in found.data["drawn"]
    ]


def _preview(request: HttpRequest, proceeding: Proceeding) -> dict[str, Any]:
    chosen = set(request.POST.getlist("candidate"))
    people = list(queries.listed(proceeding))
    others = [one for one in people if str(one.pk) not in chosen]
    return {
        "chosen": [one for one in people if str(one.pk) in chosen],
        "others": others,
        "left_out": [one for one in others if one.applied_at],
        "silent": [one for one in others if not one.applied_at],
    }
