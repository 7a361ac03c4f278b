"""Who registers a project, its parties and its works."""

from lunheng.cases.permissions import may_supervise
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.works import queries
from lunheng.works.models import Project

ORGANIZER = Clause("危险性较大的分部分项工程安全管理规定", "第十二条", "由施工单位组织")
OFFICES = frozenset({Role.STATION, Role.BUREAU, Role.DISTRICT})


def may_register(actor: Actor) -> Verdict:
    """Whether the actor may register a project: a contractor for itself, or an authority."""
    if actor.role in OFFICES or (actor.role is Role.CONTRACTOR and actor.organization):
        return allowed(ORGANIZER, "由施工单位登记工程信息")
    message = "工程信息由施工单位（总包）或主管部门登记"
    return refused(ORGANIZER, message, "请由施工总承包单位登记", actor.role.label)


def may_keep(actor: Actor, project: Project) -> Verdict:
    """Whether the actor keeps parties and works of the project: its general contractor, or its supervisor."""
    if actor.role in OFFICES:
        return may_supervise(actor, project.file)
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
        return may_supervise(actor, project.file)
    if actor.organization and actor.role.value in queries.roles_of(project, actor.organization):
        return allowed(ORGANIZER, "本工程参建单位")
    message = "您不是本工程的参建单位，不能查看"
    return refused(ORGANIZER, message, "如确为参建单位，请联系施工单位登记", project.name)
