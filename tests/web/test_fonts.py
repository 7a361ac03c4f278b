"""What is accepted can be printed: asked at the field, of the fonts that are there."""

from pathlib import Path

import pytest
from django import forms
from pydantic import TypeAdapter, ValidationError

from lunheng.api.bounds import bounded
from lunheng.documents.rendering import render
from lunheng.reports.forms import ItemForm
from lunheng.web.fonts import unprintable
from lunheng.web.forms import Form
from tests.documents.test_rendering import text_of
from tests.house.test_reasons import subclasses

SHOWN = {
    "signs of calculations": "γ₀≥1.1，⌀48.3×3.6，N·mm⁻²，fₐₖ，√∑∫，φ₁≈½，∠30°，ℓ⟂⊕",
    "signs of lists": "☑☐☒✓①⑳❶▲★→⇒※",
    "Uyghur": "ئايگۈل ئەمەت",
    "Kazakh in Arabic script": "نۇرجان ٴومار",
    "Kazakh": "Қайрат Нұрланұлы",
    "Tibetan": "བསྟན་འཛིན་རྒྱ་མཚོ",
    "Mongolian": "ᠪᠠᠭᠠᠲᠤᠷ",
    "Yi": "ꆈꌠꁱꂷ",
    "Zhuang": "Cawzyinz Ƨƽ",
    "a telephone's pictures": "可行😀👷🏽‍♀️🚧",
    "signs upon signs": "Z̷̢̛a̴l̵g̶o̸",
    "rare Han of the standard table": "䶮𬭎𬱖㛃𫖯",
}
NOT_SHOWN = {
    "a private character": ("甲\ue001乙", "第2个字符（U+E001，专用区字符）"),
    "Han that no font has": ("王\U00033479", "第2个字符"),
    "a script of nobody here": ("甲乙ก", "第3个字符“ก”（U+0E01，文字）"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_g2_what_the_trade_and_our_jurisdictions_write_is_accepted_and_set(name: str) -> None:
    text = SHOWN[name]
    assert unprintable(text) is None
    assert render("opinion_form", {"title": text, "expert": text}).startswith(b"%PDF-1.7")


def test_g2_what_is_set_is_what_was_written(tmp_path: Path) -> None:
    text = SHOWN["signs of calculations"] + SHOWN["Yi"] + SHOWN["Kazakh"]
    document = render("opinion_form", {"title": "意见表", "expert": text})
    assert "".join(text.split()) in text_of(document, tmp_path)


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_g2_what_no_font_has_is_told_at_the_field(name: str) -> None:
    text, told = NOT_SHOWN[name]
    form = ItemForm({"place": "第3章", "problem": text, "advice": "补充验算", "is_required": "yes"})
    fault = str(unprintable(text))
    assert (fault[: len(told)], form.errors.get_json_data()["problem"][0]["message"]) == (
        told,
        f"“存在的问题”{fault}",
    )


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_g2_the_interface_lets_in_what_the_form_lets_in(name: str) -> None:
    reads = TypeAdapter(bounded("problem", str))
    assert [reads.validate_python(text) for text in SHOWN.values()] == [*SHOWN.values()]
    with pytest.raises(ValidationError, match="没有可用的字体"):
        reads.validate_python(NOT_SHOWN[name][0])


def test_g2_every_form_whose_text_is_kept_asks() -> None:
    searches = {"NarrowingForm", "VerifyForm", "CheckForm", "ClockForm"}
    plain = {
        f"{one.__module__}.{one.__name__}"
        for one in subclasses(forms.Form)
        if one.__module__.startswith("lunheng.")
        and not issubclass(one, Form)
        and one.__name__ not in searches
    }
    assert plain == set()


def test_the_first_of_several_is_told() -> None:
    fault = unprintable("一ก二\ue001")
    assert fault is not None
    assert (fault.place, fault.sign) == (2, "ก")
