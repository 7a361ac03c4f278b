"""`lunheng chain`: made once, read by nobody else, link after link."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from lunheng.cli.chain import add_commands
from lunheng.core.draw import follows

Run = Callable[..., int]


@pytest.fixture
def lunheng() -> Run:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())

    def run(*arguments: str) -> int:
        options = parser.parse_args(arguments)
        return int(options.run(options))

    return run


@pytest.fixture
def chain(lunheng: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    """A chain of three links, and its anchor."""
    file = tmp_path / "chain.secret"
    assert lunheng("chain", "make", "--out", str(file), "--length", "3") == 0
    return file, capsys.readouterr().out.split()[1]


def test_every_link_proves_itself_by_the_one_before(
    lunheng: Run, chain: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file, before = chain
    for index in (1, 2, 3):
        assert lunheng("chain", "link", str(file), "--index", str(index)) == 0
        value = capsys.readouterr().out.strip()
        assert follows(bytes.fromhex(value), bytes.fromhex(before))
        before = value


def test_the_next_link_is_found_by_what_the_commit_names(
    lunheng: Run, chain: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file, anchor = chain
    lunheng("chain", "link", str(file), "--index", "1")
    first = capsys.readouterr().out
    assert (lunheng("chain", "link", str(file), "--after", anchor), capsys.readouterr().out) == (0, first)


@pytest.mark.parametrize("which", [("--index", "0"), ("--index", "4"), ("--after", "00" * 32)])
def test_a_link_that_the_chain_does_not_have_is_not_given(
    lunheng: Run, chain: tuple[Path, str], which: tuple[str, str]
) -> None:
    assert lunheng("chain", "link", str(chain[0]), *which) == 2


def test_the_secret_is_its_owners_alone_and_is_never_overwritten(
    lunheng: Run, chain: tuple[Path, str]
) -> None:
    file, _ = chain
    kept = file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert (lunheng("chain", "make", "--out", str(file)), file.read_text("utf-8")) == (2, kept)
