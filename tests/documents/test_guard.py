"""What is let in and what is not, and what the person is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lunheng.core.errors import Refused
from lunheng.documents.guard import LARGEST, MEDIA_TYPES, Examined, examine
from lunheng.documents.guard.examine import RULE, platform_law
from tests.documents import samples

Look = Callable[[str, bytes], Examined]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Look through a file of this name and these bytes."""

    def look_through(name: str, content: bytes) -> Examined:
        part = tmp_path / "part"
        part.write_bytes(content)
        return examine(name, part, tmp_path / "rewritten")

    return look_through


def refusal(look: Look, name: str, content: bytes) -> str:
    """The message with which the file is refused."""
    with pytest.raises(Refused) as caught:
        look(name, content)
    reason = caught.value.verdict.reasons[0]
    assert (reason.clause.document, reason.clause.number) == ("论衡平台运行规则", "第二条")
    assert reason.remedy
    return reason.message


def test_an_honest_pdf_is_taken_with_its_pages(look: Look) -> None:
    found = look("深基坑专项施工方案v1.2.pdf", samples.pdf(pages=3))
    assert (found.name, found.media_type, found.pages) == ("深基坑专项施工方案v1.2.pdf", "application/pdf", 3)


@pytest.mark.parametrize(
    ("name", "content"), [("计算书.docx", samples.docx()), ("清单.xlsx", samples.xlsx())]
)
def test_honest_office_documents_are_taken(look: Look, name: str, content: bytes) -> None:
    assert look(name, content).size == len(content)


def test_hyperlinks_are_no_external_files(look: Look) -> None:
    content = samples.docx_with(
        {"word/_rels/document.xml.rels": samples.relation("hyperlink", "https://example.invalid/")}
    )
    assert look("方案.docx", content).size == len(content)


def test_a_photograph_is_kept_as_it_came_and_shown_upright_without_its_place(look: Look) -> None:
    taken = samples.jpeg_with_place(orientation=6)
    found = look("会议照片.jpg", taken)
    assert found.rendition is not None
    with Image.open(found.rendition) as shown:
        assert (shown.size, dict(shown.getexif())) == ((20, 40), {})
    assert found.path.read_bytes() == taken


SCRIPT = "PDF 中含有脚本（JavaScript）"
ACTION = "PDF 中含有启动程序、提交数据或打开外部文件的动作"
INNER = "文件中嵌有其他文件"
DAMAGED = "文件已损坏，或内容与扩展名不符"
MACRO = "文档中含有宏或控件"
OUTSIDE = "文档引用了外部模板或外部文件"
ODD = "文档的压缩结构异常"

HOSTILE_PDF = {
    "script": (samples.pdf_with_action("/JavaScript"), SCRIPT),
    "script whose name is escaped": (
        samples.pdf_with_catalog(b"/OpenAction<</S/Java#53cript/J#53(app.alert)>>"),
        SCRIPT,
    ),
    "script under a name tree": (samples.pdf_with_catalog(b"/Names<</JavaScript<</Names[]>>>>"), SCRIPT),
    "launch": (samples.pdf_with_action("/Launch"), ACTION),
    "submit": (samples.pdf_with_action("/SubmitForm"), ACTION),
    "attachment": (samples.pdf_with_attachment(), INNER),
    "dynamic form": (samples.pdf_with_catalog(b"/AcroForm<</XFA 3 0 R>>"), "PDF 中含有动态表单（XFA）"),
    "film": (samples.pdf_with_catalog(b"/X<</Subtype/Movie>>"), "PDF 中含有音视频或三维对象"),
    "archive behind it": (samples.pdf() + samples.archive({"a": "b"}), DAMAGED),
    "page in front of it": (b"<html></html>" + samples.pdf(), DAMAGED),
    "cut off": (samples.pdf()[:-40], DAMAGED),
    "page loop": (
        samples.raw_pdf(samples.CATALOG % b"", b"<</Type/Pages/Kids[2 0 R]/Count 1>>", samples.PAGE % b""),
        DAMAGED,
    ),
    "bomb": (samples.pdf_bomb(200), "文档解压后过大"),
    "stacked filters": (
        samples.raw_pdf(
            samples.CATALOG % b"",
            samples.PAGES,
            samples.PAGE % b"",
            b"<</Length 1/Filter[/FlateDecode/FlateDecode]>>\nstream\nx\nendstream",
        ),
        "文件结构过于复杂，无法在限定的时间和内存内检查",
    ),
    "nesting that ends the parser": (samples.pdf_with_catalog(b"/X" + b"[" * 5000 + b"]" * 5000), DAMAGED),
    "no page": (
        samples.raw_pdf(samples.CATALOG % b"", b"<</Type/Pages/Kids[]/Count 0>>"),
        "文件中没有任何一页",
    ),
    "deep nesting": (
        samples.pdf_with_catalog(b"/X" + b"[" * 300 + b"]" * 300),
        "文件结构过于复杂，无法在限定的时间和内存内检查",
    ),
}


