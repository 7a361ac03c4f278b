"""Two verifiers, written apart, find the same in every record: every feature, every lie, every slip of the pen."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lunheng.core import draw
from lunheng.core.draw import (
    Contribution,
    Occasion,
    Stream,
    commitment,
    nonce_commitment,
    seed_from,
    transcript,
)
from tests.core.draw.instances import full_draw, possible_full_draws
from tests.vectors import forging, make_draw_vectors
from tests.verifiers.javascript import NODE, PROGRAM, Found, by_javascript, by_python, written

VECTORS = Path(make_draw_vectors.__file__).parent / "draw"


def check_agreement(texts: list[str]) -> list[Found]:
    """Both must find the same, word by word; of what is no record only that it is none."""
    found = by_javascript(texts)
    assert len(found) == len(texts)
    for text, here in zip(texts, found, strict=True):
        there = by_python(text)
        assert here.kind == there.kind, (here, there)
        assert here.kind == "malformed" or here.problems == there.problems
    return found


def random_records(first: int, last: int) -> Iterator[dict[str, Any]]:
    """Records of numbered draws with every feature, half of them with contributors."""
    for number, pool, prepared in possible_full_draws(first, last):
        request = full_draw(number)[1]
        nonce = b"nonce %d" % number
        given = [Contribution("申请人", "nonce", nonce_commitment(nonce, request.hash), nonce)] * (number % 2)
        occasion = Occasion(f"R-{number}", 1 + number % 3, "", "")
        commit = commitment(pool, request, contributions=given, occasion=occasion)
        seed = seed_from(commit, given, request.hash) if given else nonce
        yield transcript(
            pool,
            request,
            prepared.draw(seed),
            seed,
            contributions=given,
            occasion=occasion,
            events=[{"n": number}],
        )


def mutations(records: list[dict[str, Any]], count: int, label: bytes) -> tuple[list[str], list[str]]:
    """That many different texts, each one slip away from a true record, and where the slip is."""
    dice = Stream(label)
    texts: list[str] = []
    places: list[str] = []
    while len(texts) < count:
        document = records[dice.uniform(len(records))]
        changed, where = forging.mutated(document, dice)
        if written(changed) != written(document):
            texts.append(written(changed))
            places.append(where)
    return texts, places


def index() -> list[dict[str, str]]:
    """The published list of test vectors."""
    listed: list[dict[str, str]] = json.loads((VECTORS / "index.json").read_text("utf-8"))
    return listed


def test_both_verifiers_judge_every_published_record_as_published() -> None:
    listed = index()

    found = check_agreement([(VECTORS / one["file"]).read_text("utf-8") for one in listed])

    judged = [
        {"file": one["file"], "expected": "holds" if here.kind == "holds" else "rejected"}
        for one, here in zip(listed, found, strict=True)
    ]
    assert judged == [{"file": one["file"], "expected": one["expected"]} for one in listed]


def test_at_least_half_of_three_hundred_published_records_are_forged() -> None:
    expected = [one["expected"] for one in index()]

    assert len(expected) >= 300
    assert 2 * expected.count("rejected") >= len(expected)
    assert sum("unfair" in one["file"] for one in index()) >= 145


def test_the_published_records_are_what_the_script_writes() -> None:
    listed = {one["file"]: one["shows"] for one in index()}
    written_now = {f"{one.name}.json": (one.shows, one.text) for one in make_draw_vectors.vectors()}

    assert {name: shows for name, (shows, _) in written_now.items()} == listed
    assert [
        name for name, (_, text) in written_now.items() if (VECTORS / name).read_text("utf-8") != text
    ] == []
    assert json.loads((VECTORS / "primitives.json").read_text("utf-8")) == json.loads(
        json.dumps(make_draw_vectors.primitives())
    )


def test_the_building_blocks_of_the_second_verifier_give_the_published_values() -> None:
    script = """
        await import("file://" + process.argv[2]);
        const { tools } = globalThis.LunhengVerify, zero = new Uint8Array(32), none = new Uint8Array(0);
        const bytes = (text) => new TextEncoder().encode(text);
        const repeat = (count, work) => Array.from({ length: count }, work);
        console.log(JSON.stringify(["sha256", "sm3"].map((name) => {
          const [tens, thousands, wide, order, picks] = repeat(5, () => tools.makeDice(zero, name));
          return {
            hash: name, abc: tools.hash(name, bytes("abc")), "tagged t,a,empty": tools.tagged(name, "t", bytes("a"), none),
            "uniform 10": repeat(12, () => Number(tens.below(10n))), "uniform 1000": repeat(6, () => Number(thousands.below(1000n))),
            "uniform 2^100+1": String(wide.below(2n ** 100n + 1n)), "shuffle 0..9": order.mix([...Array(10).keys()]),
            "pick 1,0,3": repeat(12, () => picks.choose([1n, 0n, 3n])),
          };
        })));
    """
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script, "tools", str(PROGRAM)],
        capture_output=True,
        check=True,
        text=True,
    )
    published = json.loads((VECTORS / "primitives.json").read_text("utf-8"))["streams"]

    assert json.loads(done.stdout) == [
        {key: value for key, value in one.items() if key not in ("seed", "first block")} for one in published
    ]


def test_both_verifiers_accept_every_random_draw() -> None:
    texts = [written(document) for document in random_records(3000, 4050)]

    assert len(texts) >= 180
    assert {here.kind for here in check_agreement(texts)} == {"holds"}


def test_no_slip_of_the_pen_is_accepted_by_either() -> None:
    texts, places = mutations(list(random_records(4100, 4300)), 500, b"slips")

    found = check_agreement(texts)

    assert [place for place, here in zip(places, found, strict=True) if here.kind == "holds"] == []


def test_no_slip_with_fresh_hashes_divides_the_two() -> None:
    """A slip in what nobody can check, such as the reference, may then pass; but it passes with both or none."""
    dice = Stream(b"fresh slips")
    texts: list[str] = []
    for document in random_records(4300, 4700):
        changed, _ = forging.mutated(document, dice)
        try:
            texts.append(written(forging.with_fresh_hashes(changed, reseed=True)))
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            texts.append(written(changed))

    kinds = {here.kind for here in check_agreement(texts)}

    assert "false" in kinds


@pytest.mark.drill
def test_both_verifiers_accept_a_thousand_random_draws() -> None:
    texts = [written(document) for document in random_records(10000, 15500)]

    assert len(texts) >= 1000
    assert {here.kind for here in check_agreement(texts)} == {"holds"}


@pytest.mark.drill
def test_none_of_ten_thousand_slips_is_accepted() -> None:
    texts, places = mutations(list(random_records(16000, 17000)), 10000, b"ten thousand slips")

    found = check_agreement(texts)

    assert [place for place, here in zip(places, found, strict=True) if here.kind == "holds"] == []


@pytest.mark.drill
def test_no_shift_of_chances_is_accepted_from_whatever_draw() -> None:
    texts = [
        written(forged)
        for document in random_records(17000, 19000)
        for forged in forging.unfair_plans(document)
    ]

    assert len(texts) >= 500
    assert "holds" not in {here.kind for here in check_agreement(texts)}


def from_a_chain(folder: Path) -> tuple[Path, str]:
    """A draw whose share is the fifth link of a published chain, and the chain's anchor."""
    chain = draw.links(b"secret", 9)
    people = [draw.Candidate(f"e{number}", f"u{number}", ("a",)) for number in range(6)]
    request = draw.Request(size=2, quota={"a": (2, 2)})
    document = draw.committed(
        people, request, contributors=[("平台", "link", chain[4].hex())], occasion=draw.Occasion()
    )
    whole, _ = draw.completed(document, [chain[5]])
    file = folder / "chained.json"
    file.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    return file, chain[0].hex()


