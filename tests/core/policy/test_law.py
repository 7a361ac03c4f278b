"""The law of a case: typed rules, clauses, verdicts, time limits, and what it says where a pack is silent."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, get_args, get_origin

import pytest

from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.policy import RULES, Assumption, Rule, Timed
from lunheng.core.policy.rules.panels import Headcount
from lunheng.core.verdict import Outcome
from tests.core.policy.small import law

SHARED = Rule.model_fields.keys() | Timed.model_fields.keys()
SIZE = '[panel.size]\nclause = "二（二）"\nminimum = 5\ncounted = "main"\nparity = "any"\n'
WINDOW = (
    '[confirmation.window]\nclause = "三"\nvalue = 6\nunit = "hours"\n'
    'anchor = "delivery"\ndirection = "after"\n'
)
CHOSEN = (
    '[draw.by_hand]\nclause = "四"\n'
    'assumption = { reading = "一律随机", trap = "T19", setting = "draw.by_hand", effect = "不得指定" }\n'
)


def test_every_kind_of_rule_is_one_class_with_its_judgement_title_and_words() -> None:
    own = [kind for kind in RULES.values() if kind.judge is not Rule.judge and kind.heading and kind.silence]
    unnamed = {
        kind.key: sorted(kind.model_fields.keys() - kind.told("words").keys() - SHARED)
        for kind in RULES.values()
    }

    assert own == list(RULES.values())
    assert {key: fields for key, fields in unnamed.items() if fields} == {}


def test_every_value_that_a_pack_may_choose_has_a_chinese_word() -> None:
    untold = {
        (kind.key, field, word)
        for kind in RULES.values()
        for field, info in kind.model_fields.items()
        if field not in SHARED and field not in kind.vocabularies
        for word in _choices(info.annotation)
        if word not in kind.told("values")
    }

    assert untold == set()


def _choices(annotation: object) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _choices(part)


def test_a_rule_is_typed() -> None:
    rule = law(SIZE).rule("panel.size")

    assert isinstance(rule, Headcount)
    assert rule.minimum == 5


def test_the_law_names_its_pack() -> None:
    known = law(SIZE)

    assert (known.title, known.pack_id, known.version, known.digest) == (
        "示例市规则",
        "example-2026",
        "1",
        known.pack.digest,
    )


def test_a_clause_carries_the_full_title_of_its_document() -> None:
    assert law(SIZE).clause("panel.size") == Clause("示例市专家论证办法", "二（二）")


UNSAID = Clause("论衡平台运行规则", "第十五条", "规则没有规定的事项")


def test_a_silent_pack_answers_by_the_silence_of_the_rule_and_names_the_layers() -> None:
    verdict = law("").judge("panel.size", main=1, extras=0)

    assert (verdict.outcome, str(verdict)) == (
        Outcome.REFUSED,
        "《示例市规则》《国家规定》都没有规定“专家组人数”，在规则写明之前不得办理（当前：未作规定） "
        "请主管部门在当地规则中写明“专家组人数”，由平台管理员载入后再办理［《论衡平台运行规则》第十五条］",
    )


def test_a_silent_pack_has_no_rule_and_the_clause_is_the_platforms_on_silence() -> None:
    silent = law("")

    assert (silent.has("panel.size"), silent.clause("panel.size")) == (False, UNSAID)


def test_where_the_pack_speaks_it_has_a_rule() -> None:
    assert law(SIZE).has("panel.size")


def test_a_key_that_no_pack_could_hold_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"不认识的规则键 panel\.sise"):
        law(SIZE).judge("panel.sise", main=5)


def test_facts_that_the_judgement_does_not_take_are_an_error() -> None:
    with pytest.raises(TypeError):
        law(SIZE).judge("panel.size", main=5, extras=0, weather="fine")


def test_a_time_limit_is_counted_from_its_event() -> None:
    limit = law(WINDOW).due("confirmation.window", datetime(2025, 6, 10, 22, tzinfo=CHINA))

    assert limit.at == datetime(2025, 6, 11, 4, tzinfo=CHINA)


@pytest.mark.parametrize("rules", ["", SIZE])
def test_a_key_without_time_limit_has_none(rules: str) -> None:
    with pytest.raises(KeyError, match=r"panel\.size 没有期限"):
        law(rules).due("panel.size", datetime(2025, 6, 10, 22, tzinfo=CHINA))


def test_working_days_are_those_of_the_territory() -> None:
    covered = law(
        '[scope.coverage]\nclause = "一"\nfrom_clause = "一"\nproject_kinds = ["municipal"]\n'
        'territory = "450100"\nfrom_on = 2019-06-19\n'
    )

    assert (covered.region, law("").region) == ("450100", "")


def test_an_interpretation_stands_beside_its_rule() -> None:
    assert law(CHOSEN).assumption("draw.by_hand") == Assumption(
        reading="一律随机", trap="T19", setting="draw.by_hand", effect="不得指定"
    )


def test_a_rule_of_the_text_itself_has_no_interpretation() -> None:
    assert (law(SIZE).assumption("panel.size"), law("").assumption("panel.size")) == (None, None)


def test_words_have_names_and_unknown_words_stand_for_themselves() -> None:
    known = law("")

    assert [known.label("roles", "station"), known.label("roles", "mayor"), known.label("none", "x")] == [
        "监督站",
        "mayor",
        "x",
    ]


def test_a_vocabulary_can_be_listed() -> None:
    assert law("").labels("project_kinds") == {"municipal": "市政工程", "housing": "房屋建筑工程"}


ODD_FACTS = [
    ("panel.size", {"main": "5", "extras": 0}),
    ("panel.size", {"main": True, "extras": 0}),
    ("panel.size", {"main": 5}),
    ("panel.size", {"main": 5, "extras": 0, "weather": "fine"}),
    ("draw.units", {"units": [("甲",)]}),
    ("draw.units", {"units": "甲乙"}),
    ("draw.breadth", {"kinds": {"甲": "三"}}),
    ("confirmation.window", {"delivered_at": "昨天", "at": datetime(2025, 6, 10, tzinfo=CHINA)}),
    (
        "scope.coverage",
        {"project_kind": "municipal", "division": "370200", "on": datetime(2025, 6, 10, tzinfo=CHINA)},
    ),
]


@pytest.mark.parametrize(("key", "facts"), ODD_FACTS)
@pytest.mark.parametrize("rules", ["", SIZE])
def test_a_fact_that_is_unknown_missing_or_of_another_type_is_an_error_whether_the_pack_speaks_or_not(
    rules: str, key: str, facts: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match=f"^{key} 的事实"):
        law(rules).judge(key, **facts)


def test_facts_of_their_types_are_taken() -> None:
    at = datetime(2025, 6, 10, tzinfo=CHINA)

    for delivered_at in (None, at):
        law(WINDOW).judge("confirmation.window", delivered_at=delivered_at, at=at)
    law("").judge("draw.units", units=[("甲", "示例院"), ["乙", "示例院"]])
    law("").judge("draw.breadth", kinds={"甲": 3})
