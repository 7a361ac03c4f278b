"""`lunheng chain`: the hash chain of a supervising authority, made and kept on its own machine."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path
from typing import Any

from lunheng.core.draw import links

OWNER_ONLY = 0o600


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register `chain make` and `chain link`; each sets `run`."""
    chain = subparsers.add_parser("chain", help="主管部门的随机数链：生成、取下一环")
    actions = chain.add_subparsers(dest="action", required=True)
    make = actions.add_parser("make", help="生成一条链，私密文件只留在本机，锚点到平台登记")
    make.add_argument("--out", required=True, type=Path, help="私密文件（只有本人可读）")
    make.add_argument("--length", type=int, default=4096, help="链长：可参与的抽取次数")
    make.add_argument("--hash", choices=("sha256", "sm3"), default="sha256", help="杂凑算法")
    make.set_defaults(run=run_make)
    link = actions.add_parser("link", help="取出一环，在抽取作出承诺之后到平台揭示")
    link.add_argument("file", type=Path, help="私密文件")
    shown = link.add_mutually_exclusive_group(required=True)
    shown.add_argument("--index", type=int, help="第几环，从 1 起")
    shown.add_argument("--after", help="抽取承诺中主管部门一栏的数，即上一环")
    link.set_defaults(run=run_link)


def run_make(arguments: argparse.Namespace) -> int:
    """Make a chain; prints the anchor. 2 when the file exists: a chain is never overwritten."""
    if arguments.out.exists() or arguments.length < 1:
        print(f"{arguments.out} 已经存在，或链长不足 1；没有生成")
        return 2
    secret = secrets.token_bytes(32)
    arguments.out.touch(mode=OWNER_ONLY)
    arguments.out.write_text(f"{arguments.hash} {arguments.length} {secret.hex()}\n", encoding="utf-8")
    print(f"锚点 {links(secret, arguments.length, arguments.hash)[0].hex()}")
    print(f"链长 {arguments.length}，杂凑算法 {arguments.hash}；请在平台登记锚点和链长")
    return 0


def run_link(arguments: argparse.Namespace) -> int:
    """Print one link; 2 when the chain has no such link."""
    name, length, secret = arguments.file.read_text("utf-8").split()
    chain = [one.hex() for one in links(bytes.fromhex(secret), int(length), name)]
    index = arguments.index
    if arguments.after is not None:
        index = chain.index(arguments.after) + 1 if arguments.after in chain else 0
    if not 0 < index < len(chain):
        print("这条链没有这一环")
        return 2
    print(chain[index])
    return 0
