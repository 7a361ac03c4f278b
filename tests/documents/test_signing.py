"""Each expert signs the report with a key of their own; what is changed afterwards shows."""

import asyncio
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lunheng.documents import signing
from lunheng.documents.rendering import render
from lunheng.documents.signing import seals
from tests.conftest import OPENING
from tests.documents import samples

FIRST, SECOND = ("虚构·甲", "a" * 32), ("穆罕默德·买买提·阿卜杜拉", "b" * 32)


@pytest.fixture(autouse=True)
def own_seals(tmp_path: Path) -> Iterator[None]:
    """Seals whose root belongs to the test."""
    seals.install(seals.DevelopmentSeals(tmp_path / "seals"))
    yield
    seals.install(None)


@pytest.fixture(scope="module")
def report() -> bytes:
    """A report as the platform makes it."""
    return render("report", {"title": "专家论证报告", "number": "LZBG-1", "conclusion": "修改后通过"})


def sign(pdf: bytes, person: tuple[str, str], at: datetime = OPENING) -> bytes:
    """One person signs."""
    return signing.sign(pdf, name=person[0], reference=person[1], at=at)


def test_every_expert_signs_and_every_signature_holds(report: bytes) -> None:
    later = OPENING + timedelta(minutes=7)
    signed = sign(sign(report, FIRST), SECOND, later)
    checks = signing.verify(signed)
    assert [(check.name, check.reference, check.signed_at, check.holds, check.fault) for check in checks] == [
        (*FIRST, OPENING, True, ""),
        (*SECOND, later, True, ""),
    ]


def test_signing_keeps_the_bytes_that_were_there(report: bytes) -> None:
    once = sign(report, FIRST)
    assert (once.startswith(report), sign(once, SECOND).startswith(once)) == (True, True)


def test_an_unsigned_report_has_no_signature(report: bytes) -> None:
    assert signing.verify(report) == []


def test_a_changed_byte_breaks_the_signature(report: bytes) -> None:
    signed = bytearray(sign(report, FIRST))
    place = report.index(b"stream") + 40
    signed[place] ^= 1
    assert [(check.holds, check.fault) for check in signing.verify(bytes(signed))] == [
        (False, "签名后文件内容被改动，签名不成立")
    ]


def test_content_added_after_the_signature_shows(report: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sign(report, FIRST)))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"] = writer.add_object(DictionaryObject({pdf_name("/Contents"): pdf_string("不通过")}))  # type: ignore[no-untyped-call]
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)  # type: ignore[no-untyped-call]
    assert [(check.is_intact, check.fault) for check in signing.verify(output.getvalue())] == [
        (True, "签名之后又添加了签名以外的内容")
    ]


def test_nobody_signs_twice(report: bytes) -> None:
    with pytest.raises(signing.SignedAlready):
        sign(sign(report, FIRST), FIRST)


def test_a_signature_under_another_root_is_not_trusted(report: bytes, tmp_path: Path) -> None:
    signed = sign(report, FIRST)
    seals.install(seals.DevelopmentSeals(tmp_path / "others"))
    assert [(check.is_intact, check.fault) for check in signing.verify(signed)] == [
        (True, "签名证书不是本平台认可的证书")
    ]


def test_every_signature_has_a_key_of_its_own() -> None:
    def key() -> bytes:
        signer = seals.seals().signer(name=FIRST[0], reference=FIRST[1], at=OPENING)
        assert signer.signing_cert is not None
        return bytes(signer.signing_cert.public_key.dump())

    assert key() != key()


def test_the_root_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    root = tmp_path / "seals" / "root.pem"
    roots = [certificate.dump() for _ in range(2) for certificate in seals.seals().roots()]
    assert (roots[0] == roots[1], root.stat().st_mode & 0o777, len(list(root.parent.iterdir()))) == (
        True,
        0o600,
        1,
    )


@pytest.mark.parametrize("content", [b"", b"not a document", samples.pdf()[:60]])
def test_what_is_no_pdf_is_not_looked_at(content: bytes) -> None:
    with pytest.raises(signing.UnreadableDocument):
        signing.verify(content)


def test_signing_works_where_an_event_loop_is_running(report: bytes) -> None:
    async def within() -> list[bool]:
        return [check.holds for check in signing.verify(sign(report, FIRST))]

    with ThreadPoolExecutor(max_workers=1) as threads:
        assert threads.submit(lambda: asyncio.run(within())).result() == [True]
