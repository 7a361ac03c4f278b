"""``make bench-draw``: the draw against its peers in one process, and how it grows up to a million experts.

    PYTHONPATH=src .venv-bench/bin/python -m benchmarks.draw [--quick]

The peers are the maximin lottery of sortition-algorithms (its fastest back end), its leximin as long as it ends within
two minutes and within what Gurobi solves without a license, and our own flow model written as a compact linear program
on HiGHS. All reckon in floating point; the last has no certificate. Times are processor
time, which neighbors on the machine disturb least; ratios are of one run. ``--quick`` stops at 300 experts.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from benchmarks import draw_peers
from benchmarks.compact_program import leximin_program
from lunheng.core.draw import Candidate, Category, Request, Stream, draw, prepare

PEER_LIMIT = 300
"""Seconds of processor after which a peer is stopped."""
LEXIMIN_LIMIT = 120
"""The same for the peer's leximin, which needs many times as long as its maximin."""
SIZES, QUICK_SIZES, LARGE = (100, 300, 1000, 3000), (100, 300), (10**4, 10**5, 10**6)
POOL = 3
"""The first number whose pools of 100 can seat both families, with one specialty each and with up to three."""
Chances = dict[str, float]


class Instance(NamedTuple):
    """A pool and a request of one of the families of the design."""

    name: str
    pool: tuple[Candidate, ...]
    request: Request


def pool_of(size: int, specialties: int, held: int, number: int = POOL) -> tuple[Candidate, ...]:
    """Units of 1 to 30 people with P(z) ~ z^-1.6, 1 to 3 home specialties each, popularity ~ 1/rank^0.8."""
    dice = Stream(b"benchmark pool %d" % number)
    staff = [round(10**6 * z**-1.6) for z in range(1, 31)]
    popular = [round(10**6 * rank**-0.8) for rank in range(1, specialties + 1)]
    pool: list[Candidate] = []
    unit = 0
    while len(pool) < size:
        home = sorted({dice.pick(popular) for _ in range(1 + dice.uniform(3))})
        for _ in range(min(1 + dice.pick(staff), size - len(pool))):
            own = {home[dice.uniform(len(home))] for _ in range(held)}
            names = tuple(f"s{index:02}" for index in sorted(own))
            pool.append(Candidate(f"e{len(pool):07}", f"u{unit:06}", names))
        unit += 1
    return tuple(pool)


def family(name: str, size: int, held: int = 1) -> Instance:
    """F1: 7 specialties, 9 seats, exact quotas. F2: 20 specialties, 10 seats, at most one each, 4 categories."""
    if name == "F1":
        quota = {f"s{index:02}": (2, 2) if index < 2 else (1, 1) for index in range(7)}
        return Instance(name, pool_of(size, 7, held), Request(9, quota, per_unit=1))
    quota = {f"s{index:02}": (0, 1) for index in range(20)}
    categories = tuple(
        Category(f"c{part}", tuple(f"s{index:02}" for index in range(part, 20, 4)), seats, seats)
        for part, seats in enumerate((3, 3, 2, 2))
    )
    return Instance(name, pool_of(size, 20, held), Request(10, quota, 1, categories))


class Stopped(Exception):
    """The peer took longer than the limit."""


def limited(work: Callable[[], Chances], limit: float = PEER_LIMIT) -> tuple[float | None, Chances]:
    """Seconds and answer; nothing if it was stopped."""

    def stop(*_: object) -> None:
        raise Stopped

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit)
    begin = time.process_time()
    try:
        with silence():
            answer = work()
    except Stopped:
        return None, {}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - begin, answer


@contextmanager
def silence() -> Iterator[None]:
    """Solvers write on the standard output from below Python."""
    logging.disable()
    sys.stdout.flush()
    kept, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nothing)


def ours(instance: Instance) -> tuple[float, Chances]:
    """Median of nine complete draws: plan, certificate-ready chances, panel."""
    times = []
    for number in range(9):
        begin = time.process_time()
        outcome = draw(instance.pool, instance.request, b"%d" % number)
        times.append(time.process_time() - begin)
    return statistics.median(times), {one: float(chance) for one, chance in outcome.probabilities.items()}


# --- what is printed ------------------------------------------------------------------------------------


def span(chances: Chances) -> str:
    """Smallest and largest chance."""
    return f"min {min(chances.values()):.6f} max {max(chances.values()):.6f}" if chances else "-"


def line(what: str, seconds: float | None, base: float, chances: Chances, limit: float = PEER_LIMIT) -> None:
    """One measurement."""
    if seconds is None:
        print(f"  {what:<28} > {limit} s  (> {limit / base:,.0f} x)", flush=True)
    else:
        print(
            f"  {what:<28} {1000 * seconds:>10.1f} ms {seconds / base:>10.1f} x  {span(chances)}", flush=True
        )


def compare(sizes: Sequence[int]) -> float:
    """All peers on both families; the ratio to the best maximin back end on the first family at the largest common size."""
    last = {}
    for name in ("F1", "F2"):
        backends, leximin_ends = ["mip-cbc", "highspy"], True
        for size in sizes:
            instance = family(name, size)
            base, exact = ours(instance)
            print(f"{name} N={size}: {len({one.unit for one in instance.pool})} units", flush=True)
            line("lunheng leximin and draw", base, base, exact)
            check_program(instance, base, exact)
            times = check_maximin(instance, backends, base, exact)
            best = min(times, key=times.__getitem__)
            backends = [best]
            leximin_ends = leximin_ends and check_leximin(instance, base, exact)
            if size <= 1000:
                last[name] = min(times[best], PEER_LIMIT) / base
    return last["F1"]


