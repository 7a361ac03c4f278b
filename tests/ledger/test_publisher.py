"""Signing and cosigning: one history, and whoever tries to show another is refused."""

import threading
import urllib.request
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from lunheng.clockwork import log as duties
from lunheng.core.ledger.following import Tip
from lunheng.core.ledger.note import Checkpoint as Statement
from lunheng.core.ledger.note import parse_checkpoint, parse_note, valid_signatures
from lunheng.core.ledger.proof import Extension, parse_receipt
from lunheng.core.ledger.quorum import Party
from lunheng.core.ledger.tiles import parse_bundle
from lunheng.core.ledger.tree import verify_inclusion
from lunheng.ledger import keys, log, publisher
from lunheng.ledger.keys import verify
from lunheng.ledger.models import Checkpoint, Cosignature, Sequence, Tile
from lunheng.ledger.publisher import NotSigned
from lunheng.ledger.sequencer import sequence
from lunheng.ledger.signer import SignerServer, ask
from lunheng.ledger.triggers import create, drop
from lunheng.ledger.witness import server
from lunheng.verifiers import verify_ledger
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter, following

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def published(site: Site, count: int = 3) -> Checkpoint:
    enter(count)
    checkpoint = site.publish()
    assert checkpoint is not None
    return checkpoint


def test_what_has_grown_is_signed(site: Site) -> None:
    published(site, 3)
    note = parse_note(published(site, 300).note.encode())
    statement = parse_checkpoint(note.text)
    assert (statement.size, site.signer.memory.tip()) == (303, Tip(303, statement.root))
    assert [key for key, _ in valid_signatures(note, [site.signer.key.key], verify)] == [site.signer.key.key]


def test_what_has_not_grown_is_not_signed_again(site: Site) -> None:
    published(site)
    assert (site.publish(), Checkpoint.objects.count()) == (None, 1)


def test_an_empty_log_is_not_signed(site: Site) -> None:
    assert site.publish() is None


def test_an_answer_that_was_lost_is_asked_for_again(site: Site) -> None:
    enter(2)
    sequence(OPENING)

    def lose(raw: bytes) -> tuple[int, str]:
        site.signer.answer(raw)
        raise ConnectionError("lost")

    with pytest.raises(ConnectionError):
        publisher.publish(OPENING, lose)
    assert published(site, 1).size == 3


def shrink(size: int) -> None:
    """What the owner of the database can do: take the triggers away and cut the log."""
    drop(connection)
    Cosignature.objects.all().delete()
    Checkpoint.objects.all().delete()
    Sequence.objects.filter(number__gte=size).delete()
    Tile.objects.all().delete()
    leaves = [
        bytes(leaf)
        for leaf in Sequence.objects.order_by("number").values_list("entry__leaf_sha256", flat=True)
    ]
    Tile.objects.create(level=0, index=0, hashes=b"".join(leaves))
    connection.check_constraints()
    create(connection)


def test_a_log_that_was_cut_is_not_signed(site: Site) -> None:
    published(site, 5)
    shrink(4)
    with pytest.raises(NotSigned, match="记得 5 条，本库只有 4 条"):
        site.publish()


def test_a_log_that_was_cut_and_grew_again_is_not_signed(site: Site) -> None:
    published(site, 5)
    shrink(4)
    enter(3, subject="CS-0009")
    with pytest.raises(NotSigned, match="422"):
        site.publish()
    assert site.signer.memory.tip().size == 5


def test_another_log_of_the_same_size_is_not_signed(site: Site) -> None:
    published(site, 5)
    shrink(4)
    enter(1, subject="CS-0009")
    with pytest.raises(NotSigned, match="409"):
        site.publish()


def test_a_signature_of_a_key_that_the_policy_does_not_name_is_not_kept(site: Site, tmp_path: Path) -> None:
    enter(1)
    sequence(OPENING)
    stranger, _ = following(tmp_path / "stranger")
    with pytest.raises(NotSigned, match="策略文件"):
        publisher.publish(OPENING, stranger.answer)
    assert Checkpoint.objects.count() == 0


