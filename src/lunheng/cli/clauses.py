"""``lunheng clauses``: which clauses of the regulations the last test run proved."""

import argparse
import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "docs" / "clauses.tsv"
PARTS = ROOT / "docs" / "clauses.parts.toml"
REPORT = ROOT / "var" / "clauses.json"
WORKED_CASES = ("tests/law/", "tests/core/")


@dataclass(frozen=True)
class Row:
    """One row of the acceptance table that asks for proof."""

    id: str
    system: str
    stage: str
    parts: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """What tests are marked with to show all of it: each of its parts, or the row where it has but one."""
        return tuple(f"{self.id}/{part}" for part in self.parts) or (self.id,)


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``clauses``."""
    command = subparsers.add_parser("clauses", help="条款：上一次测试证明了哪些条款")
    command.add_argument("--missing", action="store_true", help="逐行列出尚未证明的条款；有则退出码 1")
    command.add_argument("--parts", action="store_true", help="逐行列出分项条款的各部分，未证明的写明")
    command.add_argument("--system", action="append", default=[], help="只看某个城市，可重复")
    command.add_argument("--stage", action="append", default=[], help="只看某个环节，可重复")
    command.set_defaults(run=run)


def read_parts(path: Path = PARTS) -> dict[str, tuple[str, ...]]:
    """The rows that say several things, each with the names of its parts."""
    return {row: tuple(parts) for row, parts in tomllib.loads(path.read_text("utf-8")).items()}


def rows(table: Path = TABLE) -> list[Row]:
    """Every row that a black-box test can show; context rows ask for none."""
    parts = read_parts()
    with table.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Row(line["id"], line["system"], line["stage"], parts.get(line["id"], ()))
            for line in lines
            if line["nature"] != "context"
        ]


def proven(report: Path = REPORT) -> set[str]:
    """Rows of which every part has a passing test, and none a failing or skipped one, in the last run. The worked cases
    of a pack show what the rule says, not what the product does: they can disprove a row and never prove it."""
    shown, parts = shown_marks(report), read_parts()
    return {
        row
        for row in {mark.partition("/")[0] for mark in shown}
        if shown >= set(Row(row, "", "", parts.get(row, ())).marks)
    }


def shown_marks(report: Path = REPORT) -> set[str]:
    """The marks, of rows and of parts, that a passing test bears; none of a row of which any test failed or was skipped."""
    if not report.exists():
        return set()
    outcomes: Mapping[str, dict[str, list[str]]] = json.loads(report.read_text("utf-8"))["clauses"]
    doubtful = {
        mark.partition("/")[0] for mark, tests in outcomes.items() if tests["failed"] + tests["skipped"]
    }
    return {
        mark
        for mark, tests in outcomes.items()
        if mark.partition("/")[0] not in doubtful
        and any(not test.startswith(WORKED_CASES) for test in tests["passed"])
    }


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
    if options.parts:
        print("\n".join(by_parts(chosen, shown_marks())))
        return 0
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


def by_parts(chosen: Iterable[Row], shown: set[str]) -> list[str]:
    """Each row with how many of its parts are proven, and the names of those that are not."""
    lines = []
    for row in chosen:
        lacking = [mark for mark in row.marks if mark not in shown]
        told = "、".join(mark.partition("/")[2] or "未证明" for mark in lacking)
        counted = f"{len(row.marks) - len(lacking)} / {len(row.marks)}"
        lines.append(f"{row.id:16} {counted:6} {told}".rstrip())
    return lines
