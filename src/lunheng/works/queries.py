"""Reads of projects and works: lists, the law that applies, thresholds, running reviews of a project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.core.policy import Law, Pack, choose
from lunheng.core.policy.rules.roles import Supervision
from lunheng.core.scope import Facts, Grade, Parameter, ScopeError, Thresholds, grade
from lunheng.core.verdict import Verdict
from lunheng.core.workflow import Standing, over
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions import packs, territory
from lunheng.jurisdictions.models import PackRecord
from lunheng.organizations.models import Organization
from lunheng.works.models import HazardousWork, Project, ProjectParty

WHOLES, DECIMALS = 9, 6
"""Digits before and after the point: what is longer is no measure of a site, and could not be shown."""


def project(project_id: int) -> Project:
    """The project with its file and place, not locked."""
    return Project.objects.select_related("file", "division", "district").get(pk=project_id)


def work(work_id: int) -> HazardousWork:
    """The work with its project."""
    return HazardousWork.objects.select_related(
        "project", "project__file", "project__division", "project__district"
    ).get(pk=work_id)


def parties_of(project: Project) -> QuerySet[ProjectParty]:
    """Present parties of the project."""
    return project.parties.filter(left_at__isnull=True).select_related("organization").order_by("id")


def roles_of(project: Project, organization: str) -> set[str]:
    """The roles that a unit (by credit code) has in the project."""
    found = project.parties.filter(left_at__isnull=True, organization__code=organization)
    return set(found.values_list("role", flat=True))


def lacking_data(project: Project, law: Law) -> list[str]:
    """What a request for experts needs to know of the project and is not registered: who supervises the works, and, where
    the district supervises them, which district."""
    rule = law.rule("roles.supervision")
    is_of_district = isinstance(rule, Supervision) and not project.is_city_run and rule.other == Role.DISTRICT
    present = set(project.parties.filter(left_at__isnull=True).values_list("role", flat=True))
    lacking = ["所在区县"] if is_of_district and project.district_id is None else []
    return [*lacking, *([] if Role.SUPERVISOR.value in present else [Role.SUPERVISOR.label])]


def has_general_contractor(project: Project) -> bool:
    """Whether a general contractor is registered."""
    return project.parties.filter(left_at__isnull=True, role=Role.CONTRACTOR.value).exists()


def running_reviews(project: Project) -> QuerySet[Case]:
    """Review files of the project that are not over, by the relation that plans keep to their works."""
    return (
        Case.objects.filter(kind=Case.Kind.REVIEW, review__plan__work__project=project)
        .exclude(state__in=over(Standing.CLOSED))
        .order_by("pk")
    )


def listed() -> QuerySet[Project]:
    """Projects as lists show them."""
    return Project.objects.select_related("division", "district").annotate(
        work_count=Count("works", distinct=True)
    )


def own_city(actor: Actor) -> str:
    """The city in which an office lies, or the unit of whoever acts; empty where none is known."""
    place: str | None = actor.jurisdiction
    if actor.organization:
        place = (
            Organization.objects.filter(code=actor.organization).values_list("division", flat=True).first()
        )
    chain = territory.chain(place) if place else ()
    return next((code for code in chain if code.endswith("00") and code[2:4] != "00"), "")


class Setting(NamedTuple):
    """What the division of labor between offices looks at; the fields are columns of a project."""

    kind: str
    is_city_run: bool
    division_id: str
    district_id: str | None

    @property
    def place(self) -> str:
        """Where the project lies, as narrowly as is known."""
        return self.district_id or self.division_id


def settings_in(jurisdiction: str) -> list[Setting]:
    """The combinations that occur in an office's territory, each once."""
    inside = territory.below(jurisdiction)
    found = Project.objects.filter(Q(division_id__in=inside) | Q(district_id__in=inside)).order_by()
    return [Setting(*row) for row in found.values_list(*Setting._fields).distinct()]


def standing_in(settings: Iterable[Setting]) -> Q:
    """The projects in one of these settings; one condition for each kind, way of running and city."""
    districts: dict[tuple[str, bool, str], set[str | None]] = {}
    for kind, is_city_run, division, district in settings:
        districts.setdefault((kind, is_city_run, division), set()).add(district)
    found = Q(pk__in=())
    for (kind, is_city_run, division), codes in districts.items():
        area = Q(district_id__in=codes - {None})
        area = area | Q(district_id=None) if None in codes else area
        found |= Q(kind=kind, is_city_run=is_city_run, division_id=division) & area
    return found


