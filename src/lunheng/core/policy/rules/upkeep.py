"""入库、考评、监督与登录: who may be an expert, what is checked afterwards, and how people come in."""

from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Citation, Rule


class Eligibility(Rule):
    """专家条件: senior title, and years in the specialty or accepted proof of rich experience."""

    senior_title: bool
    years: int = Field(ge=0)
    or_experience: bool

    def loosens(self, floor: Rule) -> str | None:
        """Neither the title nor the years may fall below the national floor."""
        assert isinstance(floor, Eligibility)
        if floor.senior_title and not self.senior_title:
            return "取消了高级职称要求"
        if self.years < floor.years:
            return f"从业年限 {self.years} 年少于国家规定的 {floor.years} 年"
        return "增加了以丰富经验代替年限的途径" if self.or_experience and not floor.or_experience else None


class Agency(Rule):
    """论证机构: what an agency must prove; `center_accepts` asks a center user to accept the proof."""

    organised_minimum: int = Field(ge=1)
    center_accepts: bool


class Training(Rule):
    """学习: class hours per calendar year; none means no number is demanded."""

    hours: int | None = Field(default=None, ge=1)


class Checklist(Rule):
    """检查: the points that must be answered before an inspection is closed."""

    points: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"points": "check_points"}


class OffPlatform(Rule):
    """未通过平台抽取: who decides on a finding, and what follows."""

    deciders: tuple[str, ...] = Field(min_length=1)
    hearing: bool
    vocabularies: ClassVar[dict[str, str]] = {"deciders": "roles"}


class Login(Rule):
    """登录: the way in."""

    mode: Literal["oidc", "phone_password"]


class Workspace(Rule):
    """工作台: `legal` is the clause that keeps units out of the experts' entrance, when it is another one."""

    legal: Citation | None = None


class Files(Rule):
    """文件: lawful types and sizes in bytes."""

    types: tuple[str, ...] = Field(min_length=1)
    maximum_bytes: int = Field(gt=0)
    minimum_bytes: int = Field(gt=0)
