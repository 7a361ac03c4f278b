"""审查台: the plan on one side, its checklist and the decision on the other."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lunheng.cases.views import perform
from lunheng.core.errors import Refused
from lunheng.documents.models import Document
from lunheng.plans.forms import ApprovalForm
from lunheng.plans.views import case_page


@require_http_methods(["GET", "POST"])
def review_version(request: HttpRequest, case_id: int) -> HttpResponse:
    """Read the newest version beside its checklist, then sign or return it."""
    review = case_page.review_at(request, case_id)
    context = case_page.head(request, review)
    version = context["version"]
    form = ApprovalForm(request.POST or None, kinds=case_page.kinds_of(request, review))
    documents = list(version.documents.all()) if version else []
    shown = next((one for one in documents if one.media_type == "application/pdf"), None)
    context |= {
        "form": form,
        "parts": case_page.part_rows(review, version),
        "approvals": case_page.approval_rows(review, version),
        "documents": documents,
        "shown": shown,
    }
    if request.method != "POST" or version is None or not form.is_valid():
        return render(request, "plans/review_desk.html", context, status=422 if form.errors else 200)
    try:
        pages = case_page.given_documents(request, Document.Kind.APPROVAL)
        perform(
            request,
            "plans.approve_version",
            version_id=version.pk,
            document_id=pages[0].pk if pages else None,
            **form.cleaned_data,
        )
    except Refused as refusal:
        return render(request, "plans/review_desk.html", {**context, "verdict": refusal.verdict}, status=403)
    messages.success(request, "审查意见已提交")
    return HttpResponseRedirect(reverse("plans:plan", args=(case_id,)))
