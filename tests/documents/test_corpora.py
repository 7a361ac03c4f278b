"""The guard against two corpora: of what attacks nothing gets in, of what the trade hands in nothing stays outside, and
what gets in is kept as it came."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lunheng.core.errors import Refused
from lunheng.documents.guard import Busy, Examined, examine
from lunheng.documents.parsing.__main__ import answer
from lunheng.documents.parsing.faults import Fault, Unfit
from tests.documents import honest, hostile

Look = Callable[[str, bytes], Examined | str]


def parse_here(kind: str, source: Path, target: Path) -> int:
    """The same parser in this process: the corpora are long, and starting a process takes longer than most files."""
    told = answer(kind, source, target)
    if "fault" in told:
        raise Unfit(Fault(str(told["fault"])))
    return int(told["pages"])


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Look through one file; what the person is told when it is refused."""
    monkeypatch.setattr(sys.modules["lunheng.documents.guard.examine"], "parse_apart", parse_here)

    def look_through(name: str, content: bytes) -> Examined | str:
        part, shown = tmp_path / "part", tmp_path / "shown"
        part.write_bytes(content)
        try:
            return examine(name, part, shown)
        except Refused as refusal:
            assert not isinstance(refusal, Busy)
            return refusal.verdict.reasons[0].message

    return look_through


def test_of_what_attacks_nothing_is_accepted(look: Look) -> None:
    cases = list(hostile.corpus())
    accepted = [what for what, name, content in cases if not isinstance(look(name, content), str)]
    assert accepted == []
    assert len(cases) >= 120


def test_of_what_the_trade_hands_in_everything_is_accepted_and_kept_as_it_came(look: Look) -> None:
    cases = list(honest.corpus())
    refused = {}
    for what, name, content in cases:
        found = look(name, content)
        if isinstance(found, str):
            refused[what] = found
        else:
            assert found.path.read_bytes() == content
    assert refused == {}
    assert len(cases) >= 120


def test_no_case_of_a_corpus_stands_for_another() -> None:
    for corpus in (hostile.corpus(), honest.corpus()):
        digests = [(name, hashlib.sha256(content).hexdigest()) for _, name, content in corpus]
        assert len(digests) - len(set(digests)) <= 3
