"""Small changes of a source file, one at a time: what somebody might get wrong, or take away."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

OPPOSITE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
QUERIES = frozenset({"filter", "exclude", "get"})


@dataclass(frozen=True)
class Change:
    """One place of one file, and what stands there instead."""

    file: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int
    written: str
    """The line of the file, without its margin."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} [{self.kind}] {_short(self.before)} → {_short(self.after)}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stays the same when lines above it come and go."""
        return self.file, self.kind, self.written, f"{_short(self.before)} → {_short(self.after)}"

    def applied(self, source: bytes) -> bytes:
        """The file with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]


def _short(text: str) -> str:
    return " ".join(text.split())[:160]


class Source:
    """One file and the changes that can be made to it."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file, self.content = file, content
        self.begins = [0]
        for line in content.splitlines(keepends=True):
            self.begins.append(self.begins[-1] + len(line))

    def changes(self) -> Iterator[Change]:
        """Every one."""
        for node in ast.walk(ast.parse(self.content)):
            yield from self._of_node(node)

    def _of_node(self, node: ast.AST) -> Iterator[Change]:
        if isinstance(node, ast.Expr) and _calls(node.value, "require"):
            yield self._change(node, "drop a guard", "pass")
        elif isinstance(node, ast.If | ast.IfExp):
            yield self._change(node.test, "negate", f"not ({self._text(node.test)})")
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = self._text(node.left), self._text(node.comparators[0])
            yield self._change(node, "compare", f"({left} {OPPOSITE[type(node.ops[0])]} {right})")
        elif isinstance(node, ast.Call):
            yield from self._of_query(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
            instead = not node.value if isinstance(node.value, bool) else node.value + 1
            yield self._change(node, "constant", str(instead))
        elif isinstance(node, ast.FunctionDef):
            yield from self._of_function(node)

    def _of_query(self, node: ast.Call) -> Iterator[Change]:
        """Without one of its conditions a query finds what belongs to others."""
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES):
            return
        for left_out in node.keywords:
            rest = [self._text(one) for one in (*node.args, *node.keywords) if one is not left_out]
            yield self._change(node, "drop a condition", f"{self._text(node.func)}({', '.join(rest)})")

    def _of_function(self, node: ast.FunctionDef) -> Iterator[Change]:
        """A procedure that does nothing; what returns a value would only crash."""
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if body and isinstance(node.returns, ast.Constant) and node.returns.value is None:
            yield self._change(body[0], "return early", "return", whole=f"def {node.name}")

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt | ast.keyword)
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self.begins[node.lineno - 1] + node.col_offset
        return start, self.begins[node.end_lineno - 1] + node.end_col_offset

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.content[start:end].decode()

    def _change(self, node: ast.expr | ast.stmt, kind: str, after: str, whole: str = "") -> Change:
        start, end = self._span(node)
        line = self.content.splitlines()[node.lineno - 1].decode().strip()
        return Change(self.file, node.lineno, kind, whole or self._text(node), after, start, end, line)


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
