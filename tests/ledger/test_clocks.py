"""The server's clock is moved: what it would date wrongly is refused, and somebody is told."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from lunheng.cases.acts import act
from lunheng.cases.models import Case
from lunheng.cases.opening import open_case
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.ledger.quorum import Party
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import Division
from lunheng.ledger import publisher
from lunheng.ledger.alarms import alarms
from lunheng.ledger.clocks import fault_at, require_in_bounds
from lunheng.ledger.models import Checkpoint, Cosignature, Entry, Pending, RefusedAttempt
from lunheng.ledger.sequencer import sequence
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import ACTOR, enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86_400))
YEAR = 365 * DAY


@act("trial.dated/1", is_public=False)
def open_trial(*, actor: Actor, at: datetime) -> Entry:
    """Open a file."""
    division, _ = Division.objects.get_or_create(code="370200", name="青岛市")
    case = open_case(Case.Kind.PROJECT, title="虚构工程", division=division, at=at)
    return case.enter(actor=actor, at=at, data={"label": "立案"})


def signed(site: Site) -> Checkpoint:
    enter(1)
    checkpoint = site.publish()
    assert checkpoint is not None
    return checkpoint


def asked(site: Site, checkpoint: Checkpoint, at: datetime) -> None:
    """The witness, whose clock stands at the opening, is asked over the network when ours shows ``at``."""
    publisher.cosign(at, checkpoint, Party(site.witness.key.key), site.witness.answer)


@pytest.mark.parametrize("jump", [SECOND, MINUTE, 5 * MINUTE])
def test_an_act_by_a_clock_that_lags_a_little_is_entered(site: Site, jump: timedelta) -> None:
    signed(site)
    enter(1, at=OPENING - jump)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("jump", [5 * MINUTE + SECOND, HOUR, DAY, YEAR])
def test_an_act_by_a_clock_that_was_set_back_is_refused(site: Site, jump: timedelta) -> None:
    signed(site)
    with pytest.raises(Refused, match="比最近的检查点早"):
        enter(1, at=OPENING - jump)
    assert (Entry.objects.count(), Pending.objects.count()) == (1, 0)


@pytest.mark.parametrize("jump", [2 * MINUTE + SECOND, HOUR, DAY, YEAR])
def test_an_act_by_a_clock_ahead_of_the_witness_is_refused(site: Site, jump: timedelta) -> None:
    asked(site, signed(site), OPENING + jump)
    with pytest.raises(Refused, match="比见证方快"):
        enter(1, at=OPENING + jump)


@pytest.mark.parametrize("jump", [SECOND, MINUTE, 2 * MINUTE])
def test_an_act_by_a_clock_a_little_ahead_is_entered(site: Site, jump: timedelta) -> None:
    asked(site, signed(site), OPENING + jump)
    enter(1, at=OPENING + jump)
    assert Entry.objects.count() == 2


def test_what_a_clock_that_was_set_forward_dated_lies_before_what_the_witness_says_next(site: Site) -> None:
    """Until the witness is asked nobody can know; it is asked every minute, and from then on nothing more is entered."""
    asked(site, signed(site), OPENING)
    (early,) = enter(1, at=OPENING + YEAR)
    sequence(OPENING + YEAR)
    checkpoint = publisher.publish(OPENING + YEAR, site.signer.answer)
    assert checkpoint is not None
    asked(site, checkpoint, OPENING + YEAR)
    witnessed = Cosignature.objects.get(checkpoint=checkpoint).witnessed_at
    assert (witnessed, early.recorded_at) == (OPENING, OPENING + YEAR)
    with pytest.raises(Refused, match="比见证方快 365天"):
        enter(1, at=OPENING + YEAR + MINUTE)
    enter(1, at=OPENING + MINUTE)


def test_within_a_second_of_what_was_found_in_bounds_nobody_asks_again(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Bounds of minutes are asked for once a second, not by every act."""
    signed(site)
    require_in_bounds(OPENING)
    with django_assert_num_queries(0):
        require_in_bounds(OPENING + SECOND / 2)
    with django_assert_num_queries(1):
        require_in_bounds(OPENING + SECOND)


def test_a_moment_that_was_refused_is_refused_again(site: Site) -> None:
    signed(site)
    for _ in range(2):
        with pytest.raises(Refused, match="早"):
            require_in_bounds(OPENING - HOUR)


def test_a_witness_that_cosigns_by_file_stops_nobody(site: Site) -> None:
    checkpoint = signed(site)
    publisher.attach(
        OPENING + DAY, checkpoint, site.witness.key.key, str(site.witness.key.sign(text_of(checkpoint)))
    )
    enter(1, at=OPENING + DAY)
    assert Entry.objects.count() == 2


def text_of(checkpoint: Checkpoint) -> str:
    return checkpoint.note.partition("\n\n")[0] + "\n"


@pytest.mark.parametrize("jump", [-HOUR, -YEAR])
def test_a_refused_act_says_what_to_do_and_is_kept(site: Site, clock: FixedClock, jump: timedelta) -> None:
    signed(site)
    clock.set(OPENING + jump)
    with pytest.raises(Refused, match="校准服务器时钟"):
        open_trial(actor=ACTOR, at=OPENING)
    attempt = RefusedAttempt.objects.get()
    assert (Case.objects.count(), attempt.reasons[0]["number"]) == (0, "第十二条")


def test_a_legal_moment_long_past_is_no_matter_of_clocks(site: Site, clock: FixedClock) -> None:
    signed(site)
    assert open_trial(actor=ACTOR, at=OPENING - YEAR).recorded_at == OPENING


def test_a_clock_out_of_bounds_is_an_alarm(site: Site) -> None:
    signed(site)
    policy = publisher.policy()
    assert alarms(OPENING - HOUR, policy) == [
        "服务器时钟比最近的检查点早 1小时，现有办理一律拒绝：请校准服务器时钟"
    ]
    assert (alarms(OPENING, policy), fault_at(OPENING)) == ([], "")


def test_a_cosignature_from_beyond_the_calendar_is_not_kept(site: Site, tmp_path: Path) -> None:
    checkpoint = signed(site)
    site.witness.seconds = lambda: 2**63
    with pytest.raises(ValueError, match="calendar"):
        asked(site, checkpoint, OPENING)
    assert Cosignature.objects.count() == 0
