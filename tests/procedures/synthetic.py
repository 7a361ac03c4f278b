"""Procedures that no city has: every kind of step and every effect, read from TOML as a pack's are, beside those of a pack."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from lunheng.core.clauses import Clause
from lunheng.core.policy import ResolvedPack
from lunheng.core.policy.pack import cite
from lunheng.core.policy.proceedings import FOLDER, Procedure, read_procedures
from lunheng.core.policy.rules import Citation

HERE = Path(__file__).parent / "packs"


def read(name: str, change: tuple[str, str] = ("", "")) -> Procedure:
    """One of the made-up procedures, with a piece of its text changed."""
    text = (HERE / f"{name}.toml").read_text("utf-8")
    assert change[0] in text
    return read_text(name, text.replace(*change) if change[0] else text)


def read_text(name: str, text: str) -> Procedure:
    """A procedure from its text, which must be without a mistake."""
    file = f"{FOLDER}{name}.toml"
    found, problems = read_procedures({file: tomllib.loads(text)}, {file: text})
    assert problems == []
    return found[name]


@contextmanager
def beside(**procedures: Procedure) -> Iterator[None]:
    """Let every pack have these procedures too, as part of its own notice."""
    cite_of_pack = ResolvedPack.cite_procedure

    def all_of(pack: ResolvedPack) -> dict[str, Procedure]:
        own = {key: one for layer in reversed(pack.layers) for key, one in layer.procedures.items()}
        return {**own, **procedures}

    def cite_any(pack: ResolvedPack, key: str, citation: Citation) -> Clause:
        if key not in procedures:
            return cite_of_pack(pack, key, citation)
        layer = pack.layers[0]
        return cite(pack.sources_of(layer), layer.main_source, citation)

    with (
        patch.object(ResolvedPack, "procedures", property(all_of)),
        patch.object(ResolvedPack, "cite_procedure", cite_any),
    ):
        yield
