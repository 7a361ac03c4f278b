"""Whole reviews through the acts, as a share of the same number of bare INSERT transactions; ten pages against a bare view."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REVIEWS = int(os.environ.get("REVIEWS", "12"))
ROUNDS = 25


def main() -> None:
    """Make a scratch database, measure, and remove it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunheng.config.settings")
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0)
    try:
        measure(connection.vendor)
    finally:
        connection.creation.destroy_test_db("", verbosity=0)


def measure(vendor: str) -> None:
    """Print the lines of one database."""
    from datetime import datetime

    from lunheng.jobs import clock
    from tests.factories.world import build

    fixed = clock.FixedClock(datetime.fromisoformat("2025-06-02T09:00:00+08:00"))
    clock.install(fixed)
    world = build("qingdao", experts=60)
    acts, seconds, story = reviews(world, fixed)
    bare = inserts(acts)
    print(
        f"{vendor}: {REVIEWS / seconds:.2f} reviews/s ({acts / seconds:.0f} acts/s), bare INSERT {acts / bare:.0f}/s, share-of-bare-insert {bare / seconds:.3f}"
    )
    pages(vendor, story)


@dataclass
class DirectClient:
    """Performs acts without HTTP."""

    story: Any
    seat: str
    counter: list[int]

    def done(self, name: str, /, **body: Any) -> dict[str, Any]:
        """One act, its body read as the interface reads it."""
        from lunheng.api.interface import body_model, result_of
        from lunheng.cases.acts import REGISTRY, injected

        spec = REGISTRY[name]
        model = body_model(spec).model_validate(body)
        values = {field: getattr(model, field) for field in type(model).model_fields}
        self.counter[0] += 1
        world, at = self.story.world, self.story.clock.now()
        return result_of(spec.perform(**values, **injected(spec), actor=world.actor(self.seat), at=at))


def reviews(world: Any, clock: Any) -> tuple[int, float, Any]:
    """Run whole reviews; returns acts by people, seconds, and the last story."""
    from lunheng.ledger.models import Entry
    from tests.factories.story import Story

    class DirectStory(Story):
        """A story told to the acts directly; uploads are stored before the clock of the measurement counts them."""

        counter = [0]

        def as_(self, seat: str) -> Any:
            return DirectClient(self, seat, self.counter)

        def upload(
            self,
            seat: str,
            name: str = "方案.pdf",
            content: bytes | None = None,
            kind: str = "plan",
            **data: Any,
        ) -> int:
            from lunheng.documents import store
            from lunheng.documents.models import Document
            from tests.factories.files import a_pdf

            body = content or a_pdf()
            actor = self.world.actor(seat)
            return Document.objects.create(
                sha256=store.put(body), name=name, media_type="application/pdf", size=len(body), kind=kind,
                uploaded_by=actor.reference, uploaded_organization=actor.organization, uploaded_at=self.clock.now(),
            ).pk  # fmt: skip

    before = Entry.objects.count()
    start = time.perf_counter()
    for number in range(REVIEWS):
        story = DirectStory(world, clock, papers=4 * number + 1)
        story.ready()
        story.panel()
        story.conclude()
    seconds = time.perf_counter() - start
    return Entry.objects.count() - before, seconds, story


def inserts(count: int) -> float:
    """Seconds for so many transactions of one INSERT each into a table of its own."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id bigint PRIMARY KEY, body text)")
    start = time.perf_counter()
    for number in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row VALUES (%s, %s)", [number, "x" * 400])
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_row")
    return seconds


def pages(vendor: str, story: Any) -> None:
    """The median of the busiest pages against a view that returns a word."""
    from django.test import Client

    from tests.factories.world import SeatClient

    contractor = SeatClient(story.world.seat("contractor"))
    expert = SeatClient(story.world.seat(story.seat_of(story.members("confirmed")[0])))
    case = f"/cases/{story.case_id}/"
    busiest: list[tuple[SeatClient, str]] = [
        (contractor, "/desk/"), (contractor, "/cases/"), (contractor, case), (contractor, f"{case}plan/"),
        (contractor, f"{case}panel/"), (contractor, f"{case}meeting/"), (contractor, f"{case}report/"),
        (expert, "/my/"), (expert, "/my/invitations/"), (contractor, "/projects/"),
    ]  # fmt: skip
    floor = median(lambda: Client().get("/livez"))
    print(f"{vendor}: bare view {floor * 1000:.2f} ms")
    for client, path in busiest:
        taken = median(lambda client=client, path=path: check(client.get(path)))  # type: ignore[misc]
        print(f"{vendor}: {path:24} {taken * 1000:7.2f} ms  {taken / floor:5.1f} x bare view")


def check(response: Any) -> None:
    """A page that fails must not look fast."""
    if response.status_code != 200:
        raise SystemExit(f"{response.request['PATH_INFO']} answered {response.status_code}")


def median(call: Callable[[], Any]) -> float:
    """Seconds, the median of several calls after one that warms up."""
    call()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
