"""Acts on a project: registration, parties, hazardous works with their grade."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from lunheng.accounts.models import Seat
from lunheng.cases.acts import act
from lunheng.cases.locks import lock, lock_many
from lunheng.cases.models import Case, Party
from lunheng.cases.opening import open_case
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.identity import canonical
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import RECHECK_RELATIONS
from lunheng.core.procedures.files import ADD_PARTY, REGISTER_PROJECT, REGISTER_WORK, REMOVE_PARTY
from lunheng.core.scope import Grade, ScopeError, Thresholds
from lunheng.core.verdict import for_a_person, refused
from lunheng.jurisdictions import territory
from lunheng.jurisdictions.models import Division
from lunheng.ledger.models import Entry
from lunheng.organizations import queries as units
from lunheng.organizations.models import Organization
from lunheng.works import permissions, queries
from lunheng.works.models import HazardousWork, Project, ProjectParty

ANNEX = Clause(
    "住房城乡建设部办公厅关于实施〈危险性较大的分部分项工程安全管理规定〉有关问题的通知", "附件一、附件二"
)
PROJECT_DATA = Clause("危险性较大的分部分项工程安全管理规定", "第十二条", "工程与参建单位")

ProjectKind = Literal["housing", "municipal", "rail"]
PartyRole = Literal[
    "contractor",
    "subcontractor",
    "supervisor",
    "owner",
    "designer",
    "investigator",
    "monitor",
    "tester",
    "agency",
]


class GivenParty(TypedDict):
    """A unit with its role, as given."""

    code: str
    role: PartyRole


@act(REGISTER_PROJECT)
def register_project(
    *,
    name: str,
    kind: ProjectKind,
    division_id: str,
    address: str,
    district_id: str = "",
    is_city_run: bool = False,
    permit_number: str = "",
    parties: list[GivenParty] | None = None,
    actor: Actor,
    at: datetime,
) -> Project:
    """登记工程: the project's file is opened; a contractor who registers is its general contractor."""
    require(permissions.may_register(actor))
    _needs_text(name, "工程名称")
    _needs_text(address, "工程地址")
    division = _division(division_id)
    district = _division(district_id) if district_id else None
    if district is not None and not territory.covers(division.code, district.code):
        raise Refused(refused(PROJECT_DATA, "区县不在所选的市内", "重新选择市和区县", district.name))
    require(permissions.may_register_at(actor, (district or division).code, kind))
    file = open_case(
        Case.Kind.PROJECT,
        title=name.strip(),
        division=division,
        district=district,
        is_city_run=is_city_run,
        at=at,
    )
    project = Project.objects.create(
        file=file,
        name=name.strip(),
        kind=kind,
        division=division,
        district=district,
        is_city_run=is_city_run,
        address=address.strip(),
        permit_number=permit_number.strip(),
        created_at=at,
    )
    given = {(canonical(party["code"]), str(party["role"])) for party in parties or []}
    if actor.role is Role.CONTRACTOR:
        given.add((actor.organization, Role.CONTRACTOR.value))
    units = _organizations(code for code, _ in sorted(given))
    _join_all(project, [(units[code], role) for code, role in sorted(given)], at)
    file.enter(
        actor=actor, at=at, data={"label": "登记工程", "clause": str(PROJECT_DATA), "name": project.name}
    )
    return project


@act(ADD_PARTY)
def add_party(
    *, project_id: int, organization_code: str, role: PartyRole, actor: Actor, at: datetime
) -> Entry:
    """登记参建单位: also in every running review, whose panel is checked anew at once (回避)."""
    project = queries.project(project_id)
    file, reviews = _lock_with_reviews(project)
    require(permissions.may_keep(actor, project))
    unit = _organization(organization_code)
    if role in queries.roles_of(project, unit.code):
        raise Refused(refused(PROJECT_DATA, "该单位已登记这一角色", "无需重复登记", unit.name))
    _join(project, unit, role, at)
    label = f"登记参建单位：{unit.name}（{Role(role).label}）"
    for review in reviews:
        clause = review.law.clause("recusal.parties")
        Party.join(review, unit, role, at)
        _look_again(review, clause, at)
        review.enter(actor=actor, at=at, data={"label": label, "clause": str(clause), "unit": unit.code})
    data = {"label": label, "clause": str(PROJECT_DATA), "unit": unit.code, "role": role}
    return file.enter(actor=actor, at=at, data=data)


@act(REMOVE_PARTY)
def remove_party(
    *, project_id: int, organization_code: str, role: PartyRole, actor: Actor, at: datetime
) -> Entry:
    """注销参建单位: the unit leaves the project and its running reviews; what happened stays."""
    project = queries.project(project_id)
    file, reviews = _lock_with_reviews(project)
    require(permissions.may_keep(actor, project))
    unit = _organization(organization_code)
    if role not in queries.roles_of(project, unit.code):
        raise Refused(refused(PROJECT_DATA, "该单位没有登记这一角色", "核对单位和角色", unit.name))
    if role == Role.CONTRACTOR.value and reviews:
        message = "有论证正在进行，不能注销施工总承包单位"
        raise Refused(refused(PROJECT_DATA, message, "先完成或撤回正在进行的论证", unit.name))
    project.parties.filter(organization=unit, role=role, left_at__isnull=True).update(left_at=at)
    label = f"注销参建单位：{unit.name}（{Role(role).label}）"
    data = {"label": label, "clause": str(PROJECT_DATA), "unit": unit.code, "role": role}
    for review in reviews:
        if Party.leave(review, unit, role, at):
            review.enter(actor=actor, at=at, data=data)
    return file.enter(actor=actor, at=at, data=data)


