"""The two layers of the authority are packs like any other: checked, with a worked case for every rule."""

from pathlib import Path

import pytest

from lunheng.cli.main import main
from lunheng.core.policy import PackError, Problem, read_pack, resolve
from lunheng.core.policy.layers import chain
from lunheng.core.policy.worked import read_cases
from lunheng.jurisdictions import packs
from tests.authorities.founded import PACKS, PREFECTURE, PROVINCE
from tests.house.tree import SOURCE


def texts(name: str) -> dict[str, str]:
    return packs.folder_texts(PACKS / name)


def told(name: str, file: str, written: str, changed: str) -> list[Problem]:
    """What the check says once the authority writes something else."""
    own = texts(name)
    assert written in own[file]
    own[file] = own[file].replace(written, changed)
    with pytest.raises(PackError) as caught:
        resolve(*chain(read_pack(own), packs.read))
    return list(caught.value.problems)


def test_the_check_finds_no_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["packs", "check"])

    names = sorted(path.name for path in folder.iterdir() if (path / "pack.toml").exists())
    assert (code, capsys.readouterr().out.splitlines()[0]) == (
        0, f"已检查 {len(names)} 个政策包，没有错误：{'、'.join(names)}",
    )  # fmt: skip
    assert {PREFECTURE, PROVINCE} <= set(names)


@pytest.mark.parametrize("name", [PREFECTURE, PROVINCE])
def test_every_rule_has_a_worked_case_that_refuses(name: str) -> None:
    written = [read_cases(text) for file, text in texts(name).items() if file.startswith("cases/")]
    refusing = {case.key for file in written for case in file.case if case.outcome == "refused"}

    assert refusing == set(read_pack(texts(name)).rules)


def test_no_product_code_names_the_authority() -> None:
    words = ("fictional", "虚构州", "虚构省", "992900", "high_slope", "prefecture_review")
    naming = [
        path.name
        for path in sorted(SOURCE.rglob("*.py"))
        if "demo" not in path.parts and any(word in path.read_text("utf-8") for word in words)
    ]

    assert naming == []


def test_the_layers_are_read_from_the_prefecture_down_to_the_platform(folder: Path) -> None:
    pack = packs.resolved(PREFECTURE)

    assert [layer.id for layer in pack.layers] == [PREFECTURE, PROVINCE, "cn", "platform"]
    rows = {row.work.id: row.document for row in pack.works.rows if row.work.id in ("PIT-1", "SLOPE-1")}
    assert rows == {
        "PIT-1": "虚构省危险性较大的分部分项工程专项施工方案论证管理规定",
        "SLOPE-1": "虚构州专项施工方案专家论证办法",
    }


@pytest.mark.parametrize(
    ("name", "file", "written", "changed", "message"),
    [
        (PREFECTURE, "reviews.toml", "prefecture_review =", "plan_review =", "以2/3的票数代替一致意见"),
        (PREFECTURE, "reviews.toml", "prefecture_review =", "county_review =", "词 county_review 不在词汇表 activities"),
        (PREFECTURE, "reviews.toml", '"2/3"', '"1/2"', "share 须大于 1/2、不大于 1"),
        (PREFECTURE, "works.toml", '"prefecture_review"', '"county_review"', "词 county_review 不在词汇表 activities"),
        (PREFECTURE, "reviews.toml", "value = 3", "value = 7", "期限 7 宽于上层规定的 5"),
        (PREFECTURE, "reviews.toml", "members = 3", "members = 6", "要求6名专家确认，而专家组可以只有5名"),
        (PREFECTURE, "panels.toml", "minimum_pick = 5", "minimum_pick = 5\ncandidates = 9", "全部列出（select）不得写"),
        (PROVINCE, "works.toml", 'at_least = "4"', 'at_least = "6"', "窄于"),
        (PROVINCE, "works.toml", 'kind = "deep_pit"', 'kind = "deep_pit"\nactivity = "consultation"', "改变了论证的活动种类"),
    ],
)  # fmt: skip
def test_what_loosens_or_names_what_nobody_knows_is_told(
    folder: Path, name: str, file: str, written: str, changed: str, message: str
) -> None:
    problems = told(name, file, written, changed)

    assert [(one.file, message in one.message) for one in problems] == [(file, True)]


def test_a_layer_below_that_draws_directly_leaves_no_choice_to_the_one_above(folder: Path) -> None:
    province = texts(PROVINCE)
    province["panels.toml"] = '[draw.mode]\nclause = "第五条"\nmode = "direct"\nminimum_pick = 5\n'
    changed = {PROVINCE: read_pack(province)}

    with pytest.raises(PackError) as caught:
        own = read_pack(texts(PREFECTURE))
        resolve(*chain(own, lambda name: changed.get(name) or packs.read(name)))

    (problem,) = caught.value.problems
    assert (problem.key, "以“列出全部符合条件的专家后选取”代替上层规定的“系统直接抽取”" in problem.message) == (
        "draw.mode", True,
    )  # fmt: skip
