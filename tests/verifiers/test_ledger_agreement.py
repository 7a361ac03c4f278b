"""Two verifiers of the log, written apart, give the same verdict on every file and every command."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lunheng.core.draw import Stream
from lunheng.core.ledger import leaf_hash
from lunheng.verifiers import verify_ledger
from tests.verifiers.javascript import NODE
from tests.verifiers.ledger_javascript import (
    PROGRAM,
    Found,
    ask_javascript,
    by_javascript,
    by_python,
    check_agreement,
)
from tests.verifiers.ledger_site import (
    CONTENT,
    LOG_KEY,
    ORIGIN,
    PLAN,
    POLICY,
    SALT,
    SEEN,
    WITNESSES,
    PaperLog,
    case_file,
    case_manifest,
    case_members,
    changed,
    paper_log,
    put,
    with_body,
    zipped,
)
from tests.verifiers.ledger_spoiling import BLIND, Spoil, other_checkpoint, other_key, spoiled

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "vectors" / "merkle" / "testdata"
OWN = json.loads((ROOT / "tests" / "vectors" / "ledger" / "tree.json").read_text("utf-8"))
COUNT = 300
LOG = paper_log(COUNT)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Log and both witnesses."""
    return put(tmp_path / "policy.txt", POLICY.encode())


# ------------------------------------------------------------------ vectors


