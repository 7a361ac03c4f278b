"""姓名和单位名称: written in one way, and compared by one folded key.

Names stay what they are: rare Han and traditional characters are not changed into others. What only looks different
(width, kind of middle dot, spaces, what nobody sees) is made the same; what cannot be printed, or turns the page around,
is refused and named.
"""

import re
import unicodedata
from dataclasses import dataclass

from lunheng.core.identity.faults import Masked, Unfit
from lunheng.core.identity.signs import (
    DIRECTIONS,
    INVISIBLE,
    LONGEST_GIVEN,
    MASKS,
    WIDTHS,
    category,
    is_space,
    named,
)

DOT = "·"
LONGEST_PERSON, LONGEST_UNIT = 64, 120
MOST_MARKS = 5
"""Signs above and below one letter; no script of ours has more."""
_DOTS = "·\u0387\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2981\u2e30\u2e31\u2e33\u30fb\uff65\ua78f\u1427\uff61\u26ab"
_AS_DOT = dict.fromkeys(map(ord, _DOTS), DOT)
_PERIODS = ".．。"
_COMPATIBILITY_HAN = re.compile(r"([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_JOINERS = frozenset("\u180e\u200c\u200d")
"""Invisible, and yet part of how Arabic and Mongolian script are written."""
_KEYS_DROP = frozenset(f"{DOT}.-‐‑'’ʼ\u0640")


@dataclass(frozen=True)
class _Kind:
    """What is allowed in a name of this kind beside letters and marks."""

    what: str
    longest: int
    signs: frozenset[str]
    categories: frozenset[str]


_PERSON = _Kind("姓名", LONGEST_PERSON, frozenset("·-‐‑'’ʼ.〇\u0f0b\u0f0c"), frozenset({"Ps", "Pe"}))
_UNIT = _Kind(
    "单位名称", LONGEST_UNIT, frozenset("+〇"), frozenset({"Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Pc", "Nl"})
)


def clean_name(given: object) -> str:
    """The name of a person as it is kept: 阿依古丽·买买提, however the dot was typed.

    Raises:
        Unfit: no name, too long, or a sign that cannot stand in a name, which is named with its place.
    """
    name = _cleaned(given, _PERSON)
    if name[0] == DOT or name[-1] == DOT or DOT * 2 in name:
        raise Unfit("姓名中的间隔号“·”须在两部分之间", "核对姓名", name)
    return name


def clean_unit_name(given: object) -> str:
    """The name of a unit as it is kept; brackets are full width where the name is Chinese.

    Raises:
        Unfit: no name, too long, or a sign that cannot stand in a name, which is named with its place.
    """
    name = _cleaned(given, _UNIT)
    if any(_is_han(sign) for sign in name):
        return re.sub(r" ?([（）]) ?", r"\1", name.replace("(", "（").replace(")", "）"))
    return name


def folded(given: object) -> str:
    """The key by which names are found and compared: case, width, dots, spaces and the invisible make no difference.

    Traditional and simplified characters stay apart. "" for what is no text. Never raises.
    """
    if not isinstance(given, str):
        return ""
    text = unicodedata.normalize("NFKC", given[:LONGEST_GIVEN].translate(_AS_DOT)).casefold()
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text) if not _is_dropped(sign))
    return unicodedata.normalize("NFKC", kept)


def _is_dropped(sign: str) -> bool:
    if sign in _KEYS_DROP or sign in _PERIODS or sign in INVISIBLE or is_space(sign) or _is_variant(sign):
        return True
    return category(sign) in ("Cc", "Cf", "Cs")


def _cleaned(given: object, kind: _Kind) -> str:
    if not isinstance(given, str):
        raise Unfit(f"没有填写{kind.what}", f"填写{kind.what}", "未填写")
    if len(given) > LONGEST_GIVEN:
        raise Unfit(f"{kind.what}最多{kind.longest}字", f"核对{kind.what}", f"{len(given)}字")
    text = _spaced(_composed("".join(_usable(given, kind))))
    if not any(category(sign)[0] == "L" or sign == "〇" for sign in text):
        raise Unfit(f"没有填写{kind.what}", f"填写{kind.what}", text or "未填写")
    if len(text) > kind.longest:
        raise Unfit(f"{kind.what}最多{kind.longest}字", f"核对{kind.what}", f"{len(text)}字")
    return text


