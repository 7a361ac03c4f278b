"""`lunheng draw`: the lottery on files, without a database; `lunheng verify` belongs to it and knows other files too."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lunheng.cli import verify
from lunheng.core.draw import Candidate, Infeasible, Request, RequestError, prepare, transcript
from lunheng.core.draw.reading import check_excluded, probability_lines, read_pool, read_request

MALFORMED = 2
INFEASIBLE = 3


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register `draw` and `verify`; each sets `run`, which takes the arguments and returns the exit code."""
    draw = subparsers.add_parser("draw", help="按名单和要求随机抽取专家组，并写出可核验的抽取记录")
    draw.add_argument("--pool", required=True, type=Path, help="专家名单 CSV：id,unit,territory,specialties")
    draw.add_argument("--request", required=True, type=Path, help="抽取要求 TOML")
    draw.add_argument("--seed", required=True, type=_seed, help="种子（十六进制）")
    draw.add_argument("--out", required=True, type=Path, help="抽取记录写入的文件")
    draw.add_argument("--probabilities", type=Path, help="另将每人被抽中的概率写入此文件")
    draw.set_defaults(run=run_draw)
    verify.add_commands(subparsers)


def _seed(text: str) -> bytes:
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        raise argparse.ArgumentTypeError("种子应为十六进制") from None
    if not seed:
        raise argparse.ArgumentTypeError("种子不能为空")
    return seed


def run_draw(arguments: argparse.Namespace) -> int:
    """Draw and write; 0 done, 2 input not usable, 3 no panel possible (the certificate is printed)."""
    try:
        candidates = read_pool(arguments.pool.read_text("utf-8"))
        request = read_request(arguments.request.read_text("utf-8"))
        check_excluded(candidates, request)
        return _draw_to(arguments, candidates, request)
    except RequestError as error:
        return _fail(f"无法抽取：{error}", MALFORMED)
    except (OSError, UnicodeDecodeError) as error:
        return _fail(f"无法读写文件：{error}", MALFORMED)
    except Infeasible as infeasible:
        return _fail(infeasible.explain(), INFEASIBLE)


def _draw_to(arguments: argparse.Namespace, candidates: tuple[Candidate, ...], request: Request) -> int:
    outcome = prepare(candidates, request).draw(arguments.seed)
    document = transcript(candidates, request, outcome, arguments.seed)
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    arguments.out.write_text(text, "utf-8", newline="\n")
    if arguments.probabilities is not None:
        lines = probability_lines(candidates, outcome.probabilities)
        arguments.probabilities.write_text(lines, "utf-8", newline="\n")
    for seat in outcome.panel.seats:
        print(f"{seat.candidate_id}\t{seat.specialty}")
    return 0


def _fail(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code
