"""``make bench``: reviews through the acts against bare INSERTs on both databases, pages against a bare view, and a page
beside eight heavy uploads against the same page in quiet.

Ratios are of one run on one machine; absolute figures are for orientation only.
"""

import os
import subprocess
import sys
import tempfile


def main() -> int:
    """Measure on a SQLite file, then on a throw-away PostgreSQL with durable commits."""
    with tempfile.TemporaryDirectory() as folder:
        measure = [sys.executable, "-m", "benchmarks.reviews"]
        sqlite = {
            **os.environ,
            "LUNHENG_MODE": "test",
            "LUNHENG_FILES": folder,
            "LUNHENG_DATABASE": f"sqlite:///{folder}/bench.sqlite3",
        }
        code = subprocess.run(measure, env=sqlite, check=False).returncode
        postgres = {**os.environ, "LUNHENG_MODE": "test", "LUNHENG_FILES": folder}
        command = [sys.executable, "-m", "tests.harness.postgres", "run", "--", *measure]
        code = code or subprocess.run(command, env=postgres, check=False).returncode
    return code or subprocess.run([sys.executable, "-m", "benchmarks.uploads"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
