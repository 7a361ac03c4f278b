"""The carry-away verifier accepts every true transcript and rejects every change, also with fresh hashes."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lunheng.core.draw import (
    Candidate,
    Category,
    Contribution,
    Group,
    Occasion,
    Request,
    commitment,
    draw,
    nonce_commitment,
    seed_from,
    transcript,
)
from lunheng.verifiers import verify_draw
from lunheng.verifiers.verify_draw import verify
from tests.core.draw.instances import possible_draws
from tests.vectors.forging import with_fresh_hashes
from tests.verifiers.test_agreement import from_a_chain

Document = dict[str, Any]
POOL = [
    Candidate(
        f"e{index:02}",
        f"u{index % 9}",
        ("abc"[index % 3], "bcd"[index % 3])[: 1 + index % 2],
        "AB"[index % 2],
    )
    for index in range(20)
]
REQUEST = Request(
    size=5,
    quota={"a": (1, 2), "b": (1, 3), "c": (0, 2), "d": (0, 2)},
    per_unit=1,
    categories=(Category("inner", ("a", "b"), 2, 4),),
    groups=(Group("holding", ("u0", "u1", "u2"), 1, 2),),
    tiers=("A",),
    fixed=("e03",),
    excluded=("e05", "e11"),
)
LINK, NONCE = b"link of the chain".ljust(32), b"nonce of the applicant".ljust(32)


def full_transcript() -> Document:
    """A transcript with every feature in use."""
    contributions = [
        Contribution("主管部门", "link", hashlib.sha256(LINK).hexdigest(), LINK),
        Contribution("申请人", "nonce", nonce_commitment(NONCE), NONCE),
        Contribution("公开随机数", "beacon", "第 100 期", b"12345"),
    ]
    exclusions = {"e05": "与施工单位存在劳动关系", "e11": "本人申请回避"}
    occasion = Occasion("R-2026-0001", 1, "", "2026-11-24T17:00:00+08:00")
    commit = commitment(POOL, REQUEST, exclusions=exclusions, contributions=contributions, occasion=occasion)
    seed = seed_from(commit, contributions)
    return transcript(
        POOL,
        REQUEST,
        draw(POOL, REQUEST, seed),
        seed,
        exclusions=exclusions,
        contributions=contributions,
        events=[{"name": "confirmed", "id": "e03"}, {"name": "declined", "after_minutes": 20}],
        occasion=occasion,
    )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every single text, number and empty place of a document."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path


def altered(document: Document, path: tuple[Any, ...]) -> Document:
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = old + 1 if isinstance(old, int) else old + "0" if isinstance(old, str) else ["x"]
    return changed


def test_a_true_transcript_is_accepted() -> None:
    assert verify(full_transcript()) == []


def test_every_small_draw_is_replayed() -> None:
    replayed = 0
    for number, (pool, request) in enumerate(possible_draws(0, 400)):
        seed = b"%d" % number
        assert verify(transcript(pool, request, draw(pool, request, seed), seed)) == []
        replayed += 1
    assert replayed > 100


@pytest.mark.drill
def test_two_thousand_draws_are_replayed() -> None:
    for number, (pool, request) in enumerate(possible_draws(1000, 7000)):
        seed = b"%d" % number
        assert verify(transcript(pool, request, draw(pool, request, seed), seed)) == []


def test_changing_any_single_field_is_noticed() -> None:
    document = full_transcript()
    paths = list(leaves(document))

    assert len(paths) > 200
    assert [path for path in paths if not verify(altered(document, path))] == []


def test_removing_any_line_is_noticed() -> None:
    document = full_transcript()

    for key in ("snapshot", "exclusions", "contributors", "reveals", "result", "events"):
        for index in range(len(document[key])):
            changed = copy.deepcopy(document)
            del changed[key][index]
            assert verify(changed) != [], (key, index)


def swap_result(document: Document) -> None:
    drawn = {identity for identity, _ in document["result"]}
    other = next(row for row in document["snapshot"] if row[0] not in drawn and row[0] not in ("e05", "e11"))
    document["result"][0] = [other[0], other[3][0]]


def reorder_result(document: Document) -> None:
    document["result"].reverse()


def change_seed(document: Document) -> None:
    document["seed"] = "00" * 32


def change_nonce(document: Document) -> None:
    document["reveals"][1][1] = "00" * 32


def drop_expert(document: Document) -> None:
    document["snapshot"].pop()


def unsort_pool(document: Document) -> None:
    document["snapshot"].reverse()


def raise_share(document: Document) -> None:
    one = next(one for one in document["plan"]["types"] if not one["fixed"] and one["share"] != "0")
    one["share"] = str(int(one["share"]) + 1)


def move_seat(document: Document) -> None:
    one = next(one for one in document["plan"]["types"] if one["seats"])
    one["seats"][0][0] = "z"


def miscount_type(document: Document) -> None:
    document["plan"]["types"][0]["count"] += 1


def loosen_cap(document: Document) -> None:
    document["rules"]["per_unit"] = None


def drop_tier(document: Document) -> None:
    document["rules"]["tiers"] = []


def change_quota(document: Document) -> None:
    document["rules"]["quota"][0][1] = 2
    document["rules"]["quota"][0][2] = 2
    document["rules"]["quota"][1][2] = 2


def exclude_more(document: Document) -> None:
    document["exclusions"].append(["e19", "临时"])


def unknown_unit(document: Document) -> None:
    document["plan"]["units"].append("nowhere")


def reverse_range(document: Document) -> None:
    document["rules"]["quota"][0][1:] = [2, 1]


def repeat_quota(document: Document) -> None:
    document["rules"]["quota"].append(document["rules"]["quota"][0])


def reverse_group(document: Document) -> None:
    document["rules"]["groups"][0][2:] = [2, 1]


def cross_groups(document: Document) -> None:
    document["rules"]["groups"].append(["other", ["u2", "u3"], 0, 5])


def forbid_everybody(document: Document) -> None:
    document["rules"]["per_unit"] = 0


def repeat_type(document: Document) -> None:
    document["plan"]["types"].append(document["plan"]["types"][0])


def fix_stranger(document: Document) -> None:
    document["rules"]["fixed"].append("e99")


FORGERIES: list[Callable[[Document], None]] = [
    swap_result,
    reorder_result,
    change_seed,
    change_nonce,
    drop_expert,
    unsort_pool,
    raise_share,
    move_seat,
    miscount_type,
    loosen_cap,
    drop_tier,
    change_quota,
    exclude_more,
    unknown_unit,
    reverse_range,
    repeat_quota,
    reverse_group,
    cross_groups,
    forbid_everybody,
    repeat_type,
    fix_stranger,
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_with_fresh_hashes_is_noticed(forge: Callable[[Document], None]) -> None:
    document = full_transcript()
    forge(document)

    assert verify(with_fresh_hashes(document)) != []


@pytest.mark.parametrize("forge", FORGERIES[4:], ids=lambda forge: forge.__name__)
def test_a_forgery_with_fresh_hashes_and_a_fresh_seed_is_noticed(forge: Callable[[Document], None]) -> None:
    document = full_transcript()
    forge(document)

    assert verify(with_fresh_hashes(document, reseed=True)) != []


def forged_plan(share: dict[str, int], request: Request) -> Document:
    """A lawful but unfair lottery over single experts of one specialty, with a consistent draw."""
    pool = [
        Candidate(identity, f"unit-{identity}", ("a",), "A" if identity < "e2" else "B") for identity in share
    ]
    document = transcript(pool, request, draw(pool, request, b"seed"), b"seed")
    document["plan"] = {
        "denominator": "12",
        "redraw": "0",
        "units": [f"unit-{identity}" for identity in share],
        "groups": [],
        "types": [
            {
                "place": ["unit", f"unit-{row[1][5:]}"],
                "specialties": ["a"],
                "tier": request.tiers.index(row[2]) if row[2] in request.tiers else len(request.tiers),
                "fixed": "",
                "count": 1,
                "share": str(share[row[0]]),
                "seats": [["a", str(share[row[0]])]] if share[row[0]] else [],
            }
            for row in document["snapshot"]
        ],
    }
    judged = verify_draw.Draw(document)
    if not verify_draw.check_plan(judged, copy.deepcopy(document["plan"])):
        document["result"] = verify_draw.Replay(judged, verify_draw.Dice(b"seed")).panel()
    return with_fresh_hashes(document)


def test_a_lawful_plan_that_is_not_the_fairest_is_noticed() -> None:
    request = Request(size=1, quota={"a": (1, 1)}, per_unit=1)
    unfair = forged_plan({"e0": 4, "e1": 3, "e2": 3, "e3": 2}, request)

    assert verify(unfair) == ["方案不是最公平的：专业为「a」的专家概率还可以提高"]


def test_a_fair_plan_that_neglects_the_first_territory_is_noticed() -> None:
    request = Request(size=1, quota={"a": (1, 1)}, per_unit=1, tiers=("A",))
    equal = forged_plan({"e0": 3, "e1": 3, "e2": 3, "e3": 3}, request)

    assert verify(equal) == ["方案没有优先用足第 1 顺位地域的专家"]


def test_another_plan_with_the_same_chances_is_accepted() -> None:
    """Only the chances are unique; whoever names every unit commits to an equally good plan."""
    request = Request(size=1, quota={"a": (1, 1)}, per_unit=1)
    named = forged_plan({"e0": 3, "e1": 3, "e2": 3, "e3": 3}, request)
    plan = copy.deepcopy(named["plan"])
    judged = verify_draw.Draw(named)

    assert verify_draw.check_plan(judged, plan) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", 2),
        ("no json", 2),
        ('{"a": 1, "a": 2}', 2),
        ("[1.5]", 2),
        ("[NaN]", 2),
        ("[" * 100000, 2),
    ],
)
def test_what_is_no_transcript_gives_two(tmp_path: Path, text: str, code: int) -> None:
    file = tmp_path / "file.json"
    file.write_text(text, "utf-8")

    assert verify_draw.main([str(file)]) == code


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rules", "size"), True),
        (("rules", "size"), -5),
        (("rules", "per_unit"), "1"),
        (("plan", "denominator"), "012"),
        (("plan", "denominator"), "1e3"),
        (("plan", "denominator"), "1" * 5000),
        (("seed",), "AB"),
        (("seed",), "xyz"),
        (("format",), "lunheng-draw/2"),
        (("snapshot",), {}),
        (("result",), [["e01"]]),
        (("at",), "\ud800"),
    ],
)
def test_a_field_of_the_wrong_form_is_malformed(path: tuple[str, ...], value: object) -> None:
    document = full_transcript()
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(verify_draw.Malformed):
        verify_draw.examine(document)


def test_the_program_runs_alone_with_nothing_but_python(tmp_path: Path) -> None:
    program = tmp_path / "verify_draw.py"
    program.write_bytes(Path(verify_draw.__file__).read_bytes())
    document = full_transcript()
    (tmp_path / "true.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "false.json").write_text(json.dumps(document | {"at": "2026-11-25"}), "utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(program), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=False, env={"PYTHONUTF8": "1"}
        )
        return done.returncode, done.stdout.decode()

    code, text = run("true.json", "--commit", document["commit"])
    assert (code, text.splitlines()[0]) == (0, "核验通过：名单共 5 人，与种子、方案和规则完全一致。")
    assert run("true.json", "--commit", "00" * 32) == (1, "不符：记录的承诺值与事先公布的不同\n")
    assert run("false.json")[0] == 1
    assert run("missing.json")[0] == 2
    assert run()[0] == 2


def test_the_program_says_what_it_needs_and_what_is_false(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "false.json"
    file.write_text(json.dumps(full_transcript() | {"at": "2026-11-25"}), "utf-8")

    assert verify_draw.main([]) == 2
    assert verify_draw.main([str(tmp_path / "missing.json")]) == 2
    assert verify_draw.main([str(file), "--commit", full_transcript()["commit"]]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "用法：python verify_draw.py 抽取记录.json [--commit 承诺值] [--anchor 随机数链锚点]"
    assert lines[1].startswith("无法读取文件：")
    assert lines[2] == "不符：记录摘要不符：记录内容被改动过"


def test_a_result_without_a_confirmed_member_is_noticed() -> None:
    document = full_transcript()
    drawn = {identity for identity, _ in document["result"]}
    other = next(row[0] for row in document["snapshot"] if row[0] not in {"e05", "e11"} | drawn)
    document["result"] = [
        [other if identity == "e03" else identity, seat] for identity, seat in document["result"]
    ]

    assert "已确定人选不在结果中" in verify(with_fresh_hashes(document))


def test_a_true_transcript_with_another_published_commit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "true.json"
    file.write_text(json.dumps(full_transcript()), "utf-8")

    assert verify_draw.main([str(file)]) == 0
    assert verify_draw.main([str(file), "--commit", "00" * 32]) == 1


def test_a_seed_that_was_simply_given_is_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = transcript(POOL, REQUEST, draw(POOL, REQUEST, b"seed"), b"seed")
    file = tmp_path / "transcript.json"
    file.write_text(json.dumps(document), "utf-8")

    assert verify_draw.main([str(file)]) == 0
    assert "种子系直接给定" in capsys.readouterr().out


def test_the_verifier_imports_nothing_from_the_platform() -> None:
    tree = ast.parse(Path(verify_draw.__file__).read_text("utf-8"))
    imported = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert imported == {"__future__", "hashlib", "json", "sys", "typing"}


def test_a_link_is_traced_to_the_anchor_that_was_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, anchor = from_a_chain(tmp_path)
    assert verify_draw.main([str(file), "--anchor", anchor]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "随机数链：记录中的一环是该锚点之后的第 5 环",
        "提示：只有「平台」一方提供随机数，掌握其随机数链的人可以事先算出结果。",
    ]


def test_a_link_of_another_chain_is_found_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, _ = from_a_chain(tmp_path)
    assert verify_draw.main([str(file), "--anchor", "00" * 32]) == 1
    assert capsys.readouterr().out == "不符：记录中没有哪一方的随机数出自以此为锚点的链\n"
