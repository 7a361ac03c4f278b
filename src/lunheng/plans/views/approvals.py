"""审查台: the plan on one side, its checklist and the decision on the other."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lunheng.cases.views import Screen
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
    screen = Screen(
        request,
        template="plans/review_desk.html",
        page=context,
        then=reverse("plans:plan", args=(case_id,)),
        done="审查意见已提交",
    )
    if request.method != "POST" or version is None or not form.is_valid():
        return screen.show_form(form)

    def page_with_seal() -> dict[str, Any]:
        pages = case_page.given_documents(request, Document.Kind.APPROVAL)
        return {"document_id": pages[0].pk if pages else None}

    return screen.perform("plans.approve_version", page_with_seal, version_id=version.pk, **form.cleaned_data)
