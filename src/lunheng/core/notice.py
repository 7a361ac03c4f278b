"""放假通知: the days of a notice as an office writes them down, one day or one stretch a line.

`2027-02-05 放假`, `2027年2月6日至12日 放假`, `2027-02-14,上班`. A line that begins with # and a head of columns say nothing.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lunheng.core.moments import Unreadable, read_day

WORDS = {
    "放假": False,
    "休息": False,
    "休": False,
    "off": False,
    "上班": True,
    "调休上班": True,
    "班": True,
    "work": True,
}
LONGEST_STRETCH = 31
MOST_LINES = 500
_LINE = re.compile(
    r"(?P<days>.*?[0-9日号）)])[\s,，;；\t:：]*(?P<word>调休上班|放假|休息|上班|休|班|off|work)",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:至|到|~|～|—+|–)\s*")
_SHORT = re.compile(r"(?:(?P<month>[0-9]{1,2})月)?(?P<day>[0-9]{1,2})[日号]?")


class BadNotice(ValueError):
    """Lines that cannot be read, with their numbers and an example."""


def read_notice(text: str) -> list[tuple[date, bool]]:
    """Every day with whether it is worked, in order of the lines.

    Raises:
        BadNotice: no day at all, or lines that are none; every one is told.
    """
    found: list[tuple[date, bool]] = []
    faults: list[str] = []
    for number, line in enumerate(text.splitlines()[: MOST_LINES + 1], 1):
        if number > MOST_LINES:
            raise BadNotice(f"最多{MOST_LINES}行")
        if _says_nothing(line):
            continue
        try:
            found += _days_of(line)
        except ValueError as fault:
            faults.append(f"第{number}行：{fault}")
    if faults:
        raise BadNotice("；".join(faults[:10]))
    if not found:
        raise BadNotice("没有日期，按“2027-02-05 放假”的样式每行写一天")
    return found


def _says_nothing(line: str) -> bool:
    plain = line.strip().strip(",，")
    return not plain or plain.startswith("#") or plain.startswith("日期")


def _days_of(line: str) -> Iterator[tuple[date, bool]]:
    half = "".join(
        chr(ord(sign) - 0xFEE0) if "０" <= sign <= "９" else sign for sign in line.strip().strip(",，")
    )
    found = _LINE.fullmatch(half)
    if found is None:
        raise Unreadable("须写明日期和“放假”或“上班”，例如“2027-02-05 放假”")
    is_worked = WORDS[found["word"].lower()]
    first, *rest = _TO.split(found["days"].strip(), maxsplit=1)
    begin = read_day(first)
    end = _end(rest[0], begin) if rest else begin
    if not 0 <= (end - begin).days < LONGEST_STRETCH:
        raise Unreadable(f"一段须从前到后，不超过{LONGEST_STRETCH}天")
    return ((begin + timedelta(days=number), is_worked) for number in range((end - begin).days + 1))


def _end(text: str, begin: date) -> date:
    """The last day of a stretch, which may leave out the year and the month."""
    short = _SHORT.fullmatch(text.strip())
    if short is None:
        return read_day(text)
    month = int(short["month"] or begin.month)
    return read_day(f"{begin.year + (month < begin.month)}-{month}-{short['day']}")
