"""No two files import each other, whichever way around; what is imported inside a function or for types alone counts too."""

import ast
from collections.abc import Iterator, Mapping

from tests.house.tree import modules

Graph = Mapping[str, set[str]]


def name_of(path: str) -> str:
    return "lunheng." + path.removesuffix(".py").replace("/", ".")


def imported(tree: ast.Module) -> Iterator[str]:
    """Every dotted name that a module might import: the module itself, and each name in it, which may be a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def graph_of(trees: Mapping[str, ast.Module]) -> Graph:
    """Which files each file imports; a package's own ``__init__`` only names what its files hold."""
    files = {name_of(path): tree for path, tree in trees.items() if not path.endswith("__init__.py")}
    return {name: set(imported(tree)) & files.keys() - {name} for name, tree in files.items()}


def in_circles(graph: Graph) -> list[str]:
    """What is left when, again and again, every file is taken away that imports nothing that is left, or that nothing imports."""
    left = {name: set(to) for name, to in graph.items()}
    while True:
        reached = set().union(*left.values()) if left else set()
        loose = {name for name, to in left.items() if not to or name not in reached}
        if not loose:
            return sorted(left)
        left = {name: to - loose for name, to in left.items() if name not in loose}


def test_no_files_import_each_other_in_a_circle() -> None:
    assert in_circles(graph_of(modules())) == []


def test_a_circle_is_found_wherever_the_import_stands() -> None:
    sources = {
        "a/one.py": "def f():\n    from lunheng.a import two",
        "a/two.py": "if TYPE_CHECKING:\n    from lunheng.a.three import X",
        "a/three.py": "import lunheng.a.one",
        "a/four.py": "from lunheng.a import one",
        "a/five.py": "import json",
    }
    graph = graph_of({path: ast.parse(text) for path, text in sources.items()})
    assert in_circles(graph) == ["lunheng.a.one", "lunheng.a.three", "lunheng.a.two"]
