"""Pages of projects, their parties and works."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.listing import Asked, Column, Listing
from lunheng.cases.refusals import record_refusal
from lunheng.cases.views import Screen, actor_of
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.scope import Grade, ScopeError, Thresholds
from lunheng.core.verdict import Verdict
from lunheng.web.narrowing import Choice, Sort
from lunheng.works import permissions, queries
from lunheng.works.forms import PartyForm, ProjectForm, WorkForm
from lunheng.works.models import HazardousWork, Project


def _more(asked: Asked) -> dict[str, Any]:
    return {"may_register": permissions.may_register(asked.actor).is_allowed}


def _place(project: Project) -> str:
    return f"{project.division}{project.district or ''}"


PROJECTS = Listing(
    name="works.projects",
    address="works:projects",
    title="工程",
    rows=lambda asked: permissions.visible_projects(asked.actor),
    search=("name", "address", "permit_number", "file__reference"),
    search_label="工程名称、地址、许可证或编号",
    filters=(
        Choice("kind", "类别", Project.Kind.choices, field="kind"),
        Choice(
            "run",
            "监督",
            (("city", "市直管"), ("district", "区县")),
            narrow=lambda rows, value, asked: rows.filter(is_city_run=value == "city"),
        ),
        Choice(
            "over_scale",
            "超规模危大工程",
            (("yes", "有"), ("no", "没有")),
            narrow=lambda rows, value, asked: queries.having_over_scale(rows, has=value == "yes"),
        ),
    ),
    sorts=(
        Sort("newest", "新登记的在前", ("-pk",)),
        Sort("name", "按名称", ("name", "pk")),
    ),
    columns=(
        Column("工程名称", lambda one: one.name, lambda one: reverse("works:project", args=(one.pk,))),
        Column("类别", lambda one: one.get_kind_display()),
        Column("所在地", _place),
        Column("监督", lambda one: "市直管" if one.is_city_run else "区县"),
        Column("危大工程", lambda one: one.work_count, is_number=True),
        Column("工程地址", lambda one: one.address, is_on_page=False),
        Column("施工许可证编号", lambda one: one.permit_number, is_on_page=False),
    ),
    empty=("没有工程", "施工单位登记工程后，参建各方和负责监督的主管部门可以在这里看到。"),
    nothing_found="没有符合条件的工程",
    template="works/projects.html",
    more=_more,
)


@require_http_methods(["GET", "POST"])
def register_project(request: HttpRequest) -> HttpResponse:
    """Register a project; then its page."""
    form = ProjectForm(
        request.POST or None, city=request.GET.get("division_id") or queries.own_city(actor_of(request))
    )
    screen = Screen(
        request,
        template="works/project_form.html",
        then=lambda project: reverse("works:project", args=(project.pk,)),
        done="工程已登记，请继续登记参建单位和危大工程",
    )
    return screen.perform_form("works.register_project", form)


@require_safe
def show_project(request: HttpRequest, project_id: int) -> HttpResponse:
    """The project with its parties and works."""
    project = _viewable(request, project_id)
    return render(request, "works/project.html", _project_context(request, project))


@require_http_methods(["GET", "POST"])
def add_party(request: HttpRequest, project_id: int) -> HttpResponse:
    """Register a unit that takes part."""
    project = _viewable(request, project_id)
    return Screen(
        request,
        template="works/party_form.html",
        page={"project": project},
        then=reverse("works:project", args=(project.pk,)),
        done="参建单位已登记；正在进行的论证已重新核对专家回避",
    ).perform_form("works.add_party", PartyForm(request.POST or None), project_id=project.pk)


@require_http_methods(["GET", "POST"])
def remove_party(request: HttpRequest, project_id: int, party_id: int) -> HttpResponse:
    """A page that says what follows, before a unit is taken out."""
    project = _viewable(request, project_id)
    party = get_object_or_404(queries.parties_of(project), pk=party_id)
    screen = Screen(
        request,
        template="works/party_remove.html",
        page={"project": project, "party": party},
        then=reverse("works:project", args=(project.pk,)),
        done="参建单位已注销",
    )
    if request.method != "POST":
        return screen.show()
    return screen.perform(
        "works.remove_party",
        project_id=project.pk,
        organization_code=party.organization.code,
        role=party.role,
    )


@require_http_methods(["GET", "POST"])
def register_work(request: HttpRequest, project_id: int) -> HttpResponse:
    """First the kind of works, then its parameters with the grade that they give."""
    project = _viewable(request, project_id)
    table = _table(project, request)
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    context: dict[str, Any] = {"project": project, "kinds": queries.kinds_in_order(table), "kind": kind}
    if not kind:
        return render(request, "works/work_kind.html", context)
    if kind not in table.kinds:
        raise Http404(kind)
    form = WorkForm(request.POST or None, table=table, kind=kind)
    is_sent = request.method == "POST" and form.is_valid()
    context |= {"form": form, "kind_label": table.kinds[kind]}
    screen = Screen(
        request,
        template="works/work_form.html",
        page=context | (_graded(table, kind, form) if is_sent else {}),
        then=lambda work: reverse("works:work", args=(work.pk,)),
        done="危大工程已登记",
    )
    if not is_sent or "preview" in request.POST:
        return screen.show_form(form)
    return screen.perform(
        "works.register_work",
        project_id=project.pk,
        name=form.cleaned_data["name"],
        kind=kind,
        parameters=form.parameters(),
        judgement=form.cleaned_data.get("judgement", ""),
    )


@require_POST
def preview_grade(request: HttpRequest, project_id: int) -> HttpResponse:
    """The grade of what stands in the form now, as a fragment."""
    project = _viewable(request, project_id)
    table = _table(project, request)
    kind = request.POST.get("kind", "")
    if kind not in table.kinds:
        raise Http404(kind)
    form = WorkForm(request.POST, table=table, kind=kind)
    form.is_valid()
    return render(request, "works/grade.html", _graded(table, kind, form))


@require_safe
def show_work(request: HttpRequest, work_id: int) -> HttpResponse:
    """One work: parameters, grade with every clause, its reviews."""
    work = get_object_or_404(HazardousWork.objects.select_related("project"), pk=work_id)
    project = _viewable(request, work.project_id)
    table = _table(project, request)
    asked = table.parameters_of(work.kind) if work.kind in table.kinds else {}
    parameters = [(asked[key], value) for key, value in work.parameters.items() if key in asked]
    context = {
        "work": work,
        "project": project,
        "kind_label": table.kinds.get(work.kind, work.kind),
        "parameters": parameters,
        "may_start": permissions.may_keep(actor_of(request), project).is_allowed,
    }
    return render(request, "works/work.html", context)


def _project_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    table = _table(project, request)
    pack = queries.applicable_pack(project.place_id, project.kind, _today(request))
    works = [(work, table.kinds.get(work.kind, work.kind)) for work in project.works.all()]
    return {
        "project": project,
        "parties": list(queries.parties_of(project)),
        "works": works,
        "pack": None if isinstance(pack, Verdict) else pack,
        "no_pack": pack if isinstance(pack, Verdict) else None,
        "may_keep": permissions.may_keep(actor_of(request), project).is_allowed,
    }


def _viewable(request: HttpRequest, project_id: int) -> Project:
    """The project, after a verdict that this actor may see it; a refusal is kept and becomes a page."""
    related = ("file", "file__division", "file__district", "division", "district")
    project = get_object_or_404(Project.objects.select_related(*related), pk=project_id)
    actor = actor_of(request)
    try:
        require(permissions.may_view(actor, project))
    except Refused as refusal:
        at = request.at  # type: ignore[attr-defined]
        record_refusal("works.view_project", refusal, {"actor": actor, "at": at, "project_id": project.pk})
        raise
    return project


def _graded(table: Thresholds, kind: str, form: WorkForm) -> dict[str, Any]:
    """The grade by what was answered so far, or what is wrong with it."""
    try:
        found: Grade = queries.graded(kind, form.parameters(), table)
    except ScopeError as error:
        return {"fault": str(error)}
    missing = [table.parameters[key] for key in found.missing]
    return {"grade": found, "missing": missing}


def _table(project: Project, request: HttpRequest) -> Thresholds:
    return queries.thresholds(queries.applicable_law(project.place_id, project.kind, _today(request)))


def _today(request: HttpRequest) -> date:
    day: date = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    return day
