"""抽取: what a request must hold, how experts are drawn, and how they must fit the works."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from lunheng.core.policy.rules.base import Effect, Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"draw": "专家抽取"}


_CHOICE = ("direct", "push", "select")
"""Ways of composing a panel, by how much is left to the organizer."""


class DrawMode(Rule):
    """直接随机抽取, 随机推送后选取 or 全部列出后选取; `candidates` is how many are pushed."""

    key = "draw.mode"
    heading = "抽取方式"
    silence = Silence.REFUSE
    words = {"mode": "方式", "minimum_pick": "最少抽取", "candidates": "推送人数"}
    values = {"direct": "系统直接抽取", "push": "系统推送后选取", "select": "列出全部符合条件的专家后选取"}

    mode: Literal["direct", "push", "select"]
    minimum_pick: int = Field(ge=1)
    candidates: int | None = None

    @model_validator(mode="after")
    def _pushing_needs_a_number(self) -> "DrawMode":
        if (self.mode == "push") != (self.candidates is not None):
            others = "全部列出（select）" if self.mode == "select" else "直接抽取（direct）"
            raise ValueError(f"推送方式（push）必须写明 candidates，{others}不得写")
        return self

    @property
    def is_picked(self) -> bool:
        """Whether the organizer picks from a list, instead of taking whom the system drew."""
        return self.mode != "direct"

    def loosens(self, floor: Rule) -> str | None:
        """The smallest group that can be requested may not shrink, nor the organizer's choice become wider."""
        assert isinstance(floor, DrawMode)
        if _CHOICE.index(self.mode) > _CHOICE.index(floor.mode):
            return f"以“{self.values[self.mode]}”代替国家规定的“{self.values[floor.mode]}”"
        if self.minimum_pick < floor.minimum_pick:
            return f"最少抽取 {self.minimum_pick} 名少于国家规定的 {floor.minimum_pick} 名"
        return None

    def judge(self, ground: Ground, /, *, picked: int, outside_push: Sequence[str]) -> Verdict:
        """`picked` experts requested (direct) or chosen among those whom the system pushed or listed."""
        if outside_push:
            names, listed = "、".join(outside_push), "列出" if self.mode == "select" else "推送"
            return ground.no(f"{names}不在系统{listed}的专家之列", f"只能从{listed}的专家中选取", names)
        if picked < self.minimum_pick:
            verb = "选取" if self.is_picked else "抽取"
            return ground.no(
                f"至少{verb}{self.minimum_pick}名专家",
                f"把人数增加到{self.minimum_pick}名以上",
                f"{picked}名",
            )
        return ground.yes("人数符合抽取规则", f"{picked}名")


class DrawRequest(Rule):
    """抽取申请: the parts without which nobody is drawn."""

    key = "draw.request"
    heading = "抽取申请"
    silence = Silence.FREE
    words = {"required": "必填"}
    vocabularies: ClassVar[dict[str, str]] = {"required": "request_parts"}

    required: tuple[str, ...] = Field(min_length=1)

    def judge(self, ground: Ground, /, *, missing: Sequence[str]) -> Verdict:
        """Which of the required parts are missing; what the rule does not require is not asked for."""
        lacking = [part for part in self.required if part in missing]
        if not lacking:
            return ground.yes("抽取申请填写完整")
        names = ground.names("request_parts", lacking)
        return ground.no(f"抽取申请缺少：{names}", "补充后重新提交；本次未抽取任何专家", names)


class Risk(Rule):
    """风险等级: `levels` by grade of works; `effect` says what a missing confirmation does."""

    key = "draw.risk"
    heading = "与风险程度相对应"
    silence = Silence.FREE
    words = {"effect": "后果", "levels": "风险等级"}
    values = {"refuse": "拒绝", "warn": "提示", "record": "记录"}
    vocabularies: ClassVar[dict[str, str]] = {"levels": "grades"}

    effect: Effect
    levels: dict[str, str] = Field(min_length=1)

    def judge(self, ground: Ground, /, *, confirmed: bool, level: str) -> Verdict:
        """Has the client confirmed that specialties and numbers fit this level of risk?"""
        if confirmed:
            return ground.yes("已确认所选专家与工程风险程度相对应", level)
        message = f"尚未确认所选专业和人数与工程风险等级（{level}）相对应"
        remedy = "核对风险等级后勾选确认"
        if self.effect == "refuse":
            return ground.as_read("levels", ground.no(message, remedy, level))
        warned = ground.yes("未确认风险程度，不影响办理", level, ground.warn(message, remedy, level))
        return ground.as_read("levels", warned)