def check_program(instance: Instance, base: float, exact: Chances) -> None:
    """The compact program on HiGHS, which must agree; ends the measurement where it does not."""
    seconds, floating = limited(lambda: leximin_program(instance.pool, instance.request))
    line("compact LP leximin (HiGHS)", seconds, base, floating)
    apart = max((abs(exact[one] - chance) for one, chance in floating.items()), default=0.0)
    print(f"  largest difference to the LP: {apart:.1e}", flush=True)
    if apart > 1e-7:
        raise SystemExit("the linear program disagrees")


def check_maximin(
    instance: Instance, backends: Sequence[str], base: float, exact: Chances
) -> dict[str, float]:
    """Seconds of the peer's maximin per back end, infinite where it was stopped."""
    times: dict[str, float] = {}
    for backend in backends:
        seconds, rough = limited(
            lambda backend=backend: draw_peers.maximin(instance.pool, instance.request, backend)
        )
        line(f"maximin ({backend})", seconds, base, rough)
        times[backend] = seconds if seconds is not None else math.inf
        if rough and min(rough.values()) > min(exact.values()) + 1e-3:
            raise SystemExit("the peer's minimum is larger than ours")
    return times


def check_leximin(instance: Instance, base: float, exact: Chances) -> bool:
    """The peer's leximin where it ends: without a licence Gurobi takes small models only."""
    try:
        seconds, rough = limited(lambda: draw_peers.leximin(instance.pool, instance.request), LEXIMIN_LIMIT)
    except Exception as error:
        print(f"  leximin (Gurobi)             no answer: {error}; not run on larger pools", flush=True)
        return False
    line("leximin (Gurobi)", seconds, base, rough, LEXIMIN_LIMIT)
    if seconds is None:
        print("  leximin (Gurobi)             not run on larger pools", flush=True)
        return False
    off = max(abs(rough[one] / chance - 1) for one, chance in exact.items() if chance)
    print(f"  worst single expert of the peer's leximin: {100 * off:.0f} % off", flush=True)
    return True


def agree_on_many_specialties(sizes: Sequence[int]) -> None:
    """Pools whose experts have up to three specialties: only the linear program can say as much."""
    for name in ("F1", "F2"):
        for size in sizes:
            instance = family(name, size, held=3)
            base, exact = ours(instance)
            seconds, floating = limited(
                lambda instance=instance: leximin_program(instance.pool, instance.request)
            )
            apart = max((abs(exact[one] - chance) for one, chance in floating.items()), default=0.0)
            factor = (seconds or math.inf) / base
            print(
                f"{name} N={size}, up to 3 specialties each: {1000 * base:.1f} ms, LP {factor:.1f} x, apart {apart:.1e}"
            )
            if apart > 1e-7:
                raise SystemExit("the linear program disagrees")


def replacement(size: int) -> None:
    """After three confirmations and one refusal: the next round on the same pool."""
    for name in ("F1", "F2"):
        instance = family(name, size)
        first = draw(instance.pool, instance.request, b"first").panel.ids
        request = replace(instance.request, fixed=first[:3], excluded=first[3:4])
        times = []
        for number in range(9):
            begin = time.process_time()
            prepare(instance.pool, request).draw(b"%d" % number)
            times.append(time.process_time() - begin)
        print(f"{name} N={size}: replacement draw {1000 * statistics.median(times):.1f} ms")


def alone(name: str, size: int) -> None:
    """One size in a process of its own: seconds, and memory before and after."""
    instance = family(name, size)
    before = peak_memory()
    times, busy = [], []
    for number in range(3):
        begin, reckoned = time.perf_counter(), time.process_time()
        draw(instance.pool, instance.request, b"%d" % number)
        times.append(time.perf_counter() - begin)
        busy.append(time.process_time() - reckoned)
    print(json.dumps({"wall": min(times), "processor": min(busy), "pool": before, "peak": peak_memory()}))


def peak_memory() -> int:
    """Megabytes; what getrusage says begins, after a fork, with the memory of the parent."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM"))


def growth() -> None:
    """10^4, 10^5, 10^6 experts: seconds, exponent of growth, memory."""
    for name in ("F1", "F2"):
        earlier: dict[str, Any] | None = None
        for size in LARGE:
            command = [sys.executable, "-m", "benchmarks.draw", "--alone", name, str(size)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            now = json.loads(done.stdout)
            exponent = (
                ""
                if earlier is None
                else f"  exponent {math.log10(now['processor'] / earlier['processor']):.2f}"
            )
            print(
                f"{name} N={size:>7}: {now['processor']:.3f} s ({now['wall']:.3f} s on the clock){exponent}, "
                f"peak memory {now['peak']} MB of which the pool {now['pool']} MB",
                flush=True,
            )
            earlier = now


def main() -> int:
    """Measure, and print the ratio as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--quick", action="store_true", help="stop at 300 experts, and do not grow to a million"
    )
    parser.add_argument(
        "--until", type=int, default=SIZES[-1], help="the largest size on which peers are run"
    )
    parser.add_argument("--alone", nargs=2, metavar=("FAMILY", "SIZE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        alone(arguments.alone[0], int(arguments.alone[1]))
        return 0
    sizes = QUICK_SIZES if arguments.quick else [size for size in SIZES if size <= arguments.until]
    agree_on_many_specialties(sizes)
    ratio = compare(sizes)
    replacement(300 if arguments.quick else 1000)
    if not arguments.quick:
        growth()
    print(f"ratio@{min(sizes[-1], 1000)} {ratio:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
