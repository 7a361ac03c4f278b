"""Set the environment before Django reads its settings (loaded by ``-p tests.harness.environment``).

Without ``LUNHENG_DATABASE`` the tests use a throw-away SQLite file, so that a single test file can be
run with nothing else at hand. The whole suite runs on PostgreSQL: see ``tests.harness.postgres``.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH_VARIABLE = "LUNHENG_TEST_SCRATCH"


def make_scratch() -> Path:
    """Return this run's scratch directory; the process that makes it removes it at its end."""
    given = os.environ.get(SCRATCH_VARIABLE)
    if given:
        return Path(given)
    scratch = Path(tempfile.mkdtemp(prefix="lunheng-test-"))
    os.environ[SCRATCH_VARIABLE] = str(scratch)
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    return scratch


scratch = make_scratch()
os.environ["LUNHENG_MODE"] = "test"
os.environ.setdefault("LUNHENG_DATABASE", f"sqlite:///{scratch}/lunheng.sqlite3")
# pytest-playwright keeps an event loop in the thread that also reads the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_report_header() -> str:
    """Name the database in the report's head, where the continuous integration looks for it."""
    return f"database: {os.environ['LUNHENG_DATABASE'].partition(':')[0]}"
