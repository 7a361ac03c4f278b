"""Signs: full width and half width, what nobody sees, and how a sign is told to a person."""

import unicodedata

LONGEST_GIVEN = 200
"""Nobody types more than this where a key or a name is asked; what is longer is not looked at."""
WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width ASCII to ASCII; nothing else is a digit or a letter of a key (Arabic-Indic, circled, mathematical)."""
INVISIBLE = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f")
"""What copying leaves behind; it tells nothing apart."""
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MASKS = frozenset("*＊×✱✲✳∗⁎●○■□█▇•#")
HAN_PLANES = range(0x20000, 0x3FFFE)
"""Planes 2 and 3 hold Han alone; extensions that the standard library does not know yet are Han too."""
_KINDS = {
    "Cs": "不完整的编码", "Co": "专用区字符", "Cn": "未定义的字符", "Cc": "控制字符", "Cf": "不可见的控制符",
    "So": "表情或图形符号", "Sk": "表情或图形符号", "Me": "表情或图形符号",
}  # fmt: skip


def is_space(sign: str) -> bool:
    """Whether it is a space of any width, a tab or the end of a line."""
    return sign in "\t\n\r\x0b\x0c\x85" or unicodedata.category(sign) in ("Zs", "Zl", "Zp")


def canonical(given: object) -> str:
    """A key as it is written and compared: half width, upper case, no spaces, nothing invisible; "" for what is no text."""
    if not isinstance(given, str):
        return ""
    kept = (sign for sign in given[:LONGEST_GIVEN].translate(WIDTHS) if sign not in INVISIBLE)
    return "".join(sign.upper() if sign.isascii() else sign for sign in kept if not is_space(sign))


def category(sign: str) -> str:
    """The general category, with every sign of the Han planes a letter."""
    code = ord(sign)
    if code in HAN_PLANES and code & 0xFFFE != 0xFFFE:
        return "Lo"
    return unicodedata.category(sign)


def named(sign: str) -> str:
    """A sign as a person can find it: itself where it can be shown, its number, and what it is."""
    found = category(sign)
    kind = (
        "文字方向控制符" if sign in DIRECTIONS else _KINDS.get(found, "文字" if found[0] == "L" else "符号")
    )
    shown = f"“{sign}”" if sign.isprintable() and found not in ("Co", "Cs", "Cn") else ""
    return f"{shown}（U+{ord(sign):04X}，{kind}）"
