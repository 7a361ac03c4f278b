"""L-09: what the parties carry away verifies on a machine that has nothing but Python; what was swapped does not."""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from lunheng.ledger.models import Entry
from lunheng.ledger.receipts import consequences, digits_of, receipts_of, signed_size, standing
from lunheng.verifiers import verify_ledger
from tests.ledger.conftest import Site
from tests.ledger.factory import Files, enter

pytestmark = pytest.mark.django_db
FILES = 7
"""Every so many entries name a file."""
RUNNER = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("verify_ledger", sys.argv[1])
verifier = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verifier)
assert not any("lunheng" in name or "site-packages" in (getattr(module, "__file__", "") or "")
               for name, module in sys.modules.items())
codes = [verifier.main(command) for command in json.load(open(sys.argv[2], encoding="utf-8"))]
json.dump(codes, open(sys.argv[3], "w", encoding="utf-8"))
"""


def export(count: int, site: Site, folder: Path) -> list[list[str]]:
    """Receipt, content and perhaps file of so many entries in ten cases; returns the command that checks each."""
    for number in range(count):
        file = f"虚构文件 {number}".encode() if number % FILES == 0 else b""
        files: Files = [{"sha256": sha256(file).hexdigest(), "size": len(file)}] if file else ()
        (entry,) = enter(subject=f"CS-{number % 10:04d}", files=files)
        if file:
            (folder / f"{entry.pk}.file").write_bytes(file)
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    entries = Entry.objects.select_related("sequence", "payload").order_by("sequence__number")
    return [_saved(entry, receipt.render(), site, folder) for entry, receipt in receipts_of(entries)]


def _saved(entry: Entry, receipt: bytes, site: Site, folder: Path) -> list[str]:
    stem = folder / str(entry.pk)
    proof, payload, file = (stem.with_suffix(end) for end in (".tlog-proof", ".json", ".file"))
    proof.write_bytes(receipt)
    payload.write_text(entry.payload.content or "", "utf-8")
    salt = bytes(entry.payload.salt or b"").hex()
    command = ["receipt", str(proof), "--policy", str(site.policy), "--payload", str(payload), "--salt", salt]
    return [*command, "--file", str(file)] if file.exists() else command


def codes_of(commands: list[list[str]], folder: Path) -> list[int]:
    """What the carry-away program answers to each, in a Python without any site packages."""
    given, found = folder / "commands.json", folder / "codes.json"
    given.write_text(json.dumps(commands), "utf-8")
    program = [sys.executable, "-I", "-S", "-c", RUNNER, verify_ledger.__file__, given, found]
    subprocess.run([str(part) for part in program], check=True, capture_output=True, cwd=folder)
    codes: list[int] = json.loads(found.read_bytes())
    return codes


def check(count: int, site: Site, folder: Path) -> None:
    """All hold; then in every one something is swapped, and none does."""
    commands = export(count, site, folder)
    assert codes_of(commands, folder) == [0] * count
    for place, command in enumerate(commands):
        if "--file" in command:
            Path(command[-1]).write_bytes(b"swapped")
        elif place % 2:
            told = Path(command[5])
            told.write_text(told.read_text("utf-8").replace("虚构", "篡改"), "utf-8")
        else:
            proof = Path(command[1])
            other = Path(commands[place - 1][1]).read_bytes().split(b"\n")
            lines = proof.read_bytes().split(b"\n")
            proof.write_bytes(b"\n".join([lines[0], other[1], *lines[2:]]))
    assert codes_of(commands, folder) == [1] * count


def test_twenty_receipts_hold_with_the_standard_library_alone(site: Site, tmp_path: Path) -> None:
    check(20, site, tmp_path)


@pytest.mark.drill
def test_a_thousand_receipts_hold_with_the_standard_library_alone(site: Site, tmp_path: Path) -> None:
    check(1000, site, tmp_path)


def test_an_entry_waits_until_a_checkpoint_covers_it(site: Site) -> None:
    enter()
    site.publish()
    enter()
    entries = list(Entry.objects.select_related("sequence").order_by("subject_number"))
    assert [standing(entry, signed_size()).words for entry in entries] == ["已签发 #0", "待签发"]
    assert [entry.pk for entry, _ in receipts_of(entries)] == [entries[0].pk]


def test_the_printed_digits_are_half_of_the_leaf() -> None:
    (entry,) = enter()
    assert (bytes(entry.leaf_sha256).hex().startswith(digits_of(entry)), len(digits_of(entry))) == (True, 32)


def test_an_entry_without_consequences_has_none() -> None:
    first, _ = enter(2)
    assert consequences(first) == []
