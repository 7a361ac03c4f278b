"""包的错误: what is wrong with a pack, where it stands in the text, and how to mend it."""

import re
from dataclasses import dataclass

from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a pack: file, key, line (0 when unknown), what is wrong, how to mend it (Chinese)."""

    file: str
    key: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file} 第{self.line}行" if self.line else self.file
        key = f" [{self.key}]" if self.key else ""
        return f"{where}{key}：{self.message}。改法：{self.remedy}"


class PackError(Exception):
    """A pack that cannot be used; `problems` lists every mistake found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def line_of(text: str, key: str, field: str = "") -> int:
    """The line (from 1) of a field in the table `[key]`, else of its header; 0 when neither is found."""
    lines = text.splitlines()
    start = _header(lines, key) if key else -1
    if key and start < 0:
        return 0
    return (_field(lines, start + 1, field) if field else 0) or start + 1


def _header(lines: list[str], key: str) -> int:
    header = re.compile(rf"^\s*\[\s*{re.escape(key)}\s*\]")
    return next((number for number, line in enumerate(lines) if header.match(line)), -1)


def _field(lines: list[str], start: int, field: str) -> int:
    wanted = re.compile(rf"^\s*{re.escape(field)}\s*=")
    for number, line in enumerate(lines[start:], start + 1):
        if line.lstrip().startswith("["):
            return 0
        if wanted.match(line):
            return number
    return 0


def fault_of(detail: ErrorDetails, file: str, key: str, text: str) -> Problem:
    """Translate one validation error into a problem with its line."""
    path = ".".join(str(part) for part in detail["loc"])
    field = str(detail["loc"][0]) if detail["loc"] else ""
    message, remedy = _wording(detail, path)
    return Problem(file, key, line_of(text, key, field), message, remedy)


def _wording(detail: ErrorDetails, path: str) -> tuple[str, str]:
    kind = detail["type"]
    if kind == "missing":
        return f"缺少必填项 {path}", _HOW_TO_FILL.get(path, f"补写 {path} = …（取值见 docs/packs.md）")
    if kind == "extra_forbidden":
        return f"不认识的项 {path}", "删去，或核对拼写；本规则可写的项见 docs/packs.md"
    if kind in ("literal_error", "enum"):
        return f"{path} 的值 {detail['input']!r} 不在许可范围", f"只能写 {detail['ctx']['expected']}"
    if kind == "value_error":
        return str(detail["ctx"]["error"]), "按提示改正"
    if kind == "string_too_short":
        return f"{path} 不得为空", _HOW_TO_FILL.get(path, f"写明 {path}")
    return (
        f"{path or '表'} 的值不合要求（{detail['msg']}）",
        "核对类型：文字加引号，数字、日期和真假值不加引号",
    )


_HOW_TO_FILL = {
    "clause": '写上原文的条款号，例如 clause = "二（二）"',
    "unit": '写明单位：unit = "hours" | "days" | "working_days" | "months" | "years"',
    "anchor": '写明从何时起算，例如 anchor = "meeting_end"',
    "direction": '写明方向：direction = "before" 或 "after"',
}
