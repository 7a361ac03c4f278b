"""The commands of the README in any order, each twice, from an empty clone: what one installs the other does not take away.

Every program that the Makefile calls is a stand-in that knows which lock was installed last; nothing is fetched.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.postgres import free_port
from tests.house.tree import ROOT

STAND_IN = r"""#!/bin/bash
echo "$(basename "$0") $*" >> "$STAND_IN_LOG"
needs() { grep -qx "$1" .venv/packages 2>/dev/null || { echo "No module named $1" >&2; exit 1; }; }
offer() { mkdir -p .venv/bin; for name; do cp "$STAND_IN" ".venv/bin/$name"; done; }
case "$(basename "$0") $*" in
  "python3 -m venv "*) offer python ;;
  "python -m pip install "*) offer uv ;;
  "uv pip sync "*) cp "${!#}" .venv/packages; offer ruff mypy lint-imports bandit ;;
  "python -m tests.harness.postgres run -- "*) needs pytest; shift 4; exec "$@" ;;
  "python -m pytest "*|ruff*|mypy*|lint-imports*|bandit*) needs pytest ;;
  "python -m lunheng "*) needs django ;;
  "npm ci "*) mkdir -p node_modules ;;
  "node build.mjs") mkdir -p src/lunheng/web/static/dist ;;
esac
"""
MADE_FROM = (
    "Makefile", "build.mjs", "package-lock.json", "src/lunheng/web/assets", "src/lunheng/verifiers", "benchmarks/requirements.txt",
)  # fmt: skip
EVERY_ORDER = (
    ("up", "test"),
    ("test", "up"),
    ("up", "up", "test", "test"),
    ("test", "test", "up", "up"),
    ("up", "check", "test", "up"),
    ("check", "up", "test", "demo"),
    ("install test",),
    ("test install",),
)


class Clone:
    """An empty clone with stand-ins for every program."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder / "clone", folder / "log"
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.stand_in = self.programs / "python3"
        self.stand_in.write_text(STAND_IN, "utf-8")
        self.stand_in.chmod(0o755)
        for name in ("npm", "node"):
            shutil.copy(self.stand_in, self.programs / name)
        for name in MADE_FROM:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / name, self.folder / name)
        self.lock("requirements.lock", "django")
        self.lock("requirements-dev.lock", "django", "pytest")

    def lock(self, name: str, *packages: str) -> None:
        """Write a lock."""
        (self.folder / name).write_text("".join(f"{package}\n" for package in packages), "utf-8")

    def make(self, *targets: str) -> list[str]:
        """What was printed and called, by one call of make that ends well."""
        self.log.write_text("", "utf-8")
        kept = {name: value for name, value in os.environ.items() if "MAKE" not in name and name != "MFLAGS"}
        own = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "STAND_IN": str(self.stand_in),
            "STAND_IN_LOG": str(self.log),
        }
        call = ["make", *targets, f"PORT={free_port()}", "PYTHON=python3"]
        done = subprocess.run(call, cwd=self.folder, env=kept | own, capture_output=True, text=True)
        assert done.returncode == 0, (targets, done.stdout[-2000:], done.stderr[-2000:])
        return self.log.read_text("utf-8").splitlines()

    def installed(self) -> list[str]:
        """The packages in the environment."""
        return (self.folder / ".venv" / "packages").read_text("utf-8").split()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def syncs(called: list[str]) -> list[str]:
    """Which locks were installed."""
    return [line.split()[-1] for line in called if line.startswith("uv pip sync")]


@pytest.mark.parametrize("commands", EVERY_ORDER, ids=", ".join)
def test_the_commands_work_in_this_order(clone: Clone, commands: tuple[str, ...]) -> None:
    for command in commands:
        clone.make(*command.split())


def test_a_second_call_installs_nothing(clone: Clone) -> None:
    wanted = {"up": ["requirements.lock"], "test": ["requirements-dev.lock"]}
    for command, first in wanted.items():
        assert (syncs(clone.make(command)), syncs(clone.make(command))) == (first, [])
    assert syncs(clone.make("up")) == []
    assert clone.installed() == ["django", "pytest"]


def test_a_changed_lock_is_installed_and_what_the_tests_need_stays(clone: Clone) -> None:
    clone.make("test")
    clone.lock("requirements.lock", "django", "ninja")
    clone.lock("requirements-dev.lock", "django", "ninja", "pytest")
    assert syncs(clone.make("up")) == ["requirements-dev.lock"]
    assert syncs(clone.make("test")) == []
    assert clone.installed() == ["django", "ninja", "pytest"]


def test_only_the_lock_of_the_runtime_has_changed(clone: Clone) -> None:
    clone.make("test")
    clone.lock("requirements.lock", "django ")
    clone.make("test")
    assert clone.installed() == ["django", "pytest"]


def test_a_runtime_alone_is_not_given_the_packages_of_the_tests(clone: Clone) -> None:
    clone.make("up")
    clone.lock("requirements.lock", "django", "ninja")
    assert syncs(clone.make("up")) == ["requirements.lock"]
    assert clone.installed() == ["django", "ninja"]


def test_the_command_is_there_under_the_name_of_the_documents(clone: Clone) -> None:
    clone.make("up")
    command = clone.folder / ".venv" / "bin" / "lunheng"
    (clone.folder / "src" / "here").mkdir()
    clone.log.write_text("", "utf-8")
    python = clone.folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$(basename "$0") $*"\n', "utf-8")
    said = subprocess.run([command, "packs", "check"], cwd="/", capture_output=True, text=True, check=True)
    assert said.stdout == "python -m lunheng packs check\n"


def test_all_that_runs_is_also_there_for_the_tests() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text("utf-8").splitlines()
        return {line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()
