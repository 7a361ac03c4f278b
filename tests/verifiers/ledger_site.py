"""A small log on paper: fixed keys, entries, checkpoints and receipts, without a database."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lunheng.core.ledger import EMPTY_LEAF, Body, canonical, commitment, leaf_hash, make_body
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.ledger.hashing import SHA256, SM3, Hashing
from lunheng.core.ledger.note import COSIGNATURE, LOG, SM2, Checkpoint, Note
from lunheng.core.ledger.proof import Extension, Receipt
from lunheng.core.ledger.tiles import bundle, grow, tile_path, tiles_of
from lunheng.core.ledger.tree import consistency_proof, inclusion_proof, root_of
from lunheng.ledger.keys import SigningKey

ORIGIN = "log.example/ledger"
SEEN = 1_764_000_000
"""When the witnesses cosigned (Unix time)."""
LOG_KEY = SigningKey(ORIGIN, LOG, b"\x01" * 32)
WITNESSES = (
    SigningKey("witness.example/w1", COSIGNATURE, b"\x02" * 32),
    SigningKey("见证.example/w2", COSIGNATURE, b"\x03" * 32),
)
SECOND_KEY = SigningKey(f"{ORIGIN}/sm3", SM2, b"\x04" * 32)
"""Signs the second tree; asking for its public key needs the package of the extra ``sm2``."""
STRANGER = SigningKey(ORIGIN, LOG, b"\x09" * 32)
"""Signs in the log's name with a key that nobody knows."""
POLICY = (
    f"# whom we believe\nlog {LOG_KEY.key}\nwitness W1 {WITNESSES[0].key} https://w1.example\n"
    f"witness W2 {WITNESSES[1].key}\ngroup both all W1 W2\nquorum both\n"
)
PLAN = b"%PDF-1.7 a plan of nobody"
SALT = b"\x05" * 32
CONTENT: dict[str, JsonValue] = {"label": "提交方案", "n": 1, "notes": ["一", None, True]}


@dataclass(frozen=True)
class PaperLog:
    """Bodies in the order of the log, in one of its trees."""

    bodies: tuple[bytes, ...]
    by: Hashing = SHA256
    own: SigningKey = LOG_KEY

    @property
    def leaves(self) -> list[bytes]:
        """Their leaf hashes."""
        return [self.by.leaf(body) for body in self.bodies]

    def nodes(self, level: int, index: int) -> bytes:
        """The root of a perfect subtree."""
        return root_of(self.leaves[index << level : (index + 1) << level], self.by)

    def checkpoint(self, size: int, *, key: SigningKey | None = None, witnesses: int = 2) -> bytes:
        """Signed by the log's own key, or another, and cosigned by as many witnesses."""
        key = key or self.own
        text = str(Checkpoint(self.own.name, size, root_of(self.leaves[:size], self.by)))
        cosigned = [one.sign(text, seconds=SEEN + number) for number, one in enumerate(WITNESSES[:witnesses])]
        return str(Note(text, (key.sign(text), *cosigned))).encode()

    def receipt(self, index: int, size: int, checkpoint: bytes | None = None) -> bytes:
        """The ``.tlog-proof`` of an entry."""
        path = inclusion_proof(index, size, self.nodes, self.by)
        return Receipt(self.bodies[index], index, path, checkpoint or self.checkpoint(size)).render()

    def extension(self, old: int, new: int) -> bytes:
        """What a witness is asked."""
        return Extension(old, consistency_proof(old, new, self.nodes, self.by), self.checkpoint(new)).render()

    def export(self, folder: Path) -> Path:
        """The static files of the log, as an export writes them."""
        tiles: dict[tuple[int, int], bytes] = {}
        size = grow(0, self.leaves, tiles, self.by)
        for level, index, width in tiles_of(size):
            put(folder / "tile" / tile_path(level, index, width), tiles[level, index])
            if level == 0:
                bodies = self.bodies[index * 256 : index * 256 + width]
                put(folder / "tile" / tile_path("entries", index, width), bundle(bodies))
        put(folder / "checkpoint", self.checkpoint(size))
        return folder


def put(file: Path, content: bytes) -> Path:
    """Write a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def paper_log(count: int) -> PaperLog:
    """A log of two cases that take turns; every entry names the plan and commits to the same content."""
    last = {"CS-0001": (0, EMPTY_LEAF), "CS-0002": (0, EMPTY_LEAF)}
    bodies: list[bytes] = []
    for place in range(count):
        subject = f"CS-000{1 + place % 3 // 2}"
        number, previous = last[subject]
        bodies.append(make_body(_body(place, subject, number + 1, previous)))
        last[subject] = (number + 1, leaf_hash(bodies[-1]).hex())
    return PaperLog(tuple(bodies))


def _body(place: int, subject: str, number: int, previous: str) -> Body:
    digest = hashlib.sha256(PLAN).hexdigest()
    return Body(
        log=ORIGIN,
        id=f"00000000-0000-7000-8000-{place:012d}",
        at=datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=place),
        tenant="370200",
        type="plans.submitted/1",
        subject=subject,
        n=number,
        prev=previous,
        actor="tester",
        role="contractor",
        auth="",
        req=f"r{place}",
        pay=commitment(SALT, canonical(CONTENT)),
        files=[{"sha256": digest, "size": len(PLAN)}],
    )


def changed(body: bytes, **fields: Any) -> bytes:
    """The body with other fields, spelled as Python spells them, whether or not that is allowed."""
    return json.dumps(
        {**json.loads(body), **fields}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def with_body(log: PaperLog, place: int, *bodies: bytes) -> PaperLog:
    """The log with these bodies in the place of one."""
    return replace(log, bodies=(*log.bodies[:place], *bodies, *log.bodies[place + 1 :]))


def second_tree(log: PaperLog) -> PaperLog:
    """The same entries in the same order, hashed with SM3 and signed with SM2."""
    return replace(log, by=SM3, own=SECOND_KEY)


def case_members(bodies: Sequence[bytes], extra: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """What a case file of these entries holds: bodies, contents with their salts, and what is added."""
    content = {"salt": SALT.hex(), "content": canonical(CONTENT).decode(), "erased_at": None}
    members = {"README.txt": "论衡案件归档文件".encode(), **(extra or {})}
    for number, body in enumerate(bodies, 1):
        members[f"ledger/{number:04d}.body.json"] = body
        members[f"ledger/{number:04d}.payload.json"] = json.dumps(content).encode()
    return members


def case_manifest(bodies: Sequence[bytes], members: Mapping[str, bytes]) -> dict[str, Any]:
    """What a case file says of itself."""
    files = [_listed(name, content) for name, content in sorted(members.items())]
    last = leaf_hash(bodies[-1]).hex() if bodies else EMPTY_LEAF
    case = {"reference": "CS-0001", "entries": len(bodies), "last_leaf": last}
    return {"format": "lunheng-case-file/1", "case": case, "files": files}


def _listed(name: str, content: bytes) -> dict[str, Any]:
    facts = {"kind": "receipt" if name.endswith(".tlog-proof") else "other"}
    if name.endswith(".body.json"):
        facts = {"kind": "entry", "leaf": leaf_hash(content).hex()}
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), **facts}


def zipped(manifest: object, members: Mapping[str, bytes]) -> bytes:
    """The case file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def case_file(bodies: Sequence[bytes], extra: Mapping[str, bytes] | None = None) -> bytes:
    """A case file in which everything holds."""
    members = case_members(bodies, extra)
    return zipped(case_manifest(bodies, members), members)
