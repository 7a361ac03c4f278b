"""``lunheng calendar``: a bureau enters a regional day off or a make-up working day."""

import argparse
from datetime import date

from lunheng.cli.django import set_up


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``calendar enter``."""
    group = subparsers.add_parser("calendar", help="工作日历：录入地区节假日").add_subparsers(
        required=True, metavar="命令"
    )
    enter = group.add_parser("enter", help="录入一个地区的放假日或调休上班日")
    enter.add_argument("region", help="地区代码，例如 450000")
    enter.add_argument("day", type=date.fromisoformat, help="日期，例如 2027-04-09")
    enter.add_argument("kind", choices=("off", "work"), help="off 放假，work 上班")
    enter.add_argument("--notice", required=True, help="依据的通知")
    enter.set_defaults(run=run_enter)


def run_enter(options: argparse.Namespace) -> int:
    """Keep the day; open deadlines use it from now on when they are set."""
    set_up()
    from lunheng.jobs import clock
    from lunheng.jurisdictions.models import RegionalHoliday
    from lunheng.ledger.registers import written

    at = clock.now()
    with written("录入地区节假日", at):
        RegionalHoliday.objects.update_or_create(
            region=options.region,
            day=options.day,
            defaults={
                "is_working_day": options.kind == "work",
                "notice": options.notice,
                "entered_at": at,
            },
        )
    print(
        f"已录入 {options.region} {options.day} {'上班' if options.kind == 'work' else '放假'}：{options.notice}"
    )
    return 0
