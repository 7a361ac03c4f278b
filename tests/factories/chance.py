"""The applicant's share of a draw, as a browser makes it, and the two steps that a client takes."""

from hashlib import sha256
from typing import Any

from lunheng.core.draw import nonce_commitment
from lunheng.panels.models import Draw

VALUE = bytes(range(32))
"""The value that the applicant keeps until it is revealed."""
PROMISE = nonce_commitment(VALUE)


def draw_by(perform: Any, name: str, request_id: int, **body: Any) -> Any:
    """Commit and reveal with `perform(act, **arguments)`, with a value of its own; returns the answer to the reveal.

    The value follows from how many draws the database holds, never from what other tests of the process drew before.
    """
    value = sha256(f"share {Draw.objects.count() + 1}".encode()).digest()
    answer = perform(name, request_id=request_id, commitment=nonce_commitment(value), **body)
    draw_id = answer["id"] if isinstance(answer, dict) else answer.pk
    return perform("panels.reveal_draw", draw_id=draw_id, party="applicant", value=value.hex())
