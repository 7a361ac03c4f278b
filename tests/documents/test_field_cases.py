"""Files and situations of which somebody of the trade reported that a product like this one got them wrong.

Each has its own making here; the reported files themselves are looked at where they lie beside the project.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

from lunheng.core.errors import Refused
from lunheng.documents import store
from lunheng.documents.guard import Busy, Examined, examine
from lunheng.documents.guard.places import BUSY
from lunheng.documents.models import Document
from lunheng.documents.parsing.images import on_white
from lunheng.ledger.models import RefusedAttempt
from tests.documents import honest, making, samples
from tests.factories.world import World

FIELD = Path(__file__).resolve().parents[2].parent / "shared" / "field" / "files"
BESIDE = pytest.mark.skipif(not FIELD.is_dir(), reason="the files of the field lie beside the project")
RIGHT = {
    "dde_field.docx": "文档中的域或公式会调用外部程序、外部文件或网络数据",
    "dde_formula.xlsx": "文档中的域或公式会调用外部程序、外部文件或网络数据",
    "external_stream_F.pdf": "文档引用了外部模板或外部文件",
    "flate_then_runlength_9GB.pdf": "文档解压后过大",
    "uri_file.pdf": "PDF 中含有启动程序、提交数据或打开外部文件的动作",
    "mathtype_equation.docx": "",
    "native_chart.docx": "",
    "owner_password_only_aes256.pdf": "",
    "owner_password_only_rc4.pdf": "",
    "signature_transparent_gray_alpha.png": "",
}


def looked(folder: Path, name: str, content: bytes) -> Examined:
    """What the guard says of these bytes."""
    part = folder / "part"
    part.write_bytes(content)
    return examine(name, part, folder / "shown")


@BESIDE
@pytest.mark.parametrize("name", RIGHT)
def test_a_reported_file_gets_the_right_answer(name: str, tmp_path: Path) -> None:
    content, answer = (FIELD / name).read_bytes(), ""
    try:
        assert looked(tmp_path, name, content).path.read_bytes() == content
    except Refused as refusal:
        answer = refusal.verdict.reasons[0].message
    assert answer == RIGHT[name]


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P", "L", "RGB", "I;16", "1"])
def test_g6_a_signature_is_kept_as_it_came_and_shown_as_it_looks_on_paper(mode: str, tmp_path: Path) -> None:
    taken = making.picture("PNG", mode)
    found = looked(tmp_path, "签名.png", taken)
    assert found.path.read_bytes() == taken
    shown = found.rendition or found.path
    with Image.open(tmp_path / "part") as before, Image.open(shown) as after:
        assert ImageChops.difference(on_white(before), on_white(after)).getbbox() is None
        assert on_white(after).convert("L").getbbox() is not None


def test_g6_a_picture_whose_copy_looks_different_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lunheng.documents.parsing import images
    from lunheng.documents.parsing.__main__ import answer

    def black(upright: Image.Image, seen: Image.Image, form: str, target: Path) -> None:
        Image.new("RGB", seen.size).save(target, form)

    part = tmp_path / "part"
    part.write_bytes(making.picture("PNG", "LA"))
    assert answer("png", part, tmp_path / "shown") == {"pages": 1}
    monkeypatch.setattr(images, "_paint", black)
    assert answer("png", part, tmp_path / "shown") == {"fault": "unfaithful"}


def sent(world: World, name: str, content: bytes) -> Any:
    """The answer to an upload by the contractor."""
    client = world.client("contractor").http
    return client.post(
        "/documents/upload/",
        {"file": SimpleUploadedFile(name, content)},
        headers={"accept": "application/json"},
    )


@pytest.mark.django_db
def test_g6_both_the_original_and_what_is_shown_are_kept(world: World) -> None:
    taken = samples.jpeg_with_place(orientation=6)
    document = Document.objects.get(pk=sent(world, "现场.jpg", taken).json()["id"])
    assert store.read(document.sha256) == taken
    client = world.client("contractor")
    shown = client.get(f"/documents/{document.pk}/show/")
    saved = client.get(f"/documents/{document.pk}/download/")
    assert b"".join(saved.streaming_content) == taken
    assert b"".join(shown.streaming_content) == store.read(document.shown_sha256) != taken
    assert (saved["X-Document-Digest"], shown["X-Document-Digest"]) == (
        f"sha256:{document.sha256}",
        f"sha256:{document.shown_sha256}",
    )


def test_g8_a_file_locked_against_changes_is_opened_as_everybody_opens_it(tmp_path: Path) -> None:
    locked = {what: content for what, _, content in honest.corpus() if "locked" in what}
    pages = {what: looked(tmp_path, "方案.pdf", content).pages for what, content in locked.items()}
    assert pages == dict.fromkeys(locked, 4)
    assert len(locked) == 5


def test_g9_equations_and_charts_are_taken(tmp_path: Path) -> None:
    taken = {what: content for what, _, content in honest.corpus() if what in ("equation", "chart")}
    sizes = {what: looked(tmp_path, "计算书.docx", content).size for what, content in taken.items()}
    assert sizes == {what: len(content) for what, content in taken.items()}


class Late(subprocess.TimeoutExpired):
    """A parser that the machine gave no time."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__("parser", 60)


@pytest.mark.django_db
def test_g11_a_busy_machine_is_told_as_busy_and_counts_against_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise Late

    monkeypatch.setattr(subprocess, "run", late)
    answer = sent(world, "方案.pdf", samples.pdf(pages=13))
    assert (answer.status_code, answer.json()["reasons"][0]["message"]) == (503, BUSY[0])
    assert RefusedAttempt.objects.count() == 0


def test_g11_a_parser_that_was_killed_says_nothing_about_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = subprocess.CompletedProcess[bytes]([], -9, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: killed)
    with pytest.raises(Busy):
        looked(tmp_path, "方案.pdf", samples.pdf(pages=14))


def test_g11_a_large_tagged_file_is_taken(tmp_path: Path) -> None:
    tagged = honest._tagged(30_000)
    found = looked(tmp_path, "方案.pdf", tagged)
    assert (found.pages, sys.getsizeof(tagged) > 1_000_000) == (1, True)


@pytest.mark.django_db
def test_g15_the_camera_of_a_telephone_is_offered_where_pictures_are_taken(world: World) -> None:
    page = world.client("contractor").get("/documents/upload/").content.decode()
    assert 'accept=".pdf,.docx,.xlsx,image/*"' in page
    templates = (Path(store.__file__).parents[1]).rglob("*.html")
    lists = [
        path.name for path in templates if 'accept="' in (text := path.read_text("utf-8")) and ".jpg" in text
    ]
    assert lists == []
