"""Notes, keys, checkpoints and policies: one spelling each; every other is refused."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.core.ledger.note import (
    COSIGNATURE,
    LOG,
    Checkpoint,
    Key,
    Note,
    NoteError,
    Signature,
    parse_checkpoint,
    parse_key,
    parse_note,
    signed_bytes,
    valid_signatures,
)
from lunheng.core.ledger.proof import Extension, Receipt, parse_extension, parse_receipt
from lunheng.core.ledger.quorum import PolicyError, parse_policy

TEXT = str(Checkpoint("log.example/ledger", 7, b"\x01" * 32))
LOG_KEY = Key("log.example/ledger", LOG, b"\x0a" * 32)
WITNESS = Key("witness.example/w1", COSIGNATURE, b"\x0b" * 32)


def seal(public: bytes, message: bytes) -> bytes:
    """Stands for a signature: whoever has the public key can make it, which is enough to test what it covers."""
    return hashlib.sha512(public + message).digest()


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    return signature == seal(public, message)


def signed(key: Key, text: str = TEXT, time: int = 1_700_000_000) -> Signature:
    head = time.to_bytes(8, "big") if key.algorithm == COSIGNATURE else b""
    message = signed_bytes(key.algorithm, text, head)
    return Signature(key.name, key.identifier, head + seal(key.public, message))


NOTE = Note(TEXT, (signed(LOG_KEY), signed(WITNESS)))
RAW = str(NOTE).encode()


def test_a_note_is_read_as_it_was_written() -> None:
    assert (parse_note(RAW), parse_checkpoint(TEXT)) == (
        NOTE,
        Checkpoint("log.example/ledger", 7, b"\x01" * 32),
    )


def test_signatures_of_known_keys_hold() -> None:
    assert [key for key, _ in valid_signatures(NOTE, [WITNESS, LOG_KEY], verify)] == [LOG_KEY, WITNESS]


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    assert valid_signatures(NOTE, [replace(LOG_KEY, public=b"\x09" * 32)], verify) == []


def test_a_cosignature_covers_its_time() -> None:
    line = signed(WITNESS)
    later = replace(line, value=(1_700_000_001).to_bytes(8, "big") + line.value[8:])
    with pytest.raises(NoteError, match="does not hold"):
        valid_signatures(Note(TEXT, (later,)), [WITNESS], verify)


def test_a_key_that_signed_twice_is_refused() -> None:
    with pytest.raises(NoteError, match="twice"):
        valid_signatures(Note(TEXT, (signed(WITNESS), signed(WITNESS, time=5))), [WITNESS], verify)


def test_a_signature_of_another_length_does_not_hold() -> None:
    line = signed(LOG_KEY)
    with pytest.raises(NoteError, match="does not hold"):
        valid_signatures(Note(TEXT, (replace(line, value=b"\x00" + line.value),)), [LOG_KEY], verify)


@given(st.integers(0, len(RAW) - 1), st.integers(0, 7))
@settings(max_examples=600, deadline=None)
def test_a_changed_note_never_shows_both_signatures(place: int, bit: int) -> None:
    changed = bytearray(RAW)
    changed[place] ^= 1 << bit
    try:
        found = valid_signatures(parse_note(bytes(changed)), [LOG_KEY, WITNESS], verify)
    except NoteError:
        return
    assert len(found) < 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\n\n",
        TEXT.encode(),
        RAW.replace(b"\n", b"\r\n"),
        RAW[:-1],
        RAW + b"\n",
        RAW.replace("— ".encode(), b"- "),
        RAW + "— a+b AAAAAAAA\n".encode(),
        RAW + "— short AAAA\n".encode(),
        TEXT.encode() + b"\n" + 101 * str(signed(LOG_KEY)).encode(),
        b"x" * 1_000_001,
    ],
)
def test_what_is_no_note_is_refused(raw: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "\n" + TEXT.partition("\n")[2],
        TEXT.replace("\n7\n", "\n07\n"),
        TEXT.replace("\n7\n", "\n+7\n"),
        TEXT.replace("\n7\n", "\n9223372036854775808\n"),
        TEXT.replace("AQE=", "AQF="),
        TEXT.replace("AQE=", "AQ=="),
        TEXT + "more\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_a_key_is_read_as_it_was_written() -> None:
    assert parse_key(str(WITNESS)) == WITNESS


@pytest.mark.parametrize(
    "line", ["", "a+b+c", str(WITNESS).replace("w1", "w2"), str(WITNESS)[:-4], "a b" + str(WITNESS)]
)
def test_what_is_no_key_is_refused(line: str) -> None:
    with pytest.raises(NoteError):
        parse_key(line)


def test_a_receipt_is_read_as_it_was_written() -> None:
    receipt = Receipt(b'{"v":1}', 5, [b"\x01" * 32, b"\x02" * 32], RAW)
    assert parse_receipt(receipt.render()) == receipt


def test_a_request_is_read_as_it_was_written() -> None:
    request = Extension(3, [b"\x01" * 32], RAW)
    assert parse_extension(request.render()) == request


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"extra ", b"bonus "),
        (b"index ", b"place "),
        (b"index 5", b"index 05"),
        (b"\n\n", b"\n"),
        (b"AQE=", b"AQ=="),
    ],
)
def test_what_is_no_receipt_is_refused(old: bytes, new: bytes) -> None:
    raw = Receipt(b'{"v":1}', 5, [b"\x01" * 32], b"c").render()
    with pytest.raises(NoteError):
        parse_receipt(raw.replace(old, new))


def test_a_path_of_more_than_63_hashes_is_refused() -> None:
    with pytest.raises(NoteError, match="63"):
        parse_extension(Extension(3, [b"\x01" * 32] * 64, RAW).render())


WITNESSES = [Key(f"w{number}.example", COSIGNATURE, bytes([number]) * 32) for number in range(1, 5)]
POLICY = f"""# who is believed
log {LOG_KEY} https://log.example/ledger/
witness W1 {WITNESSES[0]} https://w1.example
witness W2 {WITNESSES[1]}

