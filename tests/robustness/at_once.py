"""Several people at the same moment, each with a connection of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> Sequence[T]:
    """Perform all at the same moment; what each returned. What one raised is raised when all have ended."""
    start = Barrier(len(acts))

    def run(perform: Callable[[], T]) -> T:
        start.wait(30)
        try:
            return perform()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
