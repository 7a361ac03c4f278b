"""A city adds or tightens; whoever loosens the national floor is refused with both clauses."""

from decimal import Decimal

import pytest

from lunheng.core.clauses import Clause
from lunheng.core.policy import PackError, Problem, ResolvedPack, read_pack, resolve
from lunheng.core.scope import grade
from tests.core.policy.small import FLOOR, ORDER, city, files, floor, resolved

NATIONAL = {
    "panel.size": 'minimum = 5\ncounted = "main"\nparity = "any"',
    "draw.mode": 'mode = "direct"\nminimum_pick = 5',
    "recusal.parties": 'roles = ["owner", "tester"]',
    "roles.organiser": 'initiators = ["contractor"]\nagency_allowed = false\nswitch_until = "never"',
    "plan.readiness": (
        'parts = ["overview", "basis"]\napprovals = ["technical_director", "chief_supervisor"]\n'
        'subcontract_approvals = ["technical_director"]'
    ),
    "meeting.attendance": 'roles = ["owner_manager", "plan_author"]\neffect = "record"',
    "report.conclusion": 'options = ["approved", "not_approved"]',
    "report.defects": 'blocks = ["approved", "approved_if_revised"]\nfrom_on = 2025-01-01',
    "closure.leader_opinion": "leader_required = true",
    "eligibility.floor": "senior_title = true\nyears = 15\nor_experience = false",
    "record.upload": (
        'items = ["report"]\nby = ["contractor"]\n'
        'value = 3\nunit = "days"\nanchor = "meeting_end"\ndirection = "after"'
    ),
    "plan.delivery": 'value = 2\nunit = "days"\nanchor = "meeting"\ndirection = "before"',
    "draw.by_hand": "",
}

LOOSER = [
    ("panel.size", "minimum = 5", "minimum = 4", "最低人数 4 少于国家规定的 5"),
    ("panel.size", "minimum = 5", "minimum = 5\ntotal_cap = 4", "人数上限 4 低于国家规定的最低人数 5"),
    ("panel.size", '"main"', '"all"', "国家规定只计所涉专业专家，本规则把增选专家也计入"),
    ("draw.mode", "minimum_pick = 5", "minimum_pick = 3", "最少抽取 3 名少于国家规定的 5 名"),
    ("recusal.parties", ', "tester"', "", "参建各方 少了国家规定的 tester"),
    (
        "roles.organiser",
        '["contractor"]',
        '["contractor", "agency"]',
        "组织论证的主体多出国家规定以外的 agency",
    ),
    ("plan.readiness", ', "basis"', "", "方案内容 少了国家规定的 basis"),
    ("plan.readiness", ', "chief_supervisor"', "", "审批签章 少了国家规定的 chief_supervisor"),
    (
        "plan.readiness",
        'subcontract_approvals = ["technical_director"]',
        "subcontract_approvals = []",
        "分包方案的审批签章 少了国家规定的 technical_director",
    ),
    ("meeting.attendance", ', "plan_author"', "", "参会人员 少了国家规定的 plan_author"),
    (
        "report.conclusion",
        '"not_approved"]',
        '"not_approved", "approved_if_revised"]',
        "论证结论多出国家规定以外的 approved_if_revised",
    ),
    ("report.defects", "2025-01-01", "2025-06-01", "施行日期 2025-06-01 晚于国家规定的 2025-01-01"),
    (
        "report.defects",
        ', "approved_if_revised"',
        "",
        "严重缺陷阻止的结论 少了国家规定的 approved_if_revised",
    ),
    ("closure.leader_opinion", "true", "false", "取消了组长对修改后方案的审查意见"),
    ("eligibility.floor", "senior_title = true", "senior_title = false", "取消了高级职称要求"),
    ("eligibility.floor", "years = 15", "years = 10", "从业年限 10 年少于国家规定的 15 年"),
    ("eligibility.floor", "or_experience = false", "or_experience = true", "增加了以丰富经验代替年限的途径"),
    ("record.upload", "value = 3", "value = 5", "期限 5 宽于国家规定的 3"),
    ("plan.delivery", "value = 2", "value = 1", "期限 1 宽于国家规定的 2"),
    ("plan.delivery", '"days"', '"hours"', "期限的单位或方向与国家规定不同，无法比较"),
]

