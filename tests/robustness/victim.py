"""Workers to be killed: ``python -m tests.robustness.victim``, told on its standard input what to do.

``work <at>`` forks a worker and answers its process id; the worker answers what is due at ``at`` and writes ``.`` after
each round, until it is killed. ``fall <at>`` and ``tear <at>`` fork a worker that kills itself in the middle of its
first answer to a deadline: the row is changed, the entry is not yet written. ``tear`` committed before it fell, as an
act without its transaction would. The process that forks never opens a connection.
"""

import os
import signal
import sys
from datetime import datetime


def serve() -> None:
    """Fork one worker for every line, and say who it is."""
    for line in sys.stdin:
        manner, at = line.split()
        child = os.fork()
        if child == 0:
            live(manner, datetime.fromisoformat(at))
        print(child, flush=True)
        if manner != "work":
            os.waitpid(child, 0)
            print("fallen", flush=True)


def live(manner: str, at: datetime) -> None:
    """Work at this moment until killed."""
    from lunheng.clockwork.sweep import sweep
    from lunheng.jobs import clock
    from lunheng.messaging.sending import send_due

    clock.install(clock.FixedClock(at))
    if manner != "work":
        fall_in_the_middle(is_torn=manner == "tear")
    while True:
        send_due(at)
        sweep(at, limit=2, pause=lambda _: None)
        os.write(2, b".")


def fall_in_the_middle(*, is_torn: bool) -> None:
    """Die as soon as a deadline's row says that it was answered; torn: with that row already committed."""
    from django.db import connection

    from lunheng.cases.models import Deadline

    whole = Deadline.perform

    def perform(self: Deadline, at: datetime) -> None:
        whole(self, at)
        if is_torn:
            connection.connection.commit()
        os.kill(os.getpid(), signal.SIGKILL)

    Deadline.perform = perform  # type: ignore[method-assign]


if __name__ == "__main__":
    import django
    import structlog

    # What a dying worker would log is not the test's to read.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    serve()
