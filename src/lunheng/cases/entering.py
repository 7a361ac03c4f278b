"""The end of every act: its lines are entered, and with them what it left of every row that it touched."""

from collections.abc import Sequence
from dataclasses import replace

from lunheng.cases import made
from lunheng.cases.precedents import require_precedents, wanted
from lunheng.cases.running import File, Run
from lunheng.ledger import rowstates
from lunheng.ledger.append import Line, append_many
from lunheng.ledger.closing import close
from lunheng.ledger.models import Entry, RowState


def finish(run: Run, since: int) -> None:
    """Enter what the act entered; its first entry binds the rows touched after the note ``since``.

    Raises:
        ActError: the act entered nothing.
        Refused: the log lacks what has to come before, or the server's clock is out of the bounds of the ledger.
    """
    run.finish()
    steps = [(case, line.event) for case, line, _ in run.lines]
    closing = close(run.event, since, wanted(steps))
    require_precedents(steps, closing.events)
    states = rowstates.prepare(closing.touched, run.entry_id, closing.cells)
    case, line, entry = run.lines[0]
    run.lines[0] = (case, replace(line, files=[*line.files, *rowstates.files_of(states)]), entry)
    waiting = _write_one_of_each(run, run.lines, states)
    while waiting:
        waiting = _write_one_of_each(run, waiting)
    made.note(entry.pk for _, _, entry in run.lines)


def _write_one_of_each(
    run: Run, waiting: list[tuple[File, Line, Entry]], states: Sequence[RowState] = ()
) -> list[tuple[File, Line, Entry]]:
    """Write the next line of every file, each upon the leaf before it; returns the lines that are left."""
    now: dict[int, tuple[File, Line, Entry]] = {}
    later = []
    for one in waiting:
        if one[0].pk in now:
            later.append(one)
        else:
            now[one[0].pk] = one
    lines = [replace(line, previous=case.last_leaf) for case, line, _ in now.values()]
    written = append_many(lines, recorded_at=run.recorded_at, states=states)
    for (case, _, entry), stored in zip(now.values(), written, strict=True):
        entry.body, entry.leaf_sha256 = stored.body, stored.leaf_sha256
        entry._state = stored._state
        case.last_leaf = bytes(stored.leaf_sha256).hex()
    return later
