"""A pack that is wrong says where, what, and how to mend it; all mistakes at once."""

import pytest

from lunheng.core.policy import PackError, Problem, read_pack
from tests.core.policy.small import CITY, NOTICE, city, files, without

SIZE = '[panel.size]\nclause = "二（二）"\nminimum = 5\ncounted = "main"\nparity = "any"\n'


def problems(texts: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as caught:
        read_pack(texts)
    return caught.value.problems


def only_problem(rules: str) -> Problem:
    (problem,) = problems(files(rules))
    return problem


def test_a_pack_is_read_with_its_typed_rules() -> None:
    pack = city(SIZE)

    assert (pack.id, pack.main_source, sorted(pack.rules)) == ("example-2026", "notice", ["panel.size"])


def test_a_rule_without_a_clause_is_refused_at_its_line() -> None:
    assert only_problem('\n[panel.size]\nminimum = 5\ncounted = "main"\nparity = "any"\n') == Problem(
        "rules.toml", "panel.size", 2, "缺少必填项 clause", '写上原文的条款号，例如 clause = "二（二）"'
    )


def test_an_empty_clause_is_refused() -> None:
    problem = only_problem('[draw.by_hand]\nclause = ""\n')

    assert (problem.line, problem.message) == (2, "clause 不得为空")


def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    problem = only_problem('[panel.sise]\nclause = "一"\n')

    assert (problem.message, problem.remedy) == ("不认识的规则键 panel.sise", "是否应为 panel.size？")


def test_a_key_like_no_other_is_refused_with_the_way_to_the_list() -> None:
    problem = only_problem('[weather.wind]\nclause = "一"\n')

    assert problem.remedy == "规则键见 docs/packs.md；新的规则种类须随程序版本发布"


def test_an_unknown_field_is_refused_at_its_line() -> None:
    problem = only_problem(SIZE + "maximum = 9\n")

    assert (problem.line, problem.message) == (6, "不认识的项 maximum")


def test_a_value_outside_the_closed_list_is_refused_with_the_lawful_ones() -> None:
    problem = only_problem(SIZE.replace('"any"', '"even"'))

    assert (problem.line, problem.remedy) == (5, '只能写 "any"、"odd"')


def test_a_value_of_the_wrong_kind_is_refused() -> None:
    problem = only_problem(SIZE.replace("5", '"五"'))

    assert (problem.line, problem.remedy) == (3, "核对类型：文字加引号，数字、日期和真假值不加引号")


@pytest.mark.parametrize("missing", ["unit", "anchor", "direction"])
def test_a_duration_is_never_a_bare_number(missing: str) -> None:
    lines = {"unit": '"hours"', "anchor": '"delivery"', "direction": '"after"'}
    rest = "\n".join(f"{name} = {value}" for name, value in lines.items() if name != missing)

    problem = only_problem(f'[confirmation.window]\nclause = "一"\nvalue = 6\n{rest}\n')

    assert (problem.line, problem.message) == (1, f"缺少必填项 {missing}")


def test_a_push_without_a_number_is_refused_in_its_own_words() -> None:
    problem = only_problem('[draw.mode]\nclause = "一"\nmode = "push"\nminimum_pick = 5\n')

    assert problem.message == "推送方式（push）必须写明 candidates，直接抽取（direct）不得写"


def test_a_line_outside_any_table_is_refused() -> None:
    problem = only_problem("minimum = 5\n")

    assert (problem.line, problem.message) == (1, "“minimum”不在任何规则表内")


def test_a_rule_that_is_no_table_is_refused() -> None:
    assert only_problem("[panel]\nsize = 5\n").message.startswith("表 的值不合要求")


def test_one_rule_in_two_files_is_refused() -> None:
    (problem,) = problems(files(SIZE) | {"zz.toml": SIZE})

    assert (problem.file, problem.message) == ("zz.toml", "同一规则写了两次")


def test_broken_toml_is_refused_at_its_line() -> None:
    problem = only_problem('[panel.size]\nclause = "二\n')

    assert (problem.line, problem.key) == (2, "")


def test_toml_broken_at_the_end_is_refused_at_the_last_line() -> None:
    assert only_problem('[panel.size]\nclause = """二').line == 2


def test_a_pack_without_head_is_refused() -> None:
    (problem,) = problems(without(files(), "pack.toml"))

    assert str(problem) == (
        "pack.toml：缺少 pack.toml。改法：新建 pack.toml，写明 id、title、version、status、parent"
    )


def test_a_head_with_a_mistake_is_refused() -> None:
    (problem,) = problems(files(head=CITY.replace('"in_force"', '"soon"')))

    assert (problem.file, problem.line) == ("pack.toml", 5)


def test_a_pack_cites_exactly_one_main_document() -> None:
    (problem,) = problems(files(sources=NOTICE.replace("main = true\n", "")))

    assert problem.message == "主文件必须恰有一个"


def test_a_source_with_a_mistake_is_told_once() -> None:
    (problem,) = problems(files(sources=NOTICE.replace('issuer = "示例市住房和城乡建设局"\n', "")))

    assert (problem.key, problem.message) == ("notice", "缺少必填项 issuer")


@pytest.mark.parametrize("words", ["roles = 5\n", "[roles]\nstation = 5\n", '[roles]\nstation = ""\n'])
def test_a_vocabulary_is_words_with_names(words: str) -> None:
    (problem,) = problems(files(words=words))

    assert problem.message == "词汇表须为“标识 = 中文名称”"


def test_all_mistakes_are_told_in_one_pass() -> None:
    rules = '[panel.size]\nminimum = 0\ncounted = "main"\n\n[report.own]\ntitle = "论证报告"\n'

    assert [(problem.key, problem.line) for problem in problems(files(rules))] == [
        ("panel.size", 1),
        ("panel.size", 2),
        ("panel.size", 1),
        ("report.own", 5),
    ]


def test_the_error_prints_every_problem() -> None:
    with pytest.raises(PackError, match=r"rules.toml 第1行 \[panel.sise\]：不认识的规则键 panel.sise"):
        read_pack(files('[panel.sise]\nclause = "一"\n'))


def test_calendars_cases_and_other_files_are_no_part_of_a_pack() -> None:
    others = {"calendar/2026.toml": "year = 2026", "cases/a.toml": "[[case]]", "readme.md": "#"}

    assert read_pack(files(SIZE) | others).digest == city(SIZE).digest


def test_an_annex_is_part_of_the_digest() -> None:
    assert read_pack(files(SIZE) | {"works.toml": 'title = "范围"'}).digest != city(SIZE).digest
