"""The carry-away verifier of the log: what an outsider can find out with one Python file."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lunheng.core.ledger.note import Checkpoint as Statement
from lunheng.core.ledger.note import Note
from lunheng.core.ledger.tiles import bundle, grow, parse_bundle, tile_path, tiles_of
from lunheng.core.ledger.tree import root_of
from lunheng.ledger import keys, log, publisher
from lunheng.ledger.models import Entry, Payload
from lunheng.verifiers import verify_ledger
from tests.ledger.conftest import Site, site  # noqa: F401
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
COUNT = 259


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:  # noqa: F811
    """A copy of a log of 259 entries of two files, signed and cosigned, as ``lunheng ledger export`` writes it."""
    enter(COUNT - 2)
    enter(2, subject="CS-0002")
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    publisher.export(tmp_path / "copy")
    return tmp_path / "copy"


def verify(site: Site, command: str, *arguments: object) -> int:  # noqa: F811
    return verify_ledger.main([command, *map(str, arguments), "--policy", str(site.policy)])


def receipt_of(entry: Entry, tmp_path: Path) -> Path:
    file = tmp_path / "entry.tlog-proof"
    file.write_bytes(log.receipt(entry.pk).render())
    return file


@pytest.mark.parametrize("number", [0, 255, 256, COUNT - 1])
def test_a_receipt_holds(number: int, site: Site, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    entry = Entry.objects.get(sequence__number=number)
    assert verify(site, "receipt", receipt_of(entry, tmp_path)) == 0


def test_a_receipt_shows_what_was_entered(
    site: Site,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    payload = Payload.objects.select_related("entry").get(entry__sequence__number=7)
    content, other = tmp_path / "payload.json", tmp_path / "other.json"
    content.write_text(payload.content or "", "utf-8")
    other.write_text('{"note": "别的"}', "utf-8")
    receipt, salt = receipt_of(payload.entry, tmp_path), bytes(payload.salt or b"").hex()
    codes = [verify(site, "receipt", receipt, "--payload", one, "--salt", salt) for one in (content, other)]
    assert (codes, "内容与存证的承诺一致" in capsys.readouterr().out) == ([0, 1], True)


def test_a_receipt_shows_which_file_was_entered(site: Site, tmp_path: Path) -> None:  # noqa: F811
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF")
    digest = hashlib.sha256(b"%PDF").hexdigest()
    (entry,) = enter(1, files=[{"sha256": digest, "size": 4}])
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    receipt = receipt_of(entry, tmp_path)
    assert verify(site, "receipt", receipt, "--file", plan) == 0
    plan.write_bytes(b"%PDF ")
    assert verify(site, "receipt", receipt, "--file", plan) == 1


def test_a_receipt_without_the_witness_is_not_enough(site: Site, tmp_path: Path) -> None:  # noqa: F811
    (entry,) = enter(1)
    site.publish()
    assert verify(site, "receipt", receipt_of(entry, tmp_path)) == 3


def test_no_changed_receipt_is_believed(site: Site, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    raw = receipt_of(Entry.objects.get(sequence__number=130), tmp_path).read_bytes()
    changed = tmp_path / "changed.tlog-proof"

    @given(
        st.integers(0, len(raw) - 1), st.integers(0, 7), st.sampled_from(("flip", "cut", "drop", "double"))
    )
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(place: int, bit: int, how: str) -> None:
        changed.write_bytes(MUTATIONS[how](raw, place, bit))
        assert verify(site, "receipt", changed) in (1, 2, 3)

    check()


MUTATIONS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "flip": lambda raw, place, bit: raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :],
    "cut": lambda raw, place, bit: raw[:place],
    "drop": lambda raw, place, bit: raw[:place] + raw[place + 1 :],
    "double": lambda raw, place, bit: raw[:place] + raw[place : place + 7] + raw[place:],
}


def test_the_program_runs_alone(site: Site, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    alone = tmp_path / "verify_ledger.py"
    alone.write_bytes(Path(verify_ledger.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), "audit", str(folder), "--policy", str(site.policy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout.split("，")[0]) == (0, f"日志完整：{COUNT} 条")


def test_a_checkpoint_holds_and_is_not_fresh_for_ever(site: Site, folder: Path) -> None:  # noqa: F811
    checkpoint = folder / "checkpoint"
    assert verify(site, "checkpoint", checkpoint) == 0
    assert verify(site, "checkpoint", checkpoint, "--age", 1 - 1_764_000_000) == 3


def test_a_log_extends_what_was_seen_before(site: Site, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    old = tmp_path / "old.ckpt"
    old.write_bytes((folder / "checkpoint").read_bytes())
    enter(3)
    site.cosign(site.publish())  # type: ignore[arg-type]
    publisher.export(folder)
    assert verify(site, "extend", folder, "--from", old, "--to", folder / "checkpoint") == 0
    assert verify(site, "extend", folder, "--from", folder / "checkpoint", "--to", old) == 1


def rewritten(site: Site, folder: Path, bodies: list[bytes]) -> Path:  # noqa: F811
    """What a thief of database and key makes: another log, every hash right, signed with the log's own key."""
    tiles: dict[tuple[int, int], bytes] = {}
    leaves = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
    size = grow(0, leaves, tiles)
    for level, index, width in tiles_of(size):
        put(folder / "tile" / tile_path(level, index, width), tiles[level, index])
        if level == 0:
            entries = bundle(bodies[index * 256 : index * 256 + width])
            put(folder / "tile" / tile_path("entries", index, width), entries)
    text = str(Statement(site.signer.key.name, size, root_of(leaves)))
    signatures = (site.signer.key.sign(text), site.witness.key.sign(text, seconds=1_764_000_000))
    (folder / "checkpoint").write_text(str(Note(text, signatures)), "utf-8")
    return folder


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def bodies_of(folder: Path) -> list[bytes]:
    parts = [
        (folder / "tile" / tile_path("entries", index, width)).read_bytes()
        for index, width in ((0, 256), (1, 3))
    ]
    return [body for part in parts for body in parse_bundle(part)]


