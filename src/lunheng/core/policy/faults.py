"""包的错误: what is wrong with a pack, where it stands in the text, and how to mend it."""

import re
from dataclasses import dataclass

from pydantic_core import ErrorDetails

from lunheng.core.conditions import KINDS_OF_TEST


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a pack: file, key, line (0 when unknown), what is wrong, how to mend it (Chinese).

    `pack` names the layer whose file it is, where that is known.
    """

    file: str
    key: str
    line: int
    message: str
    remedy: str
    pack: str = ""

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
    """The line (from 1) of a field in the table `[key]`, else of its header; 0 when neither is found.

    A key that heads no table is looked for as the identifier or number of a row, then as a field of any table.
    """
    lines = text.splitlines()
    start = _header(lines, key) if key else -1
    if key and start < 0:
        return _named(lines, key)
    return (_field(lines, start + 1, field) if field else 0) or start + 1


def _header(lines: list[str], key: str) -> int:
    header = re.compile(rf"^\s*\[\s*{re.escape(key)}\s*\]")
    return next((number for number, line in enumerate(lines) if header.match(line)), -1)


def _named(lines: list[str], key: str) -> int:
    name = re.escape(key)
    for pattern in (
        rf'^\s*(id|number)\s*=\s*"{name}"',
        rf'^\s*"?{name}"?\s*=',
        rf"^\s*\[\[\s*{name}\s*\]\]",
        rf'[{{,]\s*"?{name}"?\s*=',
    ):
        for number, line in enumerate(lines, 1):
            if re.search(pattern, line):
                return number
    return 0


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
    field = str(detail["loc"][0]) if detail["loc"] else ""
    message, remedy = worded(detail)
    return Problem(file, key or field, line_of(text, key, field), message, remedy)


def worded(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and how to mend it, in Chinese, of one validation error."""
    path = ".".join(str(part) for part in detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return f"缺少必填项 {path}", _HOW_TO_FILL.get(path, f"补写 {path} = …（取值见 docs/packs.md）")
    if kind == "extra_forbidden":
        return f"不认识的项 {path}", "删去，或核对拼写；本规则可写的项见 docs/packs.md"
    if kind in ("literal_error", "enum"):
        lawful = re.findall(r"'([^']*)'", str(context["expected"]))
        message = f"{path} 的值“{detail['input']}”不在许可范围"
        return message, "只能写 " + "、".join(f'"{word}"' for word in lawful)
    if kind == "value_error":
        return str(context["error"]), "按提示改正"
    if kind == "string_too_short":
        return f"{path} 不得为空", _HOW_TO_FILL.get(path, f"写明 {path}")
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return f"{path} 不是认识的检验", f"只能写 parameter 和 {'、'.join(KINDS_OF_TEST[:-1])} 之一，或写 yes"
    if kind == "string_pattern_mismatch":
        return f"{path} 的值“{detail['input']}”写法不对", _PATTERNS.get(
            str(context["pattern"]), f"核对 {path} 的写法"
        )
    phrase = _PHRASES.get(kind, "写法不对").format(**context)
    remedy = (
        "核对类型：文字加引号，数字、日期和真假值不加引号"
        if "为" in phrase
        else f"把 {path} 改为合乎要求的值"
    )
    return f"{path or '表'} 的值不合要求（{phrase}）", remedy


_PHRASES = {
    "string_type": "须为文字",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_from_float": "须为整数",
    "bool_type": "须为 true 或 false",
    "bool_parsing": "须为 true 或 false",
    "list_type": "须为方括号中的一列",
    "tuple_type": "须为方括号中的一列",
    "dict_type": "须为表",
    "model_type": "须为表",
    "model_attributes_type": "须为表",
    "date_type": "须为日期，如 2025-01-08",
    "date_parsing": "须为日期，如 2025-01-08",
    "date_from_datetime_parsing": "须为日期，如 2025-01-08",
    "time_type": "须为时刻，如 08:00",
    "time_parsing": "须为时刻，如 08:00",
    "datetime_type": "须为带时区的时刻",
    "datetime_parsing": "须为带时区的时刻",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "too_short": "至少写 {min_length} 项",
    "too_long": "至多写 {max_length} 项",
}
"""Kind of a validation error → what it wants, in Chinese."""

_PATTERNS = {
    r"^[a-z0-9-]+$": "只用小写英文字母、数字和连字符，与文件夹同名",
    r"^\d{6}$": "写六位数字的行政区划代码，例如 370200",
}
"""Pattern → what to write instead, in Chinese."""

_HOW_TO_FILL = {
    "clause": '写上原文的条款号，例如 clause = "二（二）"',
    "unit": '写明单位：unit = "hours" | "days" | "working_days" | "months" | "years"',
    "anchor": '写明从何时起算，例如 anchor = "meeting_end"',
    "direction": '写明方向：direction = "before" 或 "after"',
}
