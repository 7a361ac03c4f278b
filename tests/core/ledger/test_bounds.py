"""A clock that was moved shows itself against the clocks of others."""

from datetime import UTC, datetime, timedelta

import pytest

from lunheng.core.ledger.bounds import OtherClocks, deviation

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86_400))
YEAR = 365 * DAY
NOTHING = timedelta(0)


def after_checkpoint(jump: timedelta) -> timedelta:
    """What is found when the clock is moved after a checkpoint that nobody cosigned."""
    return deviation(NOON + jump, OtherClocks(signed_at=NOON))


@pytest.mark.parametrize("jump", [NOTHING, SECOND, MINUTE, 5 * MINUTE])
def test_a_clock_set_back_by_five_minutes_at_most_is_in_bounds(jump: timedelta) -> None:
    assert after_checkpoint(-jump) == NOTHING


@pytest.mark.parametrize("jump", [5 * MINUTE + SECOND, HOUR, DAY, YEAR])
def test_a_clock_set_back_further_is_early_by_so_much(jump: timedelta) -> None:
    assert after_checkpoint(-jump) == -jump


@pytest.mark.parametrize("jump", [SECOND, HOUR, DAY, YEAR])
def test_without_a_witness_a_late_entry_is_only_late(jump: timedelta) -> None:
    assert after_checkpoint(jump) == NOTHING


def test_nothing_is_known_before_the_first_checkpoint() -> None:
    assert deviation(NOON, OtherClocks()) == NOTHING


@pytest.mark.parametrize(
    ("lead", "found"),
    [
        (-DAY, NOTHING),
        (SECOND, NOTHING),
        (2 * MINUTE, NOTHING),
        (2 * MINUTE + SECOND, 2 * MINUTE + SECOND),
        (HOUR, HOUR),
        (YEAR, YEAR),
    ],
)
def test_a_clock_ahead_of_the_witness_that_it_asked_is_out_of_bounds(
    lead: timedelta, found: timedelta
) -> None:
    clocks = OtherClocks(NOON, NOON - lead, NOON - lead, NOON)
    assert deviation(NOON + MINUTE, clocks) == found


def test_a_clock_that_was_put_right_is_believed_again() -> None:
    """It was a year ahead, and so was the checkpoint; the witness knew better."""
    clocks = OtherClocks(NOON + YEAR, NOON, NOON, NOON + YEAR)
    assert (deviation(NOON + YEAR, clocks), deviation(NOON + MINUTE, clocks)) == (YEAR, NOTHING)


def test_a_witness_ahead_of_everybody_stops_nothing() -> None:
    clocks = OtherClocks(NOON, NOON + YEAR, NOON + YEAR, NOON)
    assert deviation(NOON, clocks) == NOTHING


def test_a_cosignature_by_file_tells_nothing_of_our_clock() -> None:
    clocks = OtherClocks(NOON, NOON - DAY)
    assert deviation(NOON, clocks) == NOTHING
