"""``lunheng packs``: check the packs, print them for people, list what we chose, compare two."""

import argparse
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lunheng.core.calendar import load_calendar
from lunheng.core.policy import Law, Pack, PackError, Problem, ResolvedPack, read_pack, resolve
from lunheng.core.policy.faults import line_of, worded
from lunheng.core.policy.layers import NATION, PLATFORM, NoPack, chain, require_named
from lunheng.core.policy.load import BROKEN, HEAD, broken_at
from lunheng.core.policy.rulebook import assumptions, differences, rulebook
from lunheng.core.policy.rules import Silence
from lunheng.core.policy.silence import holes, unsaid
from lunheng.core.policy.worked import WorkedCase, WorkedDeadline, answer_fault, deadline_fault, read_cases

Files = Mapping[str, str]
_Case = TypeVar("_Case", WorkedCase, WorkedDeadline)


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register ``packs check | show | assumptions | diff``."""
    group = subparsers.add_parser("packs", help="政策包：检查、显示、解释、比较")
    commands = group.add_subparsers(required=True, metavar="命令")
    check = commands.add_parser("check", help="检查全部政策包，或一个包的文件夹或文件；有误则退出码 1")
    check.add_argument("path", nargs="?", type=Path, metavar="FILE", help="包的文件夹，或其中一个文件")
    check.set_defaults(run=run_check)
    show = commands.add_parser("show", help="按主题显示一个政策包：规则、取值、条款")
    show.add_argument("pack", metavar="PACK")
    show.set_defaults(run=run_show)
    chosen = commands.add_parser("assumptions", help="列出一个政策包中由本平台选定的理解")
    chosen.add_argument("pack", metavar="PACK")
    chosen.set_defaults(run=run_assumptions)
    compare = commands.add_parser("diff", help="逐条比较两个政策包")
    compare.add_argument("one", metavar="A")
    compare.add_argument("other", metavar="B")
    compare.set_defaults(run=run_diff)


def run_check(options: argparse.Namespace) -> int:
    """Check one pack or all of them, worked cases included; print each problem with its place and remedy."""
    if options.path is not None and not options.path.exists():
        print(f"没有这个文件：{options.path}")
        return 1
    folders, loose = _chosen(options.path)
    problems = [problem for folder in folders for problem in check(folder, loose)]
    for problem in problems:
        print(problem)
    if problems:
        print(f"共 {len(problems)} 处错误")
        return 1
    print(f"已检查 {len(folders)} 个政策包，没有错误：{'、'.join(folder.name for folder in folders)}")
    if options.path is None or options.path.is_dir():
        print("".join(f"{line}\n" for folder in folders for line in _unsaid(folder)), end="")
    return 0


def _unsaid(folder: Path) -> Iterator[str]:
    """What a pack leaves to people, and what it makes no duty of: for information."""
    pack = _load(str(folder))
    if _is_applied(pack.layers[0]):
        for silence, meaning in ((Silence.PERSON, "由人决定"), (Silence.FREE, "没有这项义务")):
            yield f"{folder.name} 没有规定、{meaning}的：{'、'.join(unsaid(pack, silence)) or '无'}"


def _is_applied(pack: Pack) -> bool:
    """Whether cases are judged by the pack itself: no mere layer that others stand on."""
    if pack.id in (NATION, PLATFORM):
        return False
    return "scope.coverage" in pack.rules or all(_parent_of(folder) != pack.id for folder in _folders())


def _parent_of(folder: Path) -> str:
    try:
        return str(tomllib.loads((folder / HEAD).read_text("utf-8")).get("parent", ""))
    except tomllib.TOMLDecodeError:
        return ""


def run_show(options: argparse.Namespace) -> int:
    """Print the rulebook of a pack."""
    return _print_of(options.pack, rulebook)


def run_assumptions(options: argparse.Namespace) -> int:
    """Print what we chose where the text leaves room."""
    return _print_of(options.pack, assumptions)


def run_diff(options: argparse.Namespace) -> int:
    """Print the rules on which two packs differ."""
    try:
        lines = list(differences(_load(options.one), _load(options.other)))
    except (PackError, NoPack) as error:
        print(error)
        return 1
    print("\n".join(lines) or "两个政策包的规则相同")
    return 0


def check(folder: Path, loose: Files | None = None) -> Iterator[Problem]:
    """The problems of one pack folder, or of the texts of a `loose` file that lies in no pack."""
    files = loose or texts(folder)
    try:
        pack = read_pack(files)
        if not loose:
            _require_own_name(pack, folder)
        resolved = resolve(*chain(pack, _read_by_name))
    except PackError as error:
        yield from (_placed(problem, folder, files) for problem in error.problems)
        return
    if not loose and _is_applied(pack):
        yield from (_placed(problem, folder, files) for problem in holes(resolved))
    law = Law(resolved, lambda: load_calendar(texts(root() / NATION / "calendar").values()))
    for name in sorted(files):
        if name.startswith("cases/"):
            yield from (_placed(problem, folder, files) for problem in _case_problems(law, name, files[name]))


def _require_own_name(pack: Pack, folder: Path) -> None:
    """Raises PackError for a pack that has another name than its folder, or that of another folder."""
    other = root() / pack.id
    if pack.id != folder.name and (other / HEAD).exists():
        message = f"标识 {pack.id} 已由文件夹 {pack.id} 使用，两个政策包不能同名"
        raise PackError((Problem(HEAD, "id", 0, message, f'写 id = "{folder.name}"'),))
    require_named(pack, folder.name)


def texts(folder: Path) -> dict[str, str]:
    """The TOML texts of a folder by relative name."""
    paths = sorted(folder.rglob("*.toml"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def root() -> Path:
    """The folder of the packs."""
    from django.conf import settings

    return Path(settings.PACKS_DIRECTORY)


def _chosen(path: Path | None) -> tuple[list[Path], Files]:
    if path is None:
        return _folders(), {}
    if path.is_dir():
        return [path], {}
    folder = next((parent for parent in path.parents if (parent / "pack.toml").exists()), None)
    if folder is not None:
        return [folder], {}
    return [path], {path.name: path.read_text("utf-8"), **_frame(path.stem)}


def _folders() -> list[Path]:
    return [folder for folder in sorted(root().iterdir()) if (folder / HEAD).exists()]


def _frame(title: str) -> Files:
    """What a loose file needs around it to be read as a pack of its own over the national floor."""
    return {
        "pack.toml": f'id = "file"\ntitle = "{title}"\nversion = "0"\nstatus = "draft"\nparent = "{NATION}"',
        "sources.toml": f'[document]\nmain = true\ntitle = "{title}"\nissuer = "{title}"',
    }


def _load(name: str) -> ResolvedPack:
    folder = Path(name) if Path(name).is_dir() else root() / name
    if not (folder / HEAD).exists():
        raise NoPack(f"没有政策包 {folder.name}")
    return resolve(*chain(read_pack(texts(folder)), _read_by_name))


def _read_by_name(name: str) -> Pack:
    folder = root() / name
    if not (folder / HEAD).exists():
        raise NoPack(name)
    return read_pack(texts(folder))


def _case_problems(law: Law, name: str, text: str) -> Iterator[Problem]:
    try:
        cases = read_cases(text)
    except tomllib.TOMLDecodeError as error:
        yield Problem(name, "", broken_at(error, text), "算例写法有误：不是合法的 TOML", BROKEN)
        return
    except ValidationError as error:
        for _, found in groupby(error.errors(), lambda detail: detail["loc"][:2]):
            yield _malformed(name, text, list(found))
        return
    for case in cases.case:
        yield from _untrue(name, text, case.key, case.situation, _tried(answer_fault, law, case))
    for limit in cases.deadline:
        yield from _untrue(name, text, limit.key, limit.situation, _tried(deadline_fault, law, limit))


def _malformed(name: str, text: str, details: list[ErrorDetails]) -> Problem:
    """The mistakes in the writing of one worked case, at the line of the case."""
    path = details[0]["loc"]
    told = [worded({**detail, "loc": detail["loc"][2:] or detail["loc"]}) for detail in details]
    headers = [
        number for number, line in enumerate(text.splitlines(), 1) if line.startswith(f"[[{path[0]}]]")
    ]
    place = path[1] if len(path) > 1 else 0
    line = headers[place] if isinstance(place, int) and place < len(headers) else 1
    message = "算例写法有误：" + "；".join(message for message, _ in told)
    return Problem(name, str(path[-1]), line, message, told[0][1])


def _untrue(name: str, text: str, key: str, situation: str, fault: str | None) -> Iterator[Problem]:
    if fault is not None:
        line = _line_with(text, situation)
        yield Problem(name, key, line, f"算例“{situation}”不成立：{fault}", "改正规则或算例")


def _tried(judge: Callable[[Law, _Case], str | None], law: Law, case: _Case) -> str | None:
    """A worked case may name a key or facts that the rules do not know: that is a mistake of the case."""
    try:
        return judge(law, case)
    except KeyError:
        return f"规则不接受这些事实（没有规则键 {case.key}，或没有写这条规则；规则键见 docs/packs.md）"
    except (TypeError, ValueError):
        given = "、".join(getattr(case, "facts", {})) or "无"
        return f"规则不接受这些事实（{given}；{case.key} 应有的事实见 docs/packs.md）"


def _line_with(text: str, words: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if words in line), 0)


def _placed(problem: Problem, folder: Path, files: Files) -> Problem:
    """The problem with its folder and line; in a file that is there, the first line where no better is known."""
    own = problem.pack in ("", "file", folder.name) or not (root() / problem.pack / HEAD).exists()
    name = folder.name if own else problem.pack
    text = (files if own else texts(root() / problem.pack)).get(problem.file)
    line = problem.line or (line_of(text, problem.key) or 1 if text is not None else 0)
    file = name if name == problem.file else f"{name}/{problem.file}"
    return replace(problem, file=file, line=line)


def _print_of(name: str, lines: Callable[[ResolvedPack], Iterator[str]]) -> int:
    try:
        print("\n".join(lines(_load(name))))
    except (PackError, NoPack) as error:
        print(error)
        return 1
    return 0
