"""One function is one legal act: every public function in ``actions`` is made by the one decorator, or by the one for
answers to deadlines, which is made of it."""

import ast

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


def faults(node: ast.FunctionDef) -> list[str]:
    """What an act lacks."""
    named = dict(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
    asked = {argument.arg: default for argument, default in named.items()}
    found = {
        "decorated with act(…) or answers(…), once and alone": decorators(node) not in (["act"], ["answers"]),
        "actor and at by keyword": not {"actor", "at"} <= set(asked),
        "actor and at without a default": (asked.get("actor"), asked.get("at")) != (None, None),
        "nothing by position": node.args.args != [],
        "a docstring": not ast.get_docstring(node),
    }
    return [lacking for lacking, is_so in found.items() if is_so]


def test_a_public_function_of_actions_is_an_act() -> None:
    found = {f"{path}:{node.lineno} {node.name}": faults(node) for path, node in ACTS}
    assert {place: lacking for place, lacking in found.items() if lacking} == {}
