"""Everything that is compared, in its order."""

from collections.abc import Iterator

from lunheng.clockwork.reconcile import chains, expected, numbering, rows
from lunheng.clockwork.reconcile.difference import Difference


def differences() -> Iterator[Difference]:
    """Every difference: first in the ledger itself, then in the rows that it vouches for."""
    yield from chains.differences()
    yield from numbering.differences()
    yield from rows.differences()
    yield from expected.differences()
