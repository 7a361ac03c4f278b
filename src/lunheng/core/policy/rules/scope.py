"""范围: whom the rules cover, from when, and what has to go through the platform."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from pydantic import Field

from lunheng.core.policy.rules.base import Citation, Rule, Silence
from lunheng.core.policy.rules.citation import Model
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"scope": "适用范围"}


class OnExpiry(Model):
    """期满之后: what goes on after the last day; new acts carry the mark."""

    clause: str = Field(min_length=1)
    running_cases: bool
    terms: bool
    new_acts: bool
    mark: str = Field(default="规则已过试行期", min_length=1)

    @property
    def told(self) -> str:
        """What goes on, in words."""
        matters = {"已受理的案件": self.running_cases, "聘期": self.terms, "新的办理": self.new_acts}
        told = "，".join(f"{matter}{'继续' if goes_on else '停止'}" for matter, goes_on in matters.items())
        return f"{told}（注明“{self.mark}”，{self.clause}）"


class Coverage(Rule):
    """适用范围: kinds of project, territory (the division with all below it), first and last day.

    `on_expiry` says what goes on after the last day; where it is silent running cases and terms do, new acts do not.
    """

    key = "scope.coverage"
    heading = "适用范围"
    silence = Silence.FLOOR
    words = {
        "project_kinds": "工程类别",
        "territory": "行政区划",
        "from_on": "施行日期",
        "from_clause": "施行日期的条款",
        "to_on": "有效期至",
        "on_expiry": "期满之后",
    }
    vocabularies: ClassVar[dict[str, str]] = {"project_kinds": "project_kinds"}

    project_kinds: tuple[str, ...] = Field(min_length=1)
    territory: str = Field(pattern=r"^\d{6}$")
    from_on: date
    from_clause: str = Field(min_length=1)
    to_on: date | None = None
    on_expiry: OnExpiry | None = None

    @property
    def period(self) -> str:
        """The days in force, in words."""
        return f"自{self.from_on}起" + (f"至{self.to_on}" if self.to_on else "")

    def is_in_force(self, on: date) -> bool:
        """Whether the day lies between the first and the last day, both included."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)

    def has_ended(self, on: date) -> bool:
        """Whether the last day is over."""
        return self.to_on is not None and on > self.to_on

    def takes_new_acts(self, on: date) -> bool:
        """Whether acts begun on the day are judged by this rule: in force, or ended with leave to go on."""
        goes_on = self.has_ended(on) and self.on_expiry is not None and self.on_expiry.new_acts
        return goes_on or self.is_in_force(on)

    def is_inside(self, places: Sequence[str]) -> bool:
        """Whether a division, given with everything above it, lies in the territory."""
        return self.territory in places

    def judge(self, ground: Ground, /, *, project_kind: str, places: Sequence[str], on: date) -> Verdict:
        """Territory, kind of project, and the day of the request; `places` are the division and all above it."""
        division = places[0]
        if not self.is_inside(places):
            return ground.no(
                "项目不在本规则适用的行政区域内", "请改用项目所在地的规则", f"行政区划 {division}"
            )
        if project_kind not in self.project_kinds:
            kind = ground.name("project_kinds", project_kind)
            covered = ground.names("project_kinds", self.project_kinds)
            message = f"本规则只适用于{covered}，没有规则覆盖本市的{kind}"
            return ground.no(message, f"{kind}的论证请向当地主管部门另行办理；不得套用本规则", kind)
        if not self.takes_new_acts(on):
            clause = ground.cite(Citation(clause=self.from_clause, source=self.source, title=self.title))
            message = f"本规则{self.period}施行，{on}提出的论证不适用"
            return ground.no_by(clause, message, "按申请当日有效的规定办理", str(on))
        value = f"{ground.name('project_kinds', project_kind)}，{division}，{on}"
        marks = (
            [ground.warn(self.on_expiry.mark, value=self.period)]
            if self.on_expiry and self.has_ended(on)
            else []
        )
        return ground.yes("属于本规则的适用范围", value, *marks)


class Transition(Rule):
    """新旧衔接: a review engaged before the first day enters only with proof, when so demanded."""

    key = "scope.transition"
    heading = "新旧衔接"
    silence = Silence.PERSON
    words = {"from_on": "施行日期", "legacy_needs_proof": "衔接须有证明"}

    from_on: date
    legacy_needs_proof: bool

    def judge(self, ground: Ground, /, *, requested_on: date, meeting_on: date, has_proof: bool) -> Verdict:
        """A review engaged before the first day, whose meeting falls on or after it."""
        if requested_on >= self.from_on:
            return ground.yes("申请在启用之后，按本规则办理", str(requested_on))
        if meeting_on < self.from_on:
            return ground.no(
                f"论证会在{self.from_on}启用之前召开，不录入本平台",
                "由当地主管部门按原规定留存资料",
                str(meeting_on),
            )
        if self.legacy_needs_proof and not has_proof:
            return ground.no(
                f"{self.from_on}启用前已约定的论证，没有约定证明不得录入",
                "上传启用前聘请专家的合同、函件等证明",
                str(requested_on),
            )
        mark = ground.warn("本论证标记为“启用前”，并报监督机构知悉", value=str(requested_on))
        return ground.yes("凭启用前的约定证明录入", str(requested_on), mark)


class PlatformOnly(Rule):
    """应通过平台完成: activities for which experts may be engaged outside, with a reason."""

    key = "scope.platform_only"
    heading = "应通过平台办理的事项"
    silence = Silence.REFUSE
    words = {"offline_allowed_for": "可不在平台办理"}
    vocabularies: ClassVar[dict[str, str]] = {"offline_allowed_for": "activities"}

    offline_allowed_for: tuple[str, ...]

    def judge(self, ground: Ground, /, *, activity: str, has_draw: bool, reason: str) -> Verdict:
        """Was it done on the platform, and if not, may it be done outside for this reason?"""
        name = ground.name("activities", activity)
        if has_draw:
            return ground.yes(f"{name}的专家由平台抽取")
        if activity not in self.offline_allowed_for:
            return ground.no(
                f"{name}没有在平台抽取专家，不得上传结论",
                "在平台提出抽取申请，由抽取的专家重新论证",
                "无平台抽取记录",
            )
        if not reason.strip():
            return ground.no(
                f"{name}不在平台办理的，须由主管部门写明理由", "由主管部门填写理由后再办理", "未填写理由"
            )
        return ground.yes(f"{name}经主管部门说明理由，可以不在平台办理", reason)