class Match(Rule):
    """专业匹配: which specialties fit which kind of works."""

    key = "draw.match"
    heading = "专业匹配"
    silence = Silence.FLOOR
    words = {"specialties": "对应专业"}
    vocabularies: ClassVar[dict[str, str]] = {"specialties": "work_kinds"}

    specialties: dict[str, tuple[str, ...]] = Field(min_length=1)

    def terms(self) -> dict[str, frozenset[str]]:
        """Both sides of the mapping come from closed vocabularies."""
        fitting = frozenset(word for words in self.specialties.values() for word in words)
        return super().terms() | {"specialties": fitting}

    def judge(self, ground: Ground, /, *, work_kind: str, specialties: Sequence[str]) -> Verdict:
        """Does at least one of the specialties fit the kind of works?"""
        kind = ground.name("work_kinds", work_kind)
        fitting = self.specialties.get(work_kind)
        if fitting is None:
            return ground.ask(f"政策包没有为{kind}列出对应专业", "请专家库管理机构判定专业是否匹配", kind)
        if any(word in fitting for word in specialties):
            return ground.yes(f"专业与{kind}相匹配", ground.names("specialties", specialties))
        offered = ground.names("specialties", specialties) or "未选专业"
        return ground.no(
            f"所选专业（{offered}）与{kind}不匹配",
            f"除增选外，只能选择对应专业：{ground.names('specialties', fitting)}",
            offered,
        )


class DistinctUnits(Rule):
    """不同单位: `distinct` demands pairwise different units."""

    key = "draw.units"
    heading = "不同单位"
    silence = Silence.FREE
    words = {"distinct": "须不同单位"}

    distinct: bool = True

    def judge(self, ground: Ground, /, *, units: Sequence[tuple[str, str]]) -> Verdict:
        """`units` pairs each expert's name with the unit."""
        by_unit: dict[str, list[str]] = {}
        for name, unit in units:
            by_unit.setdefault(unit, []).append(name)
        shared = [f"{'、'.join(names)}同属{unit}" for unit, names in by_unit.items() if len(names) > 1]
        if not self.distinct or not shared:
            return ground.yes("专家来自不同单位")
        return ground.no(
            f"专家组应由不同单位的专家组成：{'；'.join(shared)}",
            "每个单位只保留一名，其余另选",
            "；".join(shared),
        )


class MixedSpecialties(Rule):
    """不同专业: at least so many experts differ in specialty; a short pool is recorded, not punished."""

    key = "draw.specialties"
    heading = "不同专业"
    silence = Silence.FREE
    words = {"different_at_least": "至少几种专业", "shortage": "库内不足时", "effect": "后果"}
    values = {"allow_recorded": "允许并记录", "refuse": "拒绝", "warn": "提示", "record": "记录"}

    different_at_least: int = Field(ge=1)
    shortage: Literal["allow_recorded", "refuse"]
    effect: Effect

    def judge(self, ground: Ground, /, *, specialties: Sequence[Sequence[str]], available: int) -> Verdict:
        """The fitting specialties of each expert, and how many fitting specialties the pool holds."""
        different = len({frozenset(words) for words in specialties})
        if different >= self.different_at_least:
            return ground.yes("专家组由不同专业的专家组成", f"{different}种专业")
        message = f"专家组应由不同专业的专家组成，至少{self.different_at_least}种，现为{different}种"
        value = f"{different}种专业"
        if available < self.different_at_least and self.shortage == "allow_recorded":
            note = ground.warn(
                f"库内对应专业不足{self.different_at_least}种，记录在案", value=f"库内{available}种"
            )
            return ground.yes("库内专业不足，准予并记录", value, note)
        if self.effect == "refuse":
            return ground.no(message, "换入另一对应专业的专家", value)
        return ground.yes("专业单一，不影响办理", value, ground.warn(message, "请说明理由", value))


class Breadth(Rule):
    """不宜不分专业: a warning above so many kinds of works; no number means no warning."""

    key = "draw.breadth"
    heading = "参与论证的类别数"
    silence = Silence.FREE
    words = {"maximum_kinds": "提示界限"}

    maximum_kinds: int | None = Field(default=None, ge=1)

    def judge(self, ground: Ground, /, *, kinds: Mapping[str, int]) -> Verdict:
        """How many kinds of works of the project each expert would review."""
        limit = self.maximum_kinds
        broad = {name: count for name, count in kinds.items() if limit is not None and count > limit}
        warnings = (
            ground.warn(
                f"同一专家不宜不分专业参与所有论证：{name}将参与{count}类", "可另选专家", f"{count}类"
            )
            for name, count in broad.items()
        )
        return ground.yes("不宜事项只作提示，不影响办理", "", *warnings)


