"""The divisions of the demo: five jurisdictions with their districts, and what lies around them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lunheng.jurisdictions.models import Division
from lunheng.pools.founding import Place, keep_place

SOURCE = Path(__file__).with_name("divisions.toml")


@dataclass(frozen=True)
class City:
    """A jurisdiction with a pool of its own."""

    code: str
    key: str
    name: str
    pack: str
    region: str
    districts: dict[str, str]

    @property
    def short(self) -> str:
        """The name without 市 or the kind of region."""
        return self.name.removesuffix("市").removesuffix("维吾尔自治区")


def cities() -> list[City]:
    """The five jurisdictions."""
    return [
        City(
            code=code,
            key=one["key"],
            name=one["name"],
            pack=one["pack"],
            region=one.get("region", ""),
            districts=one["districts"],
        )
        for code, one in _read()["cities"].items()
    ]


def make_divisions() -> None:
    """Every division with its parent and its neighbours."""
    read = _read()
    regions = {code[:2]: one.get("region", "") for code, one in read["cities"].items()}
    rows = dict(read["provinces"]) | dict(read["only_neighbours"])
    rows |= {code: one["name"] for code, one in read["cities"].items()}
    parents = {code: f"{code[:2]}0000" for code in rows if not code.endswith("0000")}
    for code, one in read["cities"].items():
        rows |= one["districts"]
        parents |= dict.fromkeys(one["districts"], code)
    for code, name in sorted(rows.items(), key=lambda row: (_depth(row[0], parents), row[0])):
        level = ("region", "prefecture", "county")[_depth(code, parents)]
        keep_place(Place(code, name, level, parents.get(code, ""), regions.get(code[:2], "")))
    around = read["adjacent"] | {code: one.get("neighbours", []) for code, one in read["cities"].items()}
    for code, others in around.items():
        Division.objects.get(pk=code).neighbours.add(*others)


def _depth(code: str, parents: dict[str, str]) -> int:
    return 0 if code not in parents else 1 + _depth(parents[code], parents)


def _read() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text("utf-8"))
