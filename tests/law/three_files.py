"""A city that says whom its rules cover, and nothing else: pack.toml, sources.toml, scope.toml."""

from collections.abc import Mapping

from lunheng.core.policy import Law, ResolvedPack, read_pack, resolve
from lunheng.core.policy.layers import chain
from tests.law.packs import calendar, pack

FILES = {
    "pack.toml": (
        'id = "hollow-2026"\ntitle = "空白市规则"\nversion = "1"\nstatus = "in_force"\n'
        'parent = "cn"\nterritory_title = "空白市"\n'
    ),
    "sources.toml": '[notice]\nmain = true\ntitle = "空白市通知"\nissuer = "空白市住房和城乡建设局"\n',
    "scope.toml": (
        '[scope.coverage]\nclause = "一"\nproject_kinds = ["municipal"]\nterritory = "370200"\n'
        'from_on = 2026-01-01\nfrom_clause = "一"\n'
    ),
}
HOLES = ["roles.supervision", "roles.pool", "draw.mode", "report.compiler", "record.upload"]
"""What such a city has left open and nobody may guess."""
LAYERS = "《空白市规则》《国家规定》《论衡平台运行规则》"


def resolved(more: Mapping[str, str] | None = None) -> ResolvedPack:
    """The three files, and what `more` there is, over the national floor and the platform's rules."""
    return resolve(*chain(read_pack(FILES | dict(more or {})), pack))


def law() -> Law:
    """The law of such a city."""
    return Law(resolved(), calendar)
