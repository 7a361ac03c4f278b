"""案件归档: one ZIP with everything of a case, in a fixed order, which an outsider can check by its digests."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.template.loader import render_to_string

from lunheng.cases.models import Case
from lunheng.cases.queries import parties_of
from lunheng.cases.sealing import is_sealed
from lunheng.cases.timeline import TimelineLine, timeline
from lunheng.core.actor import Actor
from lunheng.documents import auditing, store
from lunheng.documents.carrying import carried
from lunheng.documents.models import Document
from lunheng.documents.permissions import may_open
from lunheng.documents.queries import documents_of
from lunheng.jobs import clock
from lunheng.ledger.models import Entry, Payload
from lunheng.ledger.queries import entries_of
from lunheng.ledger.receipts import receipts_of, signed_size
from lunheng.web.wording import write_moment

FORMAT = "lunheng-case-file/1"
MADE = (1980, 1, 1, 0, 0, 0)
"""The moment of every member: the same case gives the same bytes."""

README = """论衡案件归档文件

案件：{reference} {title}
规则：{pack}

目录
  manifest.json   全部文件的名称、SHA-256 摘要、大小、页数和来源
  timeline.html   办理记录：时间、办理人、事项、依据，逐条链接到存证；用浏览器打开，可以打印
  timeline.txt    同上，纯文本
  documents/      案件文件，按进入案件的先后编号；manifest.json 注明 damaged 的，存储中已缺失或被改动，没有附上
  ledger/         存证：NNNN.body.json 是存证正文（逐字节），NNNN.payload.json 是内容及其随机盐，
                  NNNN.tlog-proof 是回执（导出时已有检查点覆盖的各条）
  extra/          抽取记录等核验材料
  verify/         核验程序：两个 Python 程序只要 Python；核验程序.html 用浏览器打开，不联网
  policy.txt      策略文件：相信哪些公钥、要多少见证。须与公告的公钥核对，或换成自己保存的一份

怎样核验
  1. 对每个文件计算 SHA-256，应与 manifest.json 一致。
  2. 对每条存证计算 SHA-256(0x00 ‖ 正文)，应与 manifest.json 中该条的 leaf 一致；正文的 prev 是上一条的 leaf；
     正文的 pay 是以盐为密钥、对“ledger-payload/1”、换行和内容依次相接的字节计算的 HMAC-SHA-256。
     以上两步：python verify/verify_ledger.py case 本文件.zip（或解开后的文件夹）
  3. 每一张回执：python verify/verify_ledger.py receipt ledger/0001.tlog-proof --policy policy.txt；
     一次核验全部回执：python verify/verify_ledger.py case 本文件.zip --policy policy.txt
  4. 抽取记录：python verify/verify_draw.py extra/抽取记录.json
  5. 论证报告为 PDF/A-2b，电子签名可用任何支持 PAdES 的阅读器查看。
