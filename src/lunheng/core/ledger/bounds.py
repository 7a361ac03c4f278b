"""The bounds of a server's clock, drawn by the clocks of others: what is recorded lies between them.

Every checkpoint says when it was signed, and every witness says what its own clock showed when it was asked. A clock
that was set back shows itself against the last checkpoint; one that was set forward, against the last witness.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

FURTHEST_BACK = timedelta(minutes=5)
"""How far an entry may precede the last checkpoint."""
FURTHEST_AHEAD = timedelta(minutes=2)
"""How far the server may be ahead of the witness."""
IN_TIME = timedelta(0)


@dataclass(frozen=True)
class OtherClocks:
    """What is known of them.

    ``signed_at`` is when the last checkpoint was signed, by our clock, and ``cosigned_at`` the latest moment that a
    witness put under it. ``witness_at`` is what a witness's clock showed when it was last asked over the network, and
    ``asked_at`` what ours showed just before. Each is None while there is none.
    """

    signed_at: datetime | None = None
    cosigned_at: datetime | None = None
    witness_at: datetime | None = None
    asked_at: datetime | None = None


def deviation(recorded_at: datetime, clocks: OtherClocks) -> timedelta:
    """How far out of bounds ``recorded_at`` is: negative when it is too early, positive when our clock is ahead, else zero.

    A witness that was asked long ago still tells by how much our clock was ahead of its own; once ours has been set
    back behind that moment, it tells nothing more. Where a witness's clock says that the checkpoint was signed earlier
    than ours said, the witness is believed: so a clock that is put right again is not refused.
    """
    lead = _lead(recorded_at, clocks)
    if lead > FURTHEST_AHEAD:
        return lead
    known = [moment for moment in (clocks.signed_at, clocks.cosigned_at) if moment is not None]
    if clocks.signed_at is not None and recorded_at < min(known) - FURTHEST_BACK:
        return recorded_at - min(known)
    return IN_TIME


def _lead(recorded_at: datetime, clocks: OtherClocks) -> timedelta:
    if clocks.witness_at is None or clocks.asked_at is None or recorded_at < clocks.asked_at:
        return IN_TIME
    return clocks.asked_at - clocks.witness_at
