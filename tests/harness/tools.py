"""See that the programs the tests need are there: ``python -m tests.harness.tools``.

As root on Debian what is missing is installed; otherwise the line to run is printed and the exit code is 2.
Standard library only: it runs before anything else is installed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path


def has_program(name: str) -> bool:
    """Say whether a program of this name can be run."""
    return shutil.which(name) is not None


def has_file(directory: str, pattern: str) -> bool:
    """Say whether a file that matches the pattern lies somewhere under the directory."""
    return any(Path(directory).glob(pattern))


PACKAGES: dict[str, Callable[[], bool]] = {
    "chromium": partial(has_program, "chromium"),
    "fonts-noto-cjk": partial(has_file, "/usr/share/fonts", "**/NotoSansCJK*"),
    "poppler-utils": partial(has_program, "pdftotext"),
    "postgresql": partial(has_file, "/usr/lib/postgresql", "*/bin/initdb"),
    "qpdf": partial(has_program, "qpdf"),
}
INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]


def missing() -> list[str]:
    """Return the Debian packages whose contents are not found."""
    return [name for name, is_there in PACKAGES.items() if not is_there()]


def install(packages: list[str]) -> None:
    """Install Debian packages; raises ``CalledProcessError`` when that fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], check=True, env=environment)
    subprocess.run([*INSTALL, *packages], check=True, env=environment)


def main() -> int:
    """Install what is missing, or say how to; 2 when the tests cannot run."""
    packages = missing()
    if not packages:
        return 0
    if os.geteuid() == 0 and has_program("apt-get"):
        install(packages)
        packages = missing()
    if packages:
        print(f"测试还缺少：{'、'.join(packages)}。请运行：", file=sys.stderr)
        print(f"sudo apt-get update && sudo {' '.join([*INSTALL, *packages])}", file=sys.stderr)
    return 2 if packages else 0


if __name__ == "__main__":
    raise SystemExit(main())
