"""证件号码: citizens, residents of Hong Kong, Macau and Taiwan, and foreigners with permanent residence (two generations).

Eighteen signs by GB 11643: area, day of birth, order, check character (MOD 11-2). The area is the one of the issue, not
of the birth, and old ones stay in old numbers: it is never a reason to refuse. The foreigner's card of 2023 begins with 9
and is built alike; the cards before it have three letters and twelve digits, whose check is published nowhere that binds.
"""

import re
from datetime import date
from enum import StrEnum

from lunheng.core.identity.faults import Masked, Unfit
from lunheng.core.identity.signs import MASKS, canonical

OLDEST, YOUNGEST = 130, 16
"""Years: nobody is older; nobody younger works (劳动法第十五条)."""
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_OLD_CITIZEN = re.compile(r"[0-9]{15}")
_OLD_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")
_CHECKS = "10X98765432"
_CENTURIES = ("19", "20")
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
WRONG = "身份证号码不正确"
CHECK_IT = "核对证件上的18位号码和出生日期"


class Holder(StrEnum):
    """Whose number it is."""

    CITIZEN = "居民身份证"
    HONG_KONG = "香港居民居住证"
    MACAU = "澳门居民居住证"
    TAIWAN = "台湾居民居住证"
    FOREIGNER = "外国人永久居留身份证"


def person_number(given: object, on: date | None = None) -> str:
    """The number in its one spelling; ``on`` is the day on which it is asked, for future births and impossible ages.

    Raises:
        Masked: part of it is hidden.
        Unfit: it is no number of a person.
    """
    number = canonical(given)
    if not number:
        raise Unfit("没有填写证件号码", CHECK_IT, "未填写")
    if not MASKS.isdisjoint(number):
        raise Masked("证件号码不完整，部分数字被遮盖", "填写完整号码", f"{len(number)}位")
    if _OLD_CARD.fullmatch(number):
        _judge_birth(_births(number[7:13]), on)
        return number
    if _OLD_CITIZEN.fullmatch(number):
        raise Unfit("15位的旧身份证号码已停止使用", "填写现行证件上的18位号码", "15位")
    if not _EIGHTEEN.fullmatch(number):
        raise Unfit(WRONG, CHECK_IT, f"{len(number)}位")
    _judge_birth([birth for birth in (_day(number[6:14]),) if birth], on)
    if check_digit(number[:17]) != number[17]:
        raise Unfit(WRONG, f"{CHECK_IT}；末位校验码不符", "18位")
    return number


def holder_of(number: str) -> Holder:
    """Whose number it is, by its first signs; for a number in its one spelling."""
    if number[:1] == "9" or number[:1].isalpha():
        return Holder.FOREIGNER
    regions = {"81": Holder.HONG_KONG, "82": Holder.MACAU, "83": Holder.TAIWAN}
    return regions.get(number[:2], Holder.CITIZEN)


def area_hint(number: str) -> str:
    """A word of caution where the first two digits are of no province; never a reason to refuse."""
    if holder_of(number) is Holder.FOREIGNER or number[:2] in _PROVINCES:
        return ""
    return f"号码前两位“{number[:2]}”不是现行的省级代码，请核对"


def check_digit(body: str) -> str:
    """The last sign of a number from the seventeen before it."""
    total = sum(int(digit) * (1 << (17 - index)) for index, digit in enumerate(body))
    return _CHECKS[total % 11]


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _births(digits: str) -> list[date]:
    """The days that six digits may mean: cards of the old kind do not say the century."""
    return [birth for century in _CENTURIES if (birth := _day(century + digits))]


def _judge_birth(births: list[date], on: date | None) -> None:
    if not births:
        raise Unfit(WRONG, f"{CHECK_IT}；出生日期不存在", "出生日期")
    if on is None or any(_years(birth, on) in range(YOUNGEST, OLDEST + 1) for birth in births):
        return
    if min(births) > on:
        raise Unfit(WRONG, f"{CHECK_IT}；出生日期晚于今天", "出生日期")
    raise Unfit(WRONG, f"{CHECK_IT}；年龄须为{YOUNGEST}至{OLDEST}岁", "出生日期")


def _years(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
