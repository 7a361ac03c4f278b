"""Open provisional deadlines of before: from what they were counted stands in their steps, in words."""

import re
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FROM = re.compile(r"起算：(\d+)年(\d+)月(\d+)日.*当日，(不?)计入")
LENGTH = re.compile(r"(.+?)([前后])(\d+)(个工作日|日|个月|年)，按")
UNITS = {"个工作日": "working_days", "日": "days", "个月": "months", "年": "years"}
ANCHORS = {
    "论证会召开": "meeting", "论证会结束": "meeting_end", "论证结论作出": "conclusion", "提出申请": "request", "通知送达": "delivery",
    "公示发布": "notice", "聘任生效": "appointment", "聘期届满": "term_end", "移出专家库": "removal", "转入本步骤": "step",
}  # fmt: skip


def counted(steps: list[str]) -> dict[str, Any] | None:
    """From what the steps were counted; None where they do not say."""
    begun = FROM.match(steps[0]) if len(steps) > 1 else None
    length = LENGTH.match(steps[1]) if begun else None
    if begun is None or length is None:
        return None
    year, month, day, is_left_out = begun.groups()
    name, side, value, unit = length.groups()
    return {
        "value": int(value),
        "unit": UNITS[unit],
        "anchor": ANCHORS.get(name, "step"),
        "direction": "after" if side == "后" else "before",
        "inclusive": not is_left_out,
        "roll": side == "后",
        "clear": "完整天数" in steps[1],
        "from": f"{int(year):04}-{int(month):02}-{int(day):02}T00:00:00+08:00",
    }


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("cases", "Deadline").objects
    for row in rows.filter(
        is_provisional=True, met_at=None, performed_at=None, counted__isnull=True
    ).order_by("pk"):
        row.counted = counted(row.steps)
        row.save(update_fields=("counted",))


class Migration(migrations.Migration):
    dependencies = (("cases", "0004_counted"),)
    operations = (migrations.RunPython(fill, migrations.RunPython.noop),)
