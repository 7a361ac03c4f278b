"""``lunheng calendar``: a bureau enters a regional day off or a make-up working day."""

import argparse
from pathlib import Path

from lunheng.cli.django import set_up
from lunheng.core.moments import read_day


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``calendar enter``."""
    group = subparsers.add_parser("calendar", help="工作日历：录入地区节假日").add_subparsers(
        required=True, metavar="命令"
    )
    enter = group.add_parser("enter", help="录入一个地区的放假日或调休上班日")
    enter.add_argument("region", help="地区代码，例如 450000")
    enter.add_argument("day", type=read_day, help="日期，例如 2027-04-09")
    enter.add_argument("kind", choices=("off", "work"), help="off 放假，work 上班")
    enter.add_argument("--notice", required=True, help="依据的通知")
    enter.set_defaults(run=run_enter)
    load = group.add_parser("import", help="录入一份通知（.csv 或 .txt，每行“2027-02-05 放假”）")
    load.add_argument("region", help="地区代码，例如 450000")
    load.add_argument("file", type=Path, help="通知中的日期")
    load.add_argument("--notice", required=True, help="依据的通知")
    load.set_defaults(run=run_import)
    complete = group.add_parser("complete", help="宣布一年的放假安排已录完，该年不再有暂定")
    complete.add_argument("region", help="地区代码，例如 450000")
    complete.add_argument("year", type=int, help="年份，例如 2027")
    complete.add_argument("--notice", required=True, help="依据的通知")
    complete.set_defaults(run=run_complete)


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


def run_import(options: argparse.Namespace) -> int:
    """Keep every day of a file, all or none; 1 with every line that cannot be read."""
    set_up()
    from lunheng.core.notice import BadNotice, read_notice
    from lunheng.jobs import clock
    from lunheng.jurisdictions.models import RegionalHoliday
    from lunheng.ledger.registers import written

    try:
        days = read_notice(options.file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, BadNotice) as fault:
        print(f"没有录入：{fault}")
        return 1
    at = clock.now()
    with written("录入地区节假日", at):
        for day, is_worked in days:
            given = {"is_working_day": is_worked, "notice": options.notice, "entered_at": at}
            RegionalHoliday.objects.update_or_create(region=options.region, day=day, defaults=given)
    print(f"已录入 {options.region} 共 {len(days)} 天：{options.notice}")
    return 0


def run_complete(options: argparse.Namespace) -> int:
    """Keep that nothing of the year is missing; provisional limits are counted again within a minute."""
    set_up()
    from lunheng.jobs import clock
    from lunheng.jurisdictions.models import RegionalYear
    from lunheng.ledger.registers import written

    at = clock.now()
    with written("录入地区节假日", at):
        RegionalYear.objects.get_or_create(
            region=options.region,
            year=options.year,
            defaults={"notice": options.notice, "declared_at": at},
        )
    print(f"{options.region} {options.year}年放假安排已录完：{options.notice}")
    return 0
