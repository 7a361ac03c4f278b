"""Public pages: entrances, rules, register, verification. No log-in."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lunheng.jurisdictions.models import Division, PackRecord
from lunheng.portal import queries
from lunheng.portal.forms import VerifyForm
from lunheng.verifiers import verify_draw

PAGE = 25


def home(request: HttpRequest) -> HttpResponse:
    """The first page: what this is, and the doors."""
    records = queries.packs_in_force(request.at.date())  # type: ignore[attr-defined]
    return render(request, "portal/home.html", {"records": records})


def rules(request: HttpRequest) -> HttpResponse:
    """The rulebooks in force and those that cases are still pinned to."""
    records = PackRecord.objects.order_by("pack_id", "-effective_from", "-loaded_at")
    return render(request, "portal/rules.html", {"records": records})


def rulebook(request: HttpRequest, digest: str) -> HttpResponse:
    """One rulebook, rule by rule."""
    record = get_object_or_404(PackRecord, digest=digest)
    return render(request, "portal/rulebook.html", {"record": record, "topics": queries.rulebook(record)})


def clause(request: HttpRequest) -> HttpResponse:
    """One clause: every rule that stands on it."""
    document, number = request.GET.get("document", ""), request.GET.get("number", "")
    records = queries.packs_in_force(request.at.date())  # type: ignore[attr-defined]
    found = queries.rules_under(records, document, number)
    return render(request, "portal/clause.html", {"document": document, "number": number, "found": found})


def register(request: HttpRequest) -> HttpResponse:
    """The masked register of experts."""
    text, division = request.GET.get("text", "").strip(), request.GET.get("division", "")
    pages = Paginator(queries.register(text, division), PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "text": text,
        "division": division,
        "divisions": Division.objects.filter(pools__isnull=False).distinct(),
    }
    return render(request, "portal/register.html", context)


def verify(request: HttpRequest) -> HttpResponse:
    """Recompute a draw from its record with the program that outsiders may carry away."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/verify.html", {"form": form}, status=422 if form.errors else 200)
    problems = problems_of(form.cleaned_data["file"])
    return render(
        request, "portal/verify.html", {"form": VerifyForm(), "problems": problems, "is_checked": True}
    )


def problems_of(content: bytes) -> list[str]:
    """What does not hold in a record; empty when everything does."""
    try:
        document = verify_draw.read(content.decode("utf-8"))
    except ValueError as error:
        return [f"文件无法读取：{error}"]
    return verify_draw.verify(document)
