"""闭合: answers to opinions, the supervisor's approval, start of works, changes."""

from collections.abc import Iterator, Sequence

from pydantic import Field, model_validator

from lunheng.core.policy.rules.base import Citation, Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict, combine

TOPICS = {"closure": "闭合与开工"}


APPROVED, APPROVED_IF_REVISED, NOT_APPROVED = "approved", "approved_if_revised", "not_approved"


class Works(Rule):
    """开工: after review and approval, on the plan that was reviewed.

    `revision` and `approval` are what an open revision and a missing approval stand on, where that is another clause
    than the rule's own.
    """

    key = "closure.works"
    heading = "方案实施"
    silence = Silence.FLOOR
    words = {"revision": "修改后方可实施的依据", "approval": "审批的依据"}

    revision: Citation | None = None
    approval: Citation | None = None

    def judge(
        self,
        ground: Ground,
        /,
        *,
        conclusion: str,
        revision_closed: bool,
        approvals: bool,
        void: bool,
        changed: bool,
        over_scale: bool,
    ) -> Verdict:
        """May works start? `approvals` are those after the review; `void` and `changed` as found."""
        if changed:
            return ground.judge("closure.change", changed=True, over_scale=over_scale)
        return combine(
            ground.yes("方案已通过论证和审批，可以实施"),
            *_validity(ground, void),
            *(ground.as_read("", one) for one in _conclusion(ground, conclusion)),
            *_revision(ground, self.revision, conclusion, revision_closed),
            *_approvals(ground, self.approval, approvals),
        )


def _validity(ground: Ground, void: bool) -> Iterator[Verdict]:
    if void:
        further = ground.clause_of("report.validity")
        yield ground.no("论证工作无效，不得开工", "重新抽取专家论证", "无效", further)


def _conclusion(ground: Ground, conclusion: str) -> Iterator[Verdict]:
    name = ground.name("conclusions", conclusion) or "尚无结论"
    if conclusion == NOT_APPROVED:
        further = ground.clause_of("closure.fail")
        yield ground.no("论证结论为不通过，不得开工", "重新编制、审批后再次组织专家论证", name, further)
    elif conclusion not in (APPROVED, APPROVED_IF_REVISED):
        yield ground.no("专项施工方案尚未通过论证，不得开工", "完成专家论证", name)


def _revision(ground: Ground, cited: Citation | None, conclusion: str, is_closed: bool) -> Iterator[Verdict]:
    if conclusion == APPROVED_IF_REVISED and not is_closed:
        clause = ground.cite(cited) if cited else ground.clause
        message = "修改后通过的方案尚未完成修改闭合，不得开工"
        yield ground.no_by(
            clause, message, "按论证意见修改并完成复审", ground.name("conclusions", conclusion)
        )


def _approvals(ground: Ground, cited: Citation | None, approvals: bool) -> Iterator[Verdict]:
    if not approvals:
        clause = ground.cite(cited) if cited else ground.clause
        message = "专项施工方案尚未完成审批程序，不得开工"
        yield ground.no_by(clause, message, "由施工单位技术负责人、总监理工程师审批", "审批未完成")


class Answers(Rule):
    """答复: every opinion is answered."""

    key = "closure.answers"
    heading = "意见的答复"
    silence = Silence.FLOOR

    def judge(
        self, ground: Ground, /, *, unanswered: Sequence[str], rejected_required: Sequence[str]
    ) -> Verdict:
        """`unanswered` opinions; `rejected_required`: required changes answered as not adopted."""
        found = [ground.yes("论证意见均已答复")]
        if unanswered:
            told = "、".join(unanswered)
            found.append(ground.no(f"尚有论证意见未答复：{told}", "逐条说明修改位置，或说明不采纳理由", told))
        if rejected_required:
            told = "、".join(rejected_required)
            message = f"“修改后通过”列明的修改内容不得不采纳：{told}"
            found.append(ground.no(message, "按意见修改并写明修改位置", told, *ground.also))
        return combine(*found)


