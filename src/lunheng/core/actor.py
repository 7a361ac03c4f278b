"""行为人: who acts, in which role, for whom."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The capacities in which somebody acts on the platform."""

    SYSTEM = "system"
    PUBLIC = "public"
    CONTRACTOR = "contractor"
    SUBCONTRACTOR = "subcontractor"
    AGENCY = "agency"
    SUPERVISOR = "supervisor"
    OWNER = "owner"
    DESIGNER = "designer"
    INVESTIGATOR = "investigator"
    MONITOR = "monitor"
    TESTER = "tester"
    EXPERT = "expert"
    STATION = "station"
    BUREAU = "bureau"
    DISTRICT = "district"
    OFFICE = "office"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The Chinese name shown on pages."""
        return _LABELS[self]

    @property
    def is_office(self) -> bool:
        """Whether whoever acts does so for an authority; which of its offices, the actor says."""
        return self in OFFICES


_LABELS = {
    Role.SYSTEM: "系统",
    Role.PUBLIC: "社会公众",
    Role.CONTRACTOR: "施工单位（总包）",
    Role.SUBCONTRACTOR: "专业分包单位",
    Role.AGENCY: "论证机构",
    Role.SUPERVISOR: "监理单位",
    Role.OWNER: "建设单位",
    Role.DESIGNER: "设计单位",
    Role.INVESTIGATOR: "勘察单位",
    Role.MONITOR: "监测单位",
    Role.TESTER: "检测单位",
    Role.EXPERT: "专家",
    Role.STATION: "质安中心（站）",
    Role.BUREAU: "市级住房城乡建设主管部门",
    Role.DISTRICT: "区县住房城乡建设主管部门",
    Role.OFFICE: "主管部门岗位",
    Role.ADMINISTRATOR: "平台管理员",
}
OFFICES = frozenset({Role.STATION, Role.BUREAU, Role.DISTRICT, Role.OFFICE})
"""Who acts for an authority. The first three are offices by their role alone, as the first packs and every entry made
under them name them; every further office has one role and says in the actor which it is."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever performs an act.

    `organization` is a unified social credit code, `jurisdiction` a GB/T 2260 code, `expert` an expert
    reference, `position` the post that gives the power to sign (technical_director, chief_supervisor);
    `office` is the office of the pack, where the role alone does not name it; `auth` says how the person logged in, `request` identifies the request. Raises ValueError without a
    reference.
    """

    reference: str
    role: Role
    name: str = ""
    organization: str = ""
    organization_name: str = ""
    jurisdiction: str = ""
    expert: str = ""
    position: str = ""
    auth: str = ""
    request: str = ""
    office: str = ""

    def __post_init__(self) -> None:
        if not self.reference:
            raise ValueError("行为人必须可识别")

    @property
    def capacity(self) -> str:
        """What packs call whoever acts: an office by its identifier, anybody else by role."""
        return self.office or self.role.value

    @classmethod
    def system(cls, because: str = "") -> "Actor":
        """The platform acting by itself; `because` references the entry that set the act going."""
        return cls("system", Role.SYSTEM, name=Role.SYSTEM.label, request=because)