@act(REGISTER_WORK)
def register_work(
    *,
    project_id: int,
    name: str,
    kind: str,
    parameters: dict[str, str | int | float | bool],
    judgement: str = "",
    actor: Actor,
    at: datetime,
) -> HazardousWork:
    """登记危大工程: graded by the annexes of 31号, with every clause that it falls under.

    Refused while a parameter that could change the grade is unknown, and where the annex needs a person's
    judgement that is not given with its reasons.
    """
    project = queries.project(project_id)
    file = lock(project.file_id)
    require(permissions.may_keep(actor, project))
    _needs_text(name, "危大工程名称")
    law = queries.applicable_law(project.place_id, project.kind, at.astimezone(CHINA).date())
    found = _graded(kind, parameters, judgement, queries.thresholds(law))
    work = HazardousWork.objects.create(
        project=project,
        name=name.strip(),
        kind=kind,
        parameters={
            key: str(value) if not isinstance(value, bool) else value for key, value in parameters.items()
        },
        is_hazardous=found.is_hazardous,
        is_over_scale=found.is_over_scale,
        hits=[{"row": hit.row, "clause": str(hit.clause), "text": hit.text} for hit in found.hits],
        risk_level=queries.grade_key(found),
        judgement=judgement.strip(),
        created_at=at,
    )
    clause = str(found.hits[-1].clause) if found.hits else str(ANNEX)
    data: dict[str, JsonValue] = {
        "label": "登记危大工程",
        "clause": clause,
        "work": work.pk,
        "grade": work.risk_level,
        "kind": kind,
        "rows": [hit.row for hit in found.hits],
    }
    file.enter(actor=actor, at=at, data=data)
    return work


def _graded(kind: str, given: Mapping[str, object], judgement: str, table: Thresholds) -> Grade:
    """The grade, or the refusal that says what is unknown or must be decided by a person."""
    try:
        found = queries.graded(kind, given, table)
    except ScopeError as error:
        raise Refused(refused(ANNEX, str(error), "按页面列出的参数填写", kind)) from None
    if found.needs_person:
        texts = "；".join(hit.text for hit in found.questions)
        remedy = "由施工单位技术负责人判定是否属于危大工程，并写明理由"
        raise Refused(for_a_person(found.questions[0].clause, texts, remedy))
    if _is_judged(kind, given, table) and not judgement.strip():
        raise Refused(refused(ANNEX, "判定是否属于危大工程须记录理由", "填写判定理由", "未填写"))
    if found.missing:
        names = "、".join(table.parameters[key].label for key in found.missing)
        message = f"还缺少会影响判定的参数：{names}"
        raise Refused(refused(ANNEX, message, "补充参数；确实没有的填 0", names))
    return found


def _is_judged(kind: str, given: Mapping[str, object], table: Thresholds) -> bool:
    """Whether a person's decision was given for a row that asks for one."""
    return any(row.work.judgement in given for row in table.rows_of(kind) if row.work.judgement)


def _lock_with_reviews(project: Project) -> tuple[Case, list[Case]]:
    reviews = lock_many(queries.running_reviews(project))
    return lock(project.file_id), reviews


def _look_again(review: Case, clause: Clause, at: datetime) -> None:
    """The panel of a running review is checked anew, as a consequence due now."""
    if not review.awaits(RECHECK_RELATIONS):
        review.due(RECHECK_RELATIONS, due=at, clause=clause)


def _join(project: Project, unit: Organization, role: str, at: datetime) -> None:
    _join_all(project, [(unit, role)], at)


def _join_all(project: Project, parties: Sequence[tuple[Organization, str]], at: datetime) -> None:
    """The units take part from now on, and their own log-ins may act in that role."""
    ProjectParty.objects.bulk_create(
        ProjectParty(project=project, organization=unit, role=role, joined_at=at) for unit, role in parties
    )
    Seat.objects.give_units(parties)


def _organization(code: str) -> Organization:
    return _organizations([code])[code]


def _organizations(codes: Iterable[str]) -> dict[str, Organization]:
    """The units by their codes as given.

    Raises:
        Refused: there is no unit of one of the codes.
    """
    wanted = {code: canonical(code) for code in codes}
    known = {unit.code: unit for unit in Organization.objects.filter(code__in=wanted.values())}
    missing = next((code for code, clean in wanted.items() if clean not in known), None)
    if missing is not None:
        raise Refused(units.unknown(missing, PROJECT_DATA))
    return {code: known[clean] for code, clean in wanted.items()}


def _division(code: str) -> Division:
    found = Division.objects.filter(code=code).first()
    if found is None:
        raise Refused(refused(PROJECT_DATA, "没有这一行政区划", "从列表中选择工程所在地", code))
    return found


def _needs_text(text: str, what: str) -> None:
    if not text.strip():
        raise Refused(refused(PROJECT_DATA, f"没有填写{what}", f"填写{what}", "未填写"))