class SamePlan(Rule):
    """同一方案: an expert does not review it again for another organizer."""

    key = "draw.same_plan"
    heading = "同一方案的再次论证"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, earlier: Sequence[Mapping[str, str]], organiser: str) -> Verdict:
        """`earlier` reviews of any version of this plan: name of the expert, organiser then."""
        other = [entry for entry in earlier if entry["organiser"] != organiser]
        if not other:
            return ground.yes("没有为其他组织单位论证过本方案")
        told = "；".join(f"{entry['name']}曾参加由{entry['organiser']}组织的本方案论证" for entry in other)
        return ground.no(f"同一专家不得参与不同机构组织的对同一方案的论证：{told}", "另选专家", told)


class ByHand(Rule):
    """人选: experts come out of the pool by the draw alone."""

    key = "draw.by_hand"
    heading = "不得指定人选"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /) -> Verdict:
        """Nobody joins a panel but through the draw."""
        message = "论证专家应从平台抽取，不得指定、添加、跳过或更换人员"
        return ground.as_read("", ground.no(message, "提出抽取或补抽申请", "人工指定"))


class Suitability(Rule):
    """专业相适应: an expert takes what fits the expert's own specialty."""

    key = "draw.suitability"
    heading = "专业相适应"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, expert_specialties: Sequence[str], specialty: str) -> Verdict:
        """Does the expert hold the specialty that is asked for?"""
        name = ground.name("specialties", specialty)
        if specialty in expert_specialties:
            return ground.yes(f"专家具有{name}专业", name)
        held = ground.names("specialties", expert_specialties) or "无"
        return ground.no(f"专家的专业（{held}）与所需的{name}不相适应", f"由{name}专业的专家承担", held)


class ExpertGrade(Rule):
    """专家等级: `order` from the lowest grade to the highest; `at_least` the grade that a level of risk asks for."""

    key = "draw.grade"
    heading = "与专家等级相适应"
    silence = Silence.FREE
    words = {"order": "等级（由低到高）", "at_least": "最低等级"}

    order: tuple[str, ...] = Field(min_length=1)
    at_least: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _grades_are_in_order(self) -> "ExpertGrade":
        unknown = sorted(set(self.at_least.values()) - set(self.order))
        if unknown:
            raise ValueError(f"at_least 中的等级没有列在 order：{'、'.join(unknown)}")
        return self

    def judge(self, ground: Ground, /, *, level: str, grade: str) -> Verdict:
        """`grade` of the expert, empty where none is on file; `level` of risk of the works, as `draw.risk` calls it."""
        wanted = self.at_least.get(level)
        if wanted is None:
            return ground.yes("本风险等级不要求专家等级", level)
        if grade in self.order and self.order.index(grade) >= self.order.index(wanted):
            return ground.yes(f"专家等级符合{level}的要求", grade)
        message = f"{level}的方案须由{wanted}以上专家论证"
        return ground.no(
            message, "另选等级相适应的专家；等级有误的，由专家库管理机构登记并附证明", grade or "未登记等级"
        )


class Lottery(Rule):
    """抽取的计算: `hash` of stream and record; `home_first` seats experts of the review's own city, then of the
    territories in `nearest` (by city, in order), before all others."""

    key = "draw.lottery"
    heading = "抽取的计算方法"
    silence = Silence.FLOOR
    words = {"hash": "杂凑算法", "home_first": "本市优先", "nearest": "就近次序"}
    values = {"sha256": "SHA-256", "sm3": "SM3（GB/T 32905）"}

    hash: Literal["sha256", "sm3"]
    home_first: bool
    nearest: dict[str, tuple[str, ...]] = {}

    def territories(self, own: str) -> tuple[str, ...]:
        """The order of territories for a review in `own`; empty when all are alike."""
        return (own, *self.nearest.get(own, ())) if self.home_first else ()

    def judge(self, ground: Ground, /, *, hash_name: str) -> Verdict:
        """Whether a chain or a record uses the hash function of the law."""
        if hash_name != self.hash:
            return ground.no(f"抽取的杂凑算法为 {self.hash}", f"按 {self.hash} 重新生成", hash_name)
        return ground.yes("杂凑算法符合规定", hash_name)
