"""One function is one legal act: every public function in ``actions`` is made by the one decorator."""

import ast

import pytest

from tests.house.tree import modules


def acting_functions() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path, tree in modules().items():
        parts = path.split("/")
        if len(parts) > 1 and (parts[1] == "actions.py" or parts[1] == "actions"):
            found += [
                (path, node)
                for node in tree.body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            ]
    return found


ACTS = acting_functions()


def decorators(node: ast.FunctionDef) -> list[str]:
    return [
        call.func.id
        for call in node.decorator_list
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    ]


def test_there_are_acts() -> None:
    assert len(ACTS) > 40


@pytest.mark.parametrize(("path", "node"), ACTS, ids=[f"{path}:{node.name}" for path, node in ACTS])
def test_a_public_function_of_actions_is_an_act(path: str, node: ast.FunctionDef) -> None:
    keyword_only = {argument.arg for argument in node.args.kwonlyargs}
    assert decorators(node) == ["act"]
    assert {"actor", "at"} <= keyword_only
    assert node.args.args == []
    assert ast.get_docstring(node)


@pytest.mark.parametrize(("path", "node"), ACTS, ids=[f"{path}:{node.name}" for path, node in ACTS])
def test_actor_and_moment_have_no_default(path: str, node: ast.FunctionDef) -> None:
    defaults = dict(
        zip([argument.arg for argument in node.args.kwonlyargs], node.args.kw_defaults, strict=True)
    )
    assert (defaults["actor"], defaults["at"]) == (None, None)
