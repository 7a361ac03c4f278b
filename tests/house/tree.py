"""The product's own source, as the tests of the house read it."""

import ast
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lunheng"
BUSINESS_APPS = (
    "cases", "notices", "documents", "messaging", "procedures", "pools", "works", "experts", "institutions", "panels", "plans", "assignments",
    "meetings", "reports", "supervision", "training", "complaints", "appraisal", "desk", "portal",
)  # fmt: skip


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """Every module of the product by path relative to the source, migrations left out."""
    paths = (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text("utf-8")) for path in paths}


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Every function and method of a module."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def code_lines(node: ast.FunctionDef) -> int:
    """Lines of a function that are code: no docstring, no blank line inside it counted."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    lines = {
        line for part in body for item in ast.walk(part) if hasattr(item, "lineno") for line in (item.lineno,)
    }
    return len(lines)
