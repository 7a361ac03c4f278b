"""S-08: what every answer carries, whatever it answers."""

from collections.abc import Iterator
from typing import Any


def missing_headers(response: Any, *, is_known: bool) -> Iterator[str]:
    """What an answer lacks; ``is_known`` when somebody is logged in. A file that a page of ours shows may be framed by
    it and lets the browser's own reader style itself: nothing in it may run."""
    is_shown = response.headers.get("Content-Disposition", "").startswith("inline")
    yield from _of_policy(response.headers.get("Content-Security-Policy", ""), is_shown=is_shown)
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        yield "lets browsers guess the type"
    if response.headers.get("X-Frame-Options") != ("SAMEORIGIN" if is_shown else "DENY"):
        yield "lets itself be framed"
    if is_known and "no-store" not in response.headers.get("Cache-Control", ""):
        yield "may be stored"
    for cookie in response.cookies.values():
        if cookie["samesite"] not in ("Lax", "Strict"):
            yield f"sets the cookie {cookie.key} for other sites"


def _of_policy(policy: str, *, is_shown: bool) -> Iterator[str]:
    ancestors = "frame-ancestors 'self'" if is_shown else "frame-ancestors 'none'"
    is_closed = "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy
    is_plain = "default-src" in policy and "unsafe" not in policy
    if ancestors not in policy or not (is_closed if is_shown else is_plain):
        yield f"has the policy {policy!r}"
