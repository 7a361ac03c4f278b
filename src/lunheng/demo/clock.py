"""演示时间: the demo's clock runs ahead of the machine's by as much as people moved it.

The lead stands in one small file, so that web server and worker, which are different processes, read the same.
"""

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from lunheng.jobs import clock

LONGEST = timedelta(days=365)


class DemoClock(clock.SystemClock):
    """The clock of the machine and the lead of the demo."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return super().now() + self.lead

    @property
    def lead(self) -> timedelta:
        """How far the demo is ahead; nothing where nobody moved it."""
        try:
            return timedelta(seconds=float(self._path.read_text("ascii")))
        except (FileNotFoundError, ValueError):
            return timedelta()

    def move(self, step: timedelta) -> timedelta:
        """Move the demo forward (never back, for what happened has happened); returns the new lead."""
        return self._write(min(self.lead + max(step, timedelta()), LONGEST))

    def reset(self) -> None:
        """Run with the machine again: only for a demo that is built anew."""
        self._path.unlink(missing_ok=True)

    def _write(self, lead: timedelta) -> timedelta:
        handle, name = tempfile.mkstemp(dir=self._path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(str(lead.total_seconds()))
        os.replace(name, self._path)
        return lead


def demo_clock() -> DemoClock:
    """The clock of this site's demo."""
    return DemoClock(settings.VAR / "demo-clock")


def usual_clock() -> clock.Clock:
    """What tells the time when nobody plays stories."""
    return demo_clock() if settings.IS_DEMO else clock.SystemClock()


def start_anew() -> datetime:
    """Set the demo's clock back to the machine's and tell the time."""
    demo_clock().reset()
    return clock.SystemClock().now()
