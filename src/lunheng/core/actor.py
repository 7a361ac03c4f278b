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
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The Chinese name shown on pages."""
        return _LABELS[self]


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
    Role.ADMINISTRATOR: "平台管理员",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever performs an act.

    `organization` is a unified social credit code, `jurisdiction` a GB/T 2260 code, `expert` an expert
    reference, `position` the post that gives the power to sign (technical_director, chief_supervisor);
    `auth` says how the person logged in, `request` identifies the request. Raises ValueError without a
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

    def __post_init__(self) -> None:
        if not self.reference:
            raise ValueError("行为人必须可识别")

    @classmethod
    def system(cls, because: str = "") -> "Actor":
        """The platform acting by itself; `because` references the entry that set the act going."""
        return cls("system", Role.SYSTEM, name=Role.SYSTEM.label, request=because)
