"""What can be printed: the fonts that this deployment really has, and whether they show a text.

A text is tried as the official documents set it, by the program that sets them. What GB 2312 holds is not tried: without
the fonts for it the site does not start.
"""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst
from django.conf import settings

from lunheng.core.identity.signs import named

STANDARD: Literal["a-2b"] = "a-2b"
HEAVY = ("noto-serif-sc", "noto-sans-sc")
"""Families of which the npm packages hold sixteen weights of 10 MB each; two of them are set."""
WEIGHTS = ("400Regular", "700Bold")
OTHERS = (
    "noto-serif", "noto-sans", "noto-naskh-arabic", "noto-serif-tibetan", "noto-sans-mongolian", "noto-sans-yi",
    "noto-sans-math", "noto-sans-symbols", "noto-sans-symbols-2", "noto-emoji",
)  # fmt: skip
"""The scripts of our jurisdictions beside Chinese, the signs of calculations and lists, and a telephone's pictures."""
AFTER_CHINESE = json.dumps(
    [
        "Noto Serif", "Noto Sans", "Noto Naskh Arabic", "Noto Serif Tibetan", "Noto Sans Mongolian", "Noto Sans Yi",
        "Noto Sans Math", "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Emoji", "HanaMinA", "HanaMinB", "BabelStone Han",
    ]
)  # fmt: skip
"""The families in the order in which a sign is looked for, in every document and in every trial."""
SYSTEM = tuple(
    Path("/usr/share/fonts") / folder
    for folder in ("opentype/noto", "truetype/hanazono", "truetype/babelstone-han")
)
"""Where Debian puts Chinese fonts, those for rare Han (``fonts-hanazono``, ``fonts-babelstone-han``) among them."""
TRIED_AT_ONCE = 200
KEPT = 20_000

setting = threading.Lock()
"""The compiler keeps what it read, and is no good to two threads at once."""
_SOURCE = Path(__file__).parent / "printable.typ"
_CLUSTER = re.compile(r"(?s).[\u0300-\u036f\u20d0-\u20ff\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
"""A sign with what is set upon it."""
_shown: dict[str, bool] = {}
"""What was tried in this process; its fonts do not change while it runs."""


@dataclass(frozen=True)
class Unprintable:
    """The first sign of a text for which there is no font."""

    place: int
    """Counted from one."""
    sign: str

    def __str__(self) -> str:
        """What is wrong and what to do."""
        told = f"第{self.place}个字符{named(self.sign[0])}没有可用的字体，印不进正式文书"
        return f"{told}；请改用能打印的字符，或用文字说明"


def unprintable(text: str) -> Unprintable | None:
    """What of a text no document could show; nothing where all of it can be printed."""
    rare = {found.group(): found.start() for found in reversed([*_rare(text)])}
    untried = [one for one in rare if one not in _shown]
    for begin in range(0, len(untried), TRIED_AT_ONCE):
        _try(untried[begin : begin + TRIED_AT_ONCE])
    hidden = [(place, one) for one, place in rare.items() if not _shown[one]]
    place, sign = min(hidden, default=(-1, ""))
    if len(_shown) > KEPT:
        _shown.clear()
    return Unprintable(place + 1, sign) if hidden else None


def _rare(text: str) -> Iterator[re.Match[str]]:
    """What GB 2312 does not hold; most texts have none, and are looked at once."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        for found in _CLUSTER.finditer(text):
            if not _is_common(found.group()):
                yield found


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _try(signs: Sequence[str]) -> None:
    """Set them; where that fails, halves of them, until those that fail are alone."""
    if _can_be_set(signs):
        _shown.update(dict.fromkeys(signs, True))
    elif len(signs) == 1:
        _shown[signs[0]] = False
    else:
        middle = len(signs) // 2
        _try(signs[:middle])
        _try(signs[middle:])


def _can_be_set(signs: Sequence[str]) -> bool:
    shown = {"data": json.dumps(signs, ensure_ascii=False), "fonts": AFTER_CHINESE}
    with setting:
        try:
            compiler(str(_SOURCE.parent)).compile(
                input=str(_SOURCE), format="pdf", sys_inputs=shown, pdf_standards=STANDARD, timestamp=0
            )
        except typst.TypstError:
            return False
    return True


def fonts_folders() -> list[str]:
    """Folders to look for fonts in: what the deployer gives comes first, the system's last."""
    folders = []
    for given in map(Path, settings.FONTS_DIRECTORIES):
        packed = [given / family / weight for family in HEAVY for weight in WEIGHTS]
        packed += [given / family / WEIGHTS[0] for family in OTHERS]
        present = [folder for folder in packed if folder.is_dir()]
        folders += present or ([given] if given.is_dir() else [])
    return [str(folder) for folder in [*folders, *SYSTEM] if folder.is_dir()]


@lru_cache(maxsize=2)
def compiler(root: str) -> typst.Compiler:
    """The setter of documents below a folder, with these fonts and no others; hold ``setting`` while it works."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts_folders())
    )
    return typst.Compiler(root=root, font_paths=fonts, ignore_system_fonts=True)
