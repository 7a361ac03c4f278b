"""``pytest --shuffle SEED``: the tests in another order (loaded by ``-p tests.harness.shuffle``).

Files come in any order and the tests of a file in any order, always the same for a seed, so that every worker has it too.
"""

from hashlib import sha256

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option."""
    parser.addoption("--shuffle", default="", help="run the tests in an order that follows from this word")


def _place(seed: str, name: str) -> bytes:
    return sha256(f"{seed}\n{name}".encode()).digest()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests into the order of the seed."""
    if seed := config.getoption("--shuffle"):
        items.sort(key=lambda item: (_place(seed, item.nodeid.split("::", 1)[0]), _place(seed, item.nodeid)))


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which order it is, so that it can be had again."""
    seed = config.getoption("--shuffle")
    return f"order: --shuffle {seed}" if seed else None