@pytest.mark.parametrize("case", HOSTILE_PDF)
def test_a_pdf_that_does_more_than_show_is_refused(look: Look, case: str) -> None:
    content, message = HOSTILE_PDF[case]
    assert refusal(look, "方案.pdf", content) == message


def test_an_encrypted_pdf_is_refused(look: Look) -> None:
    made = samples.writer()
    made.encrypt("secret", algorithm="AES-256")
    assert refusal(look, "方案.pdf", samples.written(made)) == "文件设有密码或加密"


ENTITIES = '<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'
HOSTILE_OFFICE = {
    "macro": (samples.docx_with({"word/vbaProject.bin": b"x"}), MACRO),
    "external template": (
        samples.docx_with(
            {
                "word/_rels/settings.xml.rels": samples.relation(
                    "attachedTemplate", "https://example.invalid/t"
                )
            }
        ),
        OUTSIDE,
    ),
    "entity": (samples.docx_with({"word/footer.xml": ENTITIES}), "文档内部含有实体声明"),
    "entity in UTF-16": (
        samples.docx_with({"word/footer.xml": ENTITIES.encode("utf-16")}),
        "文档内部含有实体声明",
    ),
    "climbing name": (samples.docx_with({"../evil.xml": "<a/>"}), ODD),
    "absolute name": (samples.docx_with({"/etc/passwd": "x"}), ODD),
    "same member twice": (samples.docx_with({"WORD/document.xml": samples.WORDS}), ODD),
    "too many members": (samples.docx_with({f"word/{n}.bin": b"" for n in range(5000)}), ODD),
    "archive inside": (samples.docx_with({"word/embeddings/a.bin": samples.archive({"a": "b"})}), INNER),
    "program inside": (samples.docx_with({"word/media/a.png": b"MZ\x90"}), INNER),
    "bomb": (samples.docx_with({"word/a.xml": b"<a>" + b" " * 210_000_000 + b"</a>"}), "文档解压后过大"),
    "bytes in front": (b"x" + samples.docx(), DAMAGED),
    "bytes behind": (samples.docx() + b"x", DAMAGED),
    "not a document": (samples.archive({"a.txt": "b"}), DAMAGED),
    "old binary format": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, DAMAGED),
}


@pytest.mark.parametrize("case", HOSTILE_OFFICE)
def test_an_office_document_with_hidden_parts_is_refused(look: Look, case: str) -> None:
    content, message = HOSTILE_OFFICE[case]
    assert refusal(look, "方案.docx", content) == message


def test_a_flood_of_pixels_is_refused_before_it_is_painted(look: Look) -> None:
    assert refusal(look, "照片.png", samples.png(20_000, 20_000)) == "图片超过 5000 万像素"


@pytest.mark.parametrize("content", [b"<svg/>", b"GIF89a" + b"\0" * 20, samples.pdf()])
def test_a_picture_is_what_its_first_byte_says(look: Look, content: bytes) -> None:
    assert refusal(look, "照片.png", content) == DAMAGED


def test_an_empty_file_is_refused(look: Look) -> None:
    assert refusal(look, "方案.pdf", b"") == "文件是空的"


def test_a_file_over_the_limit_is_refused(look: Look) -> None:
    assert refusal(look, "方案.pdf", b"%PDF-1.7" + bytes(LARGEST)) == "文件超过 50 MB 上限"


def test_a_kind_that_no_rule_names_is_refused(look: Look) -> None:
    assert refusal(look, "工具.exe", b"MZ") == "不接受 exe 类型的文件"


def test_the_rule_allows_only_kinds_that_can_be_looked_through() -> None:
    rule = platform_law().rule(RULE)
    assert set(getattr(rule, "types", ())) - set(MEDIA_TYPES) == set()


def test_drawings_of_a_kind_that_cannot_be_looked_through_are_refused(look: Look) -> None:
    assert refusal(look, "图纸.dwg", b"AC1032") == "不接受 dwg 类型的文件"


PATHS = "文件名含有路径符号或系统保留符号"
HIDDEN = "文件名含有看不见的控制字符"
EDGES = "文件名为空，或以空格、句点开头或结尾"
NAMES = {
    "../方案.pdf": PATHS,
    "方案／.pdf": PATHS,
    "C:方案.pdf": PATHS,
    "方案\0.pdf": HIDDEN,
    "方案\u202efdp.pdf": HIDDEN,
    "方案.pdf ": EDGES,
    ".pdf": EDGES,
    " .pdf": EDGES,
    "方案.pdf.": EDGES,
    "CON.pdf": "文件名是操作系统的保留名称",
    "方案.exe.pdf": "文件名含有两重扩展名",
    "方" * 300 + ".pdf": "文件名超过 180 个字",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_misleading_name_is_refused(look: Look, name: str) -> None:
    assert refusal(look, name, samples.pdf()) == NAMES[name]
