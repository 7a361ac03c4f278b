"""``make bench-ledger``: what the log costs. Run under ``python -m tests.harness.postgres run --``.

Sixteen writers in two processes, as ``lunheng up`` runs the site; each locks a case, writes a deadline of it and holds
the lock for ten milliseconds of other work:

- *no log*: that transaction alone, into a table of the same shape which nothing watches;
- *entry*: the same with an entry appended and the head of its chain moved, each writer in a case of its own;
- *act*: the same as an act of the product, with all that acts do and enter (permission, rows touched, digests);
- *naive chain*: the same entry in one case for all, whose lock is then the lock of the one chain.

The sequencer runs beside all of them, as the worker does. ``share-of-no-log`` is that of the entry, ``act-share`` that of
the whole act.

All take turns for some rounds, so that whatever else the machine does meets all of them; ratios are medians over
the rounds. ``--entries N`` also fills a log of N entries and measures receipts and the full audit (1,000,000 takes
minutes). Ratios are of one run on one machine; absolute figures are for orientation only.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

WRITERS = 16
PROCESSES = 2
HOLD = 0.010
SECONDS = 3.0
ROUNDS = 5
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
Write = Callable[[int, int], None]


def main() -> None:
    """Make a scratch database, measure, and remove it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--process", choices=["sequencer", *MANNERS], help=argparse.SUPPRESS)
    parser.add_argument("--writers", type=int, nargs="*", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args()
    set_up()
    if options.process:
        number_for_ever() if options.process == "sequencer" else write_when_told(options)
        return
    from django.db import connection

    connection.creation.create_test_db(verbosity=0)
    try:
        make_tables()
        measure_writers(options.seconds, options.rounds)
        if options.entries:
            measure_reading(options.entries)
    finally:
        connection.close()
        connection.creation.destroy_test_db("", verbosity=0)


def set_up() -> None:
    """The product, as its own processes start it."""
    os.environ.setdefault("LUNHENG_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunheng.config.settings")
    import django

    django.setup()


def make_tables() -> None:
    """A case for each writer and one for all, and a table like that of deadlines which no trigger watches."""
    from django.db import connection

    from lunheng.cases.models import Case
    from lunheng.jurisdictions.models import Division

    division, _ = Division.objects.get_or_create(code="370200", name="青岛市")
    for number in range(WRITERS + 1):
        Case.objects.create(
            pk=number + 1, reference=f"BENCH-{number}", kind=Case.Kind.PROJECT, title="虚构工程",
            division=division, state="open", opened_at=START,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_deadline (LIKE cases_deadline INCLUDING ALL)")
        cursor.execute(
            "ALTER TABLE bench_deadline ADD FOREIGN KEY (case_id) REFERENCES cases_case DEFERRABLE INITIALLY DEFERRED"
        )


def measure_writers(seconds: float, rounds: int) -> None:
    """Print the ways of writing and their ratios."""
    rates: dict[str, list[float]] = {name: [] for name in MANNERS}
    for _ in range(rounds):
        for name in MANNERS:
            with sequencer():
                rates[name].append(run_writers(name, seconds))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for label, one, other in (
        ("share-of-no-log", "entry", "no log"),
        ("act-share", "act", "no log"),
        ("times-naive-chain", "entry", "naive chain"),
    ):
        ratios = [above / below for above, below in zip(rates[one], rates[other], strict=True)]
        print(f"{label} {statistics.median(ratios):.3f}")


def run_writers(name: str, seconds: float) -> float:
    """Transactions per second of all writers."""
    each = WRITERS // PROCESSES
    groups = [range(begin, begin + each) for begin in range(0, WRITERS, each)]
    processes = [
        started(name, "--seconds", str(seconds), "--writers", *map(str, writers)) for writers in groups
    ]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    every: list[float] = []
    for process in processes:
        output, _ = process.communicate()
        every += json.loads(output)
    rate = len(every) / seconds
    print(f"{name}: {rate:.0f} tx/s, p99 {percentile(every) * 1000:.0f} ms", flush=True)
    return rate


def started(name: str, *arguments: str) -> "subprocess.Popen[str]":
    """A process on the scratch database."""
    from django.db import connection

    address = os.environ["LUNHENG_DATABASE"].rpartition("/")[0]
    environment = {**os.environ, "LUNHENG_DATABASE": f"{address}/{connection.settings_dict['NAME']}"}
    command = [
        sys.executable,
        "-c",
        "from benchmarks.ledger import main; main()",
        "--process",
        name,
        *arguments,
    ]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def write_when_told(options: argparse.Namespace) -> None:
    """Be ready, wait for the word, write for so long, and print how long each transaction took."""
    bench_act()
    durations: list[list[float]] = [[] for _ in options.writers]
    write = MANNERS[options.process]
    go = threading.Event()
    threads = [
        threading.Thread(target=work, args=(write, writer, go, options.seconds, row))
        for writer, row in zip(options.writers, durations, strict=True)
    ]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    go.set()
    for thread in threads:
        thread.join()
    if not all(durations):
        raise SystemExit("a writer has written nothing")
    print(json.dumps([one for row in durations for one in row]))


def work(write: Write, writer: int, go: threading.Event, seconds: float, durations: list[float]) -> None:
    """One writer with a connection of its own, open before the word."""
    from django.db import connection

    connection.ensure_connection()
    go.wait()
    end = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        write(writer, len(durations))
        durations.append(time.perf_counter() - begun)
    connection.close()


def percentile(values: list[float]) -> float:
    """The ninety-ninth of a hundred."""
    return statistics.quantiles(values, n=100)[98] if len(values) > 1 else values[0]


def write_without(writer: int, number: int) -> None:
    """The transaction alone, under the lock of the writer's own case."""
    from django.db import transaction

    from lunheng.cases.models import Case

    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=writer + 1)
        do_business("bench_deadline", case.pk, f"{os.getpid()}.{writer}.{number}")


def write_entry(writer: int, number: int) -> None:
    """The transaction and its entry, under the lock of the writer's own case."""
    enter(writer + 1, f"{os.getpid()}.{writer}.{number}")


def write_naively(writer: int, number: int) -> None:
    """The same in the one case of all."""
    enter(WRITERS + 1, f"{os.getpid()}.{writer}.{number}")


def enter(case_id: int, name: str) -> None:
    """A row, an entry, and the head of the case's chain."""
    from django.db import transaction

    from lunheng.cases.models import Case
    from lunheng.core.actor import Actor, Role
    from lunheng.jobs import clock
    from lunheng.ledger.append import Line, append
    from lunheng.ledger.rows import Head

    actor = Actor("bench", Role.STATION)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        do_business("bench_deadline", case.pk, name)
        line = Line(
            case.reference, case.entry_count + 1, case.last_leaf, case.division_id, "bench.noted/1", actor, START,
            {"name": name}, head=Head("cases_case", case.pk),
        )  # fmt: skip
        append(line, recorded_at=clock.now())


def write_act(writer: int, number: int) -> None:
    """The act in the writer's own case."""
    perform(case_id=writer + 1, name=f"{os.getpid()}.{writer}.{number}")


def perform(*, case_id: int, name: str) -> None:
    """An act as the product's own are written."""
    from lunheng.core.actor import Actor, Role

    bench_act()(case_id=case_id, name=name, actor=Actor("bench", Role.STATION), at=START)


@functools.cache
def bench_act() -> Callable[..., None]:
    """The act, which can be declared only after the product is set up."""
    from lunheng.cases.acts import act
    from lunheng.cases.locks import lock
    from lunheng.core.actor import Actor

    @act("bench.noted/1", is_public=False)
    def note(*, case_id: int, name: str, actor: Actor, at: datetime) -> None:
        """Set a deadline and enter it."""
        case = lock(case_id)
        do_business("cases_deadline", case.pk, name)
        case.enter(actor=actor, at=at, data={"name": name})

    return note


def do_business(table: str, case_id: int, name: str) -> None:
    """One row, and other work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (case_id, name, subject, due_at, clause, steps, is_provisional, watch, attempts, fault)"  # noqa: S608
            " VALUES (%s, %s, '', %s, '', '[]', false, '', 0, '')",
            [case_id, name, START],
        )
    time.sleep(HOLD)


MANNERS: dict[str, Write] = {
    "no log": write_without,
    "entry": write_entry,
    "act": write_act,
    "naive chain": write_naively,
}


@contextmanager
def sequencer() -> Iterator[None]:
    """The sequencer in a process of its own, as the worker runs it."""
    process = started("sequencer")
    assert process.stdout and process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.terminate()
        process.communicate()


def number_for_ever() -> None:
    """Look every half second, as the worker's duty does."""
    from lunheng.ledger.sequencer import sequence

    print("ready", flush=True)
    while True:
        sequence(START)
        time.sleep(0.5)


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
