"""A whole site in processes of its own, on a database of its own: ``python -m tests.robustness.site`` fills the
database and prints the cookies of a contractor; ``Site`` runs web server and worker on it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.harness.postgres import free_port

ROOT = Path(__file__).parents[2]
TOKEN = "x" * 32
"""What the page and its cookie share."""


@dataclass
class Site:
    """Web server and worker, and how to ask them."""

    port: int
    processes: "list[subprocess.Popen[bytes]]"
    cookies: Mapping[str, str]

    @property
    def is_alive(self) -> bool:
        """Whether every process that was started still runs."""
        return all(one.poll() is None for one in self.processes)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """One request on a connection of its own: the status (0: nobody answered) and the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()


def environment(url: str, directory: Path) -> dict[str, str]:
    """What a site on this database needs to know."""
    return {
        **os.environ,
        "LUNHENG_DATABASE": url,
        "LUNHENG_MODE": "demo",
        "LUNHENG_VAR": str(directory),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "lunheng.config.settings",
    }


@contextmanager
def running_site(url: str, directory: Path) -> Iterator[Site]:
    """A site on an empty database, filled, started and answering."""
    surroundings, port = environment(url, directory), free_port()

    def start(*command: str) -> "subprocess.Popen[bytes]":
        log = (directory / f"{command[2]}.log").open("wb")
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=surroundings, stdout=log, stderr=log
        )

    subprocess.run(
        [sys.executable, "-m", "lunheng", "migrate"],
        cwd=ROOT,
        env=surroundings,
        check=True,
        capture_output=True,
    )
    filled = subprocess.run(
        [sys.executable, "-m", "tests.robustness.site"],
        cwd=ROOT,
        env=surroundings,
        check=True,
        capture_output=True,
    )
    site = Site(port, [], json.loads(filled.stdout))
    try:
        site.processes.append(start("-m", "lunheng", "serve", "--bind", f"127.0.0.1:{port}"))
        site.processes.append(start("-m", "lunheng", "worker"))
        wait_for(lambda: site.ask("GET", "/readyz")[0] == 200, seconds=90)
        yield site
    finally:
        for one in site.processes:
            one.terminate()
        for one in site.processes:
            one.wait(20)


def wait_for(is_so: Any, *, seconds: float) -> float:
    """Look again and again until it is so; how many seconds that took. Fails after so many."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


def fill() -> None:
    """A city with a contractor; his cookies as JSON on standard output."""
    import django

    django.setup()
    from django.conf import settings

    from tests.factories.world import build

    world = build("qingdao", experts=1)
    browser = world.client("contractor").http
    cookies = {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}
    print(json.dumps({**cookies, "csrftoken": TOKEN}))


if __name__ == "__main__":
    fill()
