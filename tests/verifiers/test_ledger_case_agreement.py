"""Both verifiers judge the receipts in a case file alike: packed or unpacked, with a policy and without."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from lunheng.verifiers import verify_ledger
from tests.verifiers.ledger_javascript import by_javascript, by_python, check_agreement
from tests.verifiers.ledger_site import (
    LOG_KEY,
    POLICY,
    SECOND_KEY,
    STRANGER,
    case_file,
    changed,
    paper_log,
    put,
    second_tree,
    with_body,
)

SIZE = 12
LOG = paper_log(SIZE)
PLACES = [place for place, body in enumerate(LOG.bodies) if b'"CS-0001"' in body]
OWN_CASE = [LOG.bodies[place] for place in PLACES]
CHECKPOINT = LOG.checkpoint(SIZE)
RECEIPTS = {
    f"ledger/{number:04d}.tlog-proof": LOG.receipt(place, SIZE, CHECKPOINT)
    for number, place in enumerate(PLACES, 1)
}
ONE, TWO = "ledger/0001.tlog-proof", "ledger/0002.tlog-proof"
ALONE = f"log {LOG_KEY.key}\nquorum none\n"
UNWITNESSED = LOG.receipt(0, SIZE, LOG.checkpoint(SIZE, witnesses=1))
FOREIGN = with_body(LOG, 0, changed(LOG.bodies[0], log="other.example"))
REWRITTEN = with_body(LOG, 11, changed(LOG.bodies[11], actor="someone"))


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Log and both witnesses."""
    return put(tmp_path / "policy.txt", POLICY.encode())


def with_receipts(changes: Mapping[str, bytes]) -> bytes:
    """The case file with these receipts in the place of true ones."""
    return case_file(OWN_CASE, {**RECEIPTS, **changes})


CASE_FILES: dict[str, tuple[int, int, bytes]] = {
    "true": (0, 0, with_receipts({})),
    "without receipts": (0, 0, case_file(OWN_CASE)),
    "some not yet signed": (0, 0, case_file(OWN_CASE, {ONE: RECEIPTS[ONE]})),
    "of two checkpoints": (0, 0, with_receipts({ONE: LOG.receipt(0, 9)})),
    "of another entry": (1, 1, with_receipts({ONE: RECEIPTS[TWO]})),
    "of no entry": (1, 1, case_file(OWN_CASE, {"receipts/0001.tlog-proof": RECEIPTS[ONE]})),
    "no receipt": (2, 2, with_receipts({ONE: b"what is this"})),
    "another index": (1, 0, with_receipts({ONE: RECEIPTS[ONE].replace(b"index 0", b"index 2")})),
    "beyond the end": (1, 0, with_receipts({ONE: RECEIPTS[ONE].replace(b"index 0", b"index 12")})),
    "of a rewritten log": (1, 0, with_receipts({ONE: LOG.receipt(0, SIZE, REWRITTEN.checkpoint(SIZE))})),
    "signed by a stranger": (3, 0, with_receipts({ONE: LOG.receipt(0, SIZE, LOG.checkpoint(SIZE, key=STRANGER))})),
    "one witness": (3, 0, with_receipts({ONE: UNWITNESSED})),
    "signature changed": (1, 0, with_receipts({ONE: RECEIPTS[ONE].replace(b"\n12\n", b"\n13\n")})),
    "entry of another log": (
        1,
        0,
        case_file([FOREIGN.bodies[0]], {ONE: FOREIGN.receipt(0, SIZE)}),
    ),
}  # fmt: skip


def test_receipts_in_a_case_file_are_judged_alike(tmp_path: Path, policy: Path) -> None:
    files = [put(tmp_path / name, raw) for name, (_, _, raw) in CASE_FILES.items()]

    with_policy = check_agreement([("case", file, "--policy", policy) for file in files])
    without = check_agreement([("case", file) for file in files])

    assert dict(zip(CASE_FILES, zip(with_policy, without, strict=True), strict=True)) == {
        name: (judged, alone) for name, (judged, alone, _) in CASE_FILES.items()
    }


