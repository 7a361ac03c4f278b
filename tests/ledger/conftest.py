"""A site of the log: signer, witness, and the policy that names both."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from lunheng.core.ledger.quorum import Party
from lunheng.ledger import clocks, publisher
from lunheng.ledger.models import Checkpoint
from lunheng.ledger.sequencer import sequence
from lunheng.ledger.signer import Signer
from lunheng.ledger.witness import Witness
from tests.conftest import OPENING
from tests.ledger.factory import following


@pytest.fixture(autouse=True)
def _nothing_known_of_clocks() -> None:
    """What a test before this one found in bounds is of another log."""
    clocks.forget()


@dataclass
class Site:
    """The log with those who sign it."""

    signer: Signer
    witness: Witness
    policy: Path

    def publish(self) -> Checkpoint | None:
        """Number what waits and have it signed."""
        sequence(OPENING)
        return publisher.publish(OPENING, self.signer.answer)

    def cosign(self, checkpoint: Checkpoint) -> None:
        """Have the witness cosign."""
        publisher.cosign(OPENING, checkpoint, Party(self.witness.key.key), self.witness.answer)


@pytest.fixture
def site(tmp_path: Path, settings: Settings) -> Site:
    """Signer and witness with empty memories; the policy asks for both."""
    signer, witness = following(tmp_path)
    policy = tmp_path / "policy.txt"
    policy.write_text(f"log {signer.key.key}\nwitness W1 {witness.key.key}\nquorum W1\n", "utf-8")
    settings.LEDGER_POLICY = str(policy)
    return Site(signer, witness, policy)
