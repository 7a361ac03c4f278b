"""How moments, remaining time, names and telephone numbers are written on every page."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lunheng.core.deadlines import Provisional

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
PHONE_DIGITS = 11


def write_date(day: date) -> str:
    """Write a day, or the day of a moment in China: 2026年11月24日（周二）."""
    if isinstance(day, datetime):
        day = in_china(day).date()
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def write_moment(at: datetime) -> str:
    """Write a moment in China's time: 2026年11月24日（周二）17:00."""
    local = in_china(at)
    return f"{write_date(local.date())}{local:%H:%M}"


def write_due(at: datetime) -> str:
    """Write a time limit; one that ends with the day is stored as the next midnight and written as 24:00."""
    local, tail = in_china(at), "（暂定）" if isinstance(at, Provisional) else ""
    if local.time() == time.min:
        return f"{write_date(local.date() - timedelta(days=1))}24:00{tail}"
    return write_moment(local) + tail


def write_remaining(due: datetime, at: datetime) -> str:
    """Write what is left until ``due``: 剩 3 小时 12 分, 剩 4 天 2 小时, or 已逾期 1 天 3 小时."""
    span = due - at
    if isinstance(due, Provisional):
        return (
            "暂定时限已到，以公布的放假安排为准" if span <= timedelta(0) else f"暂定，剩 {write_span(span)}"
        )
    word = "剩" if span > timedelta(0) else "已逾期"
    return f"{word} {write_span(abs(span))}"


def write_span(span: timedelta) -> str:
    """Write a length of time by its two largest units."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    days, hours_of_day = divmod(hours, 24)
    if days:
        return f"{days} 天 {hours_of_day} 小时" if hours_of_day else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分"


def mask_name(name: str) -> str:
    """Keep the first character of a person's name; the rest is at most three stars."""
    name = name.strip()
    return name[:1] + "*" * min(len(name) - 1, 3) if name else ""


def write_phone(phone: str) -> str:
    """A mobile number in the groups in which it is read; any other number as it is."""
    digits = phone.removeprefix("+86")
    if len(digits) != PHONE_DIGITS or not digits.isdecimal():
        return phone
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}"


def mask_phone(phone: str) -> str:
    """Keep the first three and the last four digits of a mobile number; hide a shorter number wholly."""
    digits = "".join(character for character in phone if character.isdigit())[-PHONE_DIGITS:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) == PHONE_DIGITS else "*" * len(digits)


def in_china(at: datetime) -> datetime:
    """Return the moment in China's time. Raises ValueError for a moment without time zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(SHANGHAI)
