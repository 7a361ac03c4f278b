"""The witness: it answers by its protocol's table, and never puts its name to two roots of one size, nor goes back.

Not when two hundred ask at once, and not when it dies between remembering and answering.
"""

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lunheng.core.ledger.following import Tip
from lunheng.core.ledger.hashing import leaf_hash
from lunheng.core.ledger.note import (
    COSIGNATURE,
    LOG,
    Checkpoint,
    Note,
    parse_signatures,
    valid_signatures,
)
from lunheng.core.ledger.proof import Extension
from lunheng.core.ledger.tree import consistency_proof, root_of
from lunheng.ledger import keys
from lunheng.ledger.keys import SigningKey, verify
from lunheng.ledger.witness import Witness, server

ROOT = Path(__file__).parents[2]
ORIGIN = "log.example"
LOG_KEY, STRANGER = (SigningKey(ORIGIN, LOG, bytes([number]) * 32) for number in (1, 2))
DEATHS = ("written", "kept", "signed")


@dataclass(frozen=True)
class History:
    """One of several that a log which holds its own key can show: they differ from their fourth entry on."""

    name: str

    def leaves(self, size: int) -> list[bytes]:
        """Its leaf hashes."""
        return [leaf_hash(f"{'' if number < 3 else self.name}{number}".encode()) for number in range(size)]

    def checkpoint(self, size: int) -> Checkpoint:
        """What it says of itself."""
        return Checkpoint(ORIGIN, size, root_of(self.leaves(size)))

    def request(self, old: int, size: int, key: SigningKey = LOG_KEY) -> bytes:
        """From the old size, with its own proof."""
        leaves, text = self.leaves(size), str(self.checkpoint(size))

        def nodes(level: int, index: int) -> bytes:
            return root_of(leaves[index << level : (index + 1) << level])

        proof = consistency_proof(min(old, size), size, nodes)
        return Extension(old, proof, str(Note(text, (key.sign(text),))).encode()).render()


TRUE, FALSE = History("true"), History("false")


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """It knows the log, and has seen five entries of the true history."""
    key = SigningKey("witness.example/w1", COSIGNATURE, b"\x03" * 32)
    found = Witness(key, [LOG_KEY.key], tmp_path, lambda: 7)
    assert found.answer(TRUE.request(0, 5))[0] == 200
    return found


def unknown() -> bytes:
    text = str(Checkpoint("other.example", 5, root_of(TRUE.leaves(5))))
    return Extension(5, [], str(Note(text, (LOG_KEY.sign(text),))).encode()).render()


