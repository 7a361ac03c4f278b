"""电话号码: a mobile number to which short messages go, as E.164; where a landline will do, that too.

By the shape of the numbering plan (1, then 3 to 9, eleven digits), never by lists of segments that a library knew when it
was published: new segments are given out every year.
"""

import re

from lunheng.core.identity.faults import Masked, Unfit
from lunheng.core.identity.signs import MASKS, canonical

MOBILE_EXAMPLE = "13900001111"
LANDLINE_EXAMPLE = "0532-85000001"
_PUNCTUATION = re.compile(r"[-()\u2010-\u2015\u2212.·/（）]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-8][0-9]{6,7})")
_EXTENSION = re.compile(r"(?:转|分机|EXT\.?|X|#|,|-)([0-9]{1,6})$")
_HOME = ("+86", "0086", "86")


def mobile_number(given: object) -> str:
    """A mobile number of the mainland as E.164.

    Raises:
        Unfit: no number, a landline, a service number, a number of elsewhere, too few or too many digits.
    """
    digits = _national(given)
    if _MOBILE.fullmatch(digits):
        return f"+86{digits}"
    raise Unfit(_wrong(digits), f"请输入 11 位手机号码，例如 {MOBILE_EXAMPLE}", _length(digits))


def contact_number(given: object) -> str:
    """A number at which somebody is reached: mobile (E.164), or a landline with its area code.

    Raises:
        Unfit: neither.
    """
    text = canonical(given)
    national, extension = _national(text), ""
    if not _MOBILE.fullmatch(national) and (found := _EXTENSION.search(text)):
        whole, extension = _national(text[: found.start()]), f"转{found[1]}"
        national = whole if _LANDLINE.fullmatch(whole) else national
    if _MOBILE.fullmatch(national):
        return f"+86{national}"
    if not national.startswith("0") and text.startswith(("+86", "0086")):
        national = f"0{national}"
    if landline := _LANDLINE.fullmatch(national):
        return f"{landline[1]}-{landline[2]}{extension}"
    remedy = f"填写手机号码（例如 {MOBILE_EXAMPLE}），或带区号的固定电话（例如 {LANDLINE_EXAMPLE}）"
    raise Unfit("联系电话不正确", remedy, _length(national))


def _national(given: object) -> str:
    """The digits as dialed at home."""
    text = canonical(given)
    if not MASKS.isdisjoint(text) and "#" not in text:
        raise Masked("电话号码不完整，部分数字被遮盖", f"填写完整号码，例如 {MOBILE_EXAMPLE}", _length(text))
    digits = _PUNCTUATION.sub("", text)
    for prefix in _HOME:
        if digits.startswith(prefix) and (prefix != "86" or len(digits) == 13):
            return digits.removeprefix(prefix)
    return digits


def _wrong(digits: str) -> str:
    if not digits:
        return "没有填写手机号码"
    if digits.startswith("+"):
        return "只能登记内地手机号码"
    if digits.startswith(("400", "800")) or _LANDLINE.fullmatch(digits):
        return "固定电话和客服号码不能接收短信"
    return "手机号码不正确"


def _length(digits: str) -> str:
    return f"{len(digits)}位" if digits else "未填写"