def test_the_signer_signs_only_for_its_log(site: Site, tmp_path: Path) -> None:
    enter(1)
    sequence(OPENING)
    other, _ = following(tmp_path / "other", name="other.example/ledger")
    with pytest.raises(NotSigned, match="404"):
        publisher.publish(OPENING, other.answer)


@pytest.mark.parametrize("raw", [b"", b"old 0\n\nx", b"old 00\n\n", b"old 0\n\n\xd0\xb0"])
def test_the_signer_refuses_what_is_no_request(site: Site, raw: bytes) -> None:
    assert site.signer.answer(raw)[0] == 400


def test_a_witness_cosigns_what_extends_what_it_saw(site: Site) -> None:
    for count in (3, 4):
        site.cosign(published(site, count))
    note = parse_note(log.cosigned(Checkpoint.objects.get(size=7)).encode())
    known = [site.signer.key.key, site.witness.key.key]
    assert [key for key, _ in valid_signatures(note, known, verify)] == known
    assert site.witness.memory_of(site.signer.key.name).tip().size == 7


def test_a_witness_is_not_asked_twice_for_one_checkpoint(site: Site) -> None:
    checkpoint = published(site)
    site.cosign(checkpoint)
    site.cosign(checkpoint)
    assert Cosignature.objects.count() == 1


def request(site: Site, old: int, checkpoint: Checkpoint) -> bytes:
    return publisher.extension(old, checkpoint).render()


def test_a_witness_answers_by_the_table_of_its_protocol(site: Site, tmp_path: Path) -> None:
    first, second = published(site, 3), published(site, 4)
    stranger, unknowing = following(tmp_path / "stranger")
    unsigned = Extension(0, [], stranger.key.sign(second.note.partition("\n\n")[0] + "\n").value)
    forged = second.note.partition("— ")[0] + str(stranger.key.sign(second.note.partition("\n\n")[0] + "\n"))
    answers = [
        site.witness.answer(raw)
        for raw in (
            request(site, 0, first),
            request(site, 0, second),
            Extension(3, [b"\x00" * 32], second.note.encode()).render(),
            Extension(8, [], second.note.encode()).render(),
            Extension(3, [], forged.encode()).render(),
            unsigned.render(),
            request(site, 3, second),
            request(site, 3, second),
        )
    ]
    statuses = [status for status, _ in answers]
    assert (statuses, answers[1][1]) == ([200, 409, 422, 400, 403, 400, 200, 409], "3\n")
    unknowing.logs = []
    assert unknowing.answer(request(site, 0, first))[0] == 404


def test_a_witness_serves_over_http(site: Site) -> None:
    checkpoint = published(site)
    listening = server(("127.0.0.1", 0), site.witness)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        address = f"http://127.0.0.1:{listening.server_port}"
        party = Party(site.witness.key.key, address)
        publisher.cosign(OPENING, checkpoint, party, publisher.asking(party))
        assert publisher.asking(party)(request(site, 0, checkpoint)) == (409, "3\n")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/other", data=b"x")
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
    assert [one.witness for one in checkpoint.cosignatures.all()] == ["witness.example/w1"]


def test_the_signer_answers_on_its_socket(site: Site, tmp_path: Path, settings: Settings) -> None:
    settings.LEDGER_SIGNER = str(tmp_path / "signer.sock")
    enter(2)
    sequence(OPENING)
    assert duties.publish(OPENING) == 0
    with SignerServer(Path(settings.LEDGER_SIGNER), site.signer) as listening:
        thread = threading.Thread(target=listening.handle_request)
        thread.start()
        assert duties.publish(OPENING) == 1
        thread.join()
    assert Path(settings.LEDGER_SIGNER).stat().st_mode & 0o777 == 0o660


def test_without_a_signer_nothing_is_published(site: Site) -> None:
    enter(1)
    sequence(OPENING)
    assert (duties.publish(OPENING), Checkpoint.objects.count()) == (0, 0)


