"""数据表: how the annexes of a pack are read, from TOML text or from the plain form of a pinned pack."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

Written = str | Mapping[str, Any]
"""A table as TOML text, or parsed already (a pinned pack keeps its dates as ISO text)."""


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
"""A date of a table, also when it was kept as ISO text."""


class Table(BaseModel):
    """A strict, frozen table: no unknown keys, no silent conversion. Raises pydantic's ValidationError."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def parsed(written: Written) -> Mapping[str, Any]:
    """The table itself. Raises tomllib.TOMLDecodeError for text that is no TOML."""
    return tomllib.loads(written) if isinstance(written, str) else written


@dataclass(frozen=True, slots=True)
class Flaw:
    """One mistake of an annex, in Chinese: in which row or item, what is wrong, how to mend it."""

    row: str
    message: str
    remedy: str


class TableError(ValueError):
    """An annex that cannot be used, or was asked for what it does not hold; `flaws` lists what is wrong in it."""

    def __init__(self, message: str, flaws: tuple[Flaw, ...] = ()) -> None:
        super().__init__(message)
        self.flaws = flaws
