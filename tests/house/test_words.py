"""One concept, one word; and the product speaks of itself only."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT, SOURCE, modules

GLOSSARY = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text("utf-8"))
AVOIDED = frozenset({word for entry in GLOSSARY.values() for word in entry["avoid"]})
MACHINE = re.compile(r"/(?:work|home|root|Users)/|https?://[^\s\"']*(?:pypi|npmjs|registry)[^\s\"']*")
OTHER_TEXT = (".html", ".js", ".css", ".toml", ".md", ".typ", ".mjs", ".json", ".sh")


def identifiers(tree: ast.Module) -> set[tuple[str, int]]:
    """Every name that a module gives or uses, with its line."""
    names: set[tuple[str, int]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add((node.id, node.lineno))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add((node.name, node.lineno))
        elif isinstance(node, ast.arg):
            names.add((node.arg, node.lineno))
    return names


@cache
def avoided_in(name: str) -> frozenset[str]:
    """The words of a name for which the glossary has another."""
    return frozenset(re.split(r"_|(?<=[a-z])(?=[A-Z])", name)) & AVOIDED


def test_identifiers_use_the_words_of_the_glossary() -> None:
    assert {
        f"{path}:{line} {name}": sorted(avoided)
        for path, tree in modules().items()
        for name, line in sorted(identifiers(tree))
        if (avoided := avoided_in(name))
    } == {}


def test_a_glossary_entry_is_complete() -> None:
    whole = {"chinese", "identifier", "avoid"}
    assert {
        entry: sorted(whole ^ set(given)) for entry, given in GLOSSARY.items() if set(given) != whole
    } == {}


def own_texts() -> list[Path]:
    folders = (SOURCE, ROOT / "packs", ROOT / "docs", ROOT / "tests", ROOT / "benchmarks")
    found = [path for folder in folders if folder.is_dir() for path in sorted(folder.rglob("*"))]
    return [
        path
        for path in found
        if path.is_file()
        and path.suffix in (".py", *OTHER_TEXT)
        and "dist" not in path.parts
        and path.name != "test_words.py"
    ]


def test_no_text_of_ours_names_a_machine_or_a_registry() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in own_texts()}
    assert {path: found for path, text in texts.items() if (found := MACHINE.findall(text))} == {}
