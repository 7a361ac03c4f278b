"""Days and moments as people write them: whatever our own pages print is read back, and what the trade writes.

2026-12-08, 2026/12/08, 2026.12.8, 2026年12月8日（周二）; behind it 09:30, 9：30, 9时30分, 下午2点, 24:00. Full width or half.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_EXAMPLE = "2026-12-08"
MOMENT_EXAMPLE = "2026-12-08 09:30"
_CHINA = ZoneInfo("Asia/Shanghai")
_LONGEST = 60
_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?![0-9])"
    r"|年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})[日号]|(?P<mm>[0-9]{2})(?P<dd>[0-9]{2})(?![0-9]))"
    r"(?:\((?:周|星期|礼拜)[一二三四五六日天]\)|(?:周|星期|礼拜)[一二三四五六日天])?"
)
_TIME = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上|AM|PM)?(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:\.[0-9]+)?)?|[时点](?:(?P<min>[0-9]{1,2})分?|(?P<h>半)|整)?)"
    r"(?P<tail>AM|PM)?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_AFTERNOON = frozenset({"下午", "晚上", "PM"})


class Unreadable(ValueError):
    """No day or moment that we read."""


def read_day(text: object) -> date:
    """The day that somebody wrote. Raises Unreadable for anything else."""
    written = _plain(text)
    found = _DAY.fullmatch(written)
    if found is None:
        raise Unreadable(f"不是日期，按 {DAY_EXAMPLE} 的样式填写")
    return _day(found)


def read_moment(text: object) -> datetime:
    """The moment that somebody wrote, in China's time unless it names its own. Raises Unreadable for anything else."""
    written = _plain(text)
    found = _DAY.match(written)
    clock = _TIME.fullmatch(written[found.end() :].lstrip(" T,")) if found else None
    if found is None or clock is None:
        raise Unreadable(f"不是日期和时间，按 {MOMENT_EXAMPLE} 的样式填写")
    return _moment(_day(found), clock)


def _plain(text: object) -> str:
    """Half width, capitals, one space between figures; nothing but full-width forms is changed into digits."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        return ""
    half = (chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    kept = "".join(sign for sign in half if unicodedata.category(sign) != "Cf")
    usual = " ".join(kept.replace("∶", ":").replace("—", "-").replace("–", "-").upper().split())
    return re.sub(r"(?<=[^0-9]) | (?=[^0-9])", "", usual)


def _day(found: re.Match[str]) -> date:
    month = found["month"] or found["m"] or found["mm"]
    day = found["day"] or found["d"] or found["dd"]
    try:
        return date(int(found["year"]), int(month), int(day))
    except ValueError:
        raise Unreadable(f"没有这一天，按 {DAY_EXAMPLE} 的样式填写") from None


def _moment(day: date, clock: re.Match[str]) -> datetime:
    hour, minute = int(clock["hour"]), int(clock["minute"] or clock["min"] or (30 if clock["h"] else 0))
    second, half = int(clock["second"] or 0), clock["half"] or clock["tail"] or ""
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in ("AM", "凌晨") and hour == 12:
        hour = 0
    try:
        if (hour, minute, second) == (24, 0, 0):
            day, hour = day + timedelta(days=1), 0
        found = datetime.combine(day, time(hour, minute, second))
        return _zoned(found, clock["zone"])
    except (ValueError, OverflowError):
        raise Unreadable(f"没有这一时刻，按 {MOMENT_EXAMPLE} 的样式填写") from None


def _zoned(found: datetime, zone: str | None) -> datetime:
    if not zone:
        return found.replace(tzinfo=_CHINA)
    return datetime.fromisoformat(f"{found.isoformat()}{'+00:00' if zone == 'Z' else zone}").astimezone(
        _CHINA
    )