STRICTER = [
    ("panel.size", "minimum = 5", "minimum = 7\ntotal_cap = 9"),
    ("draw.mode", "minimum_pick = 5", "minimum_pick = 7"),
    ("draw.mode", "minimum_pick = 5", "minimum_pick = 5"),
    ("recusal.parties", '["owner", "tester"]', '["tester", "owner"]'),
    ("roles.organiser", '"never"', '"first_confirmed"'),
    ("plan.readiness", "parts", "site_statement = true\nparts"),
    ("meeting.attendance", '"record"', '"refuse"'),
    ("report.conclusion", '"approved", ', ""),
    ("report.defects", "2025-01-01", "2024-12-01"),
    ("closure.leader_opinion", "true", "true"),
    ("eligibility.floor", "years = 15", "years = 20"),
    ("record.upload", "value = 3", "value = 2"),
    ("record.upload", "value = 3", "value = 3"),
    ("plan.delivery", "value = 2", "value = 5"),
    ("draw.by_hand", "", ""),
]


def table(key: str, values: str, clause: str) -> str:
    return f'[{key}]\nclause = "{clause}"\n{values}\n'


def refused(rules: str, national: str = "") -> str:
    with pytest.raises(PackError) as caught:
        resolve(read_pack(files(rules) | WORDS), floor(national) if national else None)
    (problem,) = caught.value.problems
    return problem.message


WORDS = {"specialties.toml": '[record_items]\nreport = "论证报告"\n'}


@pytest.mark.parametrize(("key", "written", "changed", "fault"), LOOSER)
def test_a_city_that_loosens_the_floor_is_refused_with_both_clauses(
    key: str, written: str, changed: str, fault: str
) -> None:
    ours = table(key, NATIONAL[key].replace(written, changed), "二（二）")
    theirs = table(key, NATIONAL[key], "第十二条")

    assert refused(ours, theirs) == (
        "《示例市专家论证办法》二（二） 放宽了国家规定 "
        f"《危险性较大的分部分项工程安全管理规定》第十二条：{fault}"
    )


@pytest.mark.parametrize(("key", "written", "changed"), STRICTER)
def test_a_city_may_keep_or_tighten_the_floor(key: str, written: str, changed: str) -> None:
    ours = read_pack(files(table(key, NATIONAL[key].replace(written, changed), "二（二）")) | WORDS)

    assert resolve(ours, floor(table(key, NATIONAL[key], "第十二条"))).layer_of(key) is ours


def test_counting_only_the_main_specialty_is_stricter_than_counting_all() -> None:
    national = NATIONAL["panel.size"].replace('"main"', '"all"')

    assert (
        resolved(table("panel.size", NATIONAL["panel.size"], "二"), table("panel.size", national, "十二"))
        .rules["panel.size"]
        .clause
        == "二"
    )


def test_a_rule_that_the_city_does_not_write_comes_from_the_floor() -> None:
    pack = resolved("", table("draw.by_hand", "", "第十二条"))

    assert pack.cite("draw.by_hand", pack.rules["draw.by_hand"]) == Clause(
        "危险性较大的分部分项工程安全管理规定", "第十二条"
    )


def test_the_platform_speaks_last() -> None:
    platform = city(
        '[platform.vote]\nclause = "第三条"\n',
        head='id = "platform"\ntitle = "平台"\nversion = "1"\nstatus = "in_force"',
    )
    pack = resolve(city(""), floor(""), platform)

    assert pack.layer_of("platform.vote").id == "platform"


