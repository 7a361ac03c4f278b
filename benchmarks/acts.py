"""What an act costs: SQL statements and processor milliseconds of every act and of its whole request.

Two stories are told through the interface, one of each way of composing a panel; every act is counted where it runs
(its transaction alone) and where it is asked for (the request with log-in, permissions and answer). Processor time is
this process's own, so that neither the database nor other work on the machine counts. Run against an older tree with
``PYTHONPATH`` to compare both in one run: ``python -m benchmarks.acts --beside DIRECTORY``.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

ROUNDS = 3
Costs = dict[str, list[tuple[int, float]]]


def main() -> None:
    """Measure this tree, and another beside it if asked; print a table and the ratios of the sums."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", default="", help="another checkout, measured by the same program")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.json:
        print(json.dumps(measured()))
        return
    here = _by_process(Path.cwd())
    beside = _by_process(Path(options.beside)) if options.beside else {}
    _print(here, beside)


def _by_process(tree: Path) -> dict[str, dict[str, list[float]]]:
    """The same program in a process of its own, upon the code of ``tree``."""
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}", "LUNHENG_MODE": "test"}
    program = f"import runpy, sys; sys.argv = ['acts', '--json']; runpy.run_path({str(Path(__file__))!r}, run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, dict[str, list[float]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _print(here: dict[str, dict[str, list[float]]], beside: dict[str, dict[str, list[float]]]) -> None:
    for kind, costs in here.items():
        old = beside.get(kind, {})
        print(
            f"{kind:48} {'times':>5} {'SQL':>6} {'ms':>7}"
            + (f" {'SQL then':>9} {'ms then':>8}" if old else "")
        )
        for name, (times, statements, milliseconds) in sorted(costs.items()):
            then = old.get(name)
            more = f" {then[1]:9.1f} {then[2]:8.2f}" if then else ""
            print(f"{name:48} {times:5.0f} {statements:6.1f} {milliseconds:7.2f}{more}")
        _sums(kind, costs, old)


def _sums(kind: str, costs: dict[str, list[float]], old: dict[str, list[float]]) -> None:
    """The means over the acts that both trees know, each act once."""
    for place, word in ((1, "statements"), (2, "milliseconds")):
        names = sorted(costs.keys() & old.keys()) if old else sorted(costs)
        ours = statistics.mean(costs[name][place] for name in names)
        line = f"{kind}: {word} per act {ours:.2f}"
        if old:
            theirs = statistics.mean(old[name][place] for name in names)
            line += f", then {theirs:.2f}, ratio {ours / theirs:.3f}"
        print(line)


def measured() -> dict[str, dict[str, list[float]]]:
    """By kind (transaction, request) and act: how often, mean statements, mean processor milliseconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunheng.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    try:
        inside: Costs = {}
        outside: Costs = {}
        with _counting_acts(inside), _counting_requests(outside):
            for city in ("qingdao", "nanning"):
                _tell(city)
        return {"transaction": _means(inside), "request": _means(outside)}
    finally:
        connection.close()
        connection.creation.destroy_test_db("", verbosity=0)


def _means(costs: Costs) -> dict[str, list[float]]:
    return {
        name: [
            len(found),
            statistics.mean(statements for statements, _ in found),
            statistics.median(seconds for _, seconds in found) * 1000,
        ]
        for name, found in costs.items()
    }


def _tell(city: str) -> None:
    """Some whole reviews of the city."""
    from lunheng.jobs import clock
    from tests.factories.story import Story
    from tests.factories.world import build

    fixed = clock.FixedClock(datetime.fromisoformat("2025-06-02T09:00:00+08:00"))
    clock.install(fixed)
    world = build(city, experts=40)
    for number in range(ROUNDS):
        story = Story(world, fixed, papers=4 * number + (1 if city == "qingdao" else 101))
        story.ready()
        story.panel()
        story.conclude()


@contextmanager
def _counting_acts(costs: Costs) -> Any:
    """Count what every act sends between the begin and the end of its transaction."""
    from lunheng.cases import acts

    plain = acts._in_transaction

    @functools.wraps(plain)
    def counted(event: str, *given: Any) -> Any:
        with _counted(costs, event):
            return plain(event, *given)

    acts._in_transaction = counted
    try:
        yield
    finally:
        acts._in_transaction = plain


@contextmanager
def _counting_requests(costs: Costs) -> Any:
    """Count what every request to the interface sends."""
    from django.test import Client

    plain = Client.request

    def counted(client: Any, **environment: Any) -> Any:
        path = environment.get("PATH_INFO", "")
        if not path.startswith("/api/acts/"):
            return plain(client, **environment)
        with _counted(costs, path.removeprefix("/api/acts/")):
            return plain(client, **environment)

    Client.request = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Client.request = plain  # type: ignore[method-assign]


@contextmanager
def _counted(costs: Costs, name: str) -> Any:
    from django.db import connection

    sent = [0]

    def count(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        sent[0] += 1
        return execute(sql, params, many, context)

    begun = time.process_time()
    with connection.execute_wrapper(count):
        yield
    costs.setdefault(name, []).append((sent[0], time.process_time() - begun))


if __name__ == "__main__":
    main()
