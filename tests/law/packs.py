"""The packs of the repository, read once, with their law and worked cases."""

from functools import cache
from pathlib import Path

from lunheng.core.calendar import WorkCalendar, load_calendar
from lunheng.core.policy import Law, Pack, ResolvedPack, read_pack, resolve

ROOT = Path(__file__).parents[2] / "packs"
IDENTIFIERS = sorted(folder.name for folder in ROOT.iterdir() if (folder / "pack.toml").exists())


def texts(identifier: str) -> dict[str, str]:
    """The TOML texts of one pack."""
    folder = ROOT / identifier
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.toml"))
    }


@cache
def pack(identifier: str) -> Pack:
    """One layer as written."""
    return read_pack(texts(identifier))


@cache
def resolved(identifier: str) -> ResolvedPack:
    """The layers in force for one pack."""
    if identifier == "platform":
        return resolve(pack("platform"), pack("cn"))
    parent = pack(pack(identifier).head.parent) if pack(identifier).head.parent else None
    return resolve(pack(identifier), parent, pack("platform"))


@cache
def calendar() -> WorkCalendar:
    """The working days as published, with the regional layers."""
    return load_calendar(
        path.read_text("utf-8") for path in sorted((ROOT / "cn" / "calendar").glob("*.toml"))
    )


@cache
def law(identifier: str) -> Law:
    """The law of one pack."""
    return Law(resolved(identifier), calendar)