"""


def build(case: Case, extra: Mapping[str, bytes], *, actor: Actor | None = None) -> bytes:
    """The ZIP of a case. ``extra`` adds files by name (draw transcripts); ``actor`` leaves out the bytes of files
    that this person may not open and what is sealed to this person yet, and names them in the manifest all the same.

    The caller has asked whether the actor may see the case, and logs the access. The same case, extra and actor give
    the same bytes as long as the log has signed nothing new.
    """
    entries = list(entries_of(case.reference).select_related("payload", "sequence"))
    lines = timeline(case, actor)
    members = dict(_documents(case, actor))
    members |= dict(_ledger(case, entries, actor))
    members |= dict(_receipts(entries))
    members |= {name: (content, {"kind": "verifier"}) for name, content in carried().items()}
    members |= {
        f"extra/{_safe(name)}": (content, {"kind": "extra"}) for name, content in sorted(extra.items())
    }
    members["timeline.txt"] = (_timeline(lines).encode(), {"kind": "timeline"})
    members["timeline.html"] = (_page(case, lines, members), {"kind": "timeline"})
    members["README.txt"] = (_readme(case).encode(), {"kind": "readme"})
    manifest = _manifest(case, members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "README.txt", members.pop("README.txt")[0] or b"")
        _write(archive, "manifest.json", manifest)
        for name in sorted(members):
            content = members[name][0]
            if content is not None:
                _write(archive, name, content)
    return buffer.getvalue()


Member = tuple[bytes | None, dict[str, Any]]
"""Bytes (none when withheld) and what the manifest says of them besides digest and size."""


def _documents(case: Case, actor: Actor | None) -> Iterator[tuple[str, Member]]:
    for number, document in enumerate(documents_of(case), 1):
        is_open = actor is None or may_open(actor, document).is_allowed
        facts = {
            "kind": document.kind,
            "label": document.get_kind_display(),
            "name": document.name,
            "sha256": document.sha256,
            "size": document.size,
            "pages": document.pages,
            "generated": document.is_generated,
            "uploaded_at": document.uploaded_at.isoformat(),
            "withheld": not is_open,
        }
        yield _document_name(number, document), _read(document, facts) if is_open else (None, facts)


def _read(document: Document, facts: dict[str, Any]) -> Member:
    """The bytes; a file that the store has lost is named as lost, and takes the case file from nobody."""
    try:
        return document.read(), facts
    except store.StoreFault as fault:
        auditing.note(fault, clock.now())
        return None, {**facts, "damaged": "missing" if isinstance(fault, store.Missing) else "changed"}


def _document_name(number: int, document: Document) -> str:
    return f"documents/{number:03d}-{_safe(document.name)}"


def _ledger(case: Case, entries: list[Entry], actor: Actor | None) -> Iterator[tuple[str, Member]]:
    for entry in entries:
        stem = _stem(entry.subject_number)
        facts = {"kind": "entry", "event": entry.event, "leaf": bytes(entry.leaf_sha256).hex()}
        yield f"{stem}.body.json", (bytes(entry.body), facts)
        sealed = is_sealed(actor, case, entry.event, json.loads(bytes(entry.body)))
        told = {"kind": "payload", "event": entry.event, **({"withheld": True} if sealed else {})}
        yield f"{stem}.payload.json", (None if sealed else salted(entry.payload), told)


def _receipts(entries: list[Entry]) -> Iterator[tuple[str, Member]]:
    """A receipt for every entry that the newest checkpoint covers; the others get theirs later, on the site."""
    for entry, receipt in receipts_of(entries):
        facts = {"kind": "receipt", "event": entry.event, "number": receipt.index}
        yield f"{_stem(entry.subject_number)}.tlog-proof", (receipt.render(), facts)


def _stem(number: int) -> str:
    return f"ledger/{number:04d}"


def salted(payload: Payload) -> bytes:
    """Content and salt of an entry in one file; both empty when the content was erased."""
    salt = bytes(payload.salt).hex() if payload.salt is not None else None
    erased = payload.erased_at.isoformat() if payload.erased_at else None
    return _json({"salt": salt, "content": payload.content, "erased_at": erased})


def _timeline(lines: list[TimelineLine]) -> str:
    written = (
        f"{line.number:>4}  {write_moment(line.at)}  {line.role} {line.actor}  {line.label}  {line.clause}".rstrip()
        for line in lines
    )
    return "\n".join(written) + "\n"


def _page(case: Case, lines: list[TimelineLine], members: Mapping[str, Member]) -> bytes:
    """The timeline for people: one page that needs no network, each line with what proves it beside it in the file."""
    rows = [
        {
            "line": line,
            "links": [
                (label, f"{_stem(line.number)}.{kind}")
                for kind, label in (
                    ("tlog-proof", "回执"),
                    ("body.json", "正文"),
                    ("payload.json", "内容和盐"),
                )
                if members.get(f"{_stem(line.number)}.{kind}", (None, {}))[0] is not None
            ],
        }
        for line in lines
    ]
    damaged = auditing.damaged_of(case)
    shown = {"case": case, "rows": rows, "covered": signed_size(), "damaged": damaged}
    return render_to_string("documents/timeline.html", shown).encode()


def _readme(case: Case) -> str:
    pack = f"{case.pack.title}（{case.pack.version}，{case.pack_id}）" if case.pack else "未绑定政策包"
    return README.format(reference=case.reference, title=case.title, pack=pack)


def _manifest(case: Case, members: Mapping[str, Member]) -> bytes:
    parties = [[party.role, party.organization.code, party.organization.name] for party in parties_of(case)]
    return _json(
        {
            "format": FORMAT,
            "case": {
                "reference": case.reference,
                "title": case.title,
                "state": case.state,
                "pack": case.pack_id,
                "opened_at": case.opened_at.isoformat(),
                "entries": case.entry_count,
                "last_leaf": case.last_leaf,
                "parties": parties,
            },
            "files": [{"path": path, **_measured(members[path])} for path in sorted(members)],
        }
    )


def _measured(member: Member) -> dict[str, Any]:
    content, facts = member
    if content is None:
        return facts
    return {**facts, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _safe(name: str) -> str:
    """The name without anything that a file system could take for a way."""
    return name.replace("/", "_").replace("\\", "_").lstrip(".") or "_"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, MADE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    archive.writestr(member, content)
