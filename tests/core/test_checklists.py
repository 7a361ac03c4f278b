"""The lists of severe defects and of major hazards: complete, cited, and matched to the kinds of works."""

import json
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from lunheng.core.checklists import ChecklistError, load_defects, load_hazards
from lunheng.core.clauses import Clause
from lunheng.core.scope import load_works

NATIONAL = Path(__file__).parents[2] / "packs" / "cn"
DEFECTS = load_defects((NATIONAL / "defects.toml").read_text("utf-8"))
HAZARDS = load_hazards((NATIONAL / "hazards.toml").read_text("utf-8"))
WORKS = load_works((NATIONAL / "works.toml").read_text("utf-8"))


def test_the_list_holds_eighty_severe_defects_in_ten_chapters() -> None:
    chapters = Counter(defect.id.rpartition("-")[0] for defect in DEFECTS.defects)
    assert chapters == {
        "SD-G": 17,
        "SD-P": 5,
        "SD-F": 6,
        "SD-L": 11,
        "SD-S": 5,
        "SD-D": 5,
        "SD-T": 11,
        "SD-C": 6,
        "SD-H": 5,
        "SD-ST": 9,
    }
    assert len(DEFECTS.defects) == 80


def test_the_numbers_of_a_chapter_run_without_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for defect in DEFECTS.defects:
        chapter, _, number = defect.id.rpartition("-")
        numbers.setdefault(chapter, []).append(int(number))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_no_two_items_say_the_same_within_their_chapter() -> None:
    said = Counter((defect.clause.title, defect.text) for defect in DEFECTS.defects)
    assert [words for words, times in said.items() if times > 1] == []


def test_the_day_from_which_the_list_binds_is_an_assumption() -> None:
    assert (DEFECTS.effective_from, DEFECTS.assumption) == (date(2024, 12, 1), True)
    assert "未经核实" in DEFECTS.note


def test_every_chapter_concerns_kinds_of_works_that_exist() -> None:
    assert {kind for defect in DEFECTS.defects for kind in defect.kinds} - set(WORKS.kinds) == set()


def test_a_plan_answers_the_general_chapter_and_that_of_its_kind() -> None:
    answered = Counter(defect.clause.title for defect in DEFECTS.for_kinds("deep_pit"))
    assert answered == {"通用": 17, "基坑工程": 5}


def test_a_plan_of_a_kind_without_chapter_answers_the_general_one() -> None:
    assert len(DEFECTS.for_kinds("precast")) == 17


def test_a_plan_of_two_kinds_answers_both_chapters_and_the_general_one_once() -> None:
    assert len(DEFECTS.for_kinds("steel_structure", "lifting")) == 17 + 11 + 9


def test_a_defect_is_cited_by_chapter_and_number() -> None:
    assert DEFECTS.defect("SD-F-05").clause == Clause("建办质〔2024〕63号", "附表第三章第5项", "模板支撑工程")


def test_the_standard_holds_fifty_three_hazards_by_article() -> None:
    articles = Counter(hazard.clause.number.partition("（")[0] for hazard in HAZARDS.hazards)
    assert articles == {
        "第四条": 5,
        "第五条": 4,
        "第六条": 4,
        "第七条": 3,
        "第八条": 9,
        "第九条": 5,
        "第十条": 2,
        "第十一条": 4,
        "第十二条": 2,
        "第十三条": 7,
        "第十四条": 3,
        "第十五条": 3,
        "第十六条": 1,
        "第十七条": 1,
    }
    assert len(HAZARDS.hazards) == 53


def test_the_day_of_the_standard_is_not_guessed() -> None:
    assert HAZARDS.effective_from is None


def test_a_hazard_is_cited_by_article_and_item() -> None:
    assert HAZARDS.hazard("4-4").clause == Clause("建质规〔2024〕5号", "第四条（四）", "施工安全管理")
    assert HAZARDS.hazard("16").clause.number == "第十六条"


def test_an_item_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(ChecklistError, match="清单中没有“SD-G-18”"):
        DEFECTS.defect("SD-G-18")
    with pytest.raises(ChecklistError, match="清单中没有“18”"):
        HAZARDS.hazard("18")


CHAPTER = '[[chapters]]\nnumber = "一"\nname = "通用"\n{scope}\ndefects = {{ SD-G-01 = "未说明概况" }}\n'
HEAD = 'document = "清单"\ntitle = "清单"\n'


def test_an_item_cannot_be_listed_twice() -> None:
    with pytest.raises(ChecklistError, match="“SD-G-01”重复"):
        load_defects(HEAD + CHAPTER.format(scope="every_kind = true") * 2)


@pytest.mark.parametrize("scope", ["", 'every_kind = true\nkinds = ["deep_pit"]'])
def test_a_chapter_says_for_which_works_it_holds(scope: str) -> None:
    with pytest.raises(ValidationError, match="只能取一"):
        load_defects(HEAD + CHAPTER.format(scope=scope))


@pytest.mark.parametrize("name", ["defects.toml", "hazards.toml"])
def test_a_list_kept_by_a_pinned_pack_reads_the_same(name: str) -> None:
    """A pinned pack keeps its tables as JSON with sorted keys and dates as text."""
    text = (NATIONAL / name).read_text("utf-8")
    kept = json.loads(json.dumps(tomllib.loads(text), sort_keys=True, default=str))
    load: Callable[[str], object] = load_defects if name == "defects.toml" else load_hazards
    assert load(kept) == load(text)


CITY_CHAPTER = (
    'document = "市清单"\ntitle = "市清单"\n[[chapters]]\nnumber = "甲"\nname = "本市"\n{scope}\n'
    'defects = {{ SD-G-01 = "{words}" }}\n'
)
WORDS, ONE, TWO, EVERY = (
    "未说明概况",
    'kinds = ["deep_pit"]',
    'kinds = ["deep_pit", "blasting"]',
    "every_kind = true",
)
FEWER = "减少了适用的工程类别"


@pytest.mark.parametrize(
    ("floor", "ours", "words", "fault"),
    [
        (ONE, ONE, WORDS, ""),
        (ONE, TWO, WORDS, ""),
        (ONE, EVERY, WORDS, ""),
        (EVERY, EVERY, WORDS, ""),
        (TWO, ONE, WORDS, FEWER),
        (EVERY, ONE, WORDS, FEWER),
        (EVERY, EVERY, "概况不全", "改动了“未说明概况”"),
        (ONE, ONE, "概况不全", "改动了“未说明概况”"),
    ],
)
def test_a_city_may_let_an_item_concern_more_works_but_neither_fewer_nor_others_words(
    floor: str, ours: str, words: str, fault: str
) -> None:
    layers = HEAD + CHAPTER.format(scope=floor), CITY_CHAPTER.format(scope=ours, words=words)
    if not fault:
        kept = load_defects(*layers).defects
        assert [(one.id, str(one.clause)) for one in kept] == [("SD-G-01", "《市清单》附表第甲章第1项")]
        return
    with pytest.raises(ChecklistError) as caught:
        load_defects(*layers)
    assert str(caught.value) == f"《市清单》附表第甲章第1项 放宽了国家规定 《清单》附表第一章第1项：{fault}"


def test_a_third_layer_is_held_to_the_second() -> None:
    city = CITY_CHAPTER.format(scope=TWO, words=WORDS)
    district = city.replace("市清单", "区清单").replace(TWO, ONE)
    with pytest.raises(ChecklistError, match=f"放宽了上层规定 《市清单》附表第甲章第1项：{FEWER}"):
        load_defects(HEAD + CHAPTER.format(scope=ONE), city, district)
