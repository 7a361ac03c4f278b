"""``lunheng demo``: invented data to try the platform with."""

import argparse
import time

from lunheng.cli.django import set_up


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``demo``."""
    command = subparsers.add_parser("demo", help="重建演示数据（只能用于空数据库或演示数据库）")
    command.add_argument("--if-empty", action="store_true", help="已有完整的演示数据时什么也不做")
    command.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Build the demo anew and print its log-ins; 2 where the database holds anything else."""
    set_up()
    from lunheng.demo import database
    from lunheng.demo.building.demo import fill
    from lunheng.demo.clock import start_anew
    from lunheng.demo.queries import login_lines

    started = time.monotonic()
    try:
        if options.if_empty and database.is_built():
            return 0
        with database.anew():
            print("正在生成演示数据（全部虚构），约需一两分钟：", flush=True)
            fill(
                start_anew(),
                tell=lambda line: print(f"  {time.monotonic() - started:3.0f} 秒  {line}", flush=True),
            )
    except database.NotOurs as refusal:
        print(refusal)
        return 2
    print(f"演示数据已生成，用时 {time.monotonic() - started:.0f} 秒")
    print("\n".join(login_lines()))
    return 0
