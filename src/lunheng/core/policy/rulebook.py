"""规则手册: a pack as people read it, and how two packs differ, rule by rule."""

from collections.abc import Iterator

from lunheng.core.policy.resolve import ResolvedPack
from lunheng.core.policy.rules import RULES, Rule, Timed

TOPICS = {
    "scope": "适用范围",
    "roles": "职责分工",
    "eligibility": "专家条件",
    "admission": "专家入库",
    "plan": "专项施工方案",
    "draw": "专家抽取",
    "panel": "专家组",
    "recusal": "回避",
    "confirmation": "邀请与确认",
    "meeting": "论证会",
    "prereview": "预审",
    "opinion": "论证意见",
    "report": "论证报告",
    "record": "资料上传",
    "closure": "闭合与开工",
    "rating": "评分",
    "training": "学习培训",
    "appraisal": "考核",
    "supervision": "监督检查",
    "conduct": "行为规范",
    "security": "登录与保密",
    "platform": "平台规则",
}
"""Topic of a key → its heading."""

FIELDS = {
    "minimum": "最少人数",
    "maximum": "最多人数",
    "counted": "计数范围",
    "parity": "单双数",
    "total_cap": "总数上限",
    "all_required": "须全部到会",
    "mode": "方式",
    "namers": "由谁确定",
    "leader": "须有组长",
    "roles": "单位或人员",
    "kinds": "关系",
    "siblings": "兄弟单位",
    "counts_as_silence": "计作未答复",
    "enabled": "启用",
    "opens": "自",
    "closes": "至",
    "automatic": "自动",
    "visible": "显示",
    "managers": "管理者",
    "publishers": "公布者",
    "minimum_pick": "最少抽取",
    "candidates": "推送人数",
    "required": "必填",
    "effect": "后果",
    "levels": "风险等级",
    "specialties": "对应专业",
    "distinct": "须不同单位",
    "different_at_least": "至少几种专业",
    "shortage": "库内不足时",
    "maximum_kinds": "提示界限",
    "project_kinds": "工程类别",
    "territory": "行政区划",
    "from_on": "施行日期",
    "to_on": "有效期至",
    "from_clause": "施行日期的条款",
    "legacy_needs_proof": "衔接须有证明",
    "offline_allowed_for": "可不在平台办理",
    "city_run": "市直管项目",
    "other": "其他项目",
    "overall": "全市",
    "initiators": "组织者",
    "agency_allowed": "可委托论证机构",
    "switch_until": "更换组织方式",
    "parts": "内容",
    "approvals": "审批签章",
    "subcontract_approvals": "分包方案的审批签章",
    "subcontract": "分包方案的依据",
    "site_statement": "现场相符说明",
    "modes": "会议形式",
    "options": "结论",
    "rule": "表决",
    "blocks": "不得作出的结论",
    "by": "由谁办理",
    "on_site": "现场会议",
    "remote": "视频会议",
    "items": "资料",
    "leader_required": "须组长再次审查",
    "senior_title": "高级职称",
    "years": "从业年限",
    "or_experience": "可以丰富经验代替",
    "organised_minimum": "最少组织过",
    "center_accepts": "须管理机构认可",
    "hours": "课时",
    "apart": "相隔小时数",
    "hash": "杂凑算法",
    "home_first": "本市优先",
    "nearest": "就近次序",
    "points": "检查内容",
    "deciders": "决定者",
    "hearing": "须先听取陈述",
    "legal": "单位误入的依据",
    "types": "文件类型",
    "maximum_bytes": "最大字节数",
    "minimum_bytes": "最小字节数",
}
"""Field of a rule → its Chinese name."""

WORDS = {
    "main": "只计所涉专业",
    "all": "全部计入",
    "any": "不限",
    "odd": "单数",
    "direct": "系统直接抽取",
    "push": "系统推送后选取",
    "elected": "组员推选",
    "named": "指定",
    "picked": "已选取的",
    "pushed": "全部推送的",
    "none": "不显示",
    "refuse": "拒绝",
    "warn": "提示",
    "record": "记录",
    "allow": "允许",
    "allow_recorded": "允许并记录",
    "for_a_person": "人工判定",
    "first_confirmed": "首名专家确认之前",
    "never": "不得更换",
    "unanimous": "全体一致",
    "leader": "组长",
    "hand": "手写签名",
    "electronic": "电子签名",
    "oidc": "统一身份认证",
    "phone_password": "手机号码和密码",
    "sha256": "SHA-256",
    "sm3": "SM3（GB/T 32905）",
}
"""Values that are not in a vocabulary of the packs → Chinese."""

_COMMON = {"clause", "source", "title", "note", "also", "assumption"}
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
        if rule.assumption is not None:
            chosen = rule.assumption
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
    for field in type(rule).model_fields:
        value = getattr(rule, field)
        if field not in hidden and value is not None:
            parts.append(f"{FIELDS[field]}：{_value(pack, rule.vocabularies.get(field, ''), value)}")
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
    if rule.assumption is not None:
        yield f"    本平台的理解（{rule.assumption.trap}）：{rule.assumption.reading}"


def _value(pack: ResolvedPack, vocabulary: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(_value(pack, vocabulary, word) for word in value) or "无"
    if isinstance(value, dict):
        pairs = ((_word(pack, vocabulary, key), value[key]) for key in value)
        return "，".join(f"{name}→{_value(pack, 'specialties', inner)}" for name, inner in pairs)
    return _word(pack, vocabulary, str(getattr(value, "clause", value)))


def _word(pack: ResolvedPack, vocabulary: str, word: str) -> str:
    return pack.labels.get(vocabulary, {}).get(word) or WORDS.get(word, word)
