"""The places of the source from which rows are written, as its syntax tells them."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import lunheng

ROOT = Path(lunheng.__file__).parent
OF_ACTS = {"actions", "models", "chance", "migrations"}
"""Folders and modules that write as part of acts; the walk tells what they write."""
BEFORE_THE_LEDGER = "demo/building/"
"""Rows of the demo, taken over when it is built."""
VERBS = {
    "create", "bulk_create", "get_or_create", "update_or_create", "save", "delete", "bulk_update", "create_account",
}  # fmt: skip
STATEMENTS = ("INSERT ", "UPDATE ", "DELETE ")


def doors() -> list[str]:
    """Who hands lines to the ledger: file and function."""
    return _places(lambda node: _names(node) in ({"append"}, {"append_many"}), "append|lunheng.ledger.models")


def keepers() -> list[str]:
    """Who calls the door of the registers."""
    wanted = [{"written"}, *({"registers", verb} for verb in ("enter", "keep", "take_over", "written"))]
    return _places(lambda node: _names(node) in wanted, "registers")


def writers() -> list[str]:
    """Who writes rows outside of acts and of what acts call."""
    return [
        place
        for place in _places(_is_write, "django|lunheng")
        if not OF_ACTS & set(place.partition(" ")[0].removesuffix(".py").split("/"))
        and not place.startswith(BEFORE_THE_LEDGER)
    ]


def _places(is_wanted: Callable[[ast.AST], bool], imports: str) -> list[str]:
    """File and function of every place."""
    found = {
        f"{path} {function.name}"
        for path, function in _functions(imports)
        if any(is_wanted(node) for node in ast.walk(function))
    }
    return sorted(found)


def _functions(imports: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the files that import this module."""
    for path in ROOT.rglob("*.py"):
        text = path.read_text("utf-8")
        if not re.search(rf"^\s*(from|import) .*\b{imports}\b", text, re.MULTILINE):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                yield path.relative_to(ROOT).as_posix(), node


def _names(node: ast.AST) -> set[str]:
    """What is called: a name, or a name and its attribute."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return {name}
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)):
            return {name, attribute}
    return set()


def _is_write(node: ast.AST) -> bool:
    """A verb of the database (of ``update`` the one that names columns), or a statement in its own language."""
    match node:
        case ast.Call(func=ast.Attribute(attr="update"), args=[], keywords=[_, *_]):
            return True
        case ast.Call(func=ast.Attribute(attr=verb)):
            return verb in VERBS
        case ast.Constant(value=str(text)):
            return text.lstrip().startswith(STATEMENTS)
    return False
