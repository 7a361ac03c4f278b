"""What may be begun about a pool: applications for persons, matters of the office that keeps it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.accounts.workspaces import for_everybody
from lunheng.cases.views import actor_of, key_in, perform
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Procedure
from lunheng.pools import queries
from lunheng.pools.models import Pool
from lunheng.procedures import drafts, permissions
from lunheng.procedures.forms import SheetForm
from lunheng.procedures.views.steps import KEPT, files_of


@dataclass(frozen=True)
class Opening:
    """One matter that may be begun about one pool."""

    pool: Pool
    key: str
    procedure: Procedure
    clause: Clause
    steps: tuple[str, ...]
    is_mine: bool


@for_everybody
@require_safe
def list_openings(request: HttpRequest) -> HttpResponse:
    """Every application that is open to persons; an office also sees what it may begin itself."""
    actor, on = actor_of(request), request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    found = []
    for pool in Pool.objects.select_related("division", "file").order_by("key"):
        law = queries.law_of(pool, on)
        for key, procedure in law.pack.procedures.items() if law else ():
            assert law is not None
            if procedure.opened_by == "data" or procedure.concerns in ("member", "review"):
                # Begun from the file of the member or the review, or by the records themselves.
                continue
            is_mine = permissions.may_open(actor, law, key, pool.file).is_allowed
            if procedure.opened_by == "application" or is_mine:
                found.append(_opening(pool, law, key, procedure, is_mine=is_mine))
    return render(
        request, "pools/openings.html", {"openings": found, "is_known": actor.reference != "public"}
    )


@require_http_methods(["GET", "POST"])
def open_proceeding(request: HttpRequest, key: str, procedure: str) -> HttpResponse:
    """Fill in the first form and hand it in; what comes next is said before."""
    pool = get_object_or_404(Pool.objects.select_related("division", "file"), key=key)
    law = queries.law_of(pool, request.at.astimezone(CHINA).date())  # type: ignore[attr-defined]
    if law is None or procedure not in law.pack.procedures:
        raise Http404(procedure)
    rule, actor = law.procedure(procedure), actor_of(request)
    if actor.reference == "public":
        return HttpResponseRedirect(f"{reverse('accounts:login')}?next={request.path}")
    file_id = key_in(request.GET.get("file", "")) or None
    about = queries.file_for(pool, rule, file_id, actor)
    if about is None:
        raise Http404(procedure)
    verdict = permissions.may_open(actor, law, procedure, about)
    if not verdict.is_allowed:
        raise Refused(verdict)
    is_application = rule.opened_by == "application"
    form_key = rule.first.form if is_application else rule.form
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        fields=rule.fields_of(form_key),
        law=law,
        initial=drafts.read(actor.reference, drafts.of_opening(about, procedure)),
    )
    context = {
        "pool": pool,
        "law": law,
        "opening": _opening(pool, law, procedure, rule, is_mine=True),
        "form": form,
        "sheet": rule.forms[form_key].title if form_key else rule.title,
        "is_application": is_application,
        "about": f"?file={about.pk}" if about.pk != pool.file_id else "",
        "whom": queries.name_of(about) if rule.concerns == "member" else about.title,
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "pools/open.html", context, status=422 if form.errors else 200)
    try:
        data = form.data_of(files_of(request, form))
        whom = {"file_id": file_id} if file_id else {}
        made = perform(
            request, "pools.open_proceeding", pool_id=pool.pk, procedure=procedure, data=data, **whom
        )
    except Refused as refusal:
        return render(request, "pools/open.html", {**context, "verdict": refusal.shown}, status=403)
    messages.success(request, f"{rule.title}：{'申请已提交' if is_application else '已启动'}")
    return HttpResponseRedirect(reverse("procedures:proceeding", args=(made.pk,)))


@require_POST
def keep_draft(request: HttpRequest, key: str, procedure: str) -> HttpResponse:
    """Keep what was typed, and go back to the form; nothing is handed in."""
    pool = get_object_or_404(Pool.objects.select_related("file"), key=key)
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    address = reverse("pools:open", args=(key, procedure))
    if actor.reference == "public":
        return HttpResponseRedirect(f"{reverse('accounts:login')}?next={address}")
    law = queries.law_of(pool, at.astimezone(CHINA).date())
    if law is None or procedure not in law.pack.procedures:
        raise Http404(procedure)
    rule = law.procedure(procedure)
    about = queries.file_for(pool, rule, key_in(request.GET.get("file", "")) or None, actor)
    if about is None:
        raise Http404(procedure)
    require(permissions.may_open(actor, law, procedure, about))
    form_key = rule.first.form if rule.opened_by == "application" else rule.form
    form = SheetForm(request.POST, fields=rule.fields_of(form_key), law=law)
    drafts.keep(actor.reference, drafts.of_opening(about, procedure), form.sheet, form.typed, at)
    messages.success(request, KEPT)
    return HttpResponseRedirect(address + (f"?file={about.pk}" if about.pk != pool.file_id else ""))


def _opening(pool: Pool, law: Law, key: str, procedure: Procedure, *, is_mine: bool) -> Opening:
    steps = tuple(permissions.title_of(law, step) for step in procedure.steps)
    return Opening(pool, key, procedure, law.procedure_clause(key, procedure), steps, is_mine)
