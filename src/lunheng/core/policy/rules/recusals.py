"""回避: parties, control relations, interests, declarations."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Silence, drops
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict, combine

TOPICS = {"recusal": "回避"}


SIBLING = "sibling"


class Parties(Rule):
    """参建各方: staff of these parties may not sit as experts."""

    key = "recusal.parties"
    heading = "参建各方人员回避"
    silence = Silence.FLOOR
    words = {"roles": "单位或人员"}
    vocabularies: ClassVar[dict[str, str]] = {"roles": "parties"}

    roles: tuple[str, ...] = Field(min_length=1)

    def loosens(self, floor: Rule) -> str | None:
        """No party may be left out."""
        assert isinstance(floor, Parties)
        return drops("参建各方", self.roles, floor.roles)

    def judge(self, ground: Ground, /, *, expert_unit: str, parties: Sequence[tuple[str, str]]) -> Verdict:
        """`expert_unit` is a unified social credit code, `parties` pairs of role and code."""
        hit = [role for role, code in parties if code == expert_unit and role in self.roles]
        if not hit:
            return ground.yes("专家所在单位不是参建单位")
        names = ground.names("parties", dict.fromkeys(hit))
        return ground.no(
            f"专家所在单位是本工程的{names}，参建各方单位人员不得参与论证", "由其他专家参加", names
        )


class Relations(Rule):
    """上下级关系、利害关系: which relations exclude by themselves, and what happens to sister companies."""

    key = "recusal.relations"
    heading = "上下级和利害关系"
    silence = Silence.FREE
    words = {"kinds": "关系", "siblings": "兄弟单位"}
    values = {"for_a_person": "人工判定", "refuse": "拒绝", "allow": "允许"}
    vocabularies: ClassVar[dict[str, str]] = {"kinds": "relations"}

    kinds: tuple[str, ...] = Field(min_length=1)
    siblings: Literal["for_a_person", "refuse", "allow"] = "for_a_person"

    def judge(self, ground: Ground, /, *, paths: Sequence[Mapping[str, object]]) -> Verdict:
        """`paths`: kind of relation, and the units it leads through, from the expert's to the party's."""
        if not paths:
            return ground.yes("未发现上下级或利害关系")
        return combine(
            *(self._relation(ground, str(entry["kind"]), _route(entry["path"])) for entry in paths)
        )

    def _relation(self, ground: Ground, kind: str, route: str) -> Verdict:
        name = ground.name("relations", kind)
        message = f"专家所在单位与参建单位有{name}：{route}"
        if kind == SIBLING and self.siblings == "for_a_person":
            return ground.ask(message, "请监督机构判定是否回避并写明理由", route)
        if kind in self.kinds or (kind == SIBLING and self.siblings == "refuse"):
            return ground.no(message, "专家回避，席位另补", route)
        if kind not in ground.labels.get("relations", {}):
            return ground.ask(f"{message}；规则未列这种关系", "请监督机构判定是否回避并写明理由", route)
        return ground.yes(f"{name}不属于应当回避的关系", route)


def _route(path: object) -> str:
    assert isinstance(path, list | tuple)
    return " → ".join(str(unit) for unit in path)


class Interests(Rule):
    """利害关系: whoever has an interest in the works does not review them."""

    key = "recusal.interest"
    heading = "利害关系"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, interests: Sequence[str]) -> Verdict:
        """Recorded interests of the expert in the works."""
        if not interests:
            return ground.yes("没有登记的利害关系")
        told = "、".join(interests)
        return ground.no(f"专家与论证的工程有利害关系：{told}", "专家回避，席位另补", told, *ground.also)


class Declaration(Rule):
    """主动回避: whether declaring an interest counts as silence or refusal."""

    key = "recusal.declaration"
    heading = "主动回避"
    silence = Silence.FREE
    words = {"counts_as_silence": "计作未答复"}

    counts_as_silence: bool

    def judge(self, basis: Ground, /, *, ground: str) -> Verdict:
        """`ground` as the expert states it; a recusal is no silence unless the rule says so."""
        if not ground.strip():
            return basis.no("申请回避须写明事由", "填写回避事由后提交", "未填写")
        effect = "计作未答复" if self.counts_as_silence else "不计作未答复或拒绝"
        return basis.yes(f"准予回避，{effect}", ground)
