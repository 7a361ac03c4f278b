"""Paper leads to the log: what the platform draws up carries the code and the digits of the entry that it belongs to."""

import subprocess
from pathlib import Path
from uuid import UUID

import pytest
import segno
from django.conf import settings
from PIL import Image

from lunheng.documents.models import Document
from lunheng.documents.proofs import Proof, printed_proof, proof_of
from lunheng.documents.rendering import render
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry
from lunheng.ledger.receipts import consequences, digits_of, files_of
from tests.documents.test_rendering import FACTS, text_of
from tests.factories.story import Story
from tests.factories.world import build

PROOF = Proof(UUID("0196b2c4-0000-7000-8000-000000000001"), "0123456789abcdef" * 2)
DOTS = 300
CENTIMETER = DOTS / 2.54
MARGIN, TOP, SIDE = 2.3 * CENTIMETER, 2.6 * CENTIMETER, 2.2 * CENTIMETER
"""Where the code is on the page: below the upper margin, against the right one."""


def read_code(pdf: bytes, folder: Path) -> list[list[bool]]:
    """The modules of the code as a camera sees them on the first page."""
    source = folder / "document.pdf"
    source.write_bytes(pdf)
    page = folder / "page"
    subprocess.run(["pdftoppm", "-gray", "-r", str(DOTS), "-singlefile", source, page], check=True)
    with Image.open(page.with_suffix(".pgm")) as picture:
        right = picture.width - MARGIN
        dark = picture.crop((int(right - SIDE), int(TOP - 4), int(right + 4), int(TOP + SIDE + 4))).point(
            lambda value: 255 * (value < 128)
        )
    code = dark.crop(dark.getbbox())
    # The finder pattern in the corner is seven modules wide: so many modules has the code.
    finder = next(x for x in range(code.width) if not code.getpixel((x, 2)))
    count = round(code.width * 7 / finder)
    step = code.width / count
    middles = [int((at + 0.5) * step) for at in range(count)]
    return [[bool(code.getpixel((x, y))) for x in middles] for y in middles]


def code_of(text: str) -> list[list[bool]]:
    """The modules of the code that says this."""
    return [[bool(module) for module in row] for row in segno.make(text, error="m").matrix]


@pytest.mark.parametrize("template", FACTS)
def test_a_document_carries_code_and_digits_of_its_entry(template: str, tmp_path: Path) -> None:
    pdf = render(template, {**FACTS[template], "proof": PROOF.printed})
    assert read_code(pdf, tmp_path) == code_of(PROOF.address)
    assert PROOF.digits in text_of(pdf, tmp_path)


def test_the_address_on_paper_is_that_of_the_public_page() -> None:
    address = f"{settings.SITE_ADDRESS}/ledger/receipt/{PROOF.entry_id}/"
    assert PROOF.address == f"{address}#{PROOF.digits}"


@pytest.mark.django_db
def test_a_document_of_no_entry_carries_none() -> None:
    assert [printed_proof(None), printed_proof(PROOF.entry_id)] == [{}, {}]


@pytest.mark.django_db
def test_every_document_of_a_review_leads_from_paper_to_its_digest(clock: FixedClock, tmp_path: Path) -> None:
    """Opinion sheets, sign-in sheet, report: the code names the entry of the act, whose page names the later entry with
    the digest of this very file."""
    story = Story(build("qingdao", experts=8), clock)
    story.ready()
    story.panel()
    story.prereview()
    story.meeting()
    story.gather()
    story.start_meeting()
    story.vote()
    story.end_meeting()
    story.sweep()
    story.compile()
    story.sweep()
    documents = list(Document.objects.filter(is_generated=True, case_id=story.case_id))
    assert {document.kind for document in documents} == {"opinion_form", "sign_in", "report"}
    for document in documents:
        joined = Entry.objects.get(pk__in=[e.pk for e in Entry.objects.all() if document.sha256 in told(e)])
        origin = next(e for e in Entry.objects.all() if joined.pk in [one.pk for one in consequences(e)])
        pdf = document.read()
        assert digits_of(origin) in text_of(pdf, tmp_path)
        assert read_code(pdf, tmp_path) == code_of(proof_of(origin).address)


def told(entry: Entry) -> set[str | int]:
    """The digests of the files that an entry names."""
    return {file["sha256"] for file in files_of(entry)}
