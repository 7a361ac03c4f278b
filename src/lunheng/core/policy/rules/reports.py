"""意见与报告: opinions, conclusion, agreement, signatures, validity, uploads."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from lunheng.core.clauses import Clause
from lunheng.core.policy.rules.base import Citation, Rule, Silence, Timed, drops
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.policy.rules.panels import Headcount
from lunheng.core.scope import PLAN_REVIEW
from lunheng.core.verdict import Outcome, Reason, Verdict

TOPICS = {"opinion": "论证意见", "report": "论证报告", "record": "资料上传"}


APPROVED_IF_REVISED = "approved_if_revised"
Share = Annotated[str, Field(pattern=r"^[1-9]\d?/[1-9]\d?$")]
"""Part of the votes as it is written, such as 2/3."""
_METHODS = {"hand": "手写签名", "electronic": "电子签名"}


class OpinionForm(Rule):
    """书面意见: the fields that every item of an opinion must hold."""

    key = "opinion.form"
    heading = "意见表"
    silence = Silence.FREE
    words = {"required": "必填"}
    vocabularies: ClassVar[dict[str, str]] = {"required": "opinion_parts"}

    required: tuple[str, ...] = Field(min_length=1)

    def judge(self, ground: Ground, /, *, items: Sequence[Mapping[str, str]], conclusion: str) -> Verdict:
        """Every item names place, problem and advice (or what else the rule asks), and the form concludes."""
        for number, item in enumerate(items, 1):
            missing = [field for field in self.required if not item.get(field, "").strip()]
            if missing:
                names = ground.names("opinion_parts", missing)
                found = ground.no(f"第{number}条意见缺少：{names}", "意见须针对性强，请补充后提交", names)
                return ground.as_read("required", found)
        if not conclusion.strip():
            return ground.no("意见表没有结论", "选择明确的结论后提交", "无结论")
        return ground.yes("意见表填写完整", ground.name("conclusions", conclusion))


class ConclusionOptions(Rule):
    """论证结论: the values that may be chosen; `changes` is the clause that wants the changes of 修改后通过 listed."""

    key = "report.conclusion"
    heading = "论证结论"
    silence = Silence.FLOOR
    words = {"options": "结论", "changes": "列明修改内容的依据"}
    vocabularies: ClassVar[dict[str, str]] = {"options": "conclusions"}

    options: tuple[str, ...] = Field(min_length=1)
    changes: Citation | None = None

    def loosens(self, floor: Rule) -> str | None:
        """A city may not invent a conclusion."""
        assert isinstance(floor, ConclusionOptions)
        added = [word for word in self.options if word not in floor.options]
        return f"论证结论多出国家规定以外的 {'、'.join(added)}" if added else None

    def judge(self, ground: Ground, /, *, conclusion: str, change_items: int) -> Verdict:
        """One of the lawful values; a revision must say what is to be changed."""
        lawful = ground.names("conclusions", self.options)
        name = ground.name("conclusions", conclusion)
        if conclusion not in self.options:
            return ground.no(f"论证结论只能是{lawful}", f"在{lawful}中选择一项", name or "未选择")
        if conclusion == APPROVED_IF_REVISED and change_items < 1:
            clause = ground.cite(self.changes) if self.changes else ground.clause
            return ground.no_by(clause, f"“{name}”须列明具体修改内容", "逐条列出须修改的内容", "修改内容0条")
        return ground.yes("论证结论有效", name)


class Consensus(Rule):
    """一致意见: all agree, or a `share` of the votes (such as 2/3, more than a half) does; else there is no conclusion.

    `activities` gives an activity its own share: one to which the rule of the layers below does not reach.
    """

    key = "report.consensus"
    heading = "一致意见"
    silence = Silence.FLOOR
    words = {"rule": "表决", "share": "票数比例", "activities": "另有比例的活动"}
    values = {"unanimous": "全体一致", "share": "达到票数比例"}
    vocabularies: ClassVar[dict[str, str]] = {"activities": "activities"}

    rule: Literal["unanimous", "share"]
    share: Share | None = None
    activities: dict[str, Share] = {}

    @model_validator(mode="after")
    def _one_conclusion_at_most(self) -> "Consensus":
        if (self.rule == "share") != (self.share is not None):
            raise ValueError("按票数比例（share）必须写明 share，全体一致（unanimous）不得写")
        if not all(Fraction(1, 2) < self.needed(one) <= 1 for one in ("", *self.activities)):
            raise ValueError("share 须大于 1/2、不大于 1，例如 2/3")
        return self

    def share_of(self, activity: str) -> str | None:
        """The share as written for the activity, else for all; None where all must agree."""
        return self.activities.get(activity, self.share)

    def needed(self, activity: str) -> Fraction:
        """The part of the votes that a conclusion needs."""
        return Fraction(self.share_of(activity) or 1)

    def loosens(self, floor: Rule) -> str | None:
        """Fewer votes than the national rule asks for are not enough, for what it is about: the review of plans, and the
        activities that it names. An activity of the pack's own has no floor."""
        assert isinstance(floor, Consensus)
        for activity in (PLAN_REVIEW, *floor.activities):
            if self.needed(activity) < floor.needed(activity):
                return f"以{self.share_of(activity)}的票数代替一致意见"
        return None

    def judge(
        self, ground: Ground, /, *, votes: Sequence[tuple[str, str]], conclusion: str, activity: str
    ) -> Verdict:
        """One agreed opinion: enough votes are for the conclusion (all, or the share of the rule for this activity), and
        somebody voted."""
        share = self.share_of(activity)
        name = ground.name("conclusions", conclusion)
        different = [
            f"{who}（{ground.name('conclusions', vote)}）" for who, vote in votes if vote != conclusion
        ]
        told = "、".join(different) or "尚无表决"
        if votes and not different:
            return ground.yes("专家组意见一致", name)
        if votes and Fraction(len(votes) - len(different), len(votes)) >= self.needed(activity):
            note = ground.warn(f"有不同意见：{told}，存档", value=told)
            return ground.yes(f"同意“{name}”的专家达到{share}", name, note)
        short = f"，同意的不足{share}" if share else ""
        message = (
            f"专家组未形成一致意见：{told}{short}，不能以“{name}”结论" if different else "专家组尚未表决"
        )
        return ground.no(message, "状态为未形成结论：继续讨论，或另行召开论证会；不同意见存档", told)


