"""A list as an Excel workbook: one sheet, a head, rows; no cell is taken for a formula."""

import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook  # type: ignore[import-untyped]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters that no workbook holds."""
NO_TITLE = re.compile(r"[\[\]:*?/\\']")
LONGEST_TITLE, LONGEST_CELL = 31, 32_767
Value = str | int


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """The workbook as bytes; rows are written as they come, so that a long list is never held as cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NO_TITLE.sub("", title)[:LONGEST_TITLE] or "名单")
    sheet.append([safe(head) for head in heads])
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def safe(cell: Value) -> Value:
    """A number as it is; text that a spreadsheet would take for a formula is marked as text."""
    if not isinstance(cell, str):
        return cell
    text = UNWRITABLE.sub("", cell)
    return (f"'{text}" if text.startswith(FORMULA) else text)[:LONGEST_CELL]
