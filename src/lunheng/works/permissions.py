"""Who registers a project, its parties and its works."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.policy import Law
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.jobs import clock
from lunheng.jurisdictions import territory
from lunheng.works import queries
from lunheng.works.models import Project

ORGANIZER = Clause("危险性较大的分部分项工程安全管理规定", "第十二条", "由施工单位组织")


def may_register(actor: Actor) -> Verdict:
    """Whether the actor may register a project: a contractor for itself, or an authority."""
    if actor.role in OFFICES or (actor.role is Role.CONTRACTOR and actor.organization):
        return allowed(ORGANIZER, "由施工单位登记工程信息")
    message = "工程信息由施工单位（总包）或主管部门登记"
    return refused(ORGANIZER, message, "请由施工总承包单位登记", actor.role.label)


def may_register_at(actor: Actor, place: str, kind: str) -> Verdict:
    """Whether the actor may register a project in this place: of the offices those in whose territory it lies, and to whom
    its rule gives it."""
    if actor.role in OFFICES and not territory.covers(actor.jurisdiction, place):
        return refused(ORGANIZER, "不属于您的辖区", "请联系工程所在地主管部门", actor.jurisdiction)
    law = queries.applicable_law(place, kind, _today()) if actor.role in OFFICES else None
    return may_register(actor) if law is None else law.may("register_project", actor.capacity)


def may_keep(actor: Actor, project: Project) -> Verdict:
    """Whether the actor keeps parties and works of the project: its general contractor, or its supervisor."""
    if actor.role in OFFICES:
        return may_oversee(actor, project)
    if (
        Role.CONTRACTOR.value in queries.roles_of(project, actor.organization)
        and actor.role is Role.CONTRACTOR
    ):
        return allowed(ORGANIZER, "由施工总承包单位登记")
    message = "参建单位和危大工程由本工程的施工总承包单位登记"
    return refused(ORGANIZER, message, "请由施工总承包单位办理", actor.role.label)


def may_view(actor: Actor, project: Project) -> Verdict:
    """Whether the actor may open the project: a party in its role, or the office that supervises it."""
    if actor.role in OFFICES:
        return may_oversee(actor, project)
    if actor.organization and actor.role.value in queries.roles_of(project, actor.organization):
        return allowed(ORGANIZER, "本工程参建单位")
    message = "您不是本工程的参建单位，不能查看"
    return refused(ORGANIZER, message, "如确为参建单位，请联系施工单位登记", project.file.reference)


def may_oversee(actor: Actor, project: Project) -> Verdict:
    """Whether this office supervises the project, by the division of labor of the city's rule in force (QD 二（一）)."""
    setting = queries.Setting(project.kind, project.is_city_run, project.division_id, project.district_id)
    places = territory.chain(setting.place)
    return _oversight(actor, setting, places, queries.Choice.of(_today()).law(places, setting.kind))


def visible_projects(actor: Actor) -> QuerySet[Project]:
    """The projects that the actor may open, as ``may_view`` would judge one by one: four questions for any number."""
    if actor.role not in OFFICES:
        return queries.projects_for(actor)
    tree, choice = territory.Tree.load(), queries.Choice.of(_today())
    overseen = []
    for setting in queries.settings_in(actor.jurisdiction):
        places = tree.chain(setting.place)
        if _oversight(actor, setting, places, choice.law(places, setting.kind)).is_allowed:
            overseen.append(setting)
    return queries.listed().filter(queries.standing_in(overseen))


def _oversight(actor: Actor, setting: queries.Setting, places: Sequence[str], law: Law | None) -> Verdict:
    """Where no city's rule applies: whoever's territory the project lies in, and of the districts only its own."""
    if law is not None:
        return law.judge(
            "roles.supervision",
            city_run=setting.is_city_run,
            project_division=setting.division_id,
            project_district=setting.district_id or "",
            actor_role=actor.capacity,
            actor_division=actor.jurisdiction,
            actor_level=law.level_of(actor.capacity),
            places=places,
        )
    around = setting.division_id if actor.role is Role.DISTRICT and setting.district_id else ""
    if actor.jurisdiction in places and actor.jurisdiction != around:
        return allowed(ORGANIZER, "本辖区")
    return refused(ORGANIZER, "不属于您的辖区", "请联系工程所在地主管部门", actor.jurisdiction)


def _today() -> date:
    return clock.now().astimezone(CHINA).date()