class SevereDefects(Rule):
    """严重缺陷: conclusions barred while a defect is open, for reviews requested on or after `from_on`."""

    key = "report.defects"
    heading = "严重缺陷"
    silence = Silence.FLOOR
    words = {"blocks": "不得作出的结论", "from_on": "施行日期"}
    vocabularies: ClassVar[dict[str, str]] = {"blocks": "conclusions"}

    blocks: tuple[str, ...] = Field(min_length=1)
    from_on: date

    def loosens(self, floor: Rule) -> str | None:
        """Neither fewer conclusions barred nor a later first day."""
        assert isinstance(floor, SevereDefects)
        if self.from_on > floor.from_on:
            return f"施行日期 {self.from_on} 晚于国家规定的 {floor.from_on}"
        return drops("严重缺陷阻止的结论", self.blocks, floor.blocks)

    def judge(
        self, ground: Ground, /, *, open_items: Sequence[str], conclusion: str, requested_on: date
    ) -> Verdict:
        """`open_items`: numbers of the severe defects answered yes and not cleared."""
        name = ground.name("conclusions", conclusion)
        if requested_on < self.from_on:
            return ground.yes(f"申请早于{self.from_on}，不适用严重缺陷清单", str(requested_on))
        if not open_items or conclusion not in self.blocks:
            return ground.yes("结论不受严重缺陷限制", name)
        source = ground.clause
        reasons = (
            Reason(
                Clause(source.document, f"{source.number}，第{item}项", source.title),
                f"方案存在{ground.number}所列严重缺陷（第{item}项），不得以“{name}”结论",
                "消除缺陷并记录核销，或以“不通过”结论",
                item,
            )
            for item in open_items
        )
        return Verdict(Outcome.REFUSED, tuple(reasons))


class Compiler(Rule):
    """汇总: who compiles and submits the report: the panel leader, any member of the panel, or the organizing body."""

    key = "report.compiler"
    heading = "论证报告的汇总"
    silence = Silence.REFUSE
    words = {"by": "由谁办理"}
    values = {"leader": "组长", "any_member": "专家组任一成员", "organiser": "组织单位"}

    by: Literal["leader", "any_member", "organiser"]

    def judge(
        self,
        ground: Ground,
        /,
        *,
        is_leader: bool,
        has_leader: bool,
        is_member: bool,
        is_organizer: bool,
    ) -> Verdict:
        """Whom the rule names compiles and submits the report."""
        if self.by == "any_member":
            if is_member:
                return ground.yes("由专家组成员汇总形成论证报告")
            return ground.no(
                "论证报告由专家组成员汇总各专家意见形成", "请由专家组成员汇总并提交", "非专家组成员"
            )
        if self.by == "organiser":
            if is_organizer:
                return ground.yes("由组织单位汇总形成论证报告")
            return ground.no("论证报告由组织单位汇总各专家意见形成", "请由组织单位汇总并提交", "非组织单位")
        if not has_leader:
            return ground.no("专家组没有组长，不能形成论证报告", "先产生新的组长", "无组长")
        if not is_leader:
            return ground.no("论证报告由组长汇总各专家意见形成", "请由组长汇总并提交", "非组长")
        return ground.yes("由组长汇总形成论证报告")


