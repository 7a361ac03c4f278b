"""``lunheng clauses``: which clauses of the regulations the last test run proved."""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "docs" / "clauses.tsv"
REPORT = ROOT / "var" / "clauses.json"
WORKED_CASES = ("tests/law/", "tests/core/")


@dataclass(frozen=True)
class Row:
    """One row of the acceptance table that asks for proof."""

    id: str
    system: str
    stage: str


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``clauses``."""
    command = subparsers.add_parser("clauses", help="条款：上一次测试证明了哪些条款")
    command.add_argument("--missing", action="store_true", help="逐行列出尚未证明的条款；有则退出码 1")
    command.add_argument("--system", action="append", default=[], help="只看某个城市，可重复")
    command.add_argument("--stage", action="append", default=[], help="只看某个环节，可重复")
    command.set_defaults(run=run)


def rows(table: Path = TABLE) -> list[Row]:
    """Every row that a black-box test can show; context rows ask for none."""
    with table.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Row(line["id"], line["system"], line["stage"]) for line in lines if line["nature"] != "context"
        ]


def proven(report: Path = REPORT) -> set[str]:
    """Clauses with a passing test and no failing or skipped one in the last run. The worked cases of a pack show what
    the rule says, not what the product does: they can disprove a clause and never prove it."""
    if not report.exists():
        return set()
    outcomes = json.loads(report.read_text("utf-8"))["clauses"]
    return {clause for clause, tests in outcomes.items() if _is_proven(tests)}


def _is_proven(tests: dict[str, list[str]]) -> bool:
    from_outside = [test for test in tests["passed"] if not test.startswith(WORKED_CASES)]
    return bool(from_outside) and not tests["failed"] + tests["skipped"]


def run(options: argparse.Namespace) -> int:
    """Print the table, or the ids that are missing; 2 where the table of the source is not at hand."""
    if not TABLE.exists():
        print("条款清单（docs/clauses.tsv）和测试记录只在源代码目录中，请在那里运行 lunheng clauses")
        return 2
    chosen = [
        row
        for row in rows()
        if (not options.system or row.system in options.system)
        and (not options.stage or row.stage in options.stage)
    ]
    known = proven()
    if not options.missing:
        print("\n".join(summary(chosen, known)))
        return 0
    missing = [row.id for row in chosen if row.id not in known]
    print("\n".join(missing), end="\n" if missing else "")
    return 1 if missing else 0


def summary(chosen: Iterable[Row], known: set[str]) -> list[str]:
    """Proven and total per system and stage, and in all."""
    total: Counter[tuple[str, str]] = Counter()
    shown: Counter[tuple[str, str]] = Counter()
    for row in chosen:
        total[row.system, row.stage] += 1
        shown[row.system, row.stage] += row.id in known
    lines = [
        f"{system:10} {stage:12} {shown[system, stage]:3} / {total[system, stage]}"
        for system, stage in sorted(total)
    ]
    return [*lines, f"合计 {sum(shown.values())} / {sum(total.values())}"]
