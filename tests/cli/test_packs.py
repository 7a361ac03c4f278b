"""``lunheng packs`` tells a jurist what is wrong where, and prints the law for people."""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lunheng.cli import packs
from tests.law import three_files

Run = Callable[..., tuple[int, str]]
STORED = Path(__file__).parents[2] / "packs"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packs that a test may spoil."""
    copy = tmp_path / "packs"
    shutil.copytree(STORED, copy)
    monkeypatch.setattr(packs, "root", lambda: copy)
    return copy


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line and return the exit code with what was printed."""
    parser = argparse.ArgumentParser()
    packs.add_commands(parser.add_subparsers(required=True))

    def command(*words: str) -> tuple[int, str]:
        options = parser.parse_args(["packs", *words])
        code: int = options.run(options)
        return code, capsys.readouterr().out

    return command


def spoil(path: Path, written: str, changed: str) -> int:
    """Replace one text in a file and return the line on which it stood."""
    text = path.read_text("utf-8")
    path.write_text(text.replace(written, changed, 1), "utf-8")
    return text[: text.index(written)].count("\n") + 1


def test_the_packs_of_the_product_have_no_mistakes(run: Run) -> None:
    code, told = run("check")

    assert (code, told.startswith("已检查 ")) == (0, True)


def test_the_folder_of_packs_is_the_one_of_the_settings() -> None:
    assert packs.root().resolve() == STORED


def test_a_mistake_is_told_with_file_line_key_and_remedy(run: Run, folder: Path) -> None:
    path = folder / "qingdao-2025" / "panels.toml"
    line = spoil(path, "minimum = 5", 'minimum = "五"')

    code, told = run("check", str(folder / "qingdao-2025"))

    assert code == 1
    assert told.startswith(f"qingdao-2025/panels.toml 第{line}行 [panel.size]：minimum 的值不合要求")
    assert "改法：核对类型" in told
    assert told.endswith("共 1 处错误\n")


def test_a_city_that_loosens_the_floor_is_told_both_clauses_at_the_table(run: Run, folder: Path) -> None:
    path = folder / "qingdao-2025" / "panels.toml"
    spoil(path, "minimum = 5", "minimum = 4")

    code, told = run("check", str(folder / "qingdao-2025"))

    line = path.read_text("utf-8").splitlines().index("[panel.size]") + 1
    assert code == 1
    assert told.startswith(
        f"qingdao-2025/panels.toml 第{line}行 [panel.size]："
        "《关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知》二（二） "
        "放宽了国家规定 "
        "《危险性较大的分部分项工程安全管理规定》第十二条：最低人数 4 少于国家规定的 5。改法："
    )


def test_a_worked_case_that_no_longer_holds_is_told_at_its_line(run: Run, folder: Path) -> None:
    spoil(folder / "qingdao-2025" / "panels.toml", "maximum = 2", "maximum = 3")
    cases = folder / "qingdao-2025" / "cases" / "panels.toml"
    line = cases.read_text("utf-8").splitlines().index('situation = "增选3名"') + 1

    code, told = run("check", str(folder / "qingdao-2025"))

    assert code == 1
    assert told.startswith(f"qingdao-2025/cases/panels.toml 第{line}行 [panel.extras]：算例“增选3名”不成立：")


def test_a_deadline_that_no_longer_holds_is_told(run: Run, folder: Path) -> None:
    spoil(folder / "qingdao-2025" / "reviews.toml", "value = 3", "value = 4")

    code, told = run("check", str(folder / "qingdao-2025"))

    assert (code, "算例“周二结束，3日内上传”不成立：应自 2025-06-14 00:00:00+08:00 起逾期" in told) == (
        1,
        True,
    )


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        ('[[case]]\nsituation = "甲"\n', "算例写法有误"),
        ("[[case\n", "算例写法有误"),
        (
            '[[case]]\nsituation = "甲"\nkey = "panel.sise"\noutcome = "refused"\nclauses = ["一"]\n',
            "规则不接受这些事实",
        ),
        (
            '[[case]]\nsituation = "甲"\nkey = "panel.size"\nfacts = { much = 5 }\n'
            'outcome = "refused"\nclauses = ["一"]\n',
            "规则不接受这些事实",
        ),
    ],
)
def test_a_worked_case_that_cannot_be_tried_is_told(
    run: Run, folder: Path, case: str, complaint: str
) -> None:
    (folder / "qingdao-2025" / "cases" / "new.toml").write_text(case, "utf-8")

    code, told = run("check", str(folder / "qingdao-2025"))

    assert (code, told.count("qingdao-2025/cases/new.toml"), complaint in told) == (1, 1, True)


def test_one_file_of_a_pack_checks_its_pack(run: Run, folder: Path) -> None:
    code, told = run("check", str(folder / "qingdao-2025" / "panels.toml"))

    assert (code, told) == (0, "已检查 1 个政策包，没有错误：qingdao-2025\n")


def test_a_loose_file_is_checked_against_the_national_floor(run: Run, tmp_path: Path) -> None:
    loose = tmp_path / "draft.toml"
    loose.write_text('[panel.size]\nclause = "三"\nminimum = 3\ncounted = "all"\nparity = "any"\n', "utf-8")

    code, told = run("check", str(loose))

    assert code == 1
    assert told.startswith(
        "draft.toml 第1行 [panel.size]：《draft》三 放宽了国家规定 "
        "《危险性较大的分部分项工程安全管理规定》第十二条：最低人数 3 少于国家规定的 5"
    )


