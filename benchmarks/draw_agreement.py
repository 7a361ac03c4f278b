"""``python -m benchmarks.draw_agreement``: large pools against the compact linear program, which shares no code.

Part of ``make drill``. Every chance of every expert must agree within 1e-7; the first that does not ends it with 1.
Besides the two families of the design there is a crowded one: few units, most caps bind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.compact_program import leximin_program
from benchmarks.draw import Instance, family, pool_of
from lunheng.core.draw import Candidate, Infeasible, Request, Stream, probabilities

APART = 1e-7
LEAST = 100
"""So many pools must have had a panel."""


def crowded(size: int, number: int) -> Instance:
    """A quarter to a half more units than seats, of sizes as 1, 1/2, 1/3 …, up to three specialties each."""
    dice = Stream(b"crowded pool %d %d" % (size, number))
    width, seats = 4 + dice.uniform(5), 5 + dice.uniform(6)
    weights = [10**6 // (rank + 1) for rank in range(seats + 2 + dice.uniform(seats))]
    pool = tuple(
        Candidate(
            f"e{index:05}",
            f"u{dice.pick(weights):02}",
            tuple(f"s{one}" for one in sorted({dice.uniform(width) for _ in range(1 + dice.uniform(3))})),
        )
        for index in range(size)
    )
    quota = {f"s{index}": (dice.uniform(2), 2) for index in range(width)}
    return Instance("crowded", pool, Request(seats, quota, per_unit=1))


def instances() -> Iterator[Instance]:
    """Both families with one specialty each and up to three, in several pools, and the crowded one."""
    for size in (100, 300, 1000, 3000):
        for number in range(1, 7):
            for name in ("F1", "F2"):
                for held in (1, 3):
                    width = 7 if name == "F1" else 20
                    yield family(name, size, held)._replace(pool=pool_of(size, width, held, number))
    for size in (60, 150, 400):
        for number in range(20):
            yield crowded(size, number)


def apart(instance: Instance) -> float | None:
    """The largest difference of a chance; None if there is no panel."""
    try:
        exact = probabilities(instance.pool, instance.request)
    except Infeasible:
        return None
    floating = leximin_program(instance.pool, instance.request)
    return max(abs(float(chance) - floating[one]) for one, chance in exact.items())


def main() -> int:
    """Compare, and say how many agreed and how well."""
    found = []
    for instance in instances():
        difference = apart(instance)
        if difference is not None:
            found.append(difference)
            if difference > APART:
                print(f"{instance.name} N={len(instance.pool)}: {difference:.1e} apart")
                return 1
    print(f"{len(found)} pools agree with the linear program, at most {max(found):.1e} apart")
    return 0 if len(found) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
