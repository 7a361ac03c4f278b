"""What each check sees of an attack: the comparison inside, the public audit, the witness, who holds receipts, two checkpoints."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random  # noqa: TID251
from uuid import UUID

from lunheng.clockwork.reconcile import Difference, chains, expected, numbering, rows
from lunheng.core.ledger.proof import Extension
from lunheng.ledger import publisher
from lunheng.ledger.models import Checkpoint
from lunheng.ledger.receipts import receipts_of
from lunheng.verifiers import verify_ledger
from tests.ledger.attacks import Attack, numbered
from tests.ledger.conftest import Site

PARTS = {
    "chains": chains.differences,
    "numbering": numbering.differences,
    "rows": rows.differences,
    "expected": expected.differences,
}
"""The parts of the nightly comparison."""
HOLDS, FALSE, UNMET, INCOMPLETE = 0, 1, 3, 4
"""What the carry-away verifier answers."""


@dataclass(frozen=True)
class Seen:
    """One line of the table."""

    inside: frozenset[str]
    """The parts of the nightly comparison that find something."""
    audit: int
    """What the public audit answers of the log as it is shown now."""
    witness: tuple[int, ...]
    """What the witness answers to each checkpoint that it is shown now."""
    receipts: int
    """How many of the receipts that were handed out before contradict what is shown now."""
    compare: int
    """What the verifier says of the checkpoint that somebody kept beside the one of now."""
    extend: int
    """Whether the log goes on from the checkpoint that somebody kept."""


def inside() -> dict[str, list[Difference]]:
    """What each part of the nightly comparison finds."""
    return {name: found for name, part in PARTS.items() if (found := list(part()))}


@dataclass(frozen=True)
class Outside:
    """Those who keep something: a checkpoint of the log, receipts, and the witness with its memory."""

    site: Site
    folder: Path
    held: tuple[bytes, ...]
    spared: frozenset[UUID]
    """The entries whose receipts are held."""

    @classmethod
    def at(cls, site: Site, folder: Path, count: int, random: Random) -> "Outside":
        """As many receipts as that, and the checkpoint of now."""
        folder.mkdir()
        chosen = random.sample(numbered(), count)
        held = tuple(receipt.render() for _, receipt in receipts_of(chosen))
        publisher.export(folder / "before")
        return cls(site, folder, held, frozenset(entry.pk for entry in chosen))

    @property
    def kept(self) -> Path:
        """The checkpoint that somebody kept."""
        return self.folder / "before" / "checkpoint"

    def sees(self, attack: Attack, name: str, found: dict[str, list[Difference]]) -> Seen:
        """Look at everything that is shown after the attack; ``found`` is what is found inside."""
        return Seen(
            inside=frozenset(found),
            audit=self.verify("audit", self.shown(name)),
            witness=self.asked(attack),
            receipts=self.contradicting(name),
            compare=self.compared(attack, name),
            extend=self.extended(self.kept, name),
        )

    def shown(self, name: str) -> Path:
        """The log as it is shown now."""
        folder = self.folder / name
        if not folder.exists():
            publisher.export(folder)
        return folder

    def verify(self, command: str, *arguments: object) -> int:
        """What the carry-away verifier answers."""
        return self.told(command, *arguments)[0]

    def told(self, command: str, *arguments: object) -> tuple[int, str]:
        """The same with its words."""
        words = StringIO()
        with redirect_stdout(words), redirect_stderr(words):
            code = verify_ledger.main([command, *map(str, arguments), "--policy", str(self.site.policy)])
        return code, words.getvalue()

    def asked(self, attack: Attack) -> tuple[int, ...]:
        """What the witness answers to the checkpoints of now; it remembers what it saw before the attack."""
        signed = attack.signed or [self.newest()]
        return tuple(self._asked(checkpoint) for checkpoint in signed)

    def _asked(self, checkpoint: Checkpoint) -> int:
        return self.site.witness.answer(self.request(checkpoint))[0]

    def request(self, checkpoint: Checkpoint) -> bytes:
        """The request of somebody who knows what the witness remembers, with the best proof that there is."""
        size = self.site.witness.memory_of(self.site.signer.key.name).tip().size
        request = publisher.extension(min(size, checkpoint.size), checkpoint)
        return Extension(size, request.proof, request.checkpoint).render()

    def unsigned(self, checkpoint: Checkpoint) -> bytes:
        """The same for the signer, before it has signed."""
        text = checkpoint.note.partition("\n\n")[0] + "\n"
        return self.request(Checkpoint(tree=checkpoint.tree, size=checkpoint.size, note=text))

    @staticmethod
    def newest() -> Checkpoint:
        """The checkpoint that is shown."""
        return Checkpoint.objects.filter(tree="sha256").order_by("-size")[0]

    def compared(self, attack: Attack, name: str) -> int:
        """Beside the kept checkpoint the first that is shown now."""
        return self.compared_with_words(attack, name)[0]

    def compared_with_words(self, attack: Attack, name: str) -> tuple[int, str]:
        """The same with the verifier's words."""
        first = attack.signed[0] if attack.signed else self.newest()
        file = self.folder / f"{name}.ckpt"
        file.write_text(first.note, "utf-8")
        return self.told("compare", self.kept, file)

    def extended(self, kept: Path, name: str) -> int:
        """Whether what is shown now goes on from what somebody kept."""
        shown = self.shown(name)
        if (shown / "checkpoint").read_bytes() == kept.read_bytes():
            return HOLDS  # nobody asks for the tiles of what has not changed
        return self.verify("extend", "--from", kept, "--to", shown / "checkpoint", shown)

    def contradicting(self, name: str) -> int:
        """Receipts that are sound and whose checkpoint does not go on into what is shown now.

        A receipt carries the checkpoint under which it was issued: by itself it holds for ever. What stops is that the log
        of now admits it; so each holder asks whether the log goes on from the checkpoint in his receipt.
        """

        @cache
        def goes_on(checkpoint: bytes) -> bool:
            file = self.folder / f"{name}.held.ckpt"
            file.write_bytes(checkpoint)
            return self.extended(file, name) == HOLDS

        return sum(not goes_on(_sound(raw, self.policy())) for raw in self.held)

    def policy(self) -> verify_ledger.Policy:
        """Whom everybody believes."""
        return verify_ledger.read_policy(self.site.policy.read_text("utf-8"))

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """The signer and the witness remember after the block what they remembered before."""
        memory, aside = self.site.signer.memory.path, self.folder / "aside"
        shutil.copytree(self.site.witness.folder, aside / "witness")
        before = memory.read_bytes()
        yield
        memory.write_bytes(before)
        shutil.rmtree(self.site.witness.folder)
        shutil.move(aside / "witness", self.site.witness.folder)


_checkpoints: dict[bytes, verify_ledger.Signed] = {}


def _sound(raw: bytes, policy: verify_ledger.Policy) -> bytes:
    """The checkpoint in a receipt; its signatures hold and its path leads from the entry to the root.

    The receipts of one moment share a checkpoint: its signatures are looked at once.
    """
    body, index, path, checkpoint = verify_ledger.read_receipt(raw)
    if checkpoint not in _checkpoints:
        _checkpoints[checkpoint] = verify_ledger.read_checkpoint(checkpoint, policy)
        verify_ledger.require_quorum(_checkpoints[checkpoint], policy)
    signed = _checkpoints[checkpoint]
    leaf = verify_ledger.leaf_hash(body, signed.digest)
    assert verify_ledger.root_by_path(index, signed.size, leaf, path, signed.digest) == signed.root
    return checkpoint


__all__ = ["Outside", "Seen", "inside"]