def test_a_loose_file_without_mistakes_is_accepted(run: Run, tmp_path: Path) -> None:
    loose = tmp_path / "draft.toml"
    loose.write_text('[panel.size]\nclause = "三"\nminimum = 7\ncounted = "all"\nparity = "any"\n', "utf-8")

    assert run("check", str(loose)) == (0, "已检查 1 个政策包，没有错误：draft.toml\n")


def test_a_path_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert run("check", str(tmp_path / "nowhere.toml")) == (1, f"没有这个文件：{tmp_path / 'nowhere.toml'}\n")


def test_a_pack_whose_layer_below_is_missing_is_told(run: Run, folder: Path) -> None:
    line = spoil(folder / "qingdao-2025" / "pack.toml", 'parent = "cn"', 'parent = "province"')

    code, told = run("check", str(folder / "qingdao-2025"))

    assert (code, told.splitlines()[0]) == (
        1,
        f"qingdao-2025/pack.toml 第{line}行 [parent]：没有政策包 province。改法：补上缺少的上层政策包",
    )


def test_the_rulebook_of_a_pack_is_printed(run: Run) -> None:
    code, told = run("show", "qingdao-2025")

    assert (code, told.splitlines()[0]) == (
        0,
        "青岛市市政公用工程专项施工方案专家论证规则（qingdao-2025，版本 2025.1）",
    )
    assert "  不少于5名所涉专业专家［二（二）］  panel.size\n" in told


def test_a_pack_in_another_folder_is_printed_too(run: Run, folder: Path) -> None:
    assert run("show", str(folder / "cn"))[1].startswith("国家规定（cn，")


def test_a_pack_that_is_not_there_is_told(run: Run) -> None:
    assert run("show", "atlantis") == (1, "没有政策包 atlantis\n")


def test_interpretations_are_printed_with_their_trap(run: Run) -> None:
    code, told = run("assumptions", "qingdao-2025")

    assert (code, "  疑点：T18；设置：panel.size.counted、panel.size.parity\n" in told) == (0, True)


def test_two_packs_are_compared_rule_by_rule(run: Run) -> None:
    code, told = run("diff", "qingdao-2025", "nanning-2019")

    assert code == 0
    assert (
        "panel.size\n"
        "  － qingdao-2025：最少人数：5；计数范围：只计所涉专业；单双数：不限；二（二）\n"
        "  ＋ nanning-2019：最少人数：5；计数范围：全部计入；单双数：单数；二（三）\n"
    ) in told


def test_a_pack_is_the_same_as_itself(run: Run) -> None:
    assert run("diff", "cn", "cn") == (0, "两个政策包的规则相同\n")


def test_a_comparison_with_a_pack_that_is_not_there_is_told(run: Run) -> None:
    assert run("diff", "cn", "atlantis") == (1, "没有政策包 atlantis\n")


@pytest.fixture
def hollow(folder: Path) -> Path:
    """A city of three files beside the others."""
    path = folder / "hollow-2026"
    path.mkdir()
    for name, text in three_files.FILES.items():
        (path / name).write_text(text, "utf-8")
    return path


def test_each_hole_of_a_city_is_told_with_file_key_and_remedy(run: Run, hollow: Path) -> None:
    code, told = run("check", str(hollow))

    assert (code, told.splitlines()) == (
        1,
        [
            *(
                f"hollow-2026/{file} [{key}]：{three_files.LAYERS}都没有规定“{matter}”，有关事项一律不得办理。"
                f"改法：对照原文写 [{key}]（可写的项见 docs/packs.md）；原文没有写的，选定读法并写 assumption"
                for file, key, matter in (
                    ("roles.toml", "roles.supervision", "监督分工"),
                    ("roles.toml", "roles.pool", "专家库的管理"),
                    ("draw.toml", "draw.mode", "抽取方式"),
                    ("report.toml", "report.compiler", "论证报告的汇总"),
                    ("record.toml", "record.upload", "论证资料的上传"),
                )
            ),
            "共 5 处错误",
        ],
    )


@pytest.mark.parametrize("way", ["all", "one file"])
def test_the_holes_are_found_however_the_pack_is_reached(run: Run, hollow: Path, way: str) -> None:
    code, told = run("check", *([str(hollow / "scope.toml")] if way == "one file" else []))

    assert (code, told.splitlines()[-1]) == (1, "共 5 处错误")


def test_a_layer_that_others_stand_on_may_leave_the_rest_to_them(
    run: Run, folder: Path, hollow: Path
) -> None:
    (hollow / "scope.toml").unlink()
    spoil(folder / "qingdao-2025" / "pack.toml", 'parent = "cn"', 'parent = "hollow-2026"')

    assert run("check", str(hollow))[0] == 0


def test_what_a_pack_leaves_to_people_and_to_nobody_is_listed_as_information(run: Run, folder: Path) -> None:
    code, told = run("check", str(folder / "qingdao-2025"))

    assert (code, told.splitlines()) == (
        0,
        [
            "已检查 1 个政策包，没有错误：qingdao-2025",
            "qingdao-2025 没有规定、由人决定的：论证机构的条件（roles.agency）、专家评分（rating.once）",
            "qingdao-2025 没有规定、没有这项义务的：入库的步骤（admission.order）、方案送阅（plan.delivery）、"
            "不同单位（draw.units）、不同专业（draw.specialties）、参与论证的类别数（draw.breadth）、"
            "同一方案的再次论证（draw.same_plan）、与专家等级相适应（draw.grade）、报告扫描件的上传（record.scan）、"
            "年度考核（appraisal.yearly）",
        ],
    )
