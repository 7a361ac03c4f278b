"""Grading by the annexes of 31号: every row at its threshold and just below it, and the traps."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from lunheng.core.clauses import Clause
from lunheng.core.scope import Condition, Grade, Hit, Parameter, ScopeError, Thresholds, grade, load_works

WORKS = (Path(__file__).parents[2] / "packs" / "cn" / "works.toml").read_text("utf-8")
NATIONAL = load_works(WORKS)


def number(text: str) -> Decimal:
    return Decimal(text)


def graded(kind: str, /, **parameters: str | bool) -> Grade:
    facts = {key: Decimal(value) if isinstance(value, str) else value for key, value in parameters.items()}
    return grade(kind, facts, NATIONAL)


def rows_hit(result: Grade) -> list[tuple[str, bool]]:
    return [(hit.row, hit.is_over_scale) for hit in result.hits]


AT_THE_HAZARDOUS_THRESHOLD = [
    ("PIT-1", "deep_pit", {"depth": "3"}),
    ("FRM-1", "formwork", {"is_tool_type": True}),
    ("FRM-2a", "formwork", {"support_height": "5"}),
    ("FRM-2b", "formwork", {"support_span": "10"}),
    ("FRM-2c", "formwork", {"total_load": "10"}),
    ("FRM-2d", "formwork", {"line_load": "15"}),
    ("FRM-2e", "formwork", {"support_height": "4.01", "projected_width": "4", "is_stand_alone": True}),
    ("FRM-3", "formwork", {"is_load_bearing_support": True}),
    ("LFT-1", "lifting", {"is_unconventional": True, "single_lift": "10"}),
    ("LFT-2", "lifting", {"uses_lifting_machinery": True}),
    ("LFT-3", "lifting", {"installs_lifting_machinery": True}),
    ("SCF-1", "scaffold", {"ground_scaffold_height": "24"}),
    ("SCF-2", "scaffold", {"is_attached_lifting": True}),
    ("SCF-3", "scaffold", {"is_cantilever": True}),
    ("SCF-4", "scaffold", {"is_suspended_platform": True}),
    ("SCF-5", "scaffold", {"is_operating_platform": True}),
    ("SCF-6", "scaffold", {"is_irregular_scaffold": True}),
    ("DEM-1", "demolition", {"affects_public": True}),
    ("TUN-1", "tunnel", {}),
    ("OTH-1", "curtain_wall", {}),
    ("OTH-2a", "steel_structure", {}),
    ("OTH-2b", "steel_structure", {"is_space_frame": True}),
    ("OTH-3", "hand_dug_pile", {}),
    ("OTH-4", "underwater", {}),
    ("OTH-5", "precast", {}),
    ("OTH-6", "new_technique", {}),
]
JUST_BELOW_THE_HAZARDOUS_THRESHOLD = [
    ("PIT-1", "deep_pit", {"depth": "2.99"}),
    ("FRM-1", "formwork", {"is_tool_type": False}),
    ("FRM-2a", "formwork", {"support_height": "4.99"}),
    ("FRM-2b", "formwork", {"support_span": "9.99"}),
    ("FRM-2c", "formwork", {"total_load": "9.99"}),
    ("FRM-2d", "formwork", {"line_load": "14.99"}),
    ("FRM-2e", "formwork", {"support_height": "4", "projected_width": "4", "is_stand_alone": True}),
    ("FRM-2e", "formwork", {"support_height": "4.5", "projected_width": "4", "is_stand_alone": False}),
    ("FRM-3", "formwork", {"is_load_bearing_support": False}),
    ("LFT-1", "lifting", {"is_unconventional": True, "single_lift": "9.99"}),
    ("LFT-1", "lifting", {"is_unconventional": False, "single_lift": "500"}),
    ("LFT-2", "lifting", {"uses_lifting_machinery": False}),
    ("LFT-3", "lifting", {"installs_lifting_machinery": False}),
    ("SCF-1", "scaffold", {"ground_scaffold_height": "23.99"}),
    ("SCF-2", "scaffold", {"is_attached_lifting": False}),
    ("SCF-3", "scaffold", {"is_cantilever": False}),
    ("SCF-4", "scaffold", {"is_suspended_platform": False}),
    ("SCF-5", "scaffold", {"is_operating_platform": False}),
    ("SCF-6", "scaffold", {"is_irregular_scaffold": False}),
    ("DEM-1", "demolition", {"affects_public": False}),
]
AT_THE_SCALE = [
    ("PIT-1", "deep_pit", {"depth": "5"}),
    ("FRM-1", "formwork", {"is_tool_type": True}),
    ("FRM-2a", "formwork", {"support_height": "8"}),
    ("FRM-2b", "formwork", {"support_span": "18"}),
    ("FRM-2c", "formwork", {"total_load": "15"}),
    ("FRM-2d", "formwork", {"line_load": "20"}),
    ("FRM-3", "formwork", {"is_load_bearing_support": True, "point_load": "7"}),
    ("LFT-1", "lifting", {"is_unconventional": True, "single_lift": "100"}),
    ("LFT-3", "lifting", {"installs_lifting_machinery": True, "rated_capacity": "300"}),
    ("LFT-3", "lifting", {"installs_lifting_machinery": True, "total_erected_height": "200"}),
    ("LFT-3", "lifting", {"installs_lifting_machinery": True, "base_elevation": "200"}),
    ("SCF-1", "scaffold", {"ground_scaffold_height": "50"}),
    ("SCF-2", "scaffold", {"is_attached_lifting": True, "lifting_height": "150"}),
    ("SCF-3", "scaffold", {"is_cantilever": True, "section_height": "20"}),
    ("DEM-2", "demolition", {"is_special_structure": True}),
    ("DEM-2", "demolition", {"may_release_hazard": True}),
    ("DEM-3", "demolition", {"is_in_heritage_zone": True}),
    ("TUN-1", "tunnel", {}),
    ("OTH-1", "curtain_wall", {"curtain_wall_height": "50"}),
    ("OTH-2a", "steel_structure", {"steel_span": "36"}),
    ("OTH-2b", "steel_structure", {"is_space_frame": True, "space_frame_span": "60"}),
    ("OTH-3", "hand_dug_pile", {"pile_depth": "16"}),
    ("OTH-4", "underwater", {}),
    ("OTH-6", "new_technique", {}),
    ("OTH-7", "structure_moving", {"moved_weight": "1000"}),
]
JUST_BELOW_THE_SCALE = [
    ("PIT-1", "deep_pit", {"depth": "4.99"}),
    ("FRM-2a", "formwork", {"support_height": "7.99"}),
    ("FRM-2b", "formwork", {"support_span": "17.99"}),
    ("FRM-2c", "formwork", {"total_load": "14.99"}),
    ("FRM-2d", "formwork", {"line_load": "19.99"}),
    ("FRM-3", "formwork", {"is_load_bearing_support": True, "point_load": "6.99"}),
    ("LFT-1", "lifting", {"is_unconventional": True, "single_lift": "99.99"}),
    ("LFT-1", "lifting", {"is_unconventional": False, "single_lift": "100"}),
    (
        "LFT-3",
        "lifting",
        {
            "installs_lifting_machinery": True,
            "rated_capacity": "299.99",
            "total_erected_height": "199.99",
            "base_elevation": "199.99",
        },
    ),
    ("SCF-1", "scaffold", {"ground_scaffold_height": "49.99"}),
    ("SCF-2", "scaffold", {"is_attached_lifting": True, "lifting_height": "149.99"}),
    ("SCF-3", "scaffold", {"is_cantilever": True, "section_height": "19.99"}),
    ("DEM-2", "demolition", {"is_special_structure": False, "may_release_hazard": False}),
    ("DEM-3", "demolition", {"is_in_heritage_zone": False}),
    ("OTH-1", "curtain_wall", {"curtain_wall_height": "49.99"}),
    ("OTH-2a", "steel_structure", {"steel_span": "35.99"}),
    ("OTH-2b", "steel_structure", {"is_space_frame": True, "space_frame_span": "59.99"}),
    ("OTH-3", "hand_dug_pile", {"pile_depth": "15.99"}),
    ("OTH-5", "precast", {}),
    ("OTH-7", "structure_moving", {"moved_weight": "999.99"}),
]


@pytest.mark.parametrize(("row", "kind", "parameters"), AT_THE_HAZARDOUS_THRESHOLD)
def test_at_the_threshold_works_are_hazardous(
    row: str, kind: str, parameters: Mapping[str, str | bool]
) -> None:
    result = graded(kind, **parameters)
    assert result.is_hazardous
    assert (row, False) in rows_hit(result)


@pytest.mark.parametrize(("row", "kind", "parameters"), JUST_BELOW_THE_HAZARDOUS_THRESHOLD)
def test_just_below_the_threshold_works_are_not_hazardous(
    row: str, kind: str, parameters: Mapping[str, str | bool]
) -> None:
    result = graded(kind, **parameters)
    assert not result.is_hazardous
    assert rows_hit(result) == []


@pytest.mark.parametrize(("row", "kind", "parameters"), AT_THE_SCALE)
def test_at_the_scale_works_are_over_scale_and_therefore_hazardous(
    row: str, kind: str, parameters: Mapping[str, str | bool]
) -> None:
    result = graded(kind, **parameters)
    assert result.is_over_scale
    assert result.is_hazardous
    assert (row, True) in rows_hit(result)


WITHOUT_ITS_PREMISE = [
    ("FRM-3", "formwork", "is_load_bearing_support", {"point_load": "8"}),
    ("LFT-3", "lifting", "installs_lifting_machinery", {"rated_capacity": "300"}),
    ("LFT-3", "lifting", "installs_lifting_machinery", {"total_erected_height": "200"}),
    ("LFT-3", "lifting", "installs_lifting_machinery", {"base_elevation": "200"}),
    ("SCF-2", "scaffold", "is_attached_lifting", {"lifting_height": "150"}),
    ("SCF-3", "scaffold", "is_cantilever", {"section_height": "20"}),
    ("OTH-2b", "steel_structure", "is_space_frame", {"space_frame_span": "60"}),
]


@pytest.mark.parametrize(("row", "kind", "premise", "parameters"), WITHOUT_ITS_PREMISE)
def test_a_value_counts_only_for_what_its_row_speaks_of(
    row: str, kind: str, premise: str, parameters: dict[str, str]
) -> None:
    assert (row, True) in rows_hit(graded(kind, **{premise: True}, **parameters))
    assert not graded(kind, **{premise: False}, **parameters).is_over_scale
    unknown = graded(kind, **parameters)
    assert (unknown.is_over_scale, premise in unknown.missing) == (False, True)


@pytest.mark.parametrize(("row", "kind", "parameters"), JUST_BELOW_THE_SCALE)
def test_just_below_the_scale_works_are_not_over_scale(
    row: str, kind: str, parameters: Mapping[str, str | bool]
) -> None:
    assert not graded(kind, **parameters).is_over_scale


def test_a_table_kept_by_a_pinned_pack_reads_the_same() -> None:
    assert load_works(tomllib.loads(WORKS) | {"effective_from": "2018-06-01"}) == NATIONAL


def test_the_table_holds_the_thirty_rows_of_the_annexes() -> None:
    listed = {row for row, _, _ in AT_THE_HAZARDOUS_THRESHOLD + AT_THE_SCALE} | {"PIT-2"}
    assert {row.work.id for row in NATIONAL.rows} == listed
    assert len(listed) == 30


def test_every_kind_has_a_row() -> None:
    assert [kind for kind in NATIONAL.kinds if not NATIONAL.rows_of(kind)] == []


@pytest.mark.parametrize("row", ["FRM-1", "TUN-1", "OTH-4", "OTH-6"])
def test_some_works_are_over_scale_whenever_they_are_hazardous(row: str) -> None:
    work = next(one.work for one in NATIONAL.rows if one.work.id == row)
    assert work.hazardous is not None and work.over_scale is not None
    assert work.hazardous.model_dump(exclude={"clause"}) == work.over_scale.model_dump(exclude={"clause"})


@pytest.mark.parametrize("row", ["DEM-2", "DEM-3", "OTH-7"])
def test_some_entries_exist_in_the_second_annex_only(row: str) -> None:
    work = next(one.work for one in NATIONAL.rows if one.work.id == row)
    assert work.hazardous is None


def test_every_clause_names_its_annex() -> None:
    for row in NATIONAL.rows:
        if row.work.hazardous is not None:
            assert row.work.hazardous.clause.startswith("附件一")
        if row.work.over_scale is not None:
            assert row.work.over_scale.clause.startswith("附件二")


def test_a_hit_cites_the_clause_and_says_why() -> None:
    assert graded("deep_pit", depth="5.2").hits == (
        Hit(
            Clause("建办质〔2018〕31号", "附件一第一项（一）", "基坑（槽）土方开挖、支护、降水"),
            "PIT-1",
            "基坑（槽）土方开挖、支护、降水：开挖深度5.2m，达到3m及以上",
        ),
        Hit(
            Clause("建办质〔2018〕31号", "附件二第一项", "基坑（槽）土方开挖、支护、降水"),
            "PIT-1",
            "基坑（槽）土方开挖、支护、降水：开挖深度5.2m，达到5m及以上",
            is_over_scale=True,
        ),
    )


def test_works_that_always_belong_say_so() -> None:
    assert graded("precast").hits[0].text == "装配式建筑混凝土预制构件安装工程：该类工程一律属于"


def test_a_slender_support_is_explained_with_both_values() -> None:
    result = graded("formwork", support_height="4.5", projected_width="4", is_stand_alone=True)
    assert result.hits[0].text == (
        "混凝土模板支撑工程：高宽比且相对独立：混凝土模板支撑搭设高度4.5m，大于支撑水平投影宽度4m；"
        "支撑相对独立且无联系构件"
    )


COMPLEX = {"is_geology_complex": True, "are_surroundings_complex": True, "are_pipes_complex": True}
SIMPLE = {"is_geology_complex": True, "are_surroundings_complex": True, "are_pipes_complex": False}


@pytest.mark.parametrize(
    "facts",
    [
        COMPLEX | {"affects_adjacent_buildings": False},
        SIMPLE | {"affects_adjacent_buildings": True},
        {"affects_adjacent_buildings": True},
        {},
    ],
    ids=["all complex", "affects neighbours", "affects neighbours, rest unknown", "nothing known"],
)
def test_a_shallow_pit_in_difficult_conditions_is_decided_by_a_person(facts: Mapping[str, bool]) -> None:
    result = graded("deep_pit", depth="2.5", **facts)
    assert result.needs_person
    assert not result.is_hazardous
    assert [hit.text for hit in result.questions] == [
        "深度不足3米但条件复杂的基坑（槽）：须由有权人员判定并记录理由"
    ]


def test_a_recorded_decision_makes_a_shallow_pit_hazardous_but_never_over_scale() -> None:
    result = graded(
        "deep_pit", depth="2.5", affects_adjacent_buildings=True, is_judged_hazardous=True, **SIMPLE
    )
    assert (result.is_hazardous, result.is_over_scale, result.needs_person) == (True, False, False)
    assert result.hits[0].text == (
        "深度不足3米但条件复杂的基坑（槽）：开挖深度2.5m，不足3m；影响毗邻建（构）筑物安全"
    )


def test_a_recorded_decision_may_also_find_a_shallow_pit_harmless() -> None:
    result = graded("deep_pit", depth="2.5", is_judged_hazardous=False)
    assert result == Grade(False, False, ())


def test_a_shallow_pit_in_simple_conditions_needs_nobody() -> None:
    result = graded("deep_pit", depth="2.5", affects_adjacent_buildings=False, **SIMPLE)
    assert result == Grade(False, False, ())


def test_a_deep_pit_leaves_nothing_to_judge() -> None:
    assert not graded("deep_pit", depth="3").needs_person


def test_what_was_not_given_and_could_change_the_grade_is_named() -> None:
    assert graded("curtain_wall").missing == ("curtain_wall_height",)
    assert graded("steel_structure", steel_span="30").missing == ("is_space_frame", "space_frame_span")
    assert graded("lifting", is_unconventional=False, rated_capacity="100").missing == (
        "uses_lifting_machinery",
        "installs_lifting_machinery",
        "total_erected_height",
        "base_elevation",
    )


def test_over_scale_works_need_no_further_value() -> None:
    assert graded("formwork", support_height="8").missing == ()


def test_a_foundation_may_lie_below_zero() -> None:
    assert not graded("lifting", base_elevation="-12.5").is_hazardous


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"height": number("3")}, "该类工程没有“height”这一参数"),
        ({"depth": True}, "“开挖深度”应填数值（m）"),
        ({"depth": 3.0}, "“开挖深度”应填数值（m）"),
        ({"depth": Decimal("NaN")}, "“开挖深度”应填数值（m）"),
        ({"depth": number("-1")}, "“开挖深度”不能为负数"),
        ({"is_geology_complex": number("1")}, "“地质条件复杂”应填是或否"),
    ],
)
def test_a_value_that_cannot_be_understood_is_refused(
    parameters: dict[str, Decimal | bool], message: str
) -> None:
    with pytest.raises(ScopeError) as caught:
        grade("deep_pit", parameters, NATIONAL)
    assert str(caught.value) == message


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ScopeError, match="没有“bridge”这一工程类别"):
        grade("bridge", {}, NATIONAL)


def test_the_form_asks_for_the_parameters_of_the_kind() -> None:
    assert NATIONAL.parameters_of("scaffold")["lifting_height"] == Parameter(
        label="附着式升降脚手架或操作平台提升高度", unit="m"
    )
    assert list(NATIONAL.parameters_of("curtain_wall")) == ["curtain_wall_height"]


def test_the_decision_of_a_person_is_told_apart_from_what_applicants_are_asked() -> None:
    assert NATIONAL.judgements_of("deep_pit") == ("is_judged_hazardous",)
    assert NATIONAL.judgements_of("formwork") == ()


PROVINCE = """
document = "省级实施细则"
title = "省级补充范围"
parameters = { slope_height = { label = "高边坡高度", unit = "m" } }
[[works]]
id = "PRV-1"
kind = "deep_pit"
name = "高边坡"
hazardous = { clause = "第五条", all = [{ parameter = "slope_height", at_least = "8" }] }
"""


def provincial(changes: Mapping[str, str]) -> Thresholds:
    text = PROVINCE
    for old, new in changes.items():
        text = text.replace(old, new)
    return load_works(WORKS, text)


def test_a_province_adds_to_the_range_under_its_own_clause() -> None:
    result = grade("deep_pit", {"slope_height": number("8"), "depth": number("4")}, provincial({}))
    assert [(hit.row, str(hit.clause)) for hit in result.hits] == [
        ("PIT-1", "《建办质〔2018〕31号》附件一第一项（一）"),
        ("PRV-1", "《省级实施细则》第五条"),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"PRV-1": "PIT-1"},
            "《省级实施细则》第五条 放宽了国家规定 《建办质〔2018〕31号》附件一第一项（一）："
            "“危大工程”改为“高边坡高度8m及以上”，窄于“开挖深度3m及以上”",
        ),
        ({"slope_height": "depth"}, "“depth”已有规定，只能增加，不能改动"),
        ({"deep_pit": "slope"}, "PRV-1所属的工程类别“slope”不存在"),
        ({'"slope_height"': '"slope"'}, "PRV-1引用的参数“slope”不存在"),
        ({'"slope_height"': '"is_tool_type"'}, "PRV-1的检验与参数“is_tool_type”的类型不符"),
        (
            {'{ parameter = "slope_height", at_least = "8" }': '{ yes = ["slope_height"] }'},
            "PRV-1的检验与参数“slope_height”的类型不符",
        ),
    ],
)
def test_an_addition_may_neither_change_the_national_table_nor_dangle(
    changes: dict[str, str], message: str
) -> None:
    with pytest.raises(ScopeError) as caught:
        provincial(changes)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({'"8"': "8"}, "数值须写成字符串"),
        ({'all = [{ parameter = "slope_height", at_least = "8" }]': "always = false"}, "只能取一"),
        ({"all = [": "always = true, all = ["}, "只能取一"),
    ],
)
def test_a_malformed_row_is_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        provincial(changes)


FLOOR = """
document = "国家表"
title = "国家表"
kinds = { pit = "基坑" }
[parameters]
depth = { label = "深度", unit = "m" }
level = { label = "标高", unit = "m", may_be_negative = true }
is_wet = { label = "有水" }
is_old = { label = "有旧管" }
[[works]]
id = "R"
kind = "pit"
name = "基坑"
hazardous = { clause = "一", all = [TEST] }
"""
PLACE = """
document = "地方表"
title = "地方表"
[[works]]
id = "R"
kind = "pit"
name = "基坑"
hazardous = { clause = "甲", all = [TEST] }
"""


def depth(word: str, value: str) -> str:
    return f'{{ parameter = "depth", {word} = "{value}" }}'


WET, OLD = '{ yes = ["is_wet"] }', '{ yes = ["is_old"] }'


@pytest.mark.parametrize(
    ("floor", "ours", "is_lawful"),
    [
        (depth("at_least", "5"), depth("at_least", "5"), True),
        (depth("at_least", "5"), depth("at_least", "4.9"), True),
        (depth("at_least", "5"), depth("at_least", "5.1"), False),
        (depth("at_least", "5"), depth("above", "5"), False),
        (depth("at_least", "5"), depth("above", "4.9"), True),
        (depth("above", "5"), depth("above", "5"), True),
        (depth("above", "5"), depth("at_least", "5"), True),
        (depth("above", "5"), depth("at_least", "5.1"), False),
        (depth("at_most", "5"), depth("at_most", "5"), True),
        (depth("at_most", "5"), depth("at_most", "5.1"), True),
        (depth("at_most", "5"), depth("at_most", "4.9"), False),
        (depth("at_most", "5"), depth("at_least", "5"), False),
        (depth("at_least", "5"), depth("at_least", "5").replace("depth", "level"), False),
        (f"{depth('at_least', '5')}, {WET}", depth("at_least", "5"), True),
        (depth("at_least", "5"), f"{depth('at_least', '5')}, {WET}", False),
        (WET, WET, True),
        (WET, OLD, False),
    ],
)
def test_a_place_may_widen_a_row_to_the_last_tenth_and_never_narrow_it(
    floor: str, ours: str, is_lawful: bool
) -> None:
    layers = FLOOR.replace("TEST", floor), PLACE.replace("TEST", ours)
    if is_lawful:
        assert [row.document for row in load_works(*layers).rows] == ["地方表"]
        return
    with pytest.raises(ScopeError, match="《地方表》甲 放宽了国家规定 《国家表》一：“危大工程”改为"):
        load_works(*layers)


HARMFUL = {
    "another kind": (
        'kind = "pit"', 'kind = "hole"', "改变了工程类别",
    ),
    "only the second annex": ("hazardous", "over_scale", "删去了“危大工程”的条件"),
    "a judgement": ('name = "基坑"', 'name = "基坑"\njudgement = "is_old"', "增加了须由人判定的条件"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMFUL)
def test_a_place_neither_moves_a_row_nor_takes_its_condition_nor_leaves_it_to_a_person(harm: str) -> None:
    old, new, fault = HARMFUL[harm]
    test = depth("at_least", "5")
    place = PLACE.replace("TEST", test).replace(old, new)
    if "hole" in new:
        place = place.replace("[[works]]", 'kinds = { hole = "孔" }\n[[works]]')
    with pytest.raises(ScopeError) as caught:
        load_works(FLOOR.replace("TEST", test), place)
    assert str(caught.value) == f"《地方表》甲 放宽了国家规定 《国家表》一：{fault}"


def test_a_judgement_of_the_nation_may_be_kept_and_may_be_dropped() -> None:
    test, judged = depth("at_least", "5"), 'name = "基坑"\njudgement = "is_old"'
    national = FLOOR.replace("TEST", test).replace('name = "基坑"', judged)
    local = PLACE.replace("TEST", test)
    kept = local.replace('name = "基坑"', judged)
    assert [load_works(national, one).rows[0].work.judgement for one in (local, kept)] == ["", "is_old"]


def test_a_row_is_written_once_in_each_layer_and_a_third_layer_is_held_to_the_second() -> None:
    national, local = (
        FLOOR.replace("TEST", depth("at_least", "5")),
        PLACE.replace("TEST", depth("at_least", "4")),
    )
    row = local[local.index("[[works]]") :]
    with pytest.raises(ScopeError, match="“R”写了两次"):
        load_works(national, local + row)
    third = PLACE.replace("TEST", depth("at_least", "5")).replace("地方表", "区表")
    with pytest.raises(ScopeError, match="《区表》甲 放宽了上层规定 《地方表》甲："):
        load_works(national, local, third)


def test_a_condition_can_be_made_again_of_the_tests_of_another() -> None:
    written = '{ parameter = "is_wet", is = true }'
    made = load_works(FLOOR.replace("TEST", written)).rows[0].work.hazardous
    assert made is not None
    assert Condition(clause="一", all=made.all) == made
