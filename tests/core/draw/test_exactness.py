"""The engine and its verifier reckon in whole numbers and fractions, and reach for nothing else."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lunheng.core import draw
from lunheng.verifiers import verify_draw

FILES = [*sorted(Path(draw.__file__).parent.glob("*.py")), Path(verify_draw.__file__)]
UNWANTED = {"os", "random", "secrets", "time", "datetime"}


def inexact(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"division in line {node.lineno}"
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"floating-point number in line {node.lineno}"
        if isinstance(node, ast.Name) and node.id == "float":
            yield f"float in line {node.lineno}"


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_there_is_no_floating_point_anywhere(file: Path) -> None:
    assert list(inexact(ast.parse(file.read_text("utf-8")))) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_only_the_standard_library_without_clock_and_dice_is_used(file: Path) -> None:
    used = set(imported(ast.parse(file.read_text("utf-8"))))

    assert used <= set(sys.stdlib_module_names) - UNWANTED
