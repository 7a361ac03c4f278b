"""`lunheng verify`: what a file is, its content says; then it is checked by the program that outsiders carry away."""

from __future__ import annotations

import argparse
import json
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from lunheng.verifiers import verify_draw, verify_ledger

MALFORMED = 2
HEAD = b"c2sp.org/tlog-proof@"


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register `verify`."""
    verify = subparsers.add_parser(
        "verify", help="核验抽取记录、存证回执、检查点或案件归档文件；是哪一种，由内容辨认"
    )
    verify.add_argument("file", type=Path, metavar="FILE", help="要核验的文件")
    verify.add_argument("--commit", help="抽取记录：抽取前公布的承诺值")
    verify.add_argument("--policy", type=Path, help="回执、检查点和归档文件中的回执：策略文件，相信哪些公钥")
    verify.set_defaults(run=run_verify)


def run_verify(arguments: argparse.Namespace) -> int:
    """0 everything holds, 1 something is false, 2 of no known form, 3 the policy is not met, 4 something is missing."""
    try:
        content: bytes = arguments.file.read_bytes()
    except OSError as error:
        print(f"无法读取文件：{error}")
        return MALFORMED
    checks: dict[str, Callable[[argparse.Namespace, bytes], int]] = {
        "transcript": _verify_transcript,
        "receipt": _verify_signed,
        "checkpoint": _verify_signed,
        "case": _verify_case,
    }
    kind = kind_of(content)
    if kind not in checks:
        print("认不出这个文件：它不是抽取记录、存证回执、检查点，也不是案件归档文件")
        return MALFORMED
    return checks[kind](arguments, content)


def kind_of(content: bytes) -> str:
    """What the content is: transcript, receipt, checkpoint or case; empty when it is none of them."""
    if content.startswith(b"PK\x03\x04"):
        return "case"
    if content.startswith(HEAD):
        return "receipt"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return "transcript"
    return "checkpoint" if "\n\u2014 ".encode() in content else ""


def _verify_transcript(arguments: argparse.Namespace, content: bytes) -> int:
    published = ["--commit", arguments.commit] if arguments.commit else []
    return verify_draw.main([str(arguments.file), *published])


def _verify_signed(arguments: argparse.Namespace, content: bytes) -> int:
    if arguments.policy is None:
        print("请用 --policy 给出策略文件：其中写明相信哪些公钥（网站的 /ledger/policy，须与公告核对）")
        return verify_ledger.Incomplete.code
    return verify_ledger.main([kind_of(content), str(arguments.file), "--policy", str(arguments.policy)])


def _verify_case(arguments: argparse.Namespace, content: bytes) -> int:
    """The file as a whole, with its receipts when there is a policy to judge them by, then each draw in it; the worst
    is answered."""
    trusted = ["--policy", str(arguments.policy)] if arguments.policy else []
    code = verify_ledger.main(["case", str(arguments.file), *trusted])
    if code == MALFORMED:
        return code
    with zipfile.ZipFile(BytesIO(content)) as archive, tempfile.TemporaryDirectory() as folder:
        drawn = [(name, archive.read(name)) for name in archive.namelist() if name.startswith("extra/")]
        return max([code, *(_verify_extra(Path(folder), *one) for one in drawn)])


def _verify_extra(folder: Path, name: str, content: bytes) -> int:
    if not is_transcript(content):
        return 0
    print(f"{name}：", end="")
    file = folder / "transcript.json"
    file.write_bytes(content)
    return verify_draw.main([str(file)])


def is_transcript(content: bytes) -> bool:
    """Whether it says of itself that it is the record of a draw."""
    try:
        document = json.loads(content)
    except ValueError:
        return False
    return isinstance(document, dict) and str(document.get("format", "")).startswith("lunheng-draw/")