def test_nobody_speaks_on_a_key_that_no_layer_holds() -> None:
    with pytest.raises(KeyError, match=r"panel\.size"):
        resolved("").layer_of("panel.size")


def test_a_source_that_nobody_registered_is_refused() -> None:
    message = refused('[draw.by_hand]\nclause = "一"\nsource = "circular"\n')

    assert message == "引用的文件 circular 不在 sources.toml"


def test_a_further_citation_needs_a_known_source_too() -> None:
    message = refused('[draw.by_hand]\nclause = "一"\nalso = [{ clause = "二", source = "circular" }]\n')

    assert message == "引用的文件 circular 不在 sources.toml"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ('[recusal.parties]\nclause = "一"\nroles = ["neighbor"]\n', "词 neighbor 不在词汇表 parties"),
        (
            '[roles.supervision]\nclause = "一"\ncity_run = "mayor"\nother = "district"\n',
            "词 mayor 不在词汇表 roles",
        ),
        (
            '[draw.match]\nclause = "一"\nspecialties = { deep_pit = ["cooking"] }\n',
            "词 cooking 不在词汇表 specialties",
        ),
        (
            '[draw.match]\nclause = "一"\nspecialties = { picnic = ["tunnel"] }\n',
            "词 picnic 不在词汇表 work_kinds",
        ),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(rules: str, message: str) -> None:
    assert refused(rules) == message


def test_a_city_may_add_words() -> None:
    pack = resolve(read_pack(files() | WORDS), floor(""))

    assert (pack.labels["record_items"], pack.labels["roles"]["station"]) == (
        {"report": "论证报告"},
        "监督站",
    )


def test_what_a_case_is_pinned_to_reads_back_the_same() -> None:
    pack = resolved(
        table("report.defects", NATIONAL["report.defects"], "三"), table("draw.by_hand", "", "十二")
    )

    again = ResolvedPack.from_bytes(pack.to_bytes())

    assert (again.digest, again.rules) == (pack.digest, pack.rules)


def test_another_value_is_another_digest() -> None:
    assert resolved("").digest != resolved('[draw.by_hand]\nclause = "一"\n').digest


WORKS = """
document = "31号"
title = "范围"
[kinds]
deep_pit = "基坑工程"
[parameters]
depth = { label = "开挖深度", unit = "m" }
[[works]]
id = "PIT-1"
kind = "deep_pit"
name = "基坑"
hazardous = { clause = "附件一", all = [{ parameter = "depth", at_least = "3" }] }
over_scale = { clause = "附件二", all = [{ parameter = "depth", at_least = "5" }] }
"""
CITY_WORKS = """
document = "本市办法"
title = "本市范围"
[[works]]
id = "PIT-1"
kind = "deep_pit"
name = "基坑"
hazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }
over_scale = { clause = "第四条", all = [{ parameter = "depth", at_least = "5" }] }
"""


def laid(city_works: str) -> ResolvedPack:
    """A city with a table of works of its own over the national one."""
    national = read_pack(files(head=FLOOR, sources=ORDER) | {"works.toml": WORKS})
    return resolve(read_pack(files() | {"works.toml": city_works}), national)


def flaw(city_works: str) -> Problem:
    with pytest.raises(PackError) as caught:
        laid(city_works)
    (problem,) = caught.value.problems
    return problem


def is_over_scale(pack: ResolvedPack, depth: str) -> bool:
    return grade("deep_pit", {"depth": Decimal(depth)}, pack.works).is_over_scale


def test_an_annex_of_the_nation_holds_where_the_city_has_none() -> None:
    national = read_pack(files(head=FLOOR, sources=ORDER) | {"works.toml": WORKS})

    assert [row.work.id for row in resolve(city(""), national).works.rows] == ["PIT-1"]