def changed(body: bytes, **fields: object) -> bytes:
    return json.dumps(
        {**json.loads(body), **fields}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


ATTACKS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "old row changed": lambda bodies: [*bodies[:100], changed(bodies[100], actor="someone"), *bodies[101:]],
    "row inserted": lambda bodies: [*bodies[:100], changed(bodies[100], n=101), *bodies[100:]],
    "row removed": lambda bodies: [*bodies[:100], *bodies[101:]],
    "rows exchanged": lambda bodies: [*bodies[:100], bodies[101], bodies[100], *bodies[102:]],
    "another log": lambda bodies: [*bodies[:-1], changed(bodies[-1], log="other.example")],
    "field added": lambda bodies: [*bodies[:-1], changed(bodies[-1], more=1)],
    "field of another kind": lambda bodies: [*bodies[:-1], changed(bodies[-1], n="2")],
    "moment that does not exist": lambda bodies: [
        *bodies[:-1],
        changed(bodies[-1], at="2026-13-01T00:00:00.000000Z"),
    ],
    "not canonical": lambda bodies: [*bodies[:-1], bodies[-1].replace(b",", b", ")],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_audit_finds_what_the_chains_do_not_allow(attack: str, site: Site, folder: Path) -> None:  # noqa: F811
    assert verify(site, "audit", folder) == 0
    rewritten(site, folder, ATTACKS[attack](bodies_of(folder)))
    assert verify(site, "audit", folder) == 1


def test_a_tail_that_was_cut_is_seen_by_whoever_kept_a_checkpoint(
    site: Site,  # noqa: F811
    folder: Path,
    tmp_path: Path,
) -> None:
    kept = tmp_path / "kept.ckpt"
    kept.write_bytes((folder / "checkpoint").read_bytes())
    rewritten(site, folder, bodies_of(folder)[:-1])
    assert verify(site, "audit", folder) == 0
    assert verify(site, "extend", folder, "--from", kept, "--to", folder / "checkpoint") == 1


def test_two_histories_of_one_size_are_proof(
    site: Site,  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = tmp_path / "kept.ckpt"
    kept.write_bytes((folder / "checkpoint").read_bytes())
    assert verify(site, "compare", kept, folder / "checkpoint") == 0
    bodies = bodies_of(folder)
    rewritten(site, folder, [*bodies[:-1], changed(bodies[-1], actor="someone")])
    assert (verify(site, "audit", folder), verify(site, "compare", kept, folder / "checkpoint")) == (0, 1)
    assert "分裂视图的证据" in capsys.readouterr().out
    assert verify(site, "extend", folder, "--from", kept, "--to", folder / "checkpoint") == 1


def test_checkpoints_of_two_sizes_are_not_compared(site: Site, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    kept = tmp_path / "kept.ckpt"
    kept.write_bytes((folder / "checkpoint").read_bytes())
    rewritten(site, folder, bodies_of(folder)[:-1])
    assert verify(site, "compare", kept, folder / "checkpoint") == 4


@pytest.mark.parametrize("name", ["tile/entries/001.p/3", "tile/0/000", "tile/1/000.p/1", "checkpoint"])
def test_a_copy_that_lacks_something_is_incomplete(name: str, site: Site, folder: Path) -> None:  # noqa: F811
    (folder / name).unlink()
    assert verify(site, "audit", folder) == 4


@pytest.mark.parametrize("name", ["tile/entries/001.p/3", "tile/0/000", "tile/1/000.p/1"])
def test_a_tile_of_another_length_is_malformed(name: str, site: Site, folder: Path) -> None:  # noqa: F811
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert verify(site, "audit", folder) == 2


@pytest.mark.parametrize("name", ["tile/0/000", "tile/1/000.p/1"])
def test_a_changed_hash_is_found(name: str, site: Site, folder: Path) -> None:  # noqa: F811
    raw = bytearray((folder / name).read_bytes())
    raw[5] ^= 1
    (folder / name).write_bytes(raw)
    assert verify(site, "audit", folder) == 1


def test_an_audit_may_begin_later(site: Site, folder: Path) -> None:  # noqa: F811
    (folder / "tile/entries/000").unlink()
    assert (verify(site, "audit", folder, "--from", 256), verify(site, "audit", folder)) == (0, 4)


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "quorum x",
        "quorum none\nquorum none",
        "log x\nquorum none",
        "what is this\nquorum none",
        "group g 2 a\nquorum none",
    ],
)
def test_what_is_no_policy_is_malformed(policy: str, site: Site, folder: Path) -> None:  # noqa: F811
    site.policy.write_text(policy, "utf-8")
    assert verify(site, "checkpoint", folder / "checkpoint") == 2


def test_a_policy_that_knows_other_keys_is_not_met(site: Site, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    stranger = keys.load_or_make(tmp_path / "stranger.key", site.signer.key.name, 1)
    site.policy.write_text(f"log {stranger.key}\nquorum none\n", "utf-8")
    assert verify(site, "checkpoint", folder / "checkpoint") == 3


def test_a_quorum_of_groups_is_read_as_the_site_reads_it(site: Site, folder: Path) -> None:  # noqa: F811
    head = site.policy.read_text("utf-8").partition("quorum")[0]
    site.policy.write_text(f"{head}group a any W1\ngroup b all a\nquorum b\n", "utf-8")
    assert verify(site, "checkpoint", folder / "checkpoint") == 0
    assert publisher.policy().is_met([site.witness.key.key])


def test_a_command_that_does_not_exist_is_malformed() -> None:
    assert verify_ledger.main(["shrink"]) == 2


def test_the_vector_of_the_standard_holds() -> None:
    """RFC 8032, section 7.1, test 2."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify_ledger.ed25519_holds(public, signature, b"\x72")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 64 * 8 - 1))
@settings(max_examples=60, deadline=None)
def test_signatures_hold_as_the_library_made_them_and_not_otherwise(
    seed: bytes, message: bytes, bit: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), bytearray(private.sign(message))
    assert verify_ledger.ed25519_holds(public, bytes(signature), message)
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify_ledger.ed25519_holds(public, bytes(signature), message)


def test_a_signature_has_one_form() -> None:
    private = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    scalar = int.from_bytes(signature[32:], "little") + verify_ledger.ORDER
    other = signature[:32] + scalar.to_bytes(32, "little")
    assert not verify_ledger.ed25519_holds(public, other, b"x")


@given(st.integers(0, 13_569_465_600_000_000))
@settings(max_examples=300, deadline=None)
def test_a_moment_is_counted_as_the_calendar_counts(microseconds: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    assert verify_ledger.moment(at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")) == microseconds


@pytest.mark.parametrize(
    "day", ["2023-02-29", "2026-04-31", "2026-00-01", "2026-13-01", "2026-01-00", "2026-12-32"]
)
def test_a_day_that_does_not_exist_is_no_moment(day: str) -> None:
    with pytest.raises(verify_ledger.Malformed):
        verify_ledger.moment(f"{day}T00:00:00.000000Z")
