"""``lunheng city init``: an authority begins: its pack, divisions, pools, offices and first accounts, from a small table."""

import argparse
import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.cli.django import set_up

if TYPE_CHECKING:
    from lunheng.pools.founding import Fault, Founding

COLUMNS = {
    "kind": "类别", "code": "代码", "name": "名称", "level": "级别", "parent": "上级", "region": "日历", "neighbours": "相邻",
    "key": "标识", "office": "岗位", "phone": "手机", "identity": "身份证号",
}  # fmt: skip
KINDS = {"division": "区划", "pool": "专家库", "account": "账号"}
LEVELS = {"nation": "国家", "region": "省级", "prefecture": "市级", "county": "县级"}
FIELDS = {
    "division": (("code", "name", "level"), ("parent", "region", "neighbours")),
    "pool": (("key", "name", "code"), ()),
    "account": (("name", "phone", "office", "code"), ("identity",)),
}
"""Of each kind what must and what may be written."""
Row = Mapping[str, Any]


class BrokenTable(Exception):
    """The file cannot be read as a table at all; the message names line and remedy."""


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``city init``."""
    group = subparsers.add_parser("city", help="设立一个主管部门").add_subparsers(
        required=True, metavar="命令"
    )
    init = group.add_parser("init", help="由政策包和一张表登记区划、专家库、岗位和首批账号；可重复运行")
    init.add_argument("pack", metavar="PACK", help="政策包的标识，例如 qingdao-2025")
    init.add_argument("--table", type=Path, metavar="FILE", help="区划、专家库、账号的表（.csv 或 .toml）")
    init.add_argument("--dry-run", action="store_true", help="只列出将要登记的，不写入")
    init.set_defaults(run=run_init)


def run_init(options: argparse.Namespace) -> int:
    """Found the authority; 1 with every mistake of pack or table, and nothing written."""
    set_up()
    from lunheng.core.policy import PackError
    from lunheng.core.policy.layers import NoPack
    from lunheng.jobs import clock
    from lunheng.jurisdictions import packs
    from lunheng.pools.founding import Founding, carry_out, faults_of, steps_of, vacant_offices

    try:
        pack = packs.resolved(options.pack)
        rows, faults = _rows(options.table)
    except NoPack:
        print(f"没有政策包 {options.pack}。改法：先建立 packs/{options.pack}/，用 lunheng packs check 检查")
        return 1
    except (PackError, BrokenTable) as error:
        print(error)
        return 1
    if faults:
        return _told(options.table, faults)
    founding = _founding(Founding(pack), rows).completed()
    if faults := faults_of(founding):
        return _told(options.table, faults)
    words = (
        [step.words for step in steps_of(founding)] if options.dry_run else carry_out(founding, clock.now())
    )
    print(
        "\n".join(("将" if options.dry_run else "已") + one for one in words)
        or "没有需要登记的：已与政策包和表一致"
    )
    if not options.dry_run and (vacant := vacant_offices(founding)):
        print(f"尚无账号的岗位：{'、'.join(vacant)}")
    return 0


def _told(path: Path | None, faults: "list[Fault]") -> int:
    for one in faults:
        line = f" 第{one.line}行" if one.line else ""
        column = f" {COLUMNS.get(one.column, one.column)}（{one.column}）" if one.column else ""
        print(f"{path or '政策包'}{line}{column}：{one.message}。改法：{one.remedy}")
    print(f"共 {len(faults)} 处错误，什么也没有登记")
    return 1


def _rows(path: Path | None) -> "tuple[list[Row], list[Fault]]":
    """The rows of the table with their lines, and what is wrong with their form."""
    from lunheng.pools.founding import Fault

    rows = [] if path is None else list(_read(path))
    faults = []
    for row in rows:
        must, may = FIELDS.get(row["kind"], ((), ()))
        if not must:
            message = f"类别“{row['kind']}”不在许可范围"
            faults.append(Fault(row["line"], "kind", message, f"只能写：{'、'.join(KINDS.values())}"))
            continue
        given = {name for name, value in row.items() if value and name not in ("kind", "line")}
        for name in sorted(given - {*must, *may}):
            faults.append(Fault(row["line"], name, f"{KINDS[row['kind']]}没有这一项", "删去，或核对表头"))
        for name in must:
            if name not in given:
                faults.append(Fault(row["line"], name, "没有填写", f"填写{COLUMNS[name]}"))
    return rows, faults


def _read(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BrokenTable(f"不能打开 {path}。改法：核对文件名") from error
    except UnicodeDecodeError as error:
        raise BrokenTable(f"{path} 不是 UTF-8 编码。改法：另存为 UTF-8 编码的 CSV 或 TOML") from error
    reader = {".csv": _of_csv, ".toml": _of_toml}.get(path.suffix.lower())
    if reader is None:
        raise BrokenTable(f"{path} 不是 .csv 或 .toml。改法：另存为其中一种")
    return reader(path, text)


def _of_csv(path: Path, text: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text))
    names = {title: name for name, title in COLUMNS.items()}
    header = [names.get(cell.strip(), cell.strip()) for cell in next(lines, [])]
    unknown = [cell for cell in header if cell not in COLUMNS]
    if unknown or "kind" not in header:
        wrong = f"表头有不认识的列：{'、'.join(unknown)}" if unknown else "表头缺少“类别”"
        raise BrokenTable(f"{path} 第1行：{wrong}。改法：表头只用 {'、'.join(COLUMNS.values())}")
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield _row(dict(zip(header, (cell.strip() for cell in cells), strict=False)), lines.line_num)


def _of_toml(path: Path, text: str) -> Iterator[Row]:
    from lunheng.core.policy.load import broken_at

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = "不是合法的 TOML。改法：检查这一行的引号、括号、等号和重复的键"
        raise BrokenTable(f"{path} 第{broken_at(error, text)}行：{message}") from error
    for kind, tables in document.items():
        heads = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{kind}]]"]
        if not isinstance(tables, list) or len(heads) != len(tables):
            raise BrokenTable(
                f"{path}：{kind} 不是成组的表。改法：逐个写 [[division]]、[[pool]]、[[account]]"
            )
        for head, table in zip(heads, tables, strict=True):
            yield _row({"kind": kind, **table}, head)


def _row(cells: Mapping[str, Any], line: int) -> Row:
    """One row with words in place of titles, and neighbors one by one."""
    row: dict[str, Any] = {
        name: value if isinstance(value, list) else str(value) for name, value in cells.items()
    }
    for name, words in (("kind", KINDS), ("level", LEVELS)):
        titles = {title: word for word, title in words.items()}
        row[name] = titles.get(row.get(name, ""), row.get(name, ""))
    around = row.get("neighbours", "")
    row["neighbours"] = tuple(around if isinstance(around, list) else around.replace("、", " ").split())
    return {**row, "line": line}


def _founding(empty: "Founding", rows: list[Row]) -> "Founding":
    from lunheng.pools.founding import Founding, Keeping, Person, Place

    made: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    kinds: Mapping[str, Any] = {"division": Place, "pool": Keeping, "account": Person}
    for row in rows:
        must, may = FIELDS[row["kind"]]
        given = {name: row[name] for name in (*must, *may, "line") if row.get(name)}
        made[row["kind"]].append(kinds[row["kind"]](**given))
    return Founding(empty.pack, tuple(made["division"]), tuple(made["pool"]), tuple(made["account"]))