def test_the_second_verifier_runs_alone_with_nothing_but_node(tmp_path: Path) -> None:
    """Outside of the source tree node takes the file for a plain script, inside for a module: both must work."""
    alone = tmp_path / "verify_draw.js"
    shutil.copyfile(PROGRAM, alone)
    listed = index()
    good = VECTORS / next(one["file"] for one in listed if one["expected"] == "holds")
    bad = VECTORS / next(one["file"] for one in listed if "result" in one["file"])
    commit = json.loads(good.read_text("utf-8"))["commit"]
    chained, anchor = from_a_chain(tmp_path)

    def run(program: Path, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [NODE, str(program), *arguments], capture_output=True, check=False, encoding="utf-8"
        )
        return done.returncode, done.stdout

    for program in (alone, PROGRAM):
        code, said = run(program, str(good), "--commit", commit)
        assert (code, said.splitlines()[0]) == (0, "核验通过：名单共 9 人，与种子、方案和规则完全一致。")
        assert run(program, str(good), "--commit", "00" * 32) == (1, "不符：记录的承诺值与事先公布的不同\n")
        assert run(program, str(bad))[0] == 1
        assert run(program, str(chained), "--anchor", anchor)[1].splitlines()[2:] == [
            "随机数链：记录中的一环是该锚点之后的第 5 环",
            "提示：只有「平台」一方提供随机数，掌握其随机数链的人可以事先算出结果。",
        ]
        assert run(program, str(chained), "--anchor", "00" * 32) == (
            1,
            "不符：记录中没有哪一方的随机数出自以此为锚点的链\n",
        )
        assert run(program, str(tmp_path / "missing.json"))[0] == 2
        assert run(program)[0] == 2
