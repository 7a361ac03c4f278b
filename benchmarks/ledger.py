"""``make bench-ledger``: what the log costs. Run under ``python -m tests.harness.postgres run --``.

Sixteen writers, each transaction holding its locks for ten milliseconds of other work:

- *no log*: the business row alone;
- *with log*: business row and entry, each writer in a file of its own; one sequencer runs beside them;
- *naive chain*: the same entry in one chain for all, whose head every transaction locks first.

``--entries N`` also fills a log of N entries and measures receipts and the full audit (1,000,000 takes minutes).
Ratios are of one run on one machine; absolute figures are for orientation only.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

WRITERS = 16
HOLD = 0.010
SECONDS = 4.0
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
Write = Callable[[int, int], None]


def main() -> None:
    """Make a scratch database, measure, and remove it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    os.environ.setdefault("LUNHENG_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunheng.config.settings")
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0)
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_row (writer integer, number integer)")
            cursor.execute("CREATE TABLE bench_head (id integer PRIMARY KEY, number integer, leaf text)")
            for head in range(WRITERS + 1):
                cursor.execute("INSERT INTO bench_head VALUES (%s, 0, %s)", [head, "0" * 64])
        measure_writers(options.seconds)
        if options.entries:
            measure_reading(options.entries)
    finally:
        connection.close()
        connection.creation.destroy_test_db("", verbosity=0)


def measure_writers(seconds: float) -> None:
    """Print the three ways of writing and their ratios."""
    without = run_writers("no log", write_without, seconds)
    with sequencer() as lags:
        with_log = run_writers("with log", write_entry, seconds)
    print(f"sequencer: longest look {max(lags):.2f} s")
    naive = run_writers("naive chain", write_naively, seconds)
    print(f"share-of-no-log {with_log / without:.3f}")
    print(f"times-naive-chain {with_log / naive:.2f}")


def run_writers(name: str, write: Write, seconds: float) -> float:
    """Transactions per second of all writers."""
    from django.db import connection

    durations: list[list[float]] = [[] for _ in range(WRITERS)]
    end = time.perf_counter() + seconds

    def work(writer: int) -> None:
        while (begun := time.perf_counter()) < end:
            write(writer, len(durations[writer]))
            durations[writer].append(time.perf_counter() - begun)
        connection.close()

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [one for row in durations for one in row]
    rate = len(every) / (time.perf_counter() - begun)
    print(f"{name}: {rate:.0f} tx/s, p99 {percentile(every) * 1000:.0f} ms")
    return rate


def percentile(values: list[float]) -> float:
    """The ninety-ninth of a hundred."""
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]


def write_without(writer: int, number: int) -> None:
    """The business row alone, under the lock of the writer's own file."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number FROM bench_head WHERE id = %s FOR UPDATE", [writer])
        cursor.execute("INSERT INTO bench_row VALUES (%s, %s)", [writer, number])
        time.sleep(HOLD)


def write_entry(writer: int, number: int) -> None:
    """Row and entry in the writer's own file."""
    _write_in_chain(writer, writer, number)


def write_naively(writer: int, number: int) -> None:
    """Row and entry in the one chain of all."""
    _write_in_chain(WRITERS, writer, number)


def _write_in_chain(head: int, writer: int, number: int) -> None:
    from django.db import connection, transaction

    from lunheng.core.actor import Actor, Role
    from lunheng.ledger.append import Line, append

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT number, leaf FROM bench_head WHERE id = %s FOR UPDATE", [head])
        count, leaf = cursor.fetchone()
        cursor.execute("INSERT INTO bench_row VALUES (%s, %s)", [writer, number])
        time.sleep(HOLD)
        actor = Actor("bench", Role.STATION)
        line = Line(
            f"BENCH-{head}", count + 1, leaf, "370200", "bench.noted/1", actor, START, {"number": number}
        )
        entry = append(line, recorded_at=START)
        cursor.execute(
            "UPDATE bench_head SET number = %s, leaf = %s WHERE id = %s",
            [count + 1, bytes(entry.leaf_sha256).hex(), head],
        )


@contextmanager
def sequencer() -> Iterator[list[float]]:
    """A sequencer beside the writers, as the worker runs it; gives the seconds of each of its looks."""
    from django.db import connection

    from lunheng.ledger.sequencer import sequence

    stop, looks = threading.Event(), [0.0]

    def work() -> None:
        while not stop.wait(0.25):
            begun = time.perf_counter()
            sequence(START)
            looks.append(time.perf_counter() - begun)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield looks
    finally:
        stop.set()
        thread.join()


def measure_reading(entries: int) -> None:
    """Fill a log of so many entries; print the rate of sequencing, the p99 of receipts and the time of the full audit."""
    from lunheng.ledger import log, publisher
    from lunheng.ledger.models import Entry
    from lunheng.ledger.sequencer import sequence
    from lunheng.verifiers import verify_ledger
    from tests.ledger.factory import following

    fill(entries)
    begun = time.perf_counter()
    while sequence(START):
        pass
    print(f"sequencing: {entries / (time.perf_counter() - begun):.0f} entries/s")
    with tempfile.TemporaryDirectory() as folder:
        signer, _ = following(Path(folder))
        policy = Path(folder, "policy.txt")
        policy.write_text(f"log {signer.key.key}\nquorum none\n", "utf-8")
        from django.test import override_settings

        with override_settings(LEDGER_POLICY=str(policy)):
            publisher.publish(START, signer.answer)
        size = log.size()
        keys = [Entry.objects.get(sequence__number=size * step // 300).pk for step in range(300)]
        took = []
        for key in keys:
            begun = time.perf_counter()
            log.receipt(key)
            took.append(time.perf_counter() - begun)
        print(
            f"receipt at {size}: p50 {statistics.median(took) * 1000:.1f} ms, p99 {percentile(took) * 1000:.1f} ms"
        )
        publisher.export(Path(folder, "copy"))
        begun = time.perf_counter()
        code = verify_ledger.main(["audit", str(Path(folder, "copy")), "--policy", str(policy)])
        print(f"full audit of {size}: {time.perf_counter() - begun:.1f} s, exit code {code}")


def fill(entries: int) -> None:
    """Entries of a thousand files, in bulk."""
    from lunheng.core.actor import Actor, Role
    from lunheng.ledger.append import Line, append_many

    heads = {f"FILL-{number:04d}": (0, "0" * 64) for number in range(1_000)}
    for _ in range(-(-entries // len(heads))):
        lines = [
            Line(subject, count + 1, leaf, "370200", "bench.noted/1", Actor("bench", Role.STATION), START, {})
            for subject, (count, leaf) in heads.items()
        ]
        for line, entry in zip(lines, append_many(lines, recorded_at=START), strict=True):
            heads[line.subject] = (line.number, bytes(entry.leaf_sha256).hex())


if __name__ == "__main__":
    main()
