"""The one source of chance. Acts never toss a coin: they are given their seed."""

import secrets
from collections.abc import Callable

_installed: list[Callable[[], bytes]] = [lambda: secrets.token_bytes(32)]


def seed() -> bytes:
    """Thirty-two unpredictable bytes."""
    return _installed[-1]()


def install(source: Callable[[], bytes]) -> None:
    """Use ``source`` from now on (tests and replays)."""
    _installed[:] = [source]


def install_system() -> None:
    """Return to the operating system's generator."""
    install(lambda: secrets.token_bytes(32))
