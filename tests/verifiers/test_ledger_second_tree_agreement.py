"""Both verifiers read the second tree (SM3, SM2) alike, and as the standards print it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lunheng.core.draw import Stream
from lunheng.core.ledger.note import LOG
from lunheng.ledger import sm2
from lunheng.ledger.keys import SigningKey
from lunheng.verifiers import verify_ledger
from tests.verifiers.ledger_javascript import ask_javascript, by_javascript, check_agreement
from tests.verifiers.ledger_site import (
    POLICY,
    SECOND_KEY,
    STRANGER,
    changed,
    paper_log,
    put,
    second_tree,
    with_body,
)
from tests.verifiers.ledger_spoiling import BLIND, spoiled

pytest.importorskip("tongsuopy")

COUNT = 300
FIRST = paper_log(COUNT)
SECOND = second_tree(FIRST)
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
MESSAGE = b"message digest"
Triple = tuple[bytes, bytes, bytes]


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Both trees of the log, and both witnesses."""
    return put(tmp_path / "policy.txt", f"log {SECOND_KEY.key}\n{POLICY}".encode())


def sm3_by_javascript(messages: list[bytes]) -> list[str]:
    return [here.code for here in ask_javascript([{"tool": "sm3", "message": one.hex()} for one in messages])]


def sm2_by_javascript(triples: list[Triple]) -> list[bool]:
    names = ("key", "signature", "message")
    questions = [
        {"tool": "sm2", **{name: part.hex() for name, part in zip(names, one, strict=True)}}
        for one in triples
    ]
    return [here.code == 0 for here in ask_javascript(questions)]


def test_the_second_verifier_gives_the_printed_digests() -> None:
    """GB/T 32905-2016, appendix A."""
    assert sm3_by_javascript([b"abc", b"abcd" * 16]) == [
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
    ]


def test_digests_of_every_length_around_a_block_are_alike() -> None:
    dice = Stream(b"digests")
    messages = [dice.take(length) for length in range(140)]

    assert sm3_by_javascript(messages) == [verify_ledger.sm3(one).hex() for one in messages]


def test_the_printed_signature_holds_in_the_second_verifier() -> None:
    """GB/T 32918.5-2017, appendix A.2."""
    assert sm2_by_javascript([(PUBLIC, SIGNATURE, MESSAGE)]) == [True]


def test_what_the_library_signs_holds_in_the_second_verifier_and_not_otherwise() -> None:
    dice, triples, expected = Stream(b"second signatures"), list[Triple](), list[bool]()
    for number in range(8):
        private, message = dice.take(32), dice.take(number * 9)
        public, signature = sm2.public_of(private), sm2.sign(private, message)
        other = int.from_bytes(signature, "big") ^ 1 << dice.uniform(512)
        triples += [
            (public, signature, message),
            (public, other.to_bytes(64, "big"), message),
            (public, signature, message + b"\x00"),
        ]
        expected += [True, False, False]

    assert sm2_by_javascript(triples) == expected


R = SIGNATURE[:32]
ODD_SIGNATURES = [
    bytes(64),
    b"\xff" * 64,
    R + bytes(32),
    bytes(32) + R,
    R + (verify_ledger.SM2_ORDER - int.from_bytes(R, "big")).to_bytes(32, "big"),
    (int.from_bytes(SIGNATURE, "big") + verify_ledger.SM2_ORDER).to_bytes(64, "big"),
    SIGNATURE[:63],
    SIGNATURE + b"\x00",
]
X, Y = verify_ledger.SM2_BASE
ODD_KEYS = [
    bytes(64),
    b"\xff" * 64,
    PUBLIC[32:] + PUBLIC[:32],
    PUBLIC[:63],
    PUBLIC[:32] + (verify_ledger.SM2_P - int.from_bytes(PUBLIC[32:], "big")).to_bytes(32, "big"),
    X.to_bytes(32, "big") + Y.to_bytes(32, "big"),
    X.to_bytes(32, "big") + (verify_ledger.SM2_P - Y).to_bytes(32, "big"),
]


def test_numbers_out_of_range_and_points_beside_the_curve_are_judged_alike() -> None:
    triples = [(PUBLIC, one, MESSAGE) for one in ODD_SIGNATURES]
    triples += [(one, SIGNATURE, MESSAGE) for one in ODD_KEYS]

    found = sm2_by_javascript(triples)

    assert found == [verify_ledger.sm2_holds(*one) for one in triples] == [False] * len(triples)


