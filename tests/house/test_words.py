"""One concept, one word; and the product speaks of itself only."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, modules

GLOSSARY = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text("utf-8"))
AVOIDED = sorted({word for entry in GLOSSARY.values() for word in entry["avoid"]})
MACHINE = re.compile(r"/(?:work|home|root|Users)/|https?://[^\s\"']*(?:pypi|npmjs|registry)[^\s\"']*")
OTHER_TEXT = (".html", ".js", ".css", ".toml", ".md", ".typ", ".mjs", ".json", ".sh")


def identifiers(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names


@pytest.mark.parametrize("path", modules())
def test_identifiers_use_the_words_of_the_glossary(path: str) -> None:
    used = {
        word
        for name in identifiers(modules()[path])
        for word in AVOIDED
        if word in re.split(r"_|(?<=[a-z])(?=[A-Z])", name)
    }
    assert used == set()


@pytest.mark.parametrize("entry", GLOSSARY)
def test_a_glossary_entry_is_complete(entry: str) -> None:
    assert set(GLOSSARY[entry]) == {"chinese", "identifier", "avoid"}


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
    assert {
        str(path.relative_to(ROOT)): MACHINE.findall(path.read_text("utf-8"))
        for path in own_texts()
        if MACHINE.search(path.read_text("utf-8"))
    } == {}
