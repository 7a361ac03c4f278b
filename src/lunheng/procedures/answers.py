"""填报: what was filled in, read by the fields that the pack declares; every mistake is told at its field.

An identity number is never kept: what leaves here is its keyed digest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from lunheng.accounts.identity import identity_digest
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused
from lunheng.core.identity import Unfit, clean_name, person_number
from lunheng.core.moments import DAY_EXAMPLE, Unreadable, read_day
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Field
from lunheng.core.verdict import Outcome, Reason, Verdict
from lunheng.jurisdictions import territory
from lunheng.jurisdictions.models import Division
from lunheng.organizations import queries as units
from lunheng.organizations.models import Organization
from lunheng.web.moments import in_our_time

TEXT, PROSE, LARGEST = 200, 2000, 1_000_000
PERSON = "name"
"""The field that names the person whom a matter concerns; whatever its type, it is read as names are."""
RECIPIENT = "recipient"
"""The field that names to whom a matter is referred: an office of the pack, or anybody in words."""
LONGEST_KEY = 18
"""Digits that fit into every column of keys."""


def read(
    fields: Sequence[Field], given: Mapping[str, Any], law: Law, clause: Clause, today: date
) -> dict[str, Any]:
    """What was filled in as plain data, by key.

    Raises:
        Refused: something is missing, does not fit its field, or belongs to no field; every mistake is named.
    """
    found: dict[str, Any] = {}
    reasons = []
    for key in sorted(given.keys() - {field.key for field in fields}):
        reasons.append(Reason(clause, f"表单没有“{key}”这一项", "只填写表单列出的各项", key))
    for field in fields:
        try:
            found[field.key] = _value(field, given.get(field.key), law, today)
        except Unfit as fault:
            reasons.append(Reason(clause, f"{field.label}：{fault}", fault.remedy, fault.value))
    reasons += [reason for field in fields for reason in _too_early(field, fields, found, clause, today)]
    if reasons:
        raise Refused(Verdict(Outcome.REFUSED, tuple(reasons)))
    return found


def _too_early(
    field: Field, fields: Sequence[Field], found: Mapping[str, Any], clause: Clause, today: date
) -> Iterator[Reason]:
    """A date that does not come after what it must come after."""
    earlier = today.isoformat() if field.after == "today" else found.get(field.after)
    if field.after and earlier and found.get(field.key) and found[field.key] <= earlier:
        names = {one.key: one.label for one in fields} | {"today": "今天"}
        message = f"{field.label}须晚于{names[field.after]}（{earlier}）"
        yield Reason(clause, message, "重新选择日期", str(found[field.key]))


def shown(fields: Sequence[Field], data: Mapping[str, Any], law: Law) -> Iterator[tuple[Field, str]]:
    """Each field that was filled in with its value in words; files are shown by whoever has their rows."""
    for field in fields:
        if field.key in data and field.type != "document":
            yield field, in_words(field, data[field.key], law)


def in_words(field: Field, value: Any, law: Law) -> str:
    """One value as people read it."""
    if field.type == "identity":
        return "已登记（不显示）"
    if field.type in ("yes_no", "declaration"):
        return "是" if value else "否"
    if field.type == "choices":
        return "、".join(law.label(field.vocabulary, one) for one in value)
    if field.type == "unit":
        unit = Organization.objects.filter(code=value).first()
        return unit.name if unit else str(value)
    if field.key == RECIPIENT and value:
        return law.label("roles", str(value))
    if field.type == "place" and value:
        division = Division.objects.filter(pk=value).first()
        return division.name if division else str(value)
    if field.type == "date" and value:
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    return str(value) if value not in ("", None) else "未填"


def documents_in(fields: Sequence[Field], data: Mapping[str, Any]) -> list[int]:
    """The keys of the files that were handed in."""
    return [key for field in fields if field.type == "document" for key in data.get(field.key, ())]


def _value(field: Field, given: Any, law: Law, today: date) -> Any:
    is_empty = given is None or given == "" or given == []
    if field.type == "yes_no":
        return _yes_no(field, given, law)
    if is_empty and not field.required:
        return [] if field.type in ("choices", "document") else ""
    if is_empty and field.type != "declaration":
        raise Unfit("未填写", "补充填写后再提交", "未填写")
    if field.type == "identity":
        return identity_digest(person_number(given, today))
    if field.key == PERSON and field.type == "text":
        return clean_name(given)
    return READERS[field.type](field, given, law)


def _yes_no(field: Field, given: Any, law: Law) -> bool:
    if given in (None, "", False):
        return False
    if given is not True and given != "on":
        raise Unfit("只能填是或否", "重新选择", str(given)[:40])
    return True


def _text(field: Field, given: Any, law: Law) -> str:
    most = PROSE if field.type == "prose" else TEXT
    text = str(given).strip()
    if not isinstance(given, str) or not text or len(text) > most:
        raise Unfit(f"须为1至{most}字", "重新填写", f"{len(text)}字")
    return text


def _number(field: Field, given: Any, law: Law) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not (text.isascii() and text.isdecimal()) or int(text) > LARGEST:
        raise Unfit("须为整数", "用阿拉伯数字填写", text[:40])
    return int(text)


def _date(field: Field, given: Any, law: Law) -> str:
    try:
        day = given if isinstance(given, date) else read_day(given)
    except Unreadable as error:
        raise Unfit("不是日期", f"按 {DAY_EXAMPLE} 的样式填写", str(given)[:40]) from error
    if not in_our_time(day):
        raise Unfit("年份不合理", "核对日期", str(day))
    return day.isoformat()


def _declaration(field: Field, given: Any, law: Law) -> bool:
    if given is not True and given != "on":
        raise Unfit("尚未承诺", "阅读后勾选", "未勾选")
    return True


def _choices(field: Field, given: Any, law: Law) -> list[str]:
    words = law.labels(field.vocabulary)
    chosen = list(dict.fromkeys(map(str, given))) if isinstance(given, list | tuple) else [str(given)]
    unknown = [one for one in chosen if one not in words]
    if unknown:
        raise Unfit("须从目录中选择", "重新选择", "、".join(unknown)[:80])
    return chosen


def _documents(field: Field, given: Any, law: Law) -> list[int]:
    keys = given if isinstance(given, list | tuple) else [given]
    if not all(str(one).isascii() and str(one).isdecimal() and len(str(one)) <= LONGEST_KEY for one in keys):
        raise Unfit("文件号不正确", "重新上传文件", str(given)[:40])
    return [int(one) for one in keys]


def _unit(field: Field, given: Any, law: Law) -> str:
    unit = units.by_given_code(given)
    if unit is None:
        reason = units.unknown(given, law.clause("platform.order")).reasons[0]
        raise Unfit(reason.message, reason.remedy, reason.value)
    return unit.code


def _place(field: Field, given: Any, law: Law) -> str:
    code = str(given).strip()
    if not (law.region and territory.covers(law.region, code)):
        raise Unfit("不在本规则适用的地区", "从列出的区、县中选择", code[:6])
    return code


READERS: Mapping[str, Callable[[Field, Any, Law], Any]] = {
    "text": _text,
    "prose": _text,
    "number": _number,
    "date": _date,
    "declaration": _declaration,
    "choices": _choices,
    "document": _documents,
    "unit": _unit,
    "place": _place,
}
