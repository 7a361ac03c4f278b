"""The second tree: the same entries in the same order at the same sizes, by SM3 and SM2, and nobody waits for it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from lunheng.clockwork import log as duties
from lunheng.core.ledger.hashing import SM3
from lunheng.core.ledger.note import LOG, parse_checkpoint, parse_note
from lunheng.core.ledger.quorum import Party
from lunheng.core.ledger.tree import root_of
from lunheng.ledger import keys, log, publisher, sm2, trees
from lunheng.ledger.alarms import alarms
from lunheng.ledger.keys import SigningKey
from lunheng.ledger.memory import Memory
from lunheng.ledger.models import Checkpoint, Cosignature, Entry, Sequence, Tile, Tree
from lunheng.ledger.publisher import NotSigned
from lunheng.ledger.sequencer import mirror, sequence
from lunheng.ledger.signer import Signer, Signers
from lunheng.verifiers import verify_ledger
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter

pytest.importorskip("tongsuopy")
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@dataclass
class Twice:
    """A site with both trees and their signers, a witness of both, and the policy that names them."""

    site: Site
    signers: Signers
    folder: Path

    def publish(self, count: int) -> list[Checkpoint | None]:
        """So many more acts, numbered, mirrored, and signed in both trees."""
        enter(count)
        sequence(OPENING)
        while mirror(OPENING):
            pass
        return [publisher.publish(OPENING, self.signers.answer, tree) for tree in trees.in_use()]

    def cosigned(self, count: int) -> None:
        """The same, and the witness asked for both."""
        for checkpoint in self.publish(count):
            assert checkpoint is not None
            publisher.cosign(OPENING, checkpoint, Party(self.site.witness.key.key), self.site.witness.answer)

    def verify(self, command: str, *arguments: object) -> int:
        """What an outsider finds."""
        return verify_ledger.main([command, *map(str, arguments), "--policy", str(self.site.policy)])


@pytest.fixture
def twice(site: Site, settings: Settings, tmp_path: Path) -> Twice:
    settings.LEDGER_SECOND_TREE = True
    key = keys.load_or_make(tmp_path / "key-sm2", trees.origin(Tree.SM3), trees.KEYS[Tree.SM3])
    second = Signer(key, Memory(tmp_path / "state-sm3.json", SM3))
    site.policy.write_text(f"log {key.key}\n{site.policy.read_text('utf-8')}", "utf-8")
    site.witness.logs = [*site.witness.logs, key.key]
    return Twice(site, Signers(site.signer, second), tmp_path)


def test_both_trees_are_signed_at_the_same_sizes_over_the_same_entries(twice: Twice) -> None:
    for count in (3, 300, 1):
        twice.publish(count)
    found = {tree: list(Checkpoint.objects.filter(tree=tree)) for tree in Tree}
    sizes = [[checkpoint.size for checkpoint in found[tree]] for tree in Tree]
    bodies = [bytes(place.entry.body) for place in Sequence.objects.order_by("number")]
    assert sizes == [[304, 303, 3]] * 2
    assert bytes(found[Tree.SM3][0].root) == root_of([SM3.leaf(body) for body in bodies], SM3)
    assert found[Tree.SM3][0].note.startswith(f"{trees.origin(Tree.SHA256)}/sm3\n304\n")


def test_an_outsider_verifies_the_second_tree_like_the_first(twice: Twice) -> None:
    twice.cosigned(300)
    publisher.export(twice.folder / "copy")
    publisher.export(twice.folder / "copy/sm3", Tree.SM3)
    receipt = twice.folder / "entry.tlog-proof"
    receipt.write_bytes(log.receipt(Entry.objects.get(sequence__number=257).pk, Tree.SM3).render())
    commands: list[tuple[str, object]] = [
        ("audit", twice.folder / "copy"),
        ("audit", twice.folder / "copy/sm3"),
        ("checkpoint", twice.folder / "copy/sm3/checkpoint"),
        ("receipt", receipt),
    ]
    assert [twice.verify(*command) for command in commands] == [0, 0, 0, 0]


@pytest.mark.parametrize("place", ["tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_an_outsider_sees_what_was_changed_in_the_second_tree(twice: Twice, place: str) -> None:
    twice.cosigned(300)
    publisher.export(twice.folder / "copy", Tree.SM3)
    file = twice.folder / "copy" / place
    raw = bytearray(file.read_bytes())
    raw[-3] ^= 1
    file.write_bytes(raw)
    assert twice.verify("audit", twice.folder / "copy") == 1


def test_an_outsider_sees_that_the_second_tree_goes_on(twice: Twice) -> None:
    twice.cosigned(3)
    publisher.export(twice.folder, Tree.SM3)
    old = twice.folder / "old"
    (twice.folder / "checkpoint").rename(old)
    twice.cosigned(4)
    publisher.export(twice.folder, Tree.SM3)
    assert twice.verify("extend", twice.folder, "--from", old, "--to", twice.folder / "checkpoint") == 0


def test_switched_off_there_is_no_second_tree(twice: Twice, settings: Settings) -> None:
    settings.LEDGER_SECOND_TREE = False
    twice.publish(3)
    assert (Tile.objects.filter(tree=Tree.SM3).count(), Checkpoint.objects.count()) == (0, 1)


def test_switched_on_late_the_second_tree_catches_up(twice: Twice, settings: Settings) -> None:
    settings.LEDGER_SECOND_TREE = False
    for count in (3, 300):
        twice.publish(count)
    settings.LEDGER_SECOND_TREE = True
    twice.publish(2)
    publisher.publish(OPENING, twice.signers.answer, Tree.SM3)
    assert [one.size for one in Checkpoint.objects.filter(tree=Tree.SM3)] == [305]


def test_a_second_tree_that_lags_is_signed_only_as_far_as_it_goes(twice: Twice) -> None:
    twice.publish(3)
    enter(3)
    sequence(OPENING)
    first, second = (publisher.publish(OPENING, twice.signers.answer, tree) for tree in Tree)
    assert (first and first.size, second) == (6, None)


def test_the_second_tree_does_not_shrink_either(twice: Twice) -> None:
    twice.publish(5)
    signer = twice.signers.signers[1]
    signer.memory._keep(signer.memory.tip().__class__(9, b"\x00" * 32))
    with pytest.raises(NotSigned, match="记得 9 条"):
        twice.publish(1)


def test_the_second_signer_away_delays_nothing_of_the_first(twice: Twice) -> None:
    enter(3)
    sequence(OPENING)
    mirror(OPENING)
    alone = Signers(twice.site.signer)
    assert publisher.publish(OPENING, alone.answer) is not None
    with pytest.raises(NotSigned, match="404"):
        publisher.publish(OPENING, alone.answer, Tree.SM3)
    assert Checkpoint.objects.get().tree == Tree.SHA256


def test_a_second_tree_without_checkpoint_is_an_alarm(twice: Twice) -> None:
    enter(1)
    sequence(OPENING)
    assert publisher.publish(OPENING, twice.signers.answer) is not None
    later = Checkpoint.objects.get().signed_at.replace(hour=23)
    assert [alarm.partition("：")[0] for alarm in alarms(later, publisher.policy())] == [
        "检查点（1 条）超过 10 分钟未得到策略要求的见证签名",
        "SM3 / SM2",
    ]


def test_the_second_tree_is_public(twice: Twice, client: Client) -> None:
    twice.cosigned(3)
    note = parse_note(client.get("/ledger/sm3/checkpoint").content)
    tile = client.get("/ledger/sm3/tile/0/000.p/3").content
    bodies = [bytes(entry.body) for entry in Entry.objects.order_by("sequence__number")]
    assert (parse_checkpoint(note.text).size, len(note.signatures), Cosignature.objects.count()) == (3, 2, 2)
    assert tile == b"".join(SM3.leaf(body) for body in bodies)
    assert client.get("/ledger/sm3/tile/entries/000.p/3").content == log.resource("entries/000.p/3")


def test_the_duties_keep_both_trees(
    twice: Twice, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEDGER_SIGNER = "somewhere"
    monkeypatch.setattr(publisher, "ask_signer", twice.signers.answer)
    enter(2)
    sequence(OPENING)
    mirror(OPENING)
    assert (duties.publish(OPENING), duties.publish(OPENING)) == (2, 0)


def test_an_sm2_key_is_kept_like_the_others_and_says_its_algorithm(twice: Twice) -> None:
    loaded = keys.load(twice.folder / "key-sm2")
    assert loaded.key == twice.signers.signers[1].key.key
    assert (twice.folder / "key-sm2").stat().st_mode & 0o777 == 0o600
    assert str(loaded.key).startswith(f"{trees.origin(Tree.SM3)}+{loaded.key.identifier.hex()}+/3NtMi1zbTMvM")


def test_a_checkpoint_of_the_second_tree_by_a_key_of_the_first_kind_is_not_believed(twice: Twice) -> None:
    """The origin of the second tree signed by Ed25519 would be read as a tree of the first kind, and its root fails."""
    twice.publish(3)
    impostor = SigningKey(trees.origin(Tree.SM3), LOG, b"\x01" * 32)
    text = Checkpoint.objects.get(tree=Tree.SM3).note.partition("\n\n")[0] + "\n"
    publisher.export(twice.folder / "copy", Tree.SM3)
    (twice.folder / "copy/checkpoint").write_text(f"{text}\n{impostor.sign(text)}", "utf-8")
    assert twice.verify("audit", twice.folder / "copy") == 3


def test_without_the_package_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tongsuopy.crypto", None)
    with pytest.raises(sm2.Lacking, match="附加依赖 sm2"):
        sm2.generate()


def test_entries_name_the_log_and_not_its_trees(twice: Twice) -> None:
    twice.publish(1)
    assert json.loads(bytes(Entry.objects.get().body))["log"] == trees.origin(Tree.SHA256)
