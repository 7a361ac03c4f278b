"""职责: who supervises, keeps the pool, organizes a review, and what an agency must show."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Citation, Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict, allowed

TOPICS = {"roles": "职责分工"}


class Supervision(Rule):
    """监督分工: who supervises city-run projects and the others; `overall` may see all of the city."""

    key = "roles.supervision"
    heading = "监督分工"
    silence = Silence.REFUSE
    words = {"city_run": "市直管项目", "other": "其他项目", "overall": "全市"}
    vocabularies: ClassVar[dict[str, str]] = {"city_run": "roles", "other": "roles", "overall": "roles"}

    city_run: str
    other: str
    overall: tuple[str, ...] = ()

    def judge(
        self,
        ground: Ground,
        /,
        *,
        city_run: bool,
        project_division: str,
        project_district: str,
        places: Sequence[str],
        actor_role: str,
        actor_division: str,
        actor_level: str,
    ) -> Verdict:
        """Who supervises this project: by city-run or not, then by place. `places` are where the project lies, narrowest
        first, with everything above; an office of a county has its own county and nothing of the city around it."""
        if actor_role in self.overall and actor_division in places:
            return ground.yes("市级主管部门可以监督全市项目")
        charged = self.city_run if city_run else self.other
        around = places.index(project_division) if project_division in places else len(places)
        own = places[: around or 1] if actor_level == "county" else places
        if actor_role == charged and actor_division in own:
            return ground.yes("本项目由本单位监督")
        kind = "市直管项目" if city_run else "非市直管项目"
        who = ("项目所在" if charged == "district" else "") + ground.name("roles", charged)
        place = project_district if charged == "district" else project_division
        return ground.no(
            f"{kind}的论证由{who}监督，你单位不能打开本项目的监督页面",
            f"请联系负责监督的{who}（区划 {place}）",
            f"{ground.name('roles', actor_role)} {actor_division}",
        )


class PoolKeepers(Rule):
    """专家库管理: who changes the pool, who publishes; `publishing` is the clause on publishing, when it is another one."""

    key = "roles.pool"
    heading = "专家库的管理"
    silence = Silence.REFUSE
    words = {"managers": "管理者", "publishers": "公布者", "publishing": "公布的依据"}
    vocabularies: ClassVar[dict[str, str]] = {"managers": "roles", "publishers": "roles"}

    managers: tuple[str, ...] = Field(min_length=1)
    publishers: tuple[str, ...] = Field(min_length=1)
    publishing: Citation | None = None

    def judge(self, ground: Ground, /, *, actor_role: str, action: str) -> Verdict:
        """`action` is change (admit, renew, remove) or publish."""
        keepers = self.publishers if action == "publish" else self.managers
        what = "公布入库专家和通告" if action == "publish" else "变更专家库"
        who = ground.names("roles", keepers)
        clause = ground.cite(self.publishing) if self.publishing and action == "publish" else ground.clause
        if actor_role in keepers:
            return allowed(clause, f"{what}由{who}办理")
        role = ground.name("roles", actor_role)
        return ground.no_by(clause, f"{what}只能由{who}办理", f"请由{who}的用户操作", role)


class Organiser(Rule):
    """组织单位: who may start a review, whether an agency may, and until when that can be changed."""

    key = "roles.organiser"
    heading = "论证的组织单位"
    silence = Silence.FLOOR
    words = {"initiators": "组织者", "agency_allowed": "可委托论证机构", "switch_until": "更换组织方式"}
    values = {"first_confirmed": "首名专家确认之前", "never": "不得更换"}
    vocabularies: ClassVar[dict[str, str]] = {"initiators": "roles"}

    initiators: tuple[str, ...] = Field(min_length=1)
    agency_allowed: bool
    switch_until: Literal["first_confirmed", "never"]

    def loosens(self, floor: Rule) -> str | None:
        """No one may start a review whom the national rule does not name."""
        assert isinstance(floor, Organiser)
        added = [role for role in self.initiators if role not in floor.initiators]
        return f"组织论证的主体多出国家规定以外的 {'、'.join(added)}" if added else None

    def judge(
        self,
        ground: Ground,
        /,
        *,
        actor_role: str,
        is_general_contractor: bool,
        has_general_contractor: bool,
        on_behalf: bool,
        entrusted: bool,
        confirmed_count: int,
        change: bool,
    ) -> Verdict:
        """Who may start or change a review, in whose name."""
        if change and (self.switch_until == "never" or confirmed_count > 0):
            remedy = "按现有组织方式完成本次论证；确需更换的，先取消本次论证"
            found = ground.no("已有专家确认，不得再更换组织方式", remedy, f"已确认{confirmed_count}名")
            return ground.as_read("switch_until", found)
        if actor_role == "agency":
            return self._agency(ground, on_behalf, entrusted)
        if actor_role not in self.initiators:
            who = ground.names("roles", self.initiators)
            return ground.no(f"论证由{who}组织", f"请由{who}提出申请", ground.name("roles", actor_role))
        if has_general_contractor and not is_general_contractor:
            return ground.no(
                "实行施工总承包的，论证由施工总承包单位组织", "请由施工总承包单位提出申请", "分包单位"
            )
        return ground.yes("由施工单位组织论证")

    def _agency(self, ground: Ground, on_behalf: bool, entrusted: bool) -> Verdict:
        if not self.agency_allowed:
            return ground.no(
                "本规则下论证由施工单位自行组织，论证机构不得代为组织", "请由施工单位提出申请", "论证机构"
            )
        if not (on_behalf and entrusted):
            return ground.no(
                "论证机构只能办理施工单位已委托并经接受的论证",
                "先由施工单位在平台委托，论证机构接受后办理",
                "无有效委托",
            )
        return ground.yes("论证机构在委托范围内组织论证")


class Agency(Rule):
    """论证机构: what an agency must prove; `center_accepts` asks a center user to accept the proof."""

    key = "roles.agency"
    heading = "论证机构的条件"
    silence = Silence.PERSON
    words = {"organised_minimum": "最少组织过", "center_accepts": "须管理机构认可"}

    organised_minimum: int = Field(ge=1)
    center_accepts: bool

    def judge(self, ground: Ground, /, *, is_legal_person: bool, organised: int, accepted: bool) -> Verdict:
        """What an agency must have shown before it takes a commission."""
        if not is_legal_person:
            return ground.no("论证机构须具有独立法人资格", "补充营业执照和统一社会信用代码", "无独立法人资料")
        if organised < self.organised_minimum:
            return ground.no(
                "论证机构须有丰富的论证组织工作经验", "补充以往组织论证的清单", f"已登记{organised}项"
            )
        if self.center_accepts and not accepted:
            return ground.no("论证机构的资料尚未经管理机构认可", "请管理机构审核后再接受委托", "未认可")
        return ground.yes("论证机构具备接受委托的条件", f"已登记{organised}项")