def projects_for(actor: Actor) -> QuerySet[Project]:
    """Projects in which the actor's unit takes part in the actor's role."""
    found = listed()
    is_party = Q(
        parties__organization__code=actor.organization,
        parties__role=actor.role.value,
        parties__left_at__isnull=True,
    )
    return found.filter(is_party) if actor.organization else found.none()


def having_over_scale(projects: QuerySet[Project], *, has: bool) -> QuerySet[Project]:
    """Those that have works above the prescribed scale, or those that have none."""
    works = Exists(HazardousWork.objects.filter(project=OuterRef("pk"), is_over_scale=True))
    return projects.filter(works if has else ~works)


@dataclass(frozen=True)
class Choice:
    """The packs among which a day chooses, read once."""

    on: date
    layers: Mapping[str, Pack]

    @classmethod
    def of(cls, on: date) -> "Choice":
        """Read them with one question."""
        return cls(on, {one.digest: laws.of(one.digest).pack.layers[0] for one in laws.on_record()})

    def digest(self, places: Sequence[str], kind: str) -> str | Verdict:
        """The pack that applies in a place, given with everything above it, or the verdict that there is none."""
        known = [*self.layers.values(), packs.read("cn"), packs.read("platform")]
        chosen = choose(known, places, kind, self.on)
        if isinstance(chosen, Verdict):
            return chosen
        return next(key for key, layer in self.layers.items() if layer is chosen)

    def law(self, places: Sequence[str], kind: str) -> Law | None:
        """The law that applies there, or None."""
        found = self.digest(places, kind)
        return None if isinstance(found, Verdict) else laws.of(found)


def applicable_pack(place: str, kind: str, on: date) -> PackRecord | Verdict:
    """The pack by which a review requested on the day is judged, or the verdict that there is none."""
    found = Choice.of(on).digest(territory.chain(place), kind)
    return found if isinstance(found, Verdict) else PackRecord.objects.get(digest=found)


def applicable_law(place: str, kind: str, on: date) -> Law | None:
    """The law that a request of the day would be judged by, or None."""
    return Choice.of(on).law(territory.chain(place), kind)


def thresholds(law: Law | None) -> Thresholds:
    """The annexes of 31号 as the law has them; without a city's law, the national ones."""
    return packs.resolved("cn").works if law is None else law.pack.works


def kinds_in_order(table: Thresholds) -> dict[str, str]:
    """Kinds of works with their labels, in the order of the annexes."""
    keys = dict.fromkeys([*(row.work.kind for row in table.rows), *table.kinds])
    return {key: table.kinds[key] for key in keys}


def facts_of(kind: str, given: Mapping[str, object], table: Thresholds) -> Facts:
    """What was given, as the grading takes it: exact numbers, yes or no; an empty answer is unknown.

    Raises ScopeError for an unknown kind or parameter and for text that is no number.
    """
    known = table.parameters_of(kind)
    facts: dict[str, Decimal | bool] = {}
    for key, value in given.items():
        if key not in known:
            raise ScopeError(f"该类工程没有“{key}”这一参数")
        if value is not None and value != "":
            facts[key] = _fact(known[key], value)
    return facts


def _fact(parameter: Parameter, value: object) -> Decimal | bool:
    if not parameter.is_number:
        if not isinstance(value, bool):
            raise ScopeError(f"“{parameter.label}”应填是或否")
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ScopeError(f"“{parameter.label}”应填数值（{parameter.unit}）") from None
    if number.is_finite() and (number.adjusted() >= WHOLES or number != round(number, DECIMALS)):
        most = f"最多{WHOLES}位整数、{DECIMALS}位小数"
        raise ScopeError(f"“{parameter.label}”应填合理的数值：{most}（{parameter.unit}）")
    return number


def graded(kind: str, given: Mapping[str, object], table: Thresholds) -> Grade:
    """The grade of works by what was given. Raises ScopeError for words that the table does not know."""
    return grade(kind, facts_of(kind, given, table), table)


def grade_key(found: Grade) -> str:
    """The grade by its identifier in the packs: over_scale, hazardous or ordinary."""
    if found.is_over_scale:
        return "over_scale"
    return "hazardous" if found.is_hazardous else "ordinary"
