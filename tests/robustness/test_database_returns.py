"""The database was started anew while nobody asked: the next request opens a connection of its own and is answered."""

import contextlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection

from lunheng.jobs import worker


def ended() -> None:
    """What a restart does to a connection that waits: the server closes it, the client does not know yet."""
    if connection.vendor == "sqlite":
        connection.close()  # a file has no server that could go away
        return
    connection.ensure_connection()
    own = connection.connection.info.backend_pid
    given = {key: value for key, value in connection.get_connection_params().items() if key in NEEDED}
    with psycopg.connect(**given) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [own])


NEEDED = frozenset({"dbname", "user", "password", "host", "port"})


@pytest.fixture
def site() -> Iterator[Any]:
    """The whole program as a server calls it."""
    yield get_wsgi_application()
    with contextlib.suppress(Exception):
        connection.close()


def ask(site: Any, path: str) -> str:
    """The status of one request."""
    told: list[str] = []
    given = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(), "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    answer = site(given, lambda status, headers, error=None: told.append(status))
    b"".join(answer)
    getattr(answer, "close", lambda: None)()
    return told[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/readyz", "/", "/api/openapi.json"])
def test_the_first_request_after_a_restart_is_answered(path: str, site: Any) -> None:
    assert ask(site, path) == "200 OK"
    ended()
    assert ask(site, path) == "200 OK"


@pytest.mark.django_db(transaction=True)
def test_the_first_duty_after_a_restart_is_done(site: Any) -> None:
    import threading

    stop, seen = threading.Event(), []

    def look() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        seen.append("looked")
        if len(seen) == 2:
            stop.set()
        else:
            ended()
        return 1

    worker.beat(stop, look)
    assert seen == ["looked", "looked"]