def test_pits_from_thirty_metres_never_replace_pits_from_five() -> None:
    looser = CITY_WORKS.replace('at_least = "5"', 'at_least = "30"')

    assert flaw(looser) == Problem(
        "works.toml",
        "PIT-1",
        0,
        "《本市办法》第四条 放宽了国家规定 《31号》附件二：“超过一定规模”改为“开挖深度30m及以上”，窄于“开挖深度5m及以上”",
        "只能增加或从严：照写或放宽“超过一定规模”的范围，不得缩小",
        "example-2026",
    )


def test_a_city_may_reach_further_than_the_nation() -> None:
    stricter = laid(CITY_WORKS.replace('at_least = "5"', 'at_least = "4"'))

    assert (is_over_scale(stricter, "4"), is_over_scale(stricter, "3.99")) == (True, False)
    assert (
        str(grade("deep_pit", {"depth": Decimal("4")}, stricter.works).hits[1].clause) == "《本市办法》第四条"
    )


def test_a_table_that_leaves_national_rows_out_leaves_them_in_force() -> None:
    added = laid(CITY_WORKS.replace("PIT-1", "CITY-1").replace('at_least = "5"', 'at_least = "30"'))

    assert [row.work.id for row in added.works.rows] == ["PIT-1", "CITY-1"]
    assert is_over_scale(added, "5")


SAME_AS_THE_NATION = '{ parameter = "depth", at_least = "5" }'


@pytest.mark.parametrize(
    ("test", "is_lawful"),
    [
        ('{ parameter = "depth", at_least = "5" }', True),
        ('{ parameter = "depth", at_least = "5.01" }', False),
        ('{ parameter = "depth", above = "5" }', False),
        ('{ parameter = "depth", above = "4.99" }', True),
        ('{ parameter = "depth", below = "100" }', False),
        ('{ parameter = "depth", at_most = "5" }', False),
        ('{ parameter = "depth", at_least = "5" }, { parameter = "depth", at_least = "1" }', True),
        ('{ parameter = "depth", at_least = "5" }, { parameter = "depth", at_most = "9" }', False),
    ],
)
def test_a_test_may_only_become_wider(test: str, is_lawful: bool) -> None:
    changed = CITY_WORKS.replace(SAME_AS_THE_NATION, test)

    if is_lawful:
        laid(changed)
    else:
        assert "放宽了国家规定 《31号》附件二" in flaw(changed).message


def test_a_range_that_always_holds_is_the_widest() -> None:
    always = CITY_WORKS.replace(f"all = [{SAME_AS_THE_NATION}]", "always = true")

    assert is_over_scale(laid(always), "0.1")


def test_an_entry_of_the_nation_is_not_struck_out() -> None:
    without_scale = "\n".join(line for line in CITY_WORKS.splitlines() if "over_scale" not in line)

    assert flaw(without_scale).message == (
        "《本市办法》第三条 放宽了国家规定 《31号》附件二：删去了“超过一定规模”的条件"
    )


def test_a_row_is_not_left_to_a_person_that_the_nation_decides_itself() -> None:
    judged = CITY_WORKS.replace('name = "基坑"', 'name = "基坑"\njudgement = "is_judged"') + (
        '[parameters]\nis_judged = { label = "经判定" }\n'
    )

    assert flaw(judged).message.endswith("：增加了须由人判定的条件")


@pytest.mark.parametrize(
    ("written", "changed", "message"),
    [
        ('kind = "deep_pit"', 'kind = "cave"', "PIT-1所属的工程类别“cave”不存在"),
        ('"depth", at_least = "3"', '"width", at_least = "3"', "PIT-1引用的参数“width”不存在"),
        ("[[works]]", '[kinds]\nbog = "泥塘"\n[[works]]', "词 bog 不在词汇表 work_kinds"),
    ],
)
def test_a_row_of_unknown_words_is_refused(written: str, changed: str, message: str) -> None:
    assert flaw(CITY_WORKS.replace(written, changed, 1)).message == message


def test_a_pack_without_annexes_has_no_ranges() -> None:
    with pytest.raises(KeyError, match=r"works\.toml"):
        _ = resolved("").works
