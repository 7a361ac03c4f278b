"""Starts Django for the commands that need the database."""

from functools import lru_cache


@lru_cache(maxsize=1)
def set_up() -> None:
    """Load settings and apps once."""
    import django

    django.setup()
