"""A city adds or tightens; whoever loosens the national floor is refused with both clauses."""

import pytest

from lunheng.core.clauses import Clause
from lunheng.core.policy import PackError, ResolvedPack, read_pack, resolve
from tests.core.policy.small import city, files, floor, resolved

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


def test_an_annex_is_found_in_the_layer_that_has_it() -> None:
    national = read_pack(files() | {"works.toml": 'title = "范围"'})

    assert resolve(city(""), national).document("works.toml") == {"title": "范围"}


def test_an_annex_that_no_layer_has_is_not_found() -> None:
    with pytest.raises(KeyError, match=r"hazards\.toml"):
        resolved("").document("hazards.toml")
