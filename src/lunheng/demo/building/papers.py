"""Files that people of the demo hand in: small, readable, and marked as invented."""

import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import typst
from PIL import Image, ImageDraw
from pypdf import PdfReader

from lunheng.web.fonts import fonts_folders

PLAN_PARTS = {
    "overview": "工程概况",
    "basis": "编制依据",
    "schedule": "施工计划",
    "technique": "施工工艺技术",
    "safety": "施工安全保证措施",
    "staffing": "施工管理及作业人员配备和分工",
    "acceptance": "验收要求",
    "emergency": "应急处置措施",
    "calculations": "计算书及相关施工图纸",
}
"""The nine parts of a plan (31号（二）), one page each behind the title page."""

HEAD = """
#set document(title: "{title}", date: none)
#set page(paper: "a4", margin: 2.5cm, footer: context align(center, text(9pt, gray)[演示文件，内容均为虚构 · 第 #counter(page).display() 页]))
#set text(font: ("Noto Serif SC", "Noto Serif CJK SC", "Noto Sans SC"), size: 12pt, lang: "zh")
#set par(leading: 1em, first-line-indent: 2em)
#align(center, text(20pt, weight: "bold")[{title}])
#v(1em)
"""


def plan(title: str, *, number: int, note: str = "") -> bytes:
    """A plan of ten pages with its nine parts."""
    pages = [
        f"#pagebreak()\n= {label}\n"
        + _paragraphs(
            f"本章为“{title}”第{number}版的{label}。",
            "基坑开挖深度八米，采用钻孔灌注桩加两道混凝土内支撑，周边十五米内有既有管线，均为虚构。",
            note,
        )
        for label in PLAN_PARTS.values()
    ]
    return _set(f"{title}（第{number}版）", _paragraphs("编制单位、项目名称和数据均为虚构。"), *pages)


def approval(title: str, signer: str, day: datetime) -> bytes:
    """A page of approval."""
    return _set(
        f"{title}审批页", _paragraphs("审查意见：同意。", f"签字：{signer}（演示签章）", f"{day:%Y-%m-%d}")
    )


def sheet(title: str, lines: Sequence[str]) -> bytes:
    """Any sheet of lines: a sign-in sheet, a signed report, a proof."""
    return _set(title, _paragraphs(*lines))


def pages(content: bytes) -> int:
    """How many pages a file has."""
    return len(PdfReader(io.BytesIO(content)).pages)


@lru_cache(maxsize=8)
def photo(caption: str) -> bytes:
    """A picture of a meeting table, seen from above."""
    image = Image.new("RGB", (960, 640), (222, 226, 230))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((260, 220, 700, 420), 40, fill=(160, 120, 80))
    seats = [(200 + 130 * index, row) for index in range(5) for row in (130, 450)]
    for order, (left, top) in enumerate(seats):
        color = (70 + 12 * order, 90 + len(caption) % 60, 140)
        draw.ellipse((left, top, left + 60, top + 60), fill=color)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text.replace("#", "＃") for text in texts if text)


@lru_cache(maxsize=256)
def _set(title: str, *pages: str) -> bytes:
    source = HEAD.replace("{title}", title) + "\n".join(pages)
    made = typst.compile(source.encode(), format="pdf", font_paths=_fonts(), ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts_folders())
    )
