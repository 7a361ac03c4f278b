"""演示时间: it goes forward for everybody, and never back."""

from datetime import timedelta
from pathlib import Path

import pytest

from lunheng.demo.clock import LONGEST, DemoClock


@pytest.fixture
def moved(tmp_path: Path) -> DemoClock:
    return DemoClock(tmp_path / "demo-clock")


def test_nobody_moved_it(moved: DemoClock) -> None:
    assert moved.lead == timedelta()


def test_steps_add_up(moved: DemoClock) -> None:
    moved.move(timedelta(hours=6))
    moved.move(timedelta(hours=1))
    assert moved.lead == timedelta(hours=7)


def test_another_process_reads_the_same_time(moved: DemoClock, tmp_path: Path) -> None:
    moved.move(timedelta(days=3))
    assert DemoClock(tmp_path / "demo-clock").lead == timedelta(days=3)


def test_time_never_goes_back(moved: DemoClock) -> None:
    moved.move(timedelta(hours=6))
    assert moved.move(timedelta(hours=-2)) == timedelta(hours=6)


def test_it_does_not_run_away(moved: DemoClock) -> None:
    assert moved.move(timedelta(days=5000)) == LONGEST


def test_a_new_demo_begins_at_the_time_of_the_machine(moved: DemoClock) -> None:
    moved.move(timedelta(hours=6))
    moved.reset()
    assert moved.lead == timedelta()


def test_a_broken_file_moves_nothing(moved: DemoClock, tmp_path: Path) -> None:
    (tmp_path / "demo-clock").write_text("虚构", "utf-8")
    assert moved.lead == timedelta()
