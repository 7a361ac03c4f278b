"""A template names a field only if the code that fills it gives it."""

import ast
import re
from pathlib import Path

import pytest

import lunheng
from lunheng.documents.rendering import TEMPLATES, templates

ROOT = Path(lunheng.__file__).parent
SOURCES = {
    "report": ("reports/queries.py", "report_data"),
    "opinion_form": ("reports/queries.py", "form_data"),
    "sign_in": ("meetings/queries.py", "sheet_data"),
}
"""Template → the function that gives its fields."""
BESIDE = {"questions", "proof", "qr", "title"}
"""Given beside the function: by the act, by ``printed_proof`` and by ``render`` itself."""
WAITING = {
    "report": {"attachments", "nodes", "organizer", "overview", "plan_sha256", "work"},
    "opinion_form": {"defects", "plan_sha256", "site_visit"},
    "sign_in": set(),
}
"""Fields that the templates set as soon as the forms give them; they may only become fewer."""
NO_CODE = {"draw_record"}
"""Templates that wait for the form that fills them; they may only become fewer."""


def named(template: str) -> set[str]:
    """The fields of the whole document that a template reads."""
    text = (TEMPLATES / f"{template}.typ").read_text()
    read = re.findall(r'(?:given|list-of)\(data, "(\w+)"\)|data\.at\("(\w+)"', text)
    facts = re.findall(r'\("[^"]+", "(\w+)"\)', text)
    return {one or other for one, other in read} | set(facts)


def given(path: str, function: str) -> set[str]:
    """The keys of the mapping that a function returns."""
    tree = ast.parse((ROOT / path).read_text())
    body = next(one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == function)
    returned = next(one.value for one in ast.walk(body) if isinstance(one, ast.Return))
    assert isinstance(returned, ast.Dict)
    return {str(key.value) for key in returned.keys if isinstance(key, ast.Constant)}


@pytest.mark.parametrize("template", SOURCES)
def test_a_template_names_what_its_code_gives(template: str) -> None:
    assert named(template) - given(*SOURCES[template]) - BESIDE == WAITING[template]


def test_every_template_has_code_that_fills_it() -> None:
    assert set(templates()) - set(SOURCES) == NO_CODE