def _usable(given: str, kind: _Kind) -> list[str]:
    """The signs one by one, each made usual or dropped. Raises Unfit at the first that cannot stand here."""
    found: list[str] = []
    marks = 0
    for place, sign in enumerate(given):
        if _is_nothing(given, place):
            continue
        plain = _plain(given, place, kind)
        marks = marks + 1 if category(plain[0])[0] == "M" else 0
        if not _stands(plain, kind) or marks > MOST_MARKS or (marks and not found):
            fault = Masked if sign in MASKS else Unfit
            message = f"{kind.what}第{place + 1}个字符{named(sign)}不能使用"
            raise fault(message, "删去该字符；生僻字请用国家标准编码的输入法重新输入", f"第{place + 1}个字符")
        found.append(plain)
    return found


def _is_nothing(given: str, place: int) -> bool:
    """Whether a sign is left behind by copying: invisible, and no part of how the script around it is written."""
    sign = given[place]
    if sign in _JOINERS:
        return not (_is_joining(given[place - 1 : place]) and _is_joining(given[place + 1 : place + 2]))
    if _is_variant(sign):
        return not (place and _is_han(given[place - 1])) or sign in INVISIBLE
    return sign in INVISIBLE


def _plain(given: str, place: int, kind: _Kind) -> str:
    """One sign in its usual form: half width, one kind of dot, one kind of space, letters without typographic dress."""
    sign = given[place]
    if is_space(sign):
        return " "
    if ord(sign) in _AS_DOT:
        return DOT
    if sign in _PERIODS and kind is _PERSON:
        return _period(given, place)
    if sign in "（）":
        return sign
    if _COMPATIBILITY_HAN.fullmatch(sign):
        return sign
    if category(sign)[0] in "LM" or ord(sign) in WIDTHS or 0x2E80 <= ord(sign) <= 0x2FD5:
        return sign if kind is _UNIT and _is_chinese_mark(sign) else unicodedata.normalize("NFKC", sign)
    return sign


def _is_chinese_mark(sign: str) -> bool:
    return sign in "，：；！？"


def _period(given: str, place: int) -> str:
    """A point between Latin letters is one; anywhere else in a name it was meant for the middle dot."""
    before = next((sign for sign in reversed(given[:place]) if not is_space(sign)), "")
    return "." if before.isascii() or "LATIN" in unicodedata.name(before, "") else DOT


def _stands(plain: str, kind: _Kind) -> bool:
    """Whether a sign may stand in a name."""
    return all(_stands_alone(sign, kind) for sign in plain)


def _stands_alone(sign: str, kind: _Kind) -> bool:
    if sign in DIRECTIONS or sign in MASKS - {"•", "●"}:
        return False
    if sign == " " or sign in kind.signs or sign in _JOINERS or _is_variant(sign):
        return True
    found = category(sign)
    if found == "Nd":
        return sign.isascii()
    return (found[0] in "LM" and found != "Me") or found in kind.categories


def _composed(text: str) -> str:
    """NFC everywhere but in the Han of compatibility, which it would change into other characters."""
    parts = _COMPATIBILITY_HAN.split(text)
    return "".join(
        part if place % 2 else unicodedata.normalize("NFC", part) for place, part in enumerate(parts)
    )


def _spaced(text: str) -> str:
    """One space between words; none between Han, beside a middle dot, or at the ends."""
    words = text.split(" ")
    found = ""
    for word in filter(None, words):
        is_joined = not found or (_is_han(found[-1]) and _is_han(word[0])) or DOT in (found[-1], word[0])
        found += word if is_joined else f" {word}"
    return found


def _is_han(sign: str) -> bool:
    code = ord(sign)
    return (
        0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFD or sign in "〇々"
    )


def _is_variant(sign: str) -> bool:
    """Whether it chooses the shape of the character before it."""
    return 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF


def _is_joining(sign: str) -> bool:
    return bool(sign) and unicodedata.name(sign, "").startswith(("ARABIC", "MONGOLIAN", "SYRIAC"))
