"""The database dies in the middle of the work and comes back: web server and worker go on by themselves, what was
acknowledged is there and numbered, and nothing happened twice."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest

from tests.harness.postgres import Server, running
from tests.robustness.site import Site, running_site, wait_for

CLIENTS = 4
BEFORE, AFTER = 2.0, 3.0
"""Seconds of work before the first death of the database and after each."""
DEATHS = 2
A_MINUTE = 60.0


def register(site: Site, name: str) -> int:
    """One act that a contractor can perform at any time."""
    body = {"name": name, "kind": "municipal", "division_id": "370200", "address": "虚构路 1 号"}
    return site.ask("POST", "/api/acts/works.register_project", body)[0]


def work(site: Site, client: int, stop: Event) -> list[tuple[str, int, float]]:
    """Register one project after the other; name, answer and moment of each."""
    done: list[tuple[str, int, float]] = []
    while not stop.is_set():
        name = f"虚构工程{client}-{len(done)}"
        done.append((name, register(site, name), time.monotonic()))
    return done


def rows(server: Server, statement: str) -> list[tuple[object, ...]]:
    """What the database answers on a connection of its own; nothing while it is away."""
    try:
        with psycopg.connect(server.url) as connection:
            return connection.execute(statement.encode()).fetchall()
    except psycopg.OperationalError:
        return []


def is_all_numbered(server: Server) -> bool:
    """Whether the log has taken in every entry."""
    counts = "SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_sequence)"
    [found] = rows(server, counts) or [(0, -1)]
    return found[0] == found[1]


def die_and_return(server: Server) -> None:
    """The server ends without a word to its clients and recovers from its log."""
    data, log = str(server.directory / "data"), str(server.directory / "log")
    server.call("pg_ctl", "-D", data, "-l", log, "-w", "-m", "immediate", "-o", server.options, "restart")


@pytest.mark.drill
def test_a_database_that_dies_and_returns(tmp_path: Path) -> None:
    with running(is_durable=True) as server, running_site(server.url, tmp_path) as site:
        stop, deaths = Event(), []
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(work, site, number, stop) for number in range(CLIENTS)]
            stop.wait(BEFORE)
            for _ in range(DEATHS):
                die_and_return(server)
                deaths.append(time.monotonic())
                wait_for(lambda: site.ask("GET", "/readyz")[0] == 200, seconds=A_MINUTE)
                stop.wait(AFTER)
            stop.set()
            answers = [answer for client in clients for answer in client.result()]
        lag = wait_for(lambda: is_all_numbered(server), seconds=A_MINUTE)
        check(server, site, answers, deaths)
        print(Counter(status for _, status, _ in answers), f"numbered after {lag:.1f} s")


def check(server: Server, site: Site, answers: list[tuple[str, int, float]], deaths: list[float]) -> None:
    """Nothing acknowledged is lost or doubled; after every death work went on, and no process had to be started anew."""
    kept = Counter(str(name) for (name,) in rows(server, "SELECT name FROM works_project"))
    acknowledged = [name for name, status, _ in answers if status == 200]
    assert [name for name in acknowledged if kept[name] != 1] == []
    entered = rows(server, "SELECT count(*) FROM ledger_entry WHERE event = 'project.registered/1'")
    assert entered == [(kept.total(),)]
    went_on = [
        min(at for _, status, at in answers if status == 200 and at > death) - death for death in deaths
    ]
    assert max(went_on) < A_MINUTE
    assert site.is_alive
    assert {status for _, status, _ in answers} <= {200, 0, 503}