witness W3 {WITNESSES[2]}
\twitness W4 {WITNESSES[3]}
group gov 1 W1 W2
group out any W3 W4
group q all gov out
quorum q
"""


def test_a_policy_names_logs_witnesses_and_where_they_are() -> None:
    policy = parse_policy(POLICY)
    assert [(party.key, party.address) for party in policy.logs] == [(LOG_KEY, "https://log.example/ledger")]
    assert [policy.witnesses[name].address for name in ("W1", "W2")] == ["https://w1.example", ""]


@pytest.mark.parametrize(
    ("cosigned", "is_met"), [((0,), False), ((0, 1), False), ((0, 2), True), ((1, 3), True), ((), False)]
)
def test_a_quorum_takes_one_of_each_group(cosigned: tuple[int, ...], is_met: bool) -> None:
    assert parse_policy(POLICY).is_met([WITNESSES[number] for number in cosigned]) is is_met


def test_a_policy_may_ask_for_no_witness() -> None:
    assert parse_policy("quorum none\n").is_met([])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("quorum q", ""),
        ("quorum q", "quorum x"),
        ("quorum q", "quorum q\nquorum q"),
        ("quorum q", "quorum"),
        ("group q all gov out", "group q 3 gov out"),
        ("group q all gov out", "group q 0 gov out"),
        ("group q all gov out", "group q all gov W1"),
        ("group q all gov out", "group q all gov none"),
        ("group q all gov out", "group gov all gov out"),
        ("witness W4", "witness W3"),
        ("witness W4", "witness none"),
        ("witness W4", "watcher W4"),
        (str(WITNESSES[3]), str(WITNESSES[2])),
        (str(WITNESSES[3]), str(LOG_KEY)),
        (str(WITNESSES[3]), f"{WITNESSES[3]} a b"),
    ],
)
def test_what_is_no_policy_is_refused(old: str, new: str) -> None:
    assert old in POLICY
    with pytest.raises(PolicyError):
        parse_policy(POLICY.replace(old, new))