class LeaderOpinion(Rule):
    """修改后的确认: who of the panel must agree to the revised plan before the supervisor approves it.

    The leader (`leader_required`), any so many of its `members`, or nobody: then they are only told of the changes.
    `director` is what the technical director's missing signature stands on, where that is not the rule's own clause.
    """

    key = "closure.leader_opinion"
    heading = "修改后方案的审查"
    silence = Silence.FLOOR
    words = {
        "leader_required": "须组长再次审查",
        "members": "须确认的专家人数",
        "director": "技术负责人签字的依据",
    }

    leader_required: bool
    members: int = Field(default=0, ge=0)
    director: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _either_leader_or_members(self) -> "LeaderOpinion":
        if self.leader_required and self.members:
            raise ValueError("须组长审查（leader_required）的，不再写 members")
        return self

    @property
    def is_asked(self) -> bool:
        """Whether anybody of the panel looks at the revised plan before it is approved."""
        return self.leader_required or self.members > 0

    def loosens(self, floor: Rule) -> str | None:
        """A new opinion of the panel may be added, not dropped."""
        assert isinstance(floor, LeaderOpinion)
        if floor.leader_required and not self.leader_required:
            return "取消了组长对修改后方案的审查意见"
        is_fewer = self.members < floor.members and not self.leader_required
        return f"确认修改后方案的专家由{floor.members}名减为{self.members}名" if is_fewer else None

    def judge(
        self,
        ground: Ground,
        /,
        *,
        director_signed: bool,
        leader_opinion: str,
        same_version: bool,
        confirmed: int,
    ) -> Verdict:
        """May the supervisor approve the revised plan? `leader_opinion`: positive, negative, or empty; `confirmed`: so
        many members of the panel agreed to this version."""
        director = self._director(ground, director_signed)
        panel = (
            self._leader(ground, leader_opinion, same_version)
            if self.leader_required
            else self._members(ground, leader_opinion, confirmed)
        )
        return panel if director.is_allowed else combine(director, panel)

    def _director(self, ground: Ground, signed: bool) -> Verdict:
        if signed:
            return ground.yes("修改后的方案已重新审批")
        message = "修改后的方案尚未经施工单位技术负责人签字"
        cited = [ground.cite(one) for one in self.director] or [ground.clause]
        remedy = "由技术负责人审核签字、加盖单位公章"
        return combine(*(ground.no_by(clause, message, remedy, "未签字") for clause in cited))

    def _leader(self, ground: Ground, opinion: str, same_version: bool) -> Verdict:
        if not opinion or not same_version:
            value = "针对其他版本" if opinion else "未填写"
            return ground.no(
                "专家组组长尚未对本次修改后的方案填写审查意见", "请组长对当前版本填写审查意见", value
            )
        if opinion != "positive":
            return ground.no(
                "组长审查意见为不同意，方案未闭合", "退回施工单位继续修改后再请组长审查", "不同意"
            )
        return ground.yes("组长已同意修改后的方案")

    def _members(self, ground: Ground, opinion: str, confirmed: int) -> Verdict:
        if opinion == "positive" or confirmed >= self.members:
            return ground.yes("修改后的方案已重新审批")
        message = f"修改后的方案须经{self.members}名专家组成员确认，现为{confirmed}名"
        return ground.no(message, "请专家组成员对当前版本填写审查意见", f"{confirmed}名")


class Failure(Rule):
    """不通过: the plan is written and approved anew before it is reviewed again."""

    key = "closure.fail"
    heading = "不通过的方案"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, is_new_version: bool, has_new_approvals: bool) -> Verdict:
        """After 不通过 a new review needs a new version and new approvals."""
        needed = (("重新编制的方案版本", is_new_version), ("新的审批", has_new_approvals))
        missing = [name for name, given in needed if not given]
        if not missing:
            return ground.yes("可以按程序再次组织专家论证")
        told = "、".join(missing)
        return ground.no(f"论证未通过，尚缺{told}", "重新编制、审批后按程序再次抽取专家论证", told)


class Change(Rule):
    """变更: a plan in force is not changed without new approvals."""

    key = "closure.change"
    heading = "方案变更"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, changed: bool, over_scale: bool) -> Verdict:
        """A plan in force that was changed needs new approvals and, over scale, a new review."""
        if not changed:
            return ground.yes("方案未变更")
        if not over_scale:
            message = "专项施工方案已变更，尚未重新审批，不得施工"
            return ground.no(message, "由施工单位技术负责人、总监理工程师重新审批", "方案已变更")
        message = "专项施工方案已变更，尚未重新审批和论证，不得施工"
        return ground.no(message, "重新履行审批程序，并重新抽取专家论证", "方案已变更")
