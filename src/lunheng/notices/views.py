"""Public notices: the list, and one notice with the form of an objection. No log-in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lunheng.accounts.throttle import TooManyAttempts, address_of, key_of, try_once
from lunheng.accounts.workspaces import for_everybody
from lunheng.cases.listing import Asked, Column, Listing
from lunheng.cases.views import perform
from lunheng.core.errors import Refused
from lunheng.jurisdictions.models import Division
from lunheng.notices import queries
from lunheng.notices.forms import ObjectionForm
from lunheng.notices.models import Notice
from lunheng.notices.permissions import OBJECTIONS_OF_AN_ADDRESS
from lunheng.web.cells import Cell, Due, Mark
from lunheng.web.narrowing import Choice


def _state(row: tuple[Notice, bool]) -> Cell:
    notice, is_running = row
    if is_running and notice.ends_at:
        return Mark("soon", "公示中"), "至", Due(notice.ends_at)
    return Mark("wait", "已期满") if notice.kind == Notice.Kind.NOTICE else Mark("good", "公布")


def _cities(asked: Asked) -> list[tuple[str, str]]:
    found = Division.objects.filter(pk__in=queries.public_notices().order_by().values("case__division_id"))
    return list(found.values_list("code", "name"))


NOTICES = Listing(
    name="notices.notices",
    address="notices:notices",
    title="公示公告",
    is_for_everybody=True,
    rows=lambda asked: queries.public_notices(),
    dress=lambda asked, found: [(one, queries.is_open(one, asked.at)) for one in found],
    search=("title", "issuer"),
    search_label="标题或发布机构",
    filters=(
        Choice("division", "城市", _cities, "case__division_id"),
        Choice("kind", "类别", Notice.Kind.choices, "kind"),
    ),
    columns=(
        Column("标题", lambda row: row[0].title, lambda row: reverse("notices:notice", args=(row[0].pk,))),
        Column("城市", lambda row: row[0].case.division.name),
        Column("发布机构", lambda row: row[0].issuer),
        Column("发布时间", lambda row: row[0].posted_at),
        Column("状态", _state),
    ),
    empty=("没有公示公告", "主管部门发布的公示和公布会按时间列在这里；公示期间任何人可以提出异议。"),
    nothing_found="没有符合条件的公示公告",
)


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def show_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice; while it runs anybody may object."""
    notice = get_object_or_404(queries.public_notices(), pk=notice_id)
    form = ObjectionForm(request.POST or None)
    number = request.GET.get("filed", "")
    context = {
        "notice": notice,
        "form": form,
        "is_open": queries.is_open(notice, request.at),  # type: ignore[attr-defined]
        "filed": number if number.isdecimal() else "",
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "notices/notice.html", context, status=422 if form.errors else 200)
    try:
        try_once([(OBJECTIONS_OF_AN_ADDRESS, key_of(address_of(request)))], request.at)  # type: ignore[attr-defined]
        objection = perform(request, "notices.file_objection", notice_id=notice.pk, **form.cleaned_data)
    except TooManyAttempts:
        form.add_error(None, "提交次数过多，请一小时后再试")
        return render(request, "notices/notice.html", context, status=429)
    except Refused as refusal:
        return render(request, "notices/notice.html", {**context, "verdict": refusal.verdict}, status=403)
    return HttpResponseRedirect(f"{reverse('notices:notice', args=(notice.pk,))}?filed={objection.number}")
