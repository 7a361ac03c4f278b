"""Official documents: typst templates filled with plain data become PDF/A-2b, the same bytes for the same data."""

import io
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from lunheng.web import fonts
from lunheng.web.wording import write_date, write_moment

TEMPLATES = Path(__file__).parent / "typst"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
UNDATED = 0
"""PDF/A wants a date; a document that was given none says 1970, which nobody takes for its own."""


class RenderingFault(Exception):
    """The document could not be set, for instance because no font has one of its characters."""


def templates() -> list[str]:
    """The names that ``render`` knows."""
    return sorted(path.stem for path in TEMPLATES.glob("*.typ") if path.stem != "base")


def render(template: str, data: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """The PDF/A-2b of an official document, for example ``render("report", {"title": …})``.

    ``data`` holds text, numbers, lists and mappings; moments and days (also in ISO form) are written in Chinese.
    A missing field is left out. ``proof`` (see ``documents.proofs``) puts the address of a receipt into the code in the
    corner and its digits below. ``at`` becomes the date inside the PDF; nothing else depends on when it is made.

    Raises:
        KeyError: no such template.
        RenderingFault: a character that no font has, or data of the wrong shape.
    """
    if template not in templates():
        raise KeyError(template)
    plain = written(dict(data))
    filled = {**plain, "qr": qr_code(plain)}
    with fonts.setting:
        try:
            made = fonts.compiler(str(TEMPLATES)).compile(
                input=str(TEMPLATES / f"{template}.typ"),
                format="pdf",
                sys_inputs={"data": json.dumps(filled, ensure_ascii=False), "fonts": fonts.AFTER_CHINESE},
                pdf_standards=fonts.STANDARD,
                timestamp=int(at.timestamp()) if at else UNDATED,
            )
        except typst.TypstError as error:
            raise RenderingFault(error.message) from error
    if not isinstance(made, bytes):
        raise RenderingFault(f"{template} gave no document")
    return made


def written(value: Any) -> Any:
    """The value with every moment and day as people write them."""
    if isinstance(value, Mapping):
        return {str(key): written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [written(inner) for inner in value]
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, date):
        return write_date(value)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return write_moment(datetime.fromisoformat(value))
    return value if isinstance(value, int | float | bool | None) else str(value)


def qr_code(data: Mapping[str, Any]) -> str:
    """The code in the corner: where the receipt of the document's entry is, or where to check its numbers; SVG."""
    address = getattr(settings, "SITE_ADDRESS", "")
    proof = data.get("proof") or {}
    numbers = [str(data[key]) for key in ("reference", "number") if data.get(key)]
    text = (
        proof.get("address") or f"{address}/verify/?{'&'.join(numbers)}"
        if address
        else " ".join(["论衡", *numbers])
    )
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", xmldecl=False, scale=4, border=1)
    return buffer.getvalue().decode()
