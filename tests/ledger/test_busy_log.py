"""A log that grows faster than its witnesses answer: what they have cosigned is handed out, and their silence is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from lunheng.ledger import log, publisher
from lunheng.ledger.alarms import COSIGNED_WITHIN, alarms
from lunheng.ledger.models import Checkpoint, Entry
from lunheng.ledger.receipts import receipts_of
from lunheng.ledger.sequencer import sequence
from lunheng.verifiers import verify_ledger
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LATER = timedelta(seconds=2)


def grow(site: Site, *, seconds: float = 0) -> tuple[Entry, Checkpoint]:
    """One more entry, numbered and signed so many seconds after the opening."""
    at = OPENING + timedelta(seconds=seconds)
    (entry,) = enter(1, at=at)
    sequence(at)
    checkpoint = publisher.publish(at, site.signer.answer)
    assert checkpoint is not None
    return entry, checkpoint


def judged(receipt: bytes, site: Site, folder: Path) -> int:
    """What the carry-away verifier says of it."""
    file = folder / "receipt.tlog-proof"
    file.write_bytes(receipt)
    return verify_ledger.main(["receipt", str(file), "--policy", str(site.policy)])


def test_a_receipt_stands_under_the_newest_checkpoint_that_the_policy_accepts(
    site: Site, tmp_path: Path
) -> None:
    first, checkpoint = grow(site)
    site.cosign(checkpoint)
    second, _ = grow(site)
    third, _ = grow(site)
    found = [judged(log.receipt(entry.pk).render(), site, tmp_path) for entry in (first, second, third)]
    assert found == [0, 3, 3]
    site.cosign(grow(site)[1])
    assert [judged(log.receipt(one.pk).render(), site, tmp_path) for one in (first, second, third)] == [0] * 3


def test_receipts_of_many_do_the_same(site: Site, tmp_path: Path) -> None:
    site.cosign(grow(site)[1])
    grow(site)
    entries = Entry.objects.select_related("sequence").order_by("sequence__number")
    assert [judged(receipt.render(), site, tmp_path) for _, receipt in receipts_of(entries)] == [0, 3]


def test_half_of_a_quorum_is_none(site: Site, tmp_path: Path) -> None:
    other = site.witness.key.__class__("witness.example/w2", site.witness.key.algorithm, b"\x07" * 32)
    policy = site.policy.read_text("utf-8").replace(
        "quorum W1", f"witness W2 {other.key}\ngroup g all W1 W2\nquorum g"
    )
    site.policy.write_text(policy, "utf-8")
    entry, checkpoint = grow(site)
    site.cosign(checkpoint)
    _, newest = grow(site)
    assert log.receipt(entry.pk).checkpoint == newest.note.encode()


def test_without_a_policy_receipts_stand_under_the_newest_checkpoint(site: Site) -> None:
    entry, checkpoint = grow(site)
    site.cosign(checkpoint)
    _, newest = grow(site)
    site.policy.unlink()
    assert log.receipt(entry.pk).checkpoint == newest.note.encode()


def test_silent_witnesses_are_told_of_although_the_log_grows(site: Site) -> None:
    site.cosign(grow(site)[1])
    whole = int(COSIGNED_WITHIN.total_seconds())
    for seconds in range(60, 2 * whole, 60):
        grow(site, seconds=seconds)
    found = alarms(OPENING + 2 * COSIGNED_WITHIN, publisher.policy())
    assert ["见证签名" in alarm for alarm in found] == [True]


def test_witnesses_that_answer_now_and_then_are_enough(site: Site) -> None:
    for seconds in range(0, 1_200, 60):
        _, checkpoint = grow(site, seconds=seconds)
        if seconds == 900:
            site.cosign(checkpoint)
    assert alarms(OPENING + timedelta(seconds=1_260), publisher.policy()) == []
