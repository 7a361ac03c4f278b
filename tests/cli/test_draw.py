"""`lunheng draw` and `lunheng verify` on files."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from lunheng.cli.draw import add_commands

POOL = "id,unit,territory,specialties\n" + "".join(
    f"e{index},u{index // 2},65010{index % 2},{('a', 'a;b', 'x')[index % 3]}\n" for index in range(12)
)
REQUEST = 'size = 3\nper_unit = 1\nexcluded = ["e3"]\n[quota]\na = [1, 2]\nb = [1, 2]\n'
Run = Callable[..., int]


@pytest.fixture
def lunheng(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder with a pool and a request."""
    monkeypatch.chdir(tmp_path)
    Path("pool.csv").write_text(POOL, "utf-8")
    Path("request.toml").write_text(REQUEST, "utf-8")
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())

    def run(*arguments: str) -> int:
        options = parser.parse_args(arguments)
        code = options.run(options)
        assert isinstance(code, int)
        return code

    return run


DRAW = ("draw", "--pool", "pool.csv", "--request", "request.toml", "--seed", "0a" * 32, "--out", "out.json")


def test_a_draw_is_written_and_verified(lunheng: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert lunheng(*DRAW) == 0
    drawn = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    document = json.loads(Path("out.json").read_text("utf-8"))

    assert document["result"] == drawn
    assert document["seed"] == "0a" * 32
    assert lunheng("verify", "out.json", "--commit", document["commit"]) == 0


def test_the_same_seed_writes_the_same_bytes(lunheng: Run) -> None:
    lunheng(*DRAW)
    first = Path("out.json").read_bytes()
    lines = POOL.splitlines(keepends=True)
    Path("pool.csv").write_text(lines[0] + "".join(reversed(lines[1:])), "utf-8")
    lunheng(*DRAW)

    assert Path("out.json").read_bytes() == first


def test_the_chances_of_the_whole_pool_are_written(lunheng: Run) -> None:
    assert lunheng(*DRAW, "--probabilities", "chances.csv") == 0
    rows = [line.split(",") for line in Path("chances.csv").read_text("utf-8").splitlines()]

    assert [identity for identity, _ in rows] == [f"e{index}" for index in range(12)]
    assert sum(Fraction(chance) for _, chance in rows) == 3
    assert dict(rows)["e2"] == dict(rows)["e3"] == "0/1"


def test_a_changed_record_is_refused(lunheng: Run, capsys: pytest.CaptureFixture[str]) -> None:
    lunheng(*DRAW)
    text = Path("out.json").read_text("utf-8")
    Path("out.json").write_text(text.replace("0a0a", "0b0b"), "utf-8")

    assert lunheng("verify", "out.json") == 1
    assert "不符：" in capsys.readouterr().out


def test_an_impossible_request_gives_three_and_the_certificate(
    lunheng: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("request.toml").write_text("size = 3\n[quota]\nc = [1, 3]\na = [0, 3]\n", "utf-8")

    assert lunheng(*DRAW) == 3
    assert capsys.readouterr().err.startswith("「c」需要 1 个席位；库内没有符合条件的专家")
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("request.toml", "size = 3", "无法抽取：抽取要求缺少人数 size 或席位 [quota]"),
        ("request.toml", 'size = 1\nexcluded = ["e99"]\n[quota]\na = 1', "无法抽取：回避人选不在名单中：e99"),
        ("pool.csv", "id,unit\n", "无法抽取：专家名单缺少栏目：territory、specialties"),
    ],
)
def test_an_input_that_cannot_be_used_gives_two(
    lunheng: Run, capsys: pytest.CaptureFixture[str], file: str, text: str, message: str
) -> None:
    Path(file).write_text(text, "utf-8")

    assert lunheng(*DRAW) == 2
    assert capsys.readouterr().err == message + "\n"


def test_a_missing_file_gives_two(lunheng: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("pool.csv").unlink()

    assert lunheng(*DRAW) == 2
    assert capsys.readouterr().err.startswith("无法读写文件：")


@pytest.mark.parametrize("seed", ["", "xyz", "0a0"])
def test_a_seed_that_is_no_hexadecimal_is_refused(lunheng: Run, seed: str) -> None:
    arguments = list(DRAW)
    arguments[arguments.index("--seed") + 1] = seed

    with pytest.raises(SystemExit) as refused:
        lunheng(*arguments)

    assert refused.value.code == 2
