"""A hash chain published by its end: whoever owns it reveals link after link and has nothing to choose."""

from __future__ import annotations

from .hashing import SHA256, hasher


def links(secret: bytes, length: int, name: str = SHA256) -> tuple[bytes, ...]:
    """A chain of `length` links: 0 is the anchor to publish, `length` the secret itself.

    The hash of link i is link i − 1, so that a link proves itself by the one before and nobody without the
    secret can name the next one. `name` is the hash of the chain.
    """
    step, chain = hasher(name), [secret]
    for _ in range(length):
        chain.append(step(chain[-1]))
    return tuple(reversed(chain))


def follows(value: bytes, before: bytes, name: str = SHA256) -> bool:
    """Whether `value` is the link after `before`."""
    return hasher(name)(value) == before
