"""Starts Django for the commands that need the database."""

import sys
from functools import lru_cache


@lru_cache(maxsize=1)
def set_up() -> None:
    """Load settings and apps once."""
    import django

    django.setup()


def is_unsafe() -> bool:
    """Whether the database could lose what it acknowledged; says why and what to do. Nothing starts on such a one."""
    set_up()
    from django.core.checks import ERROR, Tags, run_checks
    from django.db import connections

    faults = [one for one in run_checks(tags=[Tags.database], databases=["default"]) if one.level >= ERROR]
    for fault in faults:
        print(f"拒绝启动：{fault.msg}。{fault.hint or ''}（{fault.id}）", file=sys.stderr)
    # Whoever starts next opens connections of its own.
    connections.close_all()
    return bool(faults)
