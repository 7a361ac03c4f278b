"""No file is a drawer: the ceilings of the house."""

import ast

import pytest

from tests.house.tree import SOURCE, code_lines, functions, modules

FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers"}


@pytest.mark.parametrize("path", modules())
def test_no_function_is_longer_than_its_ceiling(path: str) -> None:
    ceiling = 40 if path.startswith("core/") else 50
    too_long = {
        node.name: code_lines(node) for node in functions(modules()[path]) if code_lines(node) > ceiling
    }
    assert too_long == {}


IN_PRODUCT = [path for path in modules() if not path.startswith("verifiers/")]
"""A verifier is carried away as one file, so it may be longer than a file that lives here."""


@pytest.mark.parametrize("path", IN_PRODUCT)
def test_no_file_holds_two_ideas(path: str) -> None:
    text = (SOURCE / path).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    documented = sum(
        len((ast.get_docstring(node, clean=False) or "").splitlines())
        for node in ast.walk(modules()[path])
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    )
    assert len(lines) - documented <= 400


@pytest.mark.parametrize("path", modules())
def test_no_file_is_named_after_nothing(path: str) -> None:
    assert FORBIDDEN_NAMES.isdisjoint(path.removesuffix(".py").split("/"))
