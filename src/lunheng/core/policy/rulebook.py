"""规则手册: a pack as people read it, and how two packs differ, rule by rule."""

from collections.abc import Iterator, Mapping

from lunheng.core.policy.resolve import ResolvedPack
from lunheng.core.policy.rules import RULES, TOPICS, Rule, Timed
from lunheng.core.policy.rules.scope import OnExpiry

__all__ = ["FIELDS", "TOPICS", "assumptions", "described", "differences", "rulebook"]

FIELDS: dict[str, str] = {
    field: word for kind in RULES.values() for field, word in kind.told("words").items()
}
"""Field of a rule → its Chinese name, as its class has it."""

_COMMON = {"clause", "source", "title", "note", "also", "assumption", "readings"}
_TIMED = {"value", "unit", "anchor", "direction", "inclusive", "roll", "clear"}


def rulebook(pack: ResolvedPack) -> Iterator[str]:
    """The lines of the rulebook, by topic: title, clause, values, and the interpretation we chose."""
    yield f"{pack.head.title}（{pack.head.id}，版本 {pack.head.version}）"
    yield f"摘要 {pack.digest}"
    yield f"未注明文件的条款出自《{_main_title(pack)}》"
    for topic, heading in TOPICS.items():
        keys = [key for key in RULES if key.startswith(f"{topic}.") and key in pack.rules]
        if keys:
            yield ""
            yield f"【{heading}】"
        for key in keys:
            yield from _entry(pack, key)


def assumptions(pack: ResolvedPack) -> Iterator[str]:
    """The interpretations that the pack chose, each with trap, setting and effect."""
    for key, rule in sorted(pack.rules.items()):
        for chosen in rule.chosen:
            yield f"{key}（{_where(pack, key, rule)}）"
            yield f"  理解：{chosen.reading}"
            yield f"  疑点：{chosen.trap}；设置：{chosen.setting}"
            yield f"  后果：{chosen.effect}"


def differences(one: ResolvedPack, other: ResolvedPack) -> Iterator[str]:
    """Rule by rule, what two packs say differently; nothing when they say the same."""
    for key in RULES:
        ours, theirs = _told(one, key), _told(other, key)
        if ours != theirs:
            yield f"{key}"
            yield f"  － {one.head.id}：{ours}"
            yield f"  ＋ {other.head.id}：{theirs}"


def described(pack: ResolvedPack, rule: Rule) -> str:
    """The values of a rule in words."""
    parts = [str(rule.duration)] if isinstance(rule, Timed) else []
    hidden = _COMMON | (_TIMED if isinstance(rule, Timed) else set())
    names, words = type(rule).told("words"), type(rule).told("values")
    for field in type(rule).model_fields:
        value = getattr(rule, field)
        if field not in hidden and value is not None:
            labels = words | pack.labels.get(rule.vocabularies.get(field, ""), {})
            parts.append(f"{names[field]}：{_value(pack, labels, value)}")
    return "；".join(parts)


def _main_title(pack: ResolvedPack) -> str:
    layer = pack.layers[0]
    return layer.sources[layer.main_source].title


def _where(pack: ResolvedPack, key: str, rule: Rule) -> str:
    clause = pack.cite(key, rule)
    return clause.number if clause.document == _main_title(pack) else str(clause)


def _told(pack: ResolvedPack, key: str) -> str:
    rule = pack.rules.get(key)
    if rule is None:
        return "未作规定"
    values = described(pack, rule)
    return f"{values + '；' if values else ''}{_where(pack, key, rule)}"


def _entry(pack: ResolvedPack, key: str) -> Iterator[str]:
    rule = pack.rules[key]
    yield f"  {rule.title or key}［{_where(pack, key, rule)}］  {key}"
    values = described(pack, rule)
    if values:
        yield f"    {values}"
    for chosen in rule.chosen:
        yield f"    本平台的理解（{chosen.trap}）：{chosen.reading}"


def _value(pack: ResolvedPack, labels: Mapping[str, str], value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(_value(pack, labels, word) for word in value) or "无"
    if isinstance(value, dict):
        inner = pack.labels.get("specialties", {})
        return "，".join(f"{labels.get(key, key)}→{_value(pack, inner, value[key])}" for key in value)
    if isinstance(value, OnExpiry):
        return value.told
    word = str(getattr(value, "clause", value))
    return labels.get(word) or word
