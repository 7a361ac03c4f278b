"""A throw-away PostgreSQL server: ``python -m tests.harness.postgres run [--durable] -- <command …>``.

The command runs with ``LUNHENG_DATABASE`` pointing to the server. The server refuses to run as root, so as
root every one of its programs is dropped to the ``postgres`` user. Writes are not flushed to disk
(``fsync=off``): right for tests of logic, wrong for tests of durability and for benchmarks, which ask for
``--durable``: the settings without which the product refuses to start.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from tests.harness.totals import write_line

BINARIES = Path("/usr/lib/postgresql")
INSTALL = "apt-get update && apt-get install -y --no-install-recommends postgresql"
DATABASE = "lunheng"
SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "200"}
FLUSHING = ("fsync", "synchronous_commit", "full_page_writes")


class ServerMissing(Exception):
    """No PostgreSQL server programs were found on this machine."""


@dataclass(frozen=True)
class Server:
    """A server on a free port of 127.0.0.1, its files under ``directory``."""

    directory: Path
    binaries: Path
    port: int
    is_durable: bool = False

    @property
    def url(self) -> str:
        """The value of ``LUNHENG_DATABASE`` for this server."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def options(self) -> str:
        """What ``pg_ctl`` passes on to the server."""
        flushing = dict.fromkeys(FLUSHING, "on" if self.is_durable else "off")
        settings = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, **flushing}.items())
        return f"-p {self.port} -k {self.directory} {settings}"

    def call(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs; raises ``CalledProcessError`` with what it printed."""
        subprocess.run(
            [str(self.binaries / program), *arguments],
            check=True,
            cwd=self.directory,
            stdout=subprocess.DEVNULL,
            **unprivileged(),
        )

    @property
    def processor_seconds(self) -> float:
        """What the server took so far, with its programs that run and those that have ended."""
        root = int((self.directory / "data" / "postmaster.pid").read_text().split()[0])
        stats = [_stat_of(path) for path in Path("/proc").glob("[0-9]*/stat")]
        ticks = sum(sum(times) for number, parent, times in stats if root in (number, parent))
        return ticks / os.sysconf("SC_CLK_TCK")


def _stat_of(path: Path) -> tuple[int, int, list[int]]:
    """A process's number, its parent's, and the ticks of itself and of its ended children."""
    try:
        number, fields = path.parent.name, path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0, []
    return int(number), int(fields[1]), [int(field) for field in fields[11:15]]


def unprivileged() -> dict[str, Any]:
    """Return the ``subprocess`` arguments that drop root to the ``postgres`` user."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def find_binaries() -> Path:
    """Return the newest installed server's programs, or raise ``ServerMissing``."""
    versions = [path.parent for path in BINARIES.glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise ServerMissing(f"PostgreSQL server not found; install it with: {INSTALL}")
    return Path(on_path).parent


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def own_directory() -> Iterator[Path]:
    """Yield a directory that belongs to whoever will run the server."""
    directory = Path(tempfile.mkdtemp(prefix="lunheng-pg-"))
    user = unprivileged()
    if user:
        os.chown(directory, user["user"], user["group"])
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def running(*, is_durable: bool = False) -> Iterator[Server]:
    """Yield a started server with an empty database; stop it and remove its files at the end."""
    binaries = find_binaries()
    with own_directory() as directory:
        server = Server(directory, binaries, free_port(), is_durable)
        data = str(directory / "data")
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        server.call("initdb", "-D", data, *options, *(["--data-checksums"] if is_durable else []))
        log = str(directory / "log")
        server.call("pg_ctl", "-D", data, "-l", log, "-w", "-o", server.options, "start")
        try:
            server.call("createdb", "-h", str(directory), "-p", str(server.port), "-U", "postgres", DATABASE)
            yield server
        finally:
            server.call("pg_ctl", "-D", data, "-m", "immediate", "stop")


def stop_on_signal(number: int, frame: FrameType | None) -> NoReturn:
    """Turn SIGTERM into an exit that unwinds, so that the server is stopped."""
    raise SystemExit(128 + number)


def run(command: Sequence[str], *, is_durable: bool) -> int:
    """Run the command against a fresh server and return its exit code."""
    signal.signal(signal.SIGTERM, stop_on_signal)
    with running(is_durable=is_durable) as server:
        environment = {**os.environ, "LUNHENG_DATABASE": server.url}
        child = subprocess.Popen(command, env=environment)
        try:
            return child.wait()
        finally:
            child.terminate()
            child.wait()
            taken = round(server.processor_seconds, 1)
            write_line({"database": "postgresql", "name": "its server", "processor": taken})


def main(arguments: Sequence[str]) -> int:
    """Read the command line; 2 is the exit code for a missing server or a wrong call."""
    match arguments:
        case ["run", "--durable", "--", *command] if command:
            is_durable = True
        case ["run", "--", *command] if command:
            is_durable = False
        case _:
            print("usage: python -m tests.harness.postgres run [--durable] -- COMMAND …", file=sys.stderr)
            return 2
    try:
        return run(command, is_durable=is_durable)
    except ServerMissing as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