def test_both_say_how_many_receipts_hold(tmp_path: Path, policy: Path) -> None:
    command = ("case", put(tmp_path / "case.zip", with_receipts({})), "--policy", policy)

    said = [found.said.splitlines()[1] for found in (*by_javascript([command]), by_python(command))]

    assert said == [f"回执 {len(PLACES)} 张全部成立"] * 2


def test_a_policy_inside_of_the_case_file_vouches_for_nothing(tmp_path: Path, policy: Path) -> None:
    """Whoever forges the receipts writes that policy too: only the one that is given decides."""
    forged = LOG.receipt(0, SIZE, LOG.checkpoint(SIZE, key=STRANGER, witnesses=0))
    own = f"log {STRANGER.key}\nquorum none\n".encode()
    file = put(tmp_path / "case.zip", case_file(OWN_CASE, {ONE: forged, "policy.txt": own}))
    taken = put(tmp_path / "taken.txt", own)

    codes = check_agreement([("case", file), *(("case", file, "--policy", one) for one in (policy, taken))])

    assert codes == [0, verify_ledger.Unmet.code, 0]
    assert "回执 1 张与存证对应" in by_javascript([("case", file)])[0].said


def test_policies_for_a_case_file_are_read_alike(tmp_path: Path) -> None:
    file = put(tmp_path / "case.zip", with_receipts({ONE: UNWITNESSED}))
    policies = (ALONE, "quorum none\n", "what is this\n", POLICY.replace("all", "any"))
    given = [put(tmp_path / f"{number}.txt", text.encode()) for number, text in enumerate(policies)]

    codes = check_agreement([("case", file, "--policy", one) for one in (*given, tmp_path / "none")])

    assert codes == [0, 3, 2, 0, 2]


def unpacked(folder: Path, raw: bytes) -> Path:
    """The case file as a folder."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        archive.extractall(folder)
    return folder


def test_an_unpacked_case_file_is_judged_alike(tmp_path: Path, policy: Path) -> None:
    whole, changed_one, short, more, none = (
        unpacked(tmp_path / name, with_receipts({})) for name in ("whole", "changed", "short", "more", "none")
    )
    put(whole / "__MACOSX/ledger/._0001", b"litter")
    put(changed_one / "README.txt", b"changed")
    (short / "ledger/0001.payload.json").unlink()
    put(more / "b/c.txt", b"")
    put(more / "b-c.txt", b"")
    (none / "manifest.json").unlink()
    folders = (whole, changed_one, short, more, none, tmp_path / "nothing")

    codes = check_agreement([("case", folder, "--policy", policy) for folder in folders])

    assert codes == [0, 1, 4, 1, 2, 2]


def test_receipts_of_the_second_tree_in_a_case_file_are_judged_alike(tmp_path: Path) -> None:
    pytest.importorskip("tongsuopy")
    second = second_tree(LOG)
    receipt, crossed = second.receipt(0, SIZE), LOG.receipt(0, SIZE, second.checkpoint(SIZE))
    files = [
        put(tmp_path / f"{number}.zip", with_receipts({ONE: one}))
        for number, one in enumerate((receipt, crossed))
    ]
    both = put(tmp_path / "policy.txt", f"log {SECOND_KEY.key}\n{POLICY}".encode())

    assert check_agreement([("case", file, "--policy", both) for file in files]) == [0, 1]


def test_a_receipt_listed_as_something_else_is_counted_by_neither(tmp_path: Path, policy: Path) -> None:
    """The number that is said shows that it was not looked at."""
    raw = with_receipts({ONE: b"what is this"})
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    next(one for one in manifest["files"] if one["path"] == ONE)["kind"] = "other"
    folder = unpacked(tmp_path / "case", raw)
    put(folder / "manifest.json", json.dumps(manifest).encode())

    assert check_agreement([("case", folder, "--policy", policy)]) == [0]
    assert (
        f"回执 {len(PLACES) - 1} 张全部成立" in by_javascript([("case", folder, "--policy", policy)])[0].said
    )
