"""No file is a drawer: the ceilings of the house."""

import ast

from tests.house.tree import SOURCE, code_lines, functions, modules

FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers"}


def ceiling(path: str) -> int:
    """How many lines of code a function may have."""
    return 40 if path.startswith("core/") else 50


def lines_of(path: str, tree: ast.Module) -> int:
    """Lines of a file that are neither empty nor comment nor docstring."""
    text = (SOURCE / path).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    documented = sum(
        len((ast.get_docstring(node, clean=False) or "").splitlines())
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    )
    return len(lines) - documented


def test_no_function_is_longer_than_its_ceiling() -> None:
    assert {
        f"{path}:{node.lineno} {node.name}": code_lines(node)
        for path, tree in modules().items()
        for node in functions(tree)
        if code_lines(node) > ceiling(path)
    } == {}


def test_no_file_holds_two_ideas() -> None:
    """A verifier is carried away as one file, so it may be longer than a file that lives here."""
    counted = {
        path: lines_of(path, tree) for path, tree in modules().items() if not path.startswith("verifiers/")
    }
    assert {path: lines for path, lines in counted.items() if lines > 400} == {}


def test_no_file_is_named_after_nothing() -> None:
    assert [path for path in modules() if FORBIDDEN_NAMES & set(path.removesuffix(".py").split("/"))] == []
