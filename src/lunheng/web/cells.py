"""What stands in a cell of a list, on the page and in the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from lunheng.web import wording
from lunheng.web.workbook import Value

NOTHING = "—"


@dataclass(frozen=True)
class Mark:
    """One of the four meanings with its word."""

    meaning: str
    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    text: str
    url: str


@dataclass(frozen=True)
class Note:
    """What explains the cell, in grey."""

    text: str


@dataclass(frozen=True)
class Code:
    """A digest or a code that is compared sign by sign."""

    text: str


@dataclass(frozen=True)
class Due:
    """A time limit, which may end at 24:00."""

    at: datetime


@dataclass(frozen=True)
class Cited:
    """A clause, as a link into the rulebook."""

    clause: str


Piece = str | int | date | Mark | Link | Note | Code | Due | Cited | None
Cell = Piece | tuple[Piece, ...]


def pieces(cell: Cell) -> list[Piece]:
    """The parts of a cell, without those that say nothing."""
    return [one for one in (cell if isinstance(cell, tuple) else (cell,)) if one is not None and one != ""]


def shown(piece: Piece) -> dict[str, Any]:
    """A part as the template draws it."""
    if isinstance(piece, Mark | Link | Note | Code | Cited):
        return {"kind": type(piece).__name__.lower(), **vars(piece)}
    return {"kind": "text", "text": worded(piece)}


def worded(piece: Piece) -> str:
    """Days, moments and time limits as every page writes them."""
    if isinstance(piece, Due):
        return wording.write_due(piece.at)
    if isinstance(piece, datetime):
        return wording.write_moment(piece)
    return wording.write_date(piece) if isinstance(piece, date) else str(piece)


def written(cell: Cell) -> Value:
    """A cell of the workbook: a number alone stays one, days and moments are written so that they sort."""
    parts = pieces(cell)
    if len(parts) == 1 and isinstance(parts[0], int) and not isinstance(parts[0], bool):
        return parts[0]
    return " ".join(_plain(part) for part in parts)


def _plain(piece: Piece) -> str:
    if isinstance(piece, Due):
        local = wording.in_china(piece.at)
        if local.time() == time.min:
            return f"{local.date() - timedelta(days=1)} 24:00"
        return f"{local:%Y-%m-%d %H:%M}"
    if isinstance(piece, datetime):
        return f"{wording.in_china(piece):%Y-%m-%d %H:%M}"
    if isinstance(piece, Cited):
        return piece.clause
    return piece.text if isinstance(piece, Mark | Link | Note | Code) else str(piece)
