"""The official documents: complete, archivable, the same bytes for the same facts."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from lunheng.documents.rendering import RenderingFault, render, templates
from lunheng.web.fonts import fonts_folders
from tests.conftest import OPENING

ITEM = {
    "number": 1,
    "place": "第3章 3.2",
    "problem": "支撑轴力未考虑温度作用",
    "basis": "JGJ 120-2012",
    "advice": "补充温度作用下的验算",
    "is_required": True,
    "sources": ["虚构·甲"],
}
MEMBER = {
    "name": "穆罕默德·买买提·阿卜杜拉",
    "unit": "虚构岩土工程研究院",
    "title": "教授级高级工程师",
    "specialty": "岩土",
    "is_leader": True,
    "vote": "修改后通过",
}
FACTS: dict[str, dict[str, Any]] = {
    "report": {
        "title": "专家论证报告",
        "number": "LZBG-370200-2026-000001",
        "reference": "LZ-370200-2026-000001",
        "project": "虚构路地下通道工程",
        "overview": "地下二层",
        "contractor": "虚构建设集团",
        "plan": "深基坑专项施工方案",
        "version": 2,
        "plan_sha256": "ab" * 32,
        "mode": "远程视频会议",
        "place": "虚构路 1 号",
        "started_at": OPENING,
        "members": [MEMBER],
        "three_questions": {"complete": "内容完整可行"},
        "questions": {"complete": "方案内容是否完整、可行"},
        "items": [ITEM, {**ITEM, "number": 2, "advice": "优化排水", "is_required": False}],
        "conclusion": "修改后通过",
        "clause": "《虚构办法》四（二）4",
        "summary": "方案总体可行。",
        "nodes": ["第一道支撑拆除"],
        "dissents": [{"name": "虚构·乙", "conclusion": "不通过", "meeting": 1}],
        "leader": "穆罕默德·买买提·阿卜杜拉",
        "attachments": ["会议签到表"],
    },
    "opinion_form": {
        "title": "青岛市市政公用工程专家审查意见表",
        "reference": "LZ-1",
        "case": "深基坑专项施工方案",
        "expert": "虚构·甲",
        "items": [ITEM],
        "is_late": True,
    },
    "sign_in": {
        "title": "专家论证会签到表",
        "case": "深基坑专项施工方案",
        "lines": [
            {
                "role": "施工单位技术负责人",
                "person": "虚构·丙",
                "presence": "到会",
                "signed_at": "2026-11-24T01:00:00+00:00",
            }
        ],
    },
    "issued": {
        "title": "专家聘书",
        "number": "LZ-370200-2026-000001-5-1",
        "form": "certificate",
        "lines": [["虚构·甲", "专业：岩土"]],
        "issuer": "市质安站",
        "code": "0123-4567-89AB-CDEF",
    },
    "draw_record": {
        "title": "专家抽取记录表",
        "case": "深基坑专项施工方案",
        "seed": "cd" * 32,
        "needs": [{"specialty": "岩土", "count": 3}],
        "order": [{"order": 1, "person": "P-0001", "specialty": "岩土", "outcome": "已邀请"}],
        "backfills": [{"number": 1, "at": OPENING, "because": "逾期未确认", "person": "P-0007"}],
        "exclusions": [{"person": "P-0002", "ground": "与施工单位有隶属关系", "clause": "二（四）"}],
    },
}
WORDS = {
    "report": (
        "专家论证报告 LZBG-370200-2026-000001 LZ-370200-2026-000001 虚构路地下通道工程 地下二层 虚构建设集团 "
        "深基坑专项施工方案 远程视频会议 2026年11月24日（周二）09:00 穆罕默德·买买提·阿卜杜拉 教授级高级工程师 岩土 "
        "方案内容是否完整、可行 内容完整可行 支撑轴力未考虑温度作用 JGJ120-2012 必须修改 建议 第1条由虚构·甲提出。 "
        "修改后通过 （依据：《虚构办法》四（二）4） 方案总体可行。 1.第3章3.2：补充温度作用下的验算 第一道支撑拆除 "
        "虚构·乙：不通过（第1次会议） （组长） 会议签到表 第1页/共"
    ),
    "opinion_form": "青岛市市政公用工程专家审查意见表 深基坑专项施工方案 补充温度作用下的验算 本表在规定时间之后提交。 专家签名：",
    "sign_in": "专家论证会签到表 施工单位技术负责人 虚构·丙 到会 2026年11月24日（周二）09:00",
    "issued": "专家聘书 LZ-370200-2026-000001-5-1 载明的人员 虚构·甲 专业：岩土 市质安站 0123-4567-89AB-CDEF",
    "draw_record": "专家抽取记录表 "
    + "cd" * 32
    + " 岩土 主专业 P-0001 已邀请 逾期未确认 P-0007 与施工单位有隶属关系 二（四）",
}


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """What a reader finds in the document, without spaces and line ends."""
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_every_template_is_tried_here() -> None:
    assert templates() == sorted(FACTS)


@pytest.mark.parametrize("template", FACTS)
def test_a_document_says_all_that_it_was_told(template: str, tmp_path: Path) -> None:
    text = text_of(render(template, FACTS[template]), tmp_path)
    assert [words for words in WORDS[template].split() if words not in text] == []


@pytest.mark.parametrize("template", FACTS)
def test_a_document_is_sound_and_archivable(template: str, tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(render(template, FACTS[template]))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)
    metadata = subprocess.run(["pdfinfo", "-meta", path], capture_output=True, check=True).stdout.decode()
    part = "<pdfaid:part>2</pdfaid:part>" in metadata
    level = "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert (checked.returncode, part, level) == (0, True, True)


@pytest.mark.parametrize("template", FACTS)
def test_the_same_facts_give_the_same_bytes(template: str) -> None:
    assert render(template, FACTS[template]) == render(template, FACTS[template])


def test_only_required_changes_are_listed_as_such(tmp_path: Path) -> None:
    text = text_of(render("report", FACTS["report"]), tmp_path)
    changes = text.partition("七、须修改的具体内容")[2].partition("八、")[0]
    assert changes == "1.第3章3.2：补充温度作用下的验算"


@pytest.mark.parametrize("template", FACTS)
def test_a_document_with_nothing_but_a_title_is_still_one(template: str) -> None:
    assert render(template, {"title": "空表"}).startswith(b"%PDF-1.7")


def test_rare_characters_of_names_are_printed(tmp_path: Path) -> None:
    text = text_of(render("opinion_form", {"title": "意见表", "expert": "䶮𬭎堃喆珺"}), tmp_path)
    assert "专家䶮𬭎堃喆珺" in text


def test_a_character_that_no_font_has_is_never_printed_as_a_box() -> None:
    with pytest.raises(RenderingFault, match="could not be displayed"):
        render("opinion_form", {"title": "意见表", "expert": "\U000f0000"})


def test_markup_in_what_people_typed_is_only_text(tmp_path: Path) -> None:
    typed = "#panic() *x* $y$"
    assert "#panic()*x*$y$" in text_of(render("report", {"title": "报告", "summary": typed}), tmp_path)


def test_an_unknown_template_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        render("base", {"title": "空表"})


def test_there_is_a_folder_with_chinese_fonts() -> None:
    assert fonts_folders()
