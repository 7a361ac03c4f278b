"""``python -m lunheng.documents.parsing KIND SOURCE TARGET``: parse one file in a process of its own.

Prints one line of JSON: ``{"pages": n}`` or ``{"fault": "…"}``. Memory, time, size and number of files are bounded
before the first byte is read, so that a bomb ends this process and nothing else.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from lunheng.documents.parsing.faults import Fault, Unfit

MEMORY = 700 * 1024 * 1024
SECONDS = 30
POLITENESS = 10
OUTPUT = 200 * 1024 * 1024
DEPTH = 2_000


def limit() -> None:
    """Bound this process, and let everybody else's pages go first."""
    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(DEPTH)


def parser_of(kind: str) -> Callable[[Path, Path], int]:
    """The parser of a kind, imported only now: each brings its own library."""
    if kind == "pdf":
        from lunheng.documents.parsing.pdf import parse_pdf

        return parse_pdf
    if kind in {"docx", "xlsx"}:
        from lunheng.documents.parsing.office import parser_of_office

        return parser_of_office(kind)
    from lunheng.documents.parsing.images import parser_of_image

    return parser_of_image(kind)


def answer(kind: str, source: Path, target: Path) -> dict[str, str | int]:
    """Parse, and say what came of it; whatever a parser stumbles over is a damaged file."""
    try:
        return {"pages": parser_of(kind)(source, target)}
    except Unfit as unfit:
        return {"fault": unfit.fault.value}
    except (MemoryError, RecursionError):
        return {"fault": Fault.TOO_COMPLEX.value}
    except Exception as error:  # a parser may raise anything on hostile bytes
        return {"fault": Fault.DAMAGED.value, "detail": f"{type(error).__name__}: {error}"[:200]}


if __name__ == "__main__":
    limit()
    print(json.dumps(answer(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