@pytest.mark.parametrize("private", [1, 2, verify_ledger.SM2_ORDER - 2], ids=["base", "twice", "minus twice"])
def test_keys_that_meet_the_base_point_on_the_way_are_reckoned_rightly(private: int) -> None:
    """A doubling in the place of a sum: where hand-written arithmetic goes wrong unseen."""
    key = private.to_bytes(32, "big")
    triples = [(sm2.public_of(key), sm2.sign(key, MESSAGE), MESSAGE) for _ in range(3)]

    assert sm2_by_javascript(triples) == [True] * 3


# ------------------------------------------------------------------ commands


def test_what_is_true_of_the_second_tree_holds_with_both(tmp_path: Path, policy: Path) -> None:
    folder = SECOND.export(tmp_path / "log")
    older, newer = (put(tmp_path / f"{size}.ckpt", SECOND.checkpoint(size)) for size in (130, COUNT))
    nothing = put(tmp_path / "0.ckpt", SECOND.checkpoint(0))
    receipts = [put(tmp_path / str(index), SECOND.receipt(index, COUNT)) for index in (0, 256, 299)]
    trust = ("--policy", policy)

    codes = check_agreement(
        [
            *[("receipt", receipt, *trust) for receipt in receipts],
            ("checkpoint", newer, *trust),
            ("extend", folder, "--from", older, "--to", newer, *trust),
            ("extend", folder, "--from", nothing, "--to", newer, *trust),
            ("compare", newer, folder / "checkpoint", *trust),
            ("audit", folder, *trust),
            ("audit", folder, *trust, "--from", 256),
        ]
    )

    assert codes == [0] * len(codes)


def with_text_of(log_text: bytes, *keys: SigningKey) -> bytes:
    """The checkpoint with these log signatures instead of its own; cosignatures stay."""
    text, _, lines = log_text.decode().rpartition("\n\n")
    signed = "".join(str(key.sign(f"{text}\n")) for key in keys)
    return f"{text}\n\n{signed}{''.join(lines.splitlines(keepends=True)[1:])}".encode()


IMPOSTOR = SigningKey(SECOND_KEY.name, LOG, b"\x06" * 32)
"""An Ed25519 key in the name of the second tree."""


def test_a_checkpoint_is_of_the_tree_whose_key_signed_it(tmp_path: Path, policy: Path) -> None:
    both = put(tmp_path / "both.txt", f"log {IMPOSTOR.key}\n{policy.read_text('utf-8')}".encode())
    first_only = put(tmp_path / "first.txt", POLICY.encode())
    good = SECOND.checkpoint(COUNT)
    files = {
        "unknown": (with_text_of(good, IMPOSTOR), policy, 3),
        "first tree only": (good, first_only, 3),
        "in the name of the first": (with_text_of(FIRST.checkpoint(COUNT), SECOND_KEY), policy, 3),
        "two kinds": (with_text_of(good, SECOND_KEY, IMPOSTOR), both, 2),
        "twice": (with_text_of(good, SECOND_KEY, SECOND_KEY), both, 2),
        "one witness": (SECOND.checkpoint(COUNT, witnesses=1), policy, 3),
        "another tree beside it": (with_text_of(good, SECOND_KEY, STRANGER), policy, 0),
    }
    commands = [
        ("checkpoint", put(tmp_path / name, raw), "--policy", trusted)
        for name, (raw, trusted, _) in files.items()
    ]

    assert check_agreement(commands) == [code for _, _, code in files.values()]


