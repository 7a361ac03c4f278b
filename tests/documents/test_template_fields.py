"""A template and the type of its data name the same fields, in both directions: on the whole and in every row."""

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest

from lunheng.documents.papers import PRINTED, Form, Head
from lunheng.documents.rendering import TEMPLATES, templates
from lunheng.meetings.papers import SIGN_IN
from lunheng.panels.papers import DRAW_RECORD
from lunheng.procedures.papers import ISSUED
from lunheng.reports.papers import OPINION_FORM, REPORT

ALL: list[Form[Any]] = [
    ISSUED,
    REPORT,
    OPINION_FORM,
    SIGN_IN,
    DRAW_RECORD.form,
    *(one.form for one in PRINTED.values()),
]
FORMS: dict[str, Form[Any]] = {form.key: form for form in ALL}
SHARED = {"proof", "qr", *Head.__annotations__}
"""Beside the type: what every document bears, whether its template prints it or the paper itself does."""
LOOSE = {"name", "conclusion", "meeting", "reason", "sources"}
"""Of opinions that differ and of items: kept with the report as they were told, older reports without some."""


def text_of(template: str) -> str:
    """The template with what it takes from the shared part."""
    own = (TEMPLATES / f"{template}.typ").read_text()
    base = (TEMPLATES / "base.typ").read_text()
    for name in re.findall(r"#?(numbered-opinions|severe-defects)\(", own):
        own += re.findall(rf"#let {name}\(.*?\n\)\n", base, re.S)[0]
    return own


def named(template: str) -> set[str]:
    """The fields of the whole document that a template reads; number and reference stand in the head of each."""
    text = text_of(template)
    read = re.findall(r'(?:given|list-of)\(data, "(\w+)"\)|data\.at\("(\w+)"', text)
    facts = re.findall(r'\("[^"]+", "([a-z_0-9]+)"\)', text)
    return {one or other for one, other in read} | set(facts)


def named_in_rows(template: str) -> set[str]:
    """The fields that a template reads of the rows of its tables."""
    read = re.findall(r'given\((?!data)\w+, "(\w+)"\)|(?<!data)\.at\("(\w+)"', text_of(template))
    return {one or other for one, other in read} | set(re.findall(r"item\.(sources)", text_of(template)))


def row_types(data: type) -> list[type]:
    """The types of the rows."""
    hints = get_type_hints(data).values()
    return [part for hint in hints for part in get_args(hint) if is_typeddict(part)]


def test_every_template_is_of_a_declared_form() -> None:
    assert sorted(FORMS) == templates()


@pytest.mark.parametrize("key", FORMS)
def test_a_template_and_its_type_name_the_same_fields(key: str) -> None:
    typed = set(get_type_hints(FORMS[key].data))
    assert (named(key) - typed - SHARED, typed - named(key) - SHARED) == (set(), set())


@pytest.mark.parametrize("key", FORMS)
def test_a_row_and_its_type_name_the_same_fields(key: str) -> None:
    typed = {name for row in row_types(FORMS[key].data) for name in get_type_hints(row)}
    opinions = {"number", "place", "problem", "basis", "advice", "is_required"} if key == "report" else set()
    assert (named_in_rows(key) - typed - opinions - LOOSE, typed - named_in_rows(key)) == (set(), set())


@pytest.mark.parametrize(
    "form", [one for one in FORMS.values() if one is not ISSUED], ids=lambda one: one.key
)
def test_a_title_comes_from_the_pack(form: Form[Any]) -> None:
    """That of what a procedure hands out is its step's, in the pack too."""
    words = (Path(__file__).parents[2] / "packs" / "cn" / "vocabulary.toml").read_text("utf-8")
    assert re.search(rf'^{form.key} = "', words.partition("[forms]")[2], re.M) is not None