def test_nobody_behind_the_socket_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file"):
        ask(tmp_path / "none.sock", b"")


def test_a_receipt_shows_that_an_entry_is_in_the_log(site: Site) -> None:
    entries = enter(300)
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    receipt = parse_receipt(log.receipt(entries[123].pk).render())
    statement = parse_checkpoint(parse_note(receipt.checkpoint).text)
    verify_inclusion(receipt.index, 300, bytes(entries[123].leaf_sha256), receipt.path, statement.root)
    assert (receipt.index, receipt.body) == (123, bytes(entries[123].body))


def test_what_no_checkpoint_covers_has_no_receipt_yet(site: Site) -> None:
    published(site, 1)
    (entry,) = enter(1)
    sequence(OPENING)
    with pytest.raises(log.NotInLog):
        log.receipt(entry.pk)


def test_tiles_and_entries_are_published_as_far_as_they_are_signed(site: Site) -> None:
    published(site, 258)
    enter(1)
    sequence(OPENING)
    bodies = [*parse_bundle(log.resource("entries/000")), *parse_bundle(log.resource("entries/001.p/2"))]
    assert bodies == [bytes(place.entry.body) for place in Sequence.objects.order_by("number")[:258]]
    assert [len(log.resource(path)) for path in ("0/000", "0/001.p/1", "0/001.p/2", "1/000.p/1")] == [
        8192,
        32,
        64,
        32,
    ]


@pytest.mark.parametrize(
    "path", ["0/001.p/3", "entries/001.p/3", "1/000.p/2", "2/000.p/1", "0/1", "0/000.p/0"]
)
def test_what_is_not_signed_is_not_published(path: str, site: Site) -> None:
    published(site, 258)
    enter(1)
    sequence(OPENING)
    with pytest.raises(log.NotInLog):
        log.resource(path)


def test_an_export_ends_where_the_policy_accepts_it(site: Site, tmp_path: Path) -> None:
    site.cosign(published(site, 3))
    published(site, 2)
    publisher.export(tmp_path / "copy")
    assert (tmp_path / "copy" / "checkpoint").read_text("utf-8") == log.cosigned(
        Checkpoint.objects.get(size=3)
    )
    assert verify_ledger.main(["audit", str(tmp_path / "copy"), "--policy", str(site.policy)]) == 0


def test_what_is_still_to_be_cosigned_goes_to_the_witness_all_the_same(site: Site) -> None:
    site.cosign(published(site, 3))
    newest = published(site, 2)
    assert log.handed_out() == Checkpoint.objects.get(size=3)
    site.cosign(newest)
    assert log.handed_out() == newest


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    following(tmp_path)
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "log.key").chmod(0o640)
    with pytest.raises(PermissionError, match="0600"):
        keys.load(tmp_path / "log.key")


def test_a_key_of_another_name_is_not_used(tmp_path: Path) -> None:
    following(tmp_path)
    with pytest.raises(ValueError, match=r"other\.example"):
        following(tmp_path, name="other.example")


def test_a_key_does_not_show_itself(tmp_path: Path) -> None:
    signer, _ = following(tmp_path)
    assert repr(signer.key) == f"SigningKey({signer.key.name!r})"


def test_a_damaged_memory_signs_nothing(site: Site) -> None:
    enter(1)
    sequence(OPENING)
    site.signer.memory.path.write_text("{")
    with pytest.raises(ValueError, match="Expecting"):
        publisher.publish(OPENING, site.signer.answer)


def test_two_that_ask_at_once_never_get_two_histories(site: Site) -> None:
    """Twenty different logs of one size, asked for at once: one is signed."""
    logs = [Statement(site.signer.key.name, 5, bytes([number]) * 32) for number in range(20)]
    answers: list[int] = []

    def submit(statement: Statement) -> None:
        answers.append(site.signer.answer(Extension(0, [], str(statement).encode()).render())[0])

    threads = [threading.Thread(target=submit, args=(statement,)) for statement in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 19