class Signature(Rule):
    """签名: the form of signature by form of meeting; a form of meeting without one is not signed at all."""

    key = "report.signature"
    heading = "论证报告的签名"
    silence = Silence.REFUSE
    words = {"on_site": "现场会议", "remote": "视频会议"}
    values = {"hand": "手写签名", "electronic": "电子签名"}

    on_site: Literal["hand", "electronic"]
    remote: Literal["hand", "electronic"] | None = None

    def judge(
        self, ground: Ground, /, *, mode: str, method: str, signed: Sequence[str], members: Sequence[str]
    ) -> Verdict:
        """`mode` on_site or remote, `method` hand or electronic; every member signs."""
        lawful = {"on_site": self.on_site, "remote": self.remote}.get(mode)
        asked = _METHODS.get(lawful or "", "")
        if lawful is None:
            form = ground.name("meeting_modes", mode)
            return ground.no(f"{form}形成的论证报告不能签署", "按规定的会议形式重新论证", form)
        if method != lawful:
            given = _METHODS.get(method, method)
            return ground.no(f"论证报告须{asked}，不接受{given}", f"上传全体专家{asked}的论证报告", given)
        missing = "、".join(name for name in members if name not in signed)
        if missing:
            return ground.no(f"论证报告缺少专家签名：{missing}", f"由上述专家{asked}", missing)
        return ground.yes(f"全体专家已{asked}", f"{len(members)}人")


class OwnReport(Rule):
    """论证报告: each review has one of its own."""

    key = "report.own"
    heading = "论证报告的出具"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, has_number: bool, shared: bool) -> Verdict:
        """Each review has one numbered report of its own."""
        if not has_number:
            return ground.no("每项论证应当出具论证报告，本论证尚无编号报告", "先出具论证报告", "无报告")
        if shared:
            return ground.no("两个方案不能共用一份论证报告", "分别出具论证报告", "共用报告")
        return ground.yes("已出具论证报告")


class Validity(Headcount):
    """论证有效: only drawn experts, and enough of them."""

    key = "report.validity"
    heading = "论证的效力"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, outsiders: Sequence[str], main: int, total: int) -> Verdict:
        """REFUSED means: the review is void. `outsiders` signed without having been drawn or confirmed."""
        if outsiders:
            names = "、".join(outsiders)
            message = f"论证报告由未经抽取的人员签署：{names}，论证工作无效"
            return ground.as_read("", ground.no(message, "重新抽取专家论证；开工不予准许", names))
        fault = self.fault(main, total - main)
        if fault is not None:
            found = ground.no(f"{fault}，论证工作无效", "重新抽取专家论证；开工不予准许", f"{total}名签署")
            return ground.as_read("", found)
        return ground.yes("论证专家符合规定", f"{total}名签署")


class Upload(Timed):
    """上传: what must be uploaded, by whom, by when."""

    words = {"items": "资料", "by": "由谁办理"}
    vocabularies: ClassVar[dict[str, str]] = {"items": "record_items", "by": "roles"}

    items: tuple[str, ...] = Field(min_length=1)
    by: tuple[str, ...] = Field(min_length=1)

    def judge(self, ground: Ground, /, *, present: Sequence[str], actor_role: str, mode: str) -> Verdict:
        """`present` items are in the upload; the time limit is the rule's, a late upload stays possible. `mode` of the
        meeting: a video meeting has its photos by our reading only."""
        if actor_role not in self.by:
            who = ground.names("roles", self.by)
            found = ground.no(f"论证资料由{who}上传", f"请由{who}上传", ground.name("roles", actor_role))
            return ground.as_read("by", found)
        missing = [item for item in self.items if item not in present]
        if missing:
            names = ground.names("record_items", missing)
            found = ground.no(f"上传资料不完整，缺少：{names}", "补齐后一并上传；时限继续计算", names)
            return ground.as_read("items", found) if mode == "remote" and "photos" in missing else found
        return ground.yes("上传资料完整", ground.names("record_items", self.items))


class RecordUpload(Upload):
    """论证资料: what is uploaded after the review."""

    key = "record.upload"
    heading = "论证资料的上传"
    silence = Silence.REFUSE


class ScanUpload(Upload):
    """扫描件: the signed report, where it is uploaded apart; without the rule there is no such duty."""

    key = "record.scan"
    heading = "报告扫描件的上传"
    silence = Silence.FREE
