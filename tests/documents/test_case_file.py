"""The case file: everything of a case in one ZIP that an outsider can check."""

import hashlib
import hmac
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
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
from lunheng.ledger.queries import entries_of
from tests.conftest import OPENING
from tests.documents import samples
from tests.factories.world import World
from tests.ledger.conftest import Site, site  # noqa: F401
from tests.ledger.factory import following

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


@act("opinion.noted/1", is_public=False)
def note_opinion(*, case_id: int, actor: Actor, at: Any) -> Entry:
    """Enter what parties may not read before the meeting."""
    return lock(case_id).enter(actor=actor, at=at, data={"label": "提交意见"})


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
        "timeline.html",
        "timeline.txt",
        "verify/verify_draw.py",
        "verify/verify_ledger.py",
        "verify/核验程序.html",
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
    names = [name for name in members(build(case, {})) if not name.startswith("verify/")]
    assert names == ["README.txt", "manifest.json", "timeline.html", "timeline.txt"]


# What the log has signed


def sign(site: Site) -> None:  # noqa: F811
    """Number and sign what was entered, with a witness."""
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)


def unpacked(content: bytes, folder: Path) -> Path:
    """The case file as a folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def verify(*arguments: object, folder: Path) -> int:
    """Run the verifier that lies in the case file, with the standard library alone."""
    program = str(folder / "verify" / "verify_ledger.py")
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, *map(str, arguments)], capture_output=True, check=False, cwd="/"
    )
    return done.returncode


def test_every_entry_that_a_checkpoint_covers_has_its_receipt(filled: Case, site: Site) -> None:  # noqa: F811
    before = [name for name in members(build(filled, {})) if name.endswith(".tlog-proof")]
    sign(site)
    after = [name for name in members(build(filled, {})) if name.endswith(".tlog-proof")]
    assert (before, after) == ([], ["ledger/0001.tlog-proof", "ledger/0002.tlog-proof"])


def test_the_file_brings_all_that_is_needed_to_verify_it(
    filled: Case,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    sign(site)
    content = build(filled, {})
    packed, folder = tmp_path / "case.zip", unpacked(content, tmp_path / "case")
    packed.write_bytes(content)
    policy = folder / "policy.txt"
    payload = json.loads((folder / "ledger/0002.payload.json").read_bytes())
    told = tmp_path / "told.json"
    told.write_text(payload["content"], "utf-8")
    receipt = ("receipt", folder / "ledger/0002.tlog-proof", "--policy", policy)
    commands = [
        ("case", packed),
        ("case", packed, "--policy", policy),
        ("case", folder),
        ("case", folder, "--policy", policy),
        (*receipt, "--payload", told, "--salt", payload["salt"]),
    ]
    assert [verify(*command, folder=folder) for command in commands] == [0, 0, 0, 0, 0]


def test_a_receipt_of_another_entry_is_found_out(filled: Case, site: Site, tmp_path: Path) -> None:  # noqa: F811
    sign(site)
    folder = unpacked(build(filled, {}), tmp_path / "case")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    second = (folder / "ledger/0002.tlog-proof").read_bytes()
    (folder / "ledger/0001.tlog-proof").write_bytes(second)
    line = next(one for one in manifest["files"] if one["path"] == "ledger/0001.tlog-proof")
    line["sha256"] = hashlib.sha256(second).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert verify("case", folder, folder=folder) == 1


def test_receipts_that_another_log_signed_do_not_meet_the_policy(
    filled: Case,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    sign(site)
    folder = unpacked(build(filled, {}), tmp_path / "case")
    other, _ = following(tmp_path / "other")
    policy = tmp_path / "other.txt"
    policy.write_text(f"log {other.key.key}\nquorum none\n", "utf-8")
    assert [
        verify("case", folder, folder=folder),
        verify("case", folder, "--policy", policy, folder=folder),
    ] == [0, 3]


def test_the_timeline_can_be_read_without_a_network_and_leads_to_each_proof(filled: Case, site: Site) -> None:  # noqa: F811
    sign(site)
    content = members(build(filled, {}))
    page = content["timeline.html"].decode()
    links = re.findall(r'href="([^"]*)"', page)
    assert [link for link in links if link not in content] == []
    signed = [f"已签发 #{entry.sequence.number}" for entry in entries_of(filled.reference)]
    words = ("提交方案", "《虚构办法》第一条", *signed, "http://", "https://")
    assert [page.count(one) for one in words] == [2, 2, 1, 1, 0, 0]


def test_content_that_is_sealed_to_its_holder_is_not_in_the_file(
    filled: Case,
    site: Site,  # noqa: F811
    world: World,
) -> None:
    note_opinion(case_id=filled.pk, actor=world.actor("expert:0"), at=OPENING)
    case = Case.objects.get(pk=filled.pk)
    sign(site)
    content = build(case, {}, actor=world.actor("contractor"))
    assert [name for name in members(content) if name.startswith("ledger/0003")] == [
        "ledger/0003.body.json",
        "ledger/0003.tlog-proof",
    ]
    assert "内容尚未公开" in members(content)["timeline.html"].decode()