def test_a_tree_is_not_read_with_the_digests_of_the_other(tmp_path: Path, policy: Path) -> None:
    """Believed or not, an Ed25519 key in the second tree's name makes it a tree by SHA-256, and its root fails."""
    both = put(tmp_path / "both.txt", f"log {IMPOSTOR.key}\n{policy.read_text('utf-8')}".encode())
    folder = SECOND.export(tmp_path / "log")
    older = put(tmp_path / "old.ckpt", with_text_of(SECOND.checkpoint(130), IMPOSTOR))
    crossed = put(
        tmp_path / "crossed", SECOND.receipt(7, COUNT, with_text_of(SECOND.checkpoint(COUNT), IMPOSTOR))
    )
    named_alike = put(tmp_path / "alike", replace(FIRST, own=IMPOSTOR).receipt(7, COUNT))
    swapped = put(tmp_path / "swapped", FIRST.receipt(7, COUNT, SECOND.checkpoint(COUNT)))
    trust = ("--policy", both)

    codes = check_agreement(
        [
            ("receipt", crossed, *trust),
            ("receipt", swapped, *trust),
            ("receipt", named_alike, *trust),
            ("extend", folder, "--from", older, "--to", folder / "checkpoint", *trust),
            ("compare", older, put(tmp_path / "first.ckpt", FIRST.checkpoint(130)), *trust),
        ]
    )

    assert codes == [1, 1, 1, 1, 2]


def test_keys_are_read_alike(tmp_path: Path) -> None:
    checkpoint, line = put(tmp_path / "a.ckpt", SECOND.checkpoint(9)), f"log {SECOND_KEY.key}\n"
    key = str(SECOND_KEY.key)
    name, _, rest = key.split("+", 2)
    policies = [
        line + POLICY,
        line.replace("log ", "witness W3 ") + POLICY,
        f"log {key[:-4]}\n" + POLICY,
        f"log {name}+00000000+{rest}\n" + POLICY,
        line.replace("/sm3+", "/sm4+") + POLICY,
        line.replace("/3NtMi1zbTMvM", "/3NtMi1zbTMvN") + POLICY,
    ]
    files = [put(tmp_path / f"{number}.txt", text.encode()) for number, text in enumerate(policies)]

    codes = check_agreement([("checkpoint", checkpoint, "--policy", file) for file in files])

    assert codes == [0, 2, 2, 2, 2, 2]


def test_forged_histories_of_the_second_tree_are_judged_alike(tmp_path: Path, policy: Path) -> None:
    kept = put(tmp_path / "kept.ckpt", SECOND.checkpoint(COUNT))
    last = SECOND.bodies[-1]
    forged = {
        "old row changed": (1, with_body(SECOND, 100, changed(SECOND.bodies[100], actor="someone"))),
        "last row changed": (0, with_body(SECOND, 299, changed(last, actor="someone"))),
        "named after its tree": (1, with_body(SECOND, 299, changed(last, log=SECOND_KEY.name))),
    }
    folders = [log.export(tmp_path / name) for name, (_, log) in forged.items()]
    audits = [("audit", folder, "--policy", policy) for folder in folders]
    extensions = [
        ("extend", folder, "--from", kept, "--to", folder / "checkpoint", "--policy", policy)
        for folder in folders
    ]

    codes = check_agreement([*audits, *extensions])

    assert codes == [*(code for code, _ in forged.values()), 1, 1, 1]


def test_a_damaged_copy_of_the_second_tree_is_judged_alike(tmp_path: Path, policy: Path) -> None:
    folders = []
    for name in ("tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"):
        folder = SECOND.export(tmp_path / name.replace("/", "-"))
        raw = bytearray((folder / name).read_bytes())
        raw[-3] ^= 1
        (folder / name).write_bytes(raw)
        folders.append(folder)

    assert check_agreement([("audit", folder, "--policy", policy) for folder in folders]) == [1, 1, 1]


def test_a_proof_alone_shows_an_extension_of_the_second_tree(tmp_path: Path, policy: Path) -> None:
    older, newer = (put(tmp_path / f"{size}.ckpt", SECOND.checkpoint(size)) for size in (130, COUNT))
    first_proof = put(tmp_path / "first", FIRST.extension(130, COUNT))
    proof = put(tmp_path / "request", SECOND.extension(130, COUNT))

    found = by_javascript(
        [("extend", one, "--from", older, "--to", newer, "--policy", policy) for one in (proof, first_proof)]
    )

    assert [here.code for here in found] == [0, 1]


def test_no_spoiled_receipt_of_the_second_tree_is_accepted(tmp_path: Path, policy: Path) -> None:
    changes = spoiled(second_tree(paper_log(40)).receipt(21, 40), BLIND, Stream(b"second receipts"))
    files = [put(tmp_path / str(number), next(changes)) for number in range(12)]

    codes = check_agreement([("receipt", file, "--policy", policy) for file in files])

    assert [code for code in codes if code not in (1, 2, 3)] == []
