"""Names: written in one way however they were typed, found by one key, and nothing in them that nobody can see or print."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.core.identity import Unfit, clean_name, clean_unit_name, folded

DOTS = "·・•‧.．∙⋅･●◦․｡"


def why(name: Any) -> str:
    with pytest.raises(Unfit) as found:
        clean_name(name)
    return found.value.in_one_line


@pytest.mark.parametrize("dot", DOTS, ids=ascii)
@pytest.mark.parametrize("space", ["", " ", "\u3000", "\u200b"], ids=ascii)
def test_g12_however_the_dot_is_typed_the_name_is_one(dot: str, space: str) -> None:
    assert clean_name(f"阿依虚{space}{dot}{space}买买提拟") == "阿依虚·买买提拟"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张　拟三", "张拟三"),
        (" 张 拟 三 ", "张拟三"),
        ("张\u200b拟\ufeff三\u2060", "张拟三"),
        ("张\u00a0拟三\n", "张拟三"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("John  Smith", "John Smith"),
        ("J. R. Smith", "J. R. Smith"),
        ("Conan O'Brien-Xu", "Conan O'Brien-Xu"),
        ("Rene\u0301", "René"),
        ("⼭拟", "山拟"),
        ("ئايگۈل・مەمەت", "ئايگۈل·مەمەت"),
        ("阿依古丽", "阿依古丽"),
        ("拟", "拟"),
        ("བསྟན་འཛིན", "བསྟན་འཛིན"),
        ("ᠪᠠᠲᠤ", "ᠪᠠᠲᠤ"),
        ("ꀉꀊ", "ꀉꀊ"),
        ("〇拟", "〇拟"),
        ("拟三（申请入库）", "拟三（申请入库）"),
        ("拟三〔公示〕", "拟三〔公示〕"),
    ],
)
def test_g12_a_name_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "王䶮拟",
        "𠮷拟",
        "\U00031350拟",
        "\U0002ebf0拟",
        "\ufa19拟",
        "\uf9d1拟",
        "龍拟國",
        "龙拟国",
        "祂\U000e0100拟",
    ],
    ids=ascii,
)
def test_g12_rare_han_are_not_changed_into_others(name: str) -> None:
    assert clean_name(name) == name


def test_g12_traditional_and_simplified_stay_apart_in_the_key() -> None:
    assert folded("龍國") != folded("龙国")
    assert folded("\ufa19") == folded("神")


@pytest.mark.parametrize(
    ("sign", "told"),
    [
        ("😀", "“😀”（U+1F600，表情或图形符号）"),
        ("☑", "“☑”（U+2611，表情或图形符号）"),
        ("❤️", "“❤”（U+2764，表情或图形符号）"),
        ("🇨🇳", "“🇨”（U+1F1E8，表情或图形符号）"),
        ("\ue000", "（U+E000，专用区字符）"),
        ("\U000f0000", "（U+F0000，专用区字符）"),
        ("\u202e", "（U+202E，文字方向控制符）"),
        ("\u200f", "（U+200F，文字方向控制符）"),
        ("\u2066", "（U+2066，文字方向控制符）"),
        ("\x00", "（U+0000，控制字符）"),
        ("\x1b", "（U+001B，控制字符）"),
        ("\ud83d", "（U+D83D，不完整的编码）"),
        ("\U0001fffe", "（U+1FFFE，未定义的字符）"),
        ("\U000e0041", "（U+E0041，不可见的控制符）"),
        ("<", "“<”（U+003C，符号）"),
        ("，", "“，”（U+FF0C，符号）"),
        ("*", "“*”（U+002A，符号）"),
        ("١", "“١”（U+0661，符号）"),
        ("①", "“①”（U+2460，符号）"),
    ],
)
def test_g12_what_cannot_stand_in_a_name_is_named_with_its_place(sign: str, told: str) -> None:
    message = why(f"张{sign}三")
    assert message.startswith(f"姓名第2个字符{told}不能使用")
    assert message.encode()


@pytest.mark.parametrize(
    "given", [None, b"x", 1, 1.5, [], {}, Ellipsis, "", " ", "\u3000\u200b", "·", "12", "()"]
)
def test_g12_what_is_no_name_is_none(given: Any) -> None:
    assert why(given).startswith("没有填写姓名") or "间隔号" in why(given)


def test_g12_a_name_of_sixty_characters_fits_and_a_million_does_not() -> None:
    parts = "·".join(["阿卜杜热依木虚"] * 7 + ["拟买提"])
    assert (len(parts), clean_name(parts)) == (59, parts)
    assert why("张" * 65) == "姓名最多64字。核对姓名"
    assert why("😀" * 1_000_000) == "姓名最多64字。核对姓名"


@pytest.mark.parametrize("name", ["·买买提", "买买提·", "阿依··买买提", "阿依 · · 买买提"])
def test_g12_a_dot_stands_between_two_parts(name: str) -> None:
    assert "间隔号" in why(name)


def test_g12_a_pile_of_accents_is_no_name() -> None:
    assert "不能使用" in why("a" + "\u0301" * 40)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("虚构建设(集团)有限公司", "虚构建设（集团）有限公司"),
        ("虚构建设（ 集团 ）有限公司", "虚构建设（集团）有限公司"),
        ("虚构　建设\u200b有限公司", "虚构建设有限公司"),
        ("Ｆｉｃｔｉｏｎ Ｌｔｄ．", "Fiction Ltd."),
        ("虚构Ａ＆Ｂ咨询公司", "虚构A&B咨询公司"),
        ("虚构“一带一路”公司", "虚构“一带一路”公司"),
    ],
)
def test_g12_units_have_one_spelling_too(typed: str, kept: str) -> None:
    assert clean_unit_name(typed) == kept


@pytest.mark.parametrize("sign", ["😀", "\ue000", "\u202e", "\ud800", "\x07"], ids=ascii)
def test_g12_what_cannot_stand_in_a_units_name_is_named(sign: str) -> None:
    with pytest.raises(Unfit, match="单位名称第3个字符"):
        clean_unit_name(f"虚构{sign}公司")


@pytest.mark.parametrize(
    "other", ["虚构ABC・（青岛） 公司", "虚构ａｂｃ(青岛)公司", "虚 构 AbC\u200b（青岛）公司"]
)
def test_g12_the_key_sees_no_case_width_dot_or_space(other: str) -> None:
    assert folded(other) == folded("虚构abc（青岛）公司")


@given(st.text(st.characters(), max_size=40))
@settings(max_examples=300)
def test_g12_whatever_is_typed_is_kept_the_same_when_typed_again_or_refused(text: str) -> None:
    for reader in (clean_name, clean_unit_name):
        try:
            kept = reader(text)
        except Unfit as fault:
            assert fault.in_one_line.encode()
            continue
        assert reader(kept) == kept
        assert folded(kept) == folded(text) != ""
    assert folded(folded(text)) == folded(text)
