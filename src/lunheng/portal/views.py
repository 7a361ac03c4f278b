"""Public pages: entrances, rules, register, verification. No log-in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from lunheng.cases.listing import Column, Listing
from lunheng.core.deadlines import CHINA
from lunheng.documents.carrying import OFFLINE_PAGE, VERIFIERS, offline_page, page_words, published_policy
from lunheng.jurisdictions.models import Division, PackRecord
from lunheng.portal import queries
from lunheng.portal.forms import VerifyForm
from lunheng.verifiers import verify_draw
from lunheng.web.narrowing import Choice
from lunheng.web.wording import mask_name

PROGRAMS = {
    "verify_draw.py": "text/x-python",
    "verify_draw.js": "text/javascript",
    "verify_ledger.py": "text/x-python",
    "verify_ledger.js": "text/javascript",
}


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


REGISTER = Listing(
    name="portal.register",
    address="portal:register",
    title="专家名册",
    rows=lambda asked: queries.register(asked.at.astimezone(CHINA).date()),
    search=("unit",),
    find=queries.of_shown_words,
    search_label="单位名称或姓氏",
    filters=(
        Choice(
            "division",
            "城市",
            lambda asked: Division.objects.filter(pools__isnull=False).distinct().values_list("code", "name"),
            field="pool__division_id",
        ),
    ),
    columns=(
        Column("姓名", lambda one: mask_name(one.name)),
        Column("单位", lambda one: one.unit.name),
        Column("职称", lambda one: one.title),
        Column("专家库", lambda one: one.pool.name),
    ),
    empty=("还没有专家", "专家入库并公布后列在这里。"),
    nothing_found="没有符合条件的专家",
    layout="web/layouts/public.html",
)


def verify(request: HttpRequest) -> HttpResponse:
    """Recompute a draw from its record with the program that outsiders may carry away."""
    form = VerifyForm(request.POST or None, request.FILES or None)
    shown = {"form": form, "policy": published_policy(), "words": page_words()}
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/verify.html", shown, status=422 if form.errors else 200)
    shown["form"] = VerifyForm()
    try:
        problems = problems_of(form.cleaned_data["file"])
    except NotARecord as unread:
        return render(request, "portal/verify.html", shown | {"unread": str(unread)})
    return render(request, "portal/verify.html", shown | {"problems": problems, "is_checked": True})


class NotARecord(ValueError):
    """The file is no record of a draw: nothing was checked, so nothing is wrong with it. The message is for people."""


def problems_of(content: bytes) -> list[str]:
    """What does not hold in a record; empty when everything does.

    Raises:
        NotARecord: the server checks records of draws only, and this is something else.
    """
    if content.startswith((b"c2sp.org/tlog-proof@", b"PK\x03\x04")):
        raise NotARecord("这是存证回执或案件归档文件：请允许浏览器运行脚本后核验，或用下面的核验程序。")
    try:
        return verify_draw.examine(verify_draw.read(content.decode("utf-8")))
    except (ValueError, verify_draw.Malformed) as error:
        raise NotARecord(f"不是有效的抽取记录：{error}。请向发给您文件的人索取原件。") from error


def verifier(request: HttpRequest, name: str) -> HttpResponse:
    """One of the two programs, to be carried away and run alone."""
    if name not in PROGRAMS:
        raise Http404
    return _attachment((VERIFIERS / name).read_bytes(), name, PROGRAMS[name])


def offline_verifier(request: HttpRequest) -> HttpResponse:
    """The verifier as one page that works from a disk, without any network."""
    return _attachment(offline_page(published_policy()), OFFLINE_PAGE, "text/html")


def _attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)