TABLE = {
    "extends what was seen": (TRUE.request(5, 9), 200),
    "is what was seen": (TRUE.request(5, 5), 200),
    "begins with another size than was seen": (TRUE.request(4, 9), 409),
    "has another root at the size that was seen": (FALSE.request(5, 5), 409),
    "would go back": (TRUE.request(3, 4), 409),
    "begins with more than it has": (TRUE.request(5, 4), 400),
    "is another history": (FALSE.request(5, 9), 422),
    "has a proof too many": (TRUE.request(5, 9).replace(b"old 5\n", b"old 5\n" + b"A" * 43 + b"=\n"), 422),
    "has no proof": (Extension(5, [], TRUE.request(9, 9).partition(b"\n\n")[2]).render(), 422),
    "is signed by a stranger of the same name": (TRUE.request(5, 9, STRANGER), 403),
    "is of an unknown log": (unknown(), 404),
    "is nothing": (b"", 400),
    "has a size with a zero before it": (TRUE.request(5, 9).replace(b"old 5", b"old 05"), 400),
    "has no signature": (TRUE.request(5, 9).partition("—".encode())[0], 400),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_answer_is_that_of_the_table(case: str, witness: Witness) -> None:
    request, status = TABLE[case]
    answered, body = witness.answer(request)
    size = 9 if case == "extends what was seen" else 5
    assert (answered, witness.memory_of(ORIGIN).tip()) == (status, Tip(size, root_of(TRUE.leaves(size))))
    assert body == "5\n" if status == 409 else body.startswith("—") == (status == 200)


def test_over_the_network_the_size_that_was_seen_has_its_own_type(witness: Witness) -> None:
    with Running(witness) as address, pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{address}/add-checkpoint", data=TRUE.request(4, 9))
    refused = refusal.value
    assert (refused.code, refused.headers["Content-Type"], refused.read()) == (
        409,
        "text/x.tlog.size",
        b"5\n",
    )


class Running:
    """The witness over HTTP; gives its address."""

    def __init__(self, witness: Witness) -> None:
        self.server = server(("127.0.0.1", 0), witness)
        self.server.request_queue_size = 256
        self.server.socket.listen(256)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@dataclass
class Cosigned:
    """Every checkpoint that the witness put its name to."""

    found: list[Checkpoint] = field(default_factory=list)

    def take(self, history: History, size: int, status: int, body: str) -> None:
        """An answer: kept when it is a cosignature that holds."""
        if status != 200:
            return
        checkpoint = history.checkpoint(size)
        key = SigningKey("witness.example/w1", COSIGNATURE, b"\x03" * 32).key
        assert valid_signatures(Note(str(checkpoint), tuple(parse_signatures(body))), [key], verify)
        self.found.append(checkpoint)

    @property
    def doubled(self) -> set[int]:
        """Sizes with two roots."""
        roots = {(one.size, one.root) for one in self.found}
        sizes = [size for size, _ in roots]
        return {size for size in sizes if sizes.count(size) > 1}


def asked_of(address: str, history: History, size: int) -> tuple[int, str]:
    """Ask as a log does: when the witness remembers another size, once more from there."""
    status, body = posted(address, history.request(0, size))
    while status == 409 and int(body) <= size:
        before = body
        status, body = posted(address, history.request(int(body), size))
        if body == before:
            break
    return status, body


def posted(address: str, raw: bytes) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{address}/add-checkpoint", data=raw, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_two_hundred_that_ask_at_once_get_one_history(tmp_path: Path) -> None:
    """A hundred sizes of each of two histories, all at the same moment."""
    key = SigningKey("witness.example/w1", COSIGNATURE, b"\x03" * 32)
    witness, cosigned = Witness(key, [LOG_KEY.key], tmp_path, lambda: 7), Cosigned()
    wanted = [(history, size) for size in range(4, 104) for history in (TRUE, FALSE)]
    barrier = threading.Barrier(len(wanted))

    def ask(history: History, size: int) -> tuple[History, int, int, str]:
        barrier.wait(30)
        return history, size, *asked_of(address, history, size)

    with Running(witness) as address, ThreadPoolExecutor(len(wanted)) as pool:
        for answer in pool.map(lambda one: ask(*one), wanted):
            cosigned.take(*answer)
    (winner,) = {history for history, size in wanted if history.checkpoint(size) in cosigned.found}
    largest = max(one.size for one in cosigned.found)
    assert cosigned.doubled == set()
    assert witness.memory_of(ORIGIN).tip() == Tip(largest, root_of(winner.leaves(largest)))


@dataclass
class Mortal:
    """A witness in processes that may die."""

    process: "subprocess.Popen[str]"
    folder: Path
    cosigned: Cosigned = field(default_factory=Cosigned)

    def ask(self, manner: str, history: History, old: int, size: int) -> int | None:
        """The status; None when it died before it answered."""
        assert self.process.stdin and self.process.stdout
        file = self.folder / "request"
        file.write_bytes(history.request(old, size))
        self.process.stdin.write(f"{manner} {file}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer is None:
            return None
        self.cosigned.take(history, size, *answer)
        return int(answer[0])

    @property
    def size(self) -> int:
        """What it remembers."""
        return (
            Witness(SigningKey("x", COSIGNATURE, b"\x03" * 32), [], self.folder, lambda: 0)
            .memory_of(ORIGIN)
            .tip()
            .size
        )


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    """It has seen three entries."""
    (tmp_path / "log").write_text(str(LOG_KEY.key), "utf-8")
    keys._write(tmp_path / "key", SigningKey("witness.example/w1", COSIGNATURE, b"\x03" * 32))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.witness_victim", str(tmp_path)],
        cwd=ROOT, env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = Mortal(process, tmp_path)
    try:
        assert found.ask("live", TRUE, 0, 3) == 200
        yield found
    finally:
        process.kill()
        process.communicate(timeout=10)


def die_and_go_on(mortal: Mortal, deaths: int) -> None:
    """It dies on its way from one size to the next; then both histories, and an older state, are tried on it."""
    for number in range(deaths):
        old, size, death = 3 + number, 4 + number, DEATHS[number % len(DEATHS)]
        assert mortal.ask(death, TRUE, old, size) is None
        remembered = mortal.size
        assert remembered == (old if death == "written" else size)
        if remembered == size:
            assert mortal.ask("live", FALSE, size, size) == 409
            assert mortal.ask("live", FALSE, old, size) == 409
        assert mortal.ask("live", TRUE, remembered, size) == 200
        assert mortal.ask("live", FALSE, size, size + 1) == 422
        assert mortal.ask("live", TRUE, old, old) == 409
    sizes = [one.size for one in mortal.cosigned.found]
    assert (mortal.cosigned.doubled, sizes) == (set(), sorted(sizes))
    assert {one for one in mortal.cosigned.found} == {TRUE.checkpoint(size) for size in range(3, 4 + deaths)}


def test_a_witness_that_dies_before_it_answers_remembers_what_it_would_have_said(mortal: Mortal) -> None:
    die_and_go_on(mortal, len(DEATHS) * 5)


@pytest.mark.drill
def test_a_witness_that_dies_three_hundred_times_never_says_two_things(mortal: Mortal) -> None:
    die_and_go_on(mortal, len(DEATHS) * 100)


def test_a_witness_that_answered_before_it_remembered_would_be_found(mortal: Mortal) -> None:
    assert [mortal.ask("hasty", history, 3, 4) for history in (TRUE, FALSE)] == [200, 200]
    assert mortal.cosigned.doubled == {4}


def test_a_witness_needs_neither_settings_nor_database() -> None:
    program = "import lunheng.ledger.witness, sys; print(sorted({'django.db', 'lunheng.ledger.models'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
