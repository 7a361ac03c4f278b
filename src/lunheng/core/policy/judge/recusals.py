"""回避: parties, control relations, interests, declarations."""

from collections.abc import Mapping, Sequence

from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules import Rule
from lunheng.core.policy.rules.panels import Declaration, Parties, Relations
from lunheng.core.verdict import Verdict, combine

SIBLING = "sibling"


@judges("recusal.parties")
def parties(
    rule: Parties, ground: Ground, *, expert_unit: str, parties: Sequence[tuple[str, str]]
) -> Verdict:
    """`expert_unit` is a unified social credit code, `parties` pairs of role and code."""
    hit = [role for role, code in parties if code == expert_unit and role in rule.roles]
    if not hit:
        return ground.yes("专家所在单位不是参建单位")
    names = ground.names("parties", dict.fromkeys(hit))
    return ground.no(f"专家所在单位是本工程的{names}，参建各方单位人员不得参与论证", "由其他专家参加", names)


@judges("recusal.relations")
def relations(rule: Relations, ground: Ground, *, paths: Sequence[Mapping[str, object]]) -> Verdict:
    """`paths`: kind of relation, and the units it leads through, from the expert's to the party's."""
    if not paths:
        return ground.yes("未发现上下级或利害关系")
    return combine(*(_relation(rule, ground, str(entry["kind"]), _route(entry["path"])) for entry in paths))


def _route(path: object) -> str:
    assert isinstance(path, list | tuple)
    return " → ".join(str(unit) for unit in path)


def _relation(rule: Relations, ground: Ground, kind: str, route: str) -> Verdict:
    name = ground.name("relations", kind)
    message = f"专家所在单位与参建单位有{name}：{route}"
    if kind == SIBLING and rule.siblings == "for_a_person":
        return ground.ask(message, "请监督机构判定是否回避并写明理由", route)
    if kind in rule.kinds or (kind == SIBLING and rule.siblings == "refuse"):
        return ground.no(message, "专家回避，席位另补", route)
    if kind not in ground.labels.get("relations", {}):
        return ground.ask(f"{message}；规则未列这种关系", "请监督机构判定是否回避并写明理由", route)
    return ground.yes(f"{name}不属于应当回避的关系", route)


@judges("recusal.interest")
def interest(rule: Rule, ground: Ground, *, interests: Sequence[str]) -> Verdict:
    """Recorded interests of the expert in the works."""
    if not interests:
        return ground.yes("没有登记的利害关系")
    told = "、".join(interests)
    return ground.no(f"专家与论证的工程有利害关系：{told}", "专家回避，席位另补", told, *ground.also)


@judges("recusal.declaration")
def declaration(rule: Declaration, basis: Ground, /, *, ground: str) -> Verdict:
    """`ground` as the expert states it; a recusal is no silence unless the rule says so."""
    if not ground.strip():
        return basis.no("申请回避须写明事由", "填写回避事由后提交", "未填写")
    effect = "计作未答复" if rule.counts_as_silence else "不计作未答复或拒绝"
    return basis.yes(f"准予回避，{effect}", ground)
