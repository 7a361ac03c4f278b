"""``lunheng ledger``: whether the chains at rest hold."""

import argparse

from lunheng.cli.django import set_up


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``ledger verify``."""
    group = subparsers.add_parser("ledger", help="存证：核验每个案件的链").add_subparsers(
        required=True, metavar="命令"
    )
    verify = group.add_parser("verify", help="重算每个案件的存证链和内容承诺；有误则列出案件与序号，退出码 1")
    verify.add_argument("--case", help="只核验一个案件编号")
    verify.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    """Re-hash every chain; print each fault with its file and number."""
    set_up()
    from lunheng.cases.queries import chain_faults
    from lunheng.ledger.queries import subjects

    names = [options.case] if options.case else list(subjects())
    faults = [fault for name in names for fault in chain_faults(name)]
    for fault in faults:
        print(f"{fault.subject} 第 {fault.number} 条：{fault.reason}")
    print(f"核验案件 {len(names)} 个，发现问题 {len(faults)} 处")
    return 1 if faults else 0
