"""A pack as people read it."""

from lunheng.core.policy import RULES
from lunheng.core.policy.rulebook import FIELDS, TOPICS, assumptions, described, differences, rulebook
from tests.core.policy.small import law, resolved

RULEBOOK = (
    '[panel.size]\nclause = "二（二）"\ntitle = "专家人数"\nminimum = 5\ncounted = "main"\nparity = "any"\n'
    'assumption = { reading = "增选不计", trap = "T18", '
    'setting = "panel.size.counted", effect = "4加2无效" }\n'
)
NATIONAL = '[draw.by_hand]\nclause = "第十二条"\n'


def test_the_rulebook_goes_by_topic_with_title_values_and_clause() -> None:
    pack = resolved(RULEBOOK, NATIONAL)

    assert list(rulebook(pack)) == [
        "示例市规则（example-2026，版本 1）",
        f"摘要 {pack.digest}",
        "未注明文件的条款出自《示例市专家论证办法》",
        "",
        "【专家抽取】",
        "  draw.by_hand［《危险性较大的分部分项工程安全管理规定》第十二条］  draw.by_hand",
        "",
        "【专家组】",
        "  专家人数［二（二）］  panel.size",
        "    最少人数：5；计数范围：只计所涉专业；单双数：不限",
        "    本平台的理解（T18）：增选不计",
    ]


def test_interpretations_are_listed_with_trap_setting_and_effect() -> None:
    assert list(assumptions(resolved(RULEBOOK, NATIONAL))) == [
        "panel.size（二（二））",
        "  理解：增选不计",
        "  疑点：T18；设置：panel.size.counted",
        "  后果：4加2无效",
    ]


def test_two_packs_differ_rule_by_rule() -> None:
    one, other = resolved(RULEBOOK, NATIONAL), resolved(RULEBOOK.replace("minimum = 5", "minimum = 7"))

    assert list(differences(one, other)) == [
        "draw.by_hand",
        "  － example-2026：《危险性较大的分部分项工程安全管理规定》第十二条",
        "  ＋ example-2026：未作规定",
        "panel.size",
        "  － example-2026：最少人数：5；计数范围：只计所涉专业；单双数：不限；二（二）",
        "  ＋ example-2026：最少人数：7；计数范围：只计所涉专业；单双数：不限；二（二）",
    ]


def test_a_pack_does_not_differ_from_itself() -> None:
    assert list(differences(resolved(RULEBOOK), resolved(RULEBOOK))) == []


def values_of(key: str, values: str) -> str:
    known = law(f'[{key}]\nclause = "一"\n{values}\n')
    rule = known.rule(key)
    assert rule is not None
    return described(known.pack, rule)


def test_a_time_limit_is_told_in_words() -> None:
    window = 'value = 6\nunit = "hours"\nanchor = "delivery"\ndirection = "after"'

    assert values_of("confirmation.window", window) == "通知送达后6小时"


def test_lists_are_told_by_their_names_and_empty_ones_as_none() -> None:
    supervision = 'city_run = "station"\nother = "district"'

    assert values_of("roles.supervision", supervision) == "市直管项目：监督站；其他项目：区主管部门；全市：无"


def test_a_mapping_is_told_with_both_sides() -> None:
    assert values_of("draw.match", 'specialties = { deep_pit = ["geotechnics", "tunnel"] }') == (
        "对应专业：基坑工程→岩土工程、隧道工程"
    )


def test_yes_and_no_are_told_as_such() -> None:
    assert values_of("confirmation.backfill", "automatic = true") == "自动：是"
    assert values_of("confirmation.backfill", "automatic = false") == "自动：否"


def test_a_further_citation_is_told_by_its_clause() -> None:
    assert (
        values_of("security.expert_workspace", 'legal = { clause = "三（二）" }')
        == "单位误入的依据：三（二）"
    )


def test_every_topic_has_a_heading_and_every_field_a_name() -> None:
    common = {"clause", "source", "title", "note", "also", "assumption", "readings"}
    timed = {"value", "unit", "anchor", "direction", "inclusive", "roll", "clear"}
    fields = {field for model in RULES.values() for field in model.model_fields} - common - timed

    assert (fields - FIELDS.keys(), {key.split(".")[0] for key in RULES} - TOPICS.keys()) == (set(), set())