def public(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The public proof vectors, where they lie beside the project."""
    files = sorted((PUBLIC / kind).rglob("*.json")) if PUBLIC.is_dir() else []
    return [(str(file.relative_to(PUBLIC)), json.loads(file.read_text("utf-8"))) for file in files]


def hexed(text: str | None) -> str:
    return b64decode(text or "").hex()


def refused(names: Sequence[str], found: Sequence[Found]) -> dict[str, bool]:
    return {name: here.code != 0 for name, here in zip(names, found, strict=True)}


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public vectors lie beside the project")
def test_the_second_verifier_agrees_with_the_public_vectors() -> None:
    inclusion, consistency = public("inclusion"), public("consistency")
    questions = [
        {
            "tool": "inclusion",
            "index": str(one["leafIdx"]),
            "size": str(one["treeSize"]),
            "leaf": hexed(one["leafHash"]),
            "proof": [hexed(each) for each in one["proof"] or []],
            "root": hexed(one["root"]),
        }
        for _, one in inclusion
    ] + [
        {
            "tool": "consistency",
            "old": str(one["size1"]),
            "new": str(one["size2"]),
            "proof": [hexed(each) for each in one["proof"] or []],
            "old_root": hexed(one["root1"]),
            "new_root": hexed(one["root2"]),
        }
        for _, one in consistency
    ]

    found = refused([name for name, _ in inclusion + consistency], ask_javascript(questions))

    assert found == {name: one["wantErr"] for name, one in inclusion + consistency}
    assert len(found) == 196


def test_the_second_verifier_agrees_with_the_vectors_on_file() -> None:
    leaves = [leaf_hash(bytes([number])).hex() for number in range(40)]
    roots = {one["size"]: one["root"] for one in OWN["roots"]}
    questions: list[dict[str, Any]] = [
        {"tool": "root", "leaves": leaves[: one["size"]], "root": one["root"]} for one in OWN["roots"]
    ]
    for one in OWN["inclusion"]:
        questions.append(
            {"tool": "inclusion", **one, "leaf": leaves[one["index"]], "root": roots[one["size"]]}
        )
    for one in OWN["consistency"]:
        ends = {"old_root": roots[one["old"]], "new_root": roots[one["new"]]}
        questions.append({"tool": "consistency", **one, **ends})

    assert {here.code for here in ask_javascript(questions)} == {0}


def test_signatures_hold_in_the_second_verifier_as_the_library_made_them_and_not_otherwise() -> None:
    dice, questions, expected = Stream(b"signatures"), [], []
    for number in range(40):
        private, message = Ed25519PrivateKey.from_private_bytes(dice.take(32)), dice.take(number * 5)
        signature = private.sign(message)
        other = int.from_bytes(signature, "little") ^ 1 << dice.uniform(512)
        longer = int.from_bytes(signature[32:], "little") + verify_ledger.ORDER
        forms = (
            signature,
            other.to_bytes(64, "little"),
            signature[:32] + longer.to_bytes(32, "little"),
            signature[:-1],
        )
        key = private.public_key().public_bytes_raw().hex()
        questions += [
            {"tool": "signature", "key": key, "signature": one.hex(), "message": message.hex()}
            for one in forms
        ]
        expected += [0, 1, 1, 1]

    assert [here.code for here in ask_javascript(questions)] == expected


SMALL_ORDER = [
    0,
    1,
    verify_ledger.P - 1,
    verify_ledger.P,
    verify_ledger.P + 1,
    2**255 - 1,
    2**255,
    2**255 + 1,
]


def test_keys_and_points_of_odd_spelling_are_judged_alike() -> None:
    """Neutral and small-order points, coordinates not reduced: where libraries are known to differ."""
    points = [one.to_bytes(32, "little") for one in SMALL_ORDER]
    triples = [
        (key, point + scalar.to_bytes(32, "little"), b"m")
        for key in points
        for point in points
        for scalar in (0, 1)
    ]

    found = ask_javascript(
        [
            {"tool": "signature", "key": key.hex(), "signature": one.hex(), "message": message.hex()}
            for key, one, message in triples
        ]
    )

    assert [here.code == 0 for here in found] == [verify_ledger.ed25519_holds(*one) for one in triples]


def test_moments_are_counted_alike() -> None:
    days = [
        f"{year:04d}-{month:02d}-{day:02d}"
        for year in (0, 1, 4, 100, 1900, 1970, 2000, 2023, 2024, 9999)
        for month in (0, 1, 2, 3, 12, 13)
        for day in (0, 1, 28, 29, 30, 31, 32)
    ]
    texts = [f"{day}T23:59:59.000001Z" for day in days]

    found = ask_javascript([{"tool": "moment", "text": text} for text in texts])

    def counted(text: str) -> str | int:
        try:
            return str(verify_ledger.moment(text))
        except verify_ledger.Malformed as malformed:
            return malformed.code

    assert [here.code for here in found] == [counted(text) for text in texts]


# ------------------------------------------------------------------ commands


def test_what_is_true_holds_with_both(tmp_path: Path, policy: Path) -> None:
    folder = LOG.export(tmp_path / "log")
    older, newer = (put(tmp_path / f"{size}.ckpt", LOG.checkpoint(size)) for size in (130, COUNT))
    receipts = [
        put(tmp_path / f"{index}.tlog-proof", LOG.receipt(index, COUNT)) for index in (0, 255, 256, 299)
    ]
    content = put(tmp_path / "content.json", json.dumps(CONTENT).encode())
    plan = put(tmp_path / "plan.pdf", PLAN)
    trust = ("--policy", policy)

    codes = check_agreement(
        [
            *[("receipt", receipt, *trust) for receipt in receipts],
            ("receipt", receipts[0], *trust, "--payload", content, "--salt", SALT.hex(), "--file", plan),
            ("checkpoint", newer, *trust),
            ("checkpoint", newer, *trust, "--age", 10**10),
            ("extend", folder, "--from", older, "--to", newer, *trust),
            ("extend", folder, "--from", newer, "--to", newer, *trust),
            ("compare", newer, folder / "checkpoint", *trust),
            ("audit", folder, *trust),
            ("audit", folder, *trust, "--from", 256),
        ]
    )

    assert codes == [0] * len(codes)


def test_content_and_salt_in_one_file_are_read_alike(tmp_path: Path, policy: Path) -> None:
    receipt = put(tmp_path / "a.tlog-proof", LOG.receipt(0, COUNT))
    given: dict[int, list[dict[str, object]]] = {
        0: [{"salt": SALT.hex(), "content": json.dumps(CONTENT)}],
        1: [{"salt": "00" * 32, "content": json.dumps(CONTENT)}, {"salt": SALT.hex()}],
        2: [
            {"salt": SALT.hex(), "content": "{"},
            {"salt": 1, "content": "{}"},
            {"salt": None, "content": "{}"},
        ],
        4: [{"salt": None, "content": None}],
    }
    cases = [(code, json.dumps(one).encode()) for code, files in given.items() for one in files]
    commands = [
        ("receipt", receipt, "--policy", policy, "--payload", put(tmp_path / f"{place}.json", content))
        for place, (_, content) in enumerate(cases)
    ]
    assert check_agreement(commands) == [code for code, _ in cases]


def test_what_is_not_shown_is_refused_alike(tmp_path: Path, policy: Path) -> None:
    folder = LOG.export(tmp_path / "log")
    older, newer = (put(tmp_path / f"{size}.ckpt", LOG.checkpoint(size)) for size in (130, COUNT))
    receipt = put(tmp_path / "a.tlog-proof", LOG.receipt(7, COUNT))
    lonely = put(tmp_path / "b.tlog-proof", LOG.receipt(7, COUNT, LOG.checkpoint(COUNT, witnesses=1)))
    content = put(tmp_path / "content.json", json.dumps(CONTENT).encode())
    loose = put(tmp_path / "loose.json", json.dumps({**CONTENT, "n": 1.0}).encode())
    salt = ("--salt", SALT.hex())
    none = tmp_path / "none"
    trust = ("--policy", policy)
    expected = {
        ("receipt", receipt, "--policy", none): 2,
        ("receipt", none, *trust): 2,
        ("receipt", newer, *trust): 2,
        ("receipt", lonely, *trust): 3,
        ("receipt", receipt, *trust, "--payload", content, "--salt", "00" * 32): 1,
        ("receipt", receipt, *trust, "--payload", content, "--salt", "0"): 2,
        ("receipt", receipt, *trust, "--payload", loose, *salt): 2,
        ("receipt", receipt, *trust, "--payload", receipt, *salt): 2,
        ("receipt", receipt, *trust, "--file", content): 1,
        ("checkpoint", newer, *trust, "--age", -(10**10)): 3,
        ("checkpoint", receipt, *trust): 2,
        ("extend", folder, "--from", newer, "--to", older, *trust): 1,
        ("extend", tmp_path, "--from", older, "--to", newer, *trust): 4,
        ("compare", older, newer, *trust): 4,
        ("audit", none, *trust): 4,
        ("audit", folder): 2,
        ("shrink", folder, *trust): 2,
        ("compare", older, *trust): 2,
        (): 2,
    }

    assert check_agreement(list(expected)) == list(expected.values())


BODY = LOG.bodies[-1]
HISTORIES: dict[str, tuple[int, PaperLog]] = {
    "old row changed": (1, with_body(LOG, 100, changed(LOG.bodies[100], actor="someone"))),
    "row inserted": (1, with_body(LOG, 100, LOG.bodies[100], LOG.bodies[100])),
    "row removed": (1, with_body(LOG, 100)),
    "rows exchanged": (1, with_body(with_body(LOG, 102, LOG.bodies[103]), 103, LOG.bodies[102])),
    "tail cut": (0, PaperLog(LOG.bodies[:-1])),
    "last row changed": (0, with_body(LOG, 299, changed(BODY, actor="someone"))),
    "another log": (1, with_body(LOG, 299, changed(BODY, log="other.example"))),
    "field added": (1, with_body(LOG, 299, changed(BODY, more=1))),
    "text for a number": (1, with_body(LOG, 299, changed(BODY, n="100"))),
    "truth for a number": (1, with_body(LOG, 299, changed(BODY, v=True))),
    "number for a text": (1, with_body(LOG, 299, changed(BODY, subject=1))),
    "fraction": (1, with_body(LOG, 299, changed(BODY, refs=[1.5]))),
    "no number": (1, with_body(LOG, 299, changed(BODY, refs=[float("nan")]))),
    "large number": (1, with_body(LOG, 299, changed(BODY, refs=[2**53]))),
    "largest number": (0, with_body(LOG, 299, changed(BODY, refs=[2**53 - 1, -(2**53) + 1]))),
    "key beyond ASCII": (1, with_body(LOG, 299, changed(BODY, refs=[{"键": 1}]))),
    "key of a prototype": (0, with_body(LOG, 299, changed(BODY, refs=[{"__proto__": 1, "10": 2, "9": 3}]))),
    "deep": (1, with_body(LOG, 299, changed(BODY, refs=json.loads("[" * 70 + "]" * 70)))),
    "characters of every kind": (
        0,
        with_body(LOG, 299, changed(BODY, refs=['\u2028\x7f\x00\t"\\/\U0001f600é'])),
    ),
    "half a character": (
        1,
        with_body(LOG, 299, BODY.replace(b'"refs":[]', b'"refs":["\\ud800"]')),
    ),
    "not canonical": (1, with_body(LOG, 299, BODY.replace(b",", b", "))),
    "byte order mark": (1, with_body(LOG, 299, b"\xef\xbb\xbf" + BODY)),
    "not UTF-8": (1, with_body(LOG, 299, BODY.replace(b"tester", b"\xfftester"))),
    "key twice": (1, with_body(LOG, 299, BODY.replace(b'"v":1', b'"v":1,"v":1'))),
    "day that does not exist": (1, with_body(LOG, 299, changed(BODY, at="2026-02-29T00:00:00.000000Z"))),
    "clock put back": (0, with_body(LOG, 299, changed(BODY, at="2026-11-23T00:00:00.000000Z"))),
}


def test_every_forged_history_is_judged_alike(tmp_path: Path, policy: Path) -> None:
    """Each is consistent in its hashes and signed by everybody; only what the entries say may betray it."""
    kept = put(tmp_path / "kept.ckpt", LOG.checkpoint(COUNT))
    folders = {
        name: log.export(tmp_path / str(number)) for number, (name, (_, log)) in enumerate(HISTORIES.items())
    }

    audits = check_agreement([("audit", folder, "--policy", policy) for folder in folders.values()])
    extensions = check_agreement(
        [
            ("extend", folder, "--from", kept, "--to", folder / "checkpoint", "--policy", policy)
            for folder in folders.values()
        ]
    )

    assert dict(zip(folders, audits, strict=True)) == {name: code for name, (code, _) in HISTORIES.items()}
    assert set(extensions) == {1}


def test_a_receipt_for_an_entry_that_may_not_be_is_refused_alike(tmp_path: Path, policy: Path) -> None:
    expected = {"another log": 1, "day that does not exist": 2, "fraction": 2, "clock put back": 0}
    receipts = [put(tmp_path / name, HISTORIES[name][1].receipt(299, COUNT)) for name in expected]

    codes = check_agreement([("receipt", receipt, "--policy", policy) for receipt in receipts])

    assert codes == list(expected.values())


def test_two_histories_of_one_size_are_proof_with_both(tmp_path: Path, policy: Path) -> None:
    one = put(tmp_path / "one.ckpt", LOG.checkpoint(COUNT))
    other = put(tmp_path / "other.ckpt", HISTORIES["last row changed"][1].checkpoint(COUNT))

    assert check_agreement([("compare", one, other, "--policy", policy)]) == [1]
    assert "分裂视图的证据" in by_python(("compare", one, other, "--policy", policy)).said


def test_a_damaged_copy_is_judged_alike(tmp_path: Path, policy: Path) -> None:
    names = ("checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44")
    ways: dict[str, Callable[[bytes], bytes | None]] = {
        "missing": lambda raw: None,
        "short": lambda raw: raw[:-1],
        "long": lambda raw: raw + b"\x00",
        "changed": lambda raw: raw[:70] + bytes([raw[70] ^ 1]) + raw[71:] if len(raw) > 70 else raw[::-1],
        "empty": lambda raw: b"",
    }
    folders = []
    for name in names:
        for way, damage in ways.items():
            folder = LOG.export(tmp_path / name.replace("/", "-") / way)
            content = damage((folder / name).read_bytes())
            (folder / name).unlink() if content is None else (folder / name).write_bytes(content)
            folders.append(folder)

    codes = check_agreement([("audit", folder, "--policy", policy) for folder in folders])

    assert codes[::5] == [4] * len(names)
    assert 0 not in codes


POLICIES = [
    "",
    "quorum none",
    f"log {LOG_KEY.key}\nquorum none",
    f"log\u3000{LOG_KEY.key}\r\n\tquorum\x0bnone\n",
    f"\ufefflog {LOG_KEY.key}\nquorum none",
    POLICY + "quorum none",
    POLICY.replace("all", "2"),
    POLICY.replace("all", "3"),
    POLICY.replace("all", "any"),
    POLICY.replace("all", "02"),
    POLICY.replace("group both", "group W1"),
    POLICY.replace("W1 W2\n", "W1 W3\n"),
    POLICY.replace("quorum both", "quorum W2"),
    POLICY.replace("quorum both", "quorum nobody"),
    POLICY.replace("log.example", "log.example2"),
    POLICY.replace("witness W1", "log"),
    POLICY + "what is this\n",
    POLICY.replace(" https://w1.example", " a b"),
]


def test_policies_are_read_alike(tmp_path: Path) -> None:
    checkpoint = put(tmp_path / "a.ckpt", LOG.checkpoint(9))
    files = [put(tmp_path / f"{number}.txt", text.encode()) for number, text in enumerate(POLICIES)]

    codes = check_agreement([("checkpoint", checkpoint, "--policy", file) for file in files])

    assert codes == [2, 3, 0, 0, 2, 2, 0, 2, 0, 2, 2, 2, 0, 2, 2, 2, 2, 2]


def test_a_witness_beyond_the_calendar_is_malformed_with_both(tmp_path: Path, policy: Path) -> None:
    text = LOG.checkpoint(9).decode().partition("\n\n")[0] + "\n"
    signatures = [str(LOG_KEY.sign(text)), str(WITNESSES[1].sign(text, seconds=SEEN))]
    late = [
        put(
            tmp_path / f"{seconds}.ckpt",
            f"{text}\n{signatures[0]}{WITNESSES[0].sign(text, seconds=seconds)}{signatures[1]}".encode(),
        )
        for seconds in (253_402_300_799, 253_402_300_800, 2**64 - 1)
    ]

    assert check_agreement([("checkpoint", one, "--policy", policy) for one in late]) == [0, 2, 2]


def test_the_order_of_signatures_and_a_strangers_line_change_nothing(tmp_path: Path, policy: Path) -> None:
    lines = LOG.checkpoint(9).decode().splitlines(keepends=True)
    stranger = lines[4].replace(ORIGIN, "stranger.example")
    files = [
        put(tmp_path / f"{number}.ckpt", "".join([*lines[:4], *signatures]).encode())
        for number, signatures in enumerate((lines[:3:-1], [*lines[4:], stranger], [stranger]))
    ]

    assert check_agreement([("checkpoint", one, "--policy", policy) for one in files]) == [0, 0, 3]


def test_a_proof_alone_shows_an_extension(tmp_path: Path, policy: Path) -> None:
    """The request that a witness gets holds the proof; only the second verifier reads it."""
    older, newer = (put(tmp_path / f"{size}.ckpt", LOG.checkpoint(size)) for size in (130, COUNT))
    proof = put(tmp_path / "request", LOG.extension(130, COUNT))
    forged = put(tmp_path / "forged", LOG.extension(131, COUNT).replace(b"old 131", b"old 130"))
    elsewhere = put(tmp_path / "elsewhere", LOG.extension(131, COUNT))
    fork = put(tmp_path / "fork.ckpt", HISTORIES["old row changed"][1].checkpoint(130))

    found = by_javascript(
        [
            ("extend", one, "--from", kept, "--to", newer, "--policy", policy)
            for one, kept in ((proof, older), (forged, older), (elsewhere, older), (proof, fork))
        ]
    )

    assert [here.code for here in found] == [0, 1, 4, 1]


# ------------------------------------------------------------------ case files

FIRST_PAYLOAD = "ledger/0001.payload.json"
OWN_CASE = [body for body in LOG.bodies[:12] if b'"CS-0001"' in body]
MEMBERS = case_members(OWN_CASE, {"extra/note.txt": b"fictitious"})
MANIFEST = case_manifest(OWN_CASE, MEMBERS)


def with_content(content: bytes) -> bytes:
    """The case file with another content of its first entry, its digests reckoned anew."""
    members = {**MEMBERS, FIRST_PAYLOAD: content}
    return zipped(case_manifest(OWN_CASE, members), members)


def listed_but(drop: str, **facts: object) -> bytes:
    """The case file without one member, the list saying something more of it."""
    manifest = copy.deepcopy(MANIFEST)
    for one in manifest["files"]:
        one |= facts if one["path"] == drop else {}
    return zipped(manifest, {name: content for name, content in MEMBERS.items() if name != drop})


ERASED = json.dumps({"salt": None, "content": None, "erased_at": "2026-11-24T00:00:00+08:00"}).encode()
CASE_FILES: dict[str, tuple[int, bytes]] = {
    "true": (0, zipped(MANIFEST, MEMBERS)),
    "without any entry": (0, case_file([])),
    "content erased": (0, with_content(ERASED)),
    "content withheld": (0, listed_but(FIRST_PAYLOAD, withheld=True)),
    "content missing": (4, listed_but(FIRST_PAYLOAD)),
    "entry missing": (1, listed_but("ledger/0002.body.json", withheld=True)),
    "member changed": (1, zipped(MANIFEST, {**MEMBERS, "extra/note.txt": b"changed"})),
    "member not listed": (1, zipped(MANIFEST, {**MEMBERS, "extra/more.txt": b""})),
    "content of another": (1, with_content(MEMBERS[FIRST_PAYLOAD].replace(SALT.hex().encode(), b"06" * 32))),
    "entry changed": (1, case_file([*OWN_CASE[:3], changed(OWN_CASE[3], actor="someone"), *OWN_CASE[4:]])),
    "entry left out": (1, case_file([*OWN_CASE[:3], *OWN_CASE[4:]])),
    "entry of another case": (1, case_file([*OWN_CASE[:-1], changed(OWN_CASE[-1], subject="CS-0009")])),
    "entry that is none": (2, case_file([*OWN_CASE[:-1], b"{}"])),
    "too few entries": (1, zipped({**MANIFEST, "case": {**MANIFEST["case"], "entries": 9}}, MEMBERS)),
    "another format": (2, zipped({**MANIFEST, "format": "other/1"}, MEMBERS)),
    "no list": (2, zipped([], MEMBERS)),
    "cut": (2, zipped(MANIFEST, MEMBERS)[:-30]),
    "no ZIP": (2, b"PK\x03\x04"),
}


def test_case_files_are_judged_alike(tmp_path: Path) -> None:
    files = [
        put(tmp_path / f"{number}.zip", content) for number, (_, content) in enumerate(CASE_FILES.values())
    ]

    codes = check_agreement([("case", file) for file in files])

    assert dict(zip(CASE_FILES, codes, strict=True)) == {name: code for name, (code, _) in CASE_FILES.items()}


# ------------------------------------------------------------------ spoiled files


def commands(count: int, label: bytes, folder: Path, policy: Path) -> list[tuple[object, ...]]:
    """That many commands on receipts and checkpoints, each one change away from a true one."""
    dice, log = Stream(label), paper_log(40)
    key, other = other_key(log, 40), other_checkpoint(log, (39, 20))
    ways: dict[str, tuple[bytes, tuple[Spoil, ...]]] = {
        "receipt": (log.receipt(21, 40), (*BLIND, key, other)),
        "checkpoint": (log.checkpoint(40), (*BLIND, key)),
    }
    changes = {name: spoiled(raw, how, dice) for name, (raw, how) in ways.items()}
    names = ["receipt" if number % 3 else "checkpoint" for number in range(count)]
    return [
        (name, put(folder / str(number), next(changes[name])), "--policy", policy)
        for number, name in enumerate(names)
    ]


def test_of_five_hundred_spoiled_files_none_is_accepted_by_either(tmp_path: Path, policy: Path) -> None:
    codes = check_agreement(commands(500, b"spoiled files", tmp_path / "files", policy))

    assert set(codes) == {1, 2, 3}


@pytest.mark.drill
def test_of_twenty_thousand_spoiled_files_none_is_accepted_by_either(tmp_path: Path, policy: Path) -> None:
    codes = check_agreement(commands(20_000, b"twenty thousand spoiled files", tmp_path / "files", policy))

    assert set(codes) == {1, 2, 3}


def test_the_second_verifier_runs_alone_with_nothing_but_node(tmp_path: Path, policy: Path) -> None:
    """Outside of the source tree node takes the file for a plain script, inside for a module: both must work."""
    alone = tmp_path / "verify_ledger.js"
    shutil.copyfile(PROGRAM, alone)
    receipt = put(tmp_path / "a.tlog-proof", LOG.receipt(7, COUNT))
    for program in (alone, PROGRAM):
        words = [NODE, str(program), "receipt", str(receipt), "--policy", str(policy)]
        done = subprocess.run(words, capture_output=True, check=False, encoding="utf-8")
        assert (done.returncode, done.stdout.splitlines()[0]) == (
            0,
            "存证成立：第 7 号，共 300 条，案件 CS-0001 第 6 条，plans.submitted/1，2026-11-24T00:00:07.000000Z",
        )
