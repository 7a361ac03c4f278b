"""The case file: everything of a case in one ZIP that an outsider can check."""

import hashlib
import hmac
import io
import json
import zipfile
from typing import Any

import pytest

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.documents.case_file import build
from lunheng.documents.models import Document
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry
from tests.documents import samples
from tests.factories.world import World

pytestmark = pytest.mark.django_db

EXTRA = {"draw-1.json": b'{"seed": "00"}', "../draw-2.json": b"{}"}


@act("trial.filed/1", is_public=False)
def file_document(*, case_id: int, document_id: int, kind: str, actor: Actor, at: Any) -> Entry:
    """Bind a file, as any act does."""
    case = lock(case_id)
    document = Document.objects.get(pk=document_id)
    document.bind(case, kind, actor=actor, at=at)
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "提交方案", "clause": "《虚构办法》第一条", "document": document.sha256},
    )


@pytest.fixture
def filled(case: Case, clock: FixedClock) -> Case:
    """The case with a plan of three pages and a sign-in sheet."""
    for name, pages, kind in (("方案.pdf", 3, "plan"), ("签到表.pdf", 1, "sign_in")):
        document = Document.generate(
            name=name, content=samples.pdf(pages), kind=kind, at=clock.now(), pages=pages
        )
        file_document(
            case_id=case.pk, document_id=document.pk, kind=kind, actor=Actor.system(), at=clock.now()
        )
    return Case.objects.get(pk=case.pk)


def members(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_of(content: bytes) -> dict[str, Any]:
    """The manifest of a case file."""
    read: dict[str, Any] = json.loads(members(content)["manifest.json"])
    return read


def test_it_holds_documents_ledger_and_what_the_caller_adds(filled: Case) -> None:
    assert list(members(build(filled, EXTRA))) == [
        "README.txt",
        "manifest.json",
        "documents/001-方案.pdf",
        "documents/002-签到表.pdf",
        "extra/_draw-2.json",
        "extra/draw-1.json",
        "ledger/0001.body.json",
        "ledger/0001.payload.json",
        "ledger/0002.body.json",
        "ledger/0002.payload.json",
        "timeline.txt",
    ]


def test_every_file_has_its_digest_in_the_manifest(filled: Case) -> None:
    content = build(filled, EXTRA)
    found = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in members(content).items()
        if name != "manifest.json"
    }
    assert {line["path"]: line["sha256"] for line in manifest_of(content)["files"]} == found


def test_the_manifest_counts_pages(filled: Case) -> None:
    files = manifest_of(build(filled, {}))["files"]
    assert [(line["name"], line["pages"]) for line in files if "pages" in line] == [
        ("方案.pdf", 3),
        ("签到表.pdf", 1),
    ]


def test_the_ledger_can_be_recomputed_from_it(filled: Case) -> None:
    content = build(filled, {})
    files, previous = members(content), "0" * 64
    for number in (1, 2):
        body = files[f"ledger/{number:04d}.body.json"]
        payload = json.loads(files[f"ledger/{number:04d}.payload.json"])
        parsed = json.loads(body)
        told = b"ledger-payload/1\n" + payload["content"].encode()
        committed = hmac.new(bytes.fromhex(payload["salt"]), told, hashlib.sha256).hexdigest()
        assert (parsed["prev"], parsed["pay"]) == (previous, committed)
        previous = hashlib.sha256(b"\0" + body).hexdigest()
    assert manifest_of(content)["case"]["last_leaf"] == previous


def test_the_timeline_says_who_did_what_by_which_clause(filled: Case) -> None:
    lines = members(build(filled, {}))["timeline.txt"].decode().splitlines()
    assert lines[0] == "   1  2026年11月24日（周二）09:00  系统 系统  提交方案  《虚构办法》第一条"


def test_the_same_case_gives_the_same_bytes(filled: Case) -> None:
    assert build(filled, EXTRA) == build(Case.objects.get(pk=filled.pk), dict(reversed(EXTRA.items())))


def test_who_may_not_open_a_file_sees_that_it_exists(filled: Case, world: World) -> None:
    content = build(filled, {}, actor=world.actor("expert:0"))
    plan = next(line for line in manifest_of(content)["files"] if line.get("name") == "方案.pdf")
    assert (plan["withheld"], plan["sha256"]) == (True, hashlib.sha256(samples.pdf(3)).hexdigest())
    assert [name for name in members(content) if name.startswith("documents/")] == [
        "documents/002-签到表.pdf"
    ]


def test_a_case_without_anything_is_still_a_file(case: Case) -> None:
    assert list(members(build(case, {}))) == ["README.txt", "manifest.json", "timeline.txt"]
