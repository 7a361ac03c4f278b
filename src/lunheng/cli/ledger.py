"""``lunheng ledger``, ``signer`` and ``witness``: whether the log holds, who signs it, who watches it."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.cli.django import set_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lunheng.core.ledger.note import Checkpoint as Statement
    from lunheng.core.ledger.note import Key
    from lunheng.ledger.memory import Memory
    from lunheng.ledger.models import Tree
    from lunheng.ledger.signer import Signer
    from lunheng.ledger.witness import Witness

OUTSIDE = ("receipt", "checkpoint", "extend", "audit", "compare", "case")
"""Checks of the carry-away verifier, which need neither database nor settings."""


def add_commands(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Register ``ledger``, ``signer`` and ``witness``."""
    group = subparsers.add_parser("ledger", help="存证：核验、回执、检查点").add_subparsers(
        required=True, metavar="命令"
    )
    verify = group.add_parser("verify", help="重算每个案件的存证链和内容承诺；有误则列出案件与序号，退出码 1")
    verify.add_argument("--case", help="只核验一个案件编号")
    verify.set_defaults(run=run_verify)
    reconcile = group.add_parser(
        "reconcile", help="将业务表与存证逐行核对；有出入则列出表、行、字段，退出码 1"
    )
    reconcile.set_defaults(run=run_reconcile)
    adopt = group.add_parser("adopt", help="为没有存证的已有数据留一次存证（数据早于存证、迁移之后用）")
    adopt.add_argument(
        "--confirm", action="store_true", help="已有行为留痕之后：逐行查明列出的各行从何而来，仍要接收"
    )
    adopt.set_defaults(run=run_adopt)
    for name in OUTSIDE:
        check = group.add_parser(name, help=f"同公开核验程序 verify_ledger.py {name}", add_help=False)
        check.add_argument("arguments", nargs=argparse.REMAINDER)
        check.set_defaults(run=run_check, command=name)
    _add_exchange(group)
    _add_signer(subparsers)
    _add_witness(subparsers)


def _add_exchange(group: argparse._SubParsersAction[Any]) -> None:
    status = group.add_parser("status", help="日志条数、检查点、见证；有逾期则退出码 1")
    status.set_defaults(run=run_status)
    export = group.add_parser("export", help="将已签名的日志写成静态文件，可交付镜像或核验")
    export.add_argument("folder", type=Path, metavar="目录")
    export.set_defaults(run=run_export)
    request = group.add_parser("request", help="写出请见证方签名的文件（用于不联网的见证方）")
    request.add_argument("--old", type=int, required=True, help="见证方上次签名的条数，首次为 0")
    request.add_argument("--out", type=Path, required=True, help="写入的文件")
    request.set_defaults(run=run_request)
    attach = group.add_parser("attach", help="收下见证方交回的签名文件")
    attach.add_argument("file", type=Path, metavar="文件")
    attach.set_defaults(run=run_attach)


def _add_signer(subparsers: argparse._SubParsersAction[Any]) -> None:
    signer = subparsers.add_parser("signer", help="签名程序：只为延续已签历史的检查点签名")
    signer.add_argument("--folder", type=Path, help="密钥和状态所在目录（默认 var/signer）")
    signer.add_argument("--development", action="store_true", help="开发用：与网站同一用户，并写出策略文件")
    signer.add_argument(
        "--begin",
        type=Path,
        metavar="检查点文件",
        help="状态丢失又没有备份：从这个已由本密钥签名的检查点接着签，然后退出（两人在场）",
    )
    signer.add_argument(
        "--rotate", action="store_true", help="更换密钥：新旧两把共同签署声明，记入日志，然后退出"
    )
    signer.add_argument(
        "--second", action="store_true", help="与 --rotate 同用：更换第二棵树（SM3/SM2）的密钥"
    )
    signer.set_defaults(run=run_signer)


def _add_witness(subparsers: argparse._SubParsersAction[Any]) -> None:
    witness = subparsers.add_parser("witness", help="见证程序：记住见过的检查点，只为其延续签名")
    witness.add_argument("--name", required=True, help="见证方名称，例如 jw.example.gov.cn/w1")
    witness.add_argument("--folder", type=Path, required=True, help="密钥和状态所在目录")
    witness.add_argument("--policy", type=Path, required=True, help="策略文件：认识哪些日志")
    way = witness.add_mutually_exclusive_group(required=True)
    way.add_argument("--serve", metavar="地址:端口", help="在网络上接受请求")
    way.add_argument("--in", dest="request", type=Path, metavar="文件", help="处理一个请求文件")
    way.add_argument(
        "--begin",
        type=Path,
        metavar="检查点文件",
        help="状态丢失又没有备份：从这个已有本见证方签名的检查点接着记，然后退出（两人在场）",
    )
    way.add_argument("--key", action="store_true", help="只显示公钥")
    witness.add_argument("--out", type=Path, metavar="文件", help="签名写入的文件（与 --in 同用）")
    witness.add_argument(
        "--new-log",
        action="append",
        default=[],
        metavar="日志名",
        help="策略新增的日志：本见证方从未为它签过名，从头记起",
    )
    witness.set_defaults(run=run_witness)


def run_verify(options: argparse.Namespace) -> int:
    """Re-hash every chain; print each fault with its file and number."""
    set_up()
    from lunheng.cases.queries import chain_faults
    from lunheng.ledger.queries import subjects

    names = [options.case] if options.case else list(subjects())
    faults = [fault for name in names for fault in chain_faults(name)]
    for fault in faults:
        print(f"{fault.subject} 第 {fault.number} 条：{fault.reason}")
    print(f"核验案件 {len(names)} 个，发现问题 {len(faults)} 处")
    return 1 if faults else 0


def run_reconcile(options: argparse.Namespace) -> int:
    """Lay the business tables beside the entries; print each difference, and before them what was taken over unproven."""
    set_up()
    from lunheng.clockwork.reconcile import compare
    from lunheng.documents import auditing
    from lunheng.documents.models import DamagedFile
    from lunheng.jobs import clock
    from lunheng.ledger import registers

    for taken in registers.taken_over():
        print(taken)
    found = compare(clock.now())
    for difference in found:
        print(difference)
    auditing.audit_all(clock.now())
    damaged = list(DamagedFile.objects.filter(mended_at__isnull=True))
    for one in damaged:
        print(f"文件 {one}")
    print(f"发现出入 {len(found) + len(damaged)} 处")
    return 1 if found or damaged else 0


def run_adopt(options: argparse.Namespace) -> int:
    """Enter rows that were there before the ledger; rows that an entry knows already stay as they were entered.

    Once acts have been entered, a row that no entry knows was written behind them: it is listed, and taken over only
    when somebody answers for it.
    """
    set_up()
    from lunheng.jobs import clock
    from lunheng.ledger import registers

    behind = registers.behind_the_acts()
    for table, key in behind:
        print(f"表 {table} 第 {key} 行：没有对应的存证")
    if behind and not options.confirm:
        return _fail(f"已有行为留痕，{len(behind)} 行是在行为之外写入的，未接收；查明来源后加 --confirm", 1)
    taken = registers.take_over(clock.now(), keeps_notes=registers.is_living())
    print(f"已为 {taken} 行留存证")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """What an outsider would run; exit codes 0 to 4 as the program states."""
    from lunheng.verifiers import verify_ledger

    return verify_ledger.main([options.command, *options.arguments])


def run_status(options: argparse.Namespace) -> int:
    """How far the log is; 1 when something is overdue."""
    set_up()
    from lunheng.documents import auditing
    from lunheng.jobs import clock
    from lunheng.ledger import log, publisher
    from lunheng.ledger.alarms import alarms
    from lunheng.ledger.models import Pending

    print(f"已编号 {log.size()} 条，待编号 {Pending.objects.count()} 条")
    checkpoint = log.published()
    if checkpoint is not None:
        names = "、".join(one.witness for one in checkpoint.cosignatures.all()) or "无"
        print(f"检查点 {checkpoint.size} 条，{checkpoint.signed_at:%Y-%m-%d %H:%M:%S %Z}，见证：{names}")
    try:
        overdue = [*alarms(clock.now(), publisher.policy()), *auditing.alarms()]
    except (OSError, ValueError) as error:
        return _fail(f"策略文件不能用：{error}", 2)
    for alarm in overdue:
        print(f"告警：{alarm}")
    return 1 if overdue else 0


def run_export(options: argparse.Namespace) -> int:
    """Write the published log as static files."""
    set_up()
    from lunheng.ledger import log, publisher, trees

    try:
        files = sum(publisher.export(options.folder / trees.FOLDERS[tree], tree) for tree in trees.in_use())
        print(f"已写出 {files} 个文件")
    except log.NotInLog:
        return _fail("还没有已签名的检查点", 4)
    return 0


def run_request(options: argparse.Namespace) -> int:
    """Write the request for a witness that is reached by files."""
    set_up()
    from lunheng.ledger import log, publisher

    checkpoint = log.published()
    if checkpoint is None or not 0 <= options.old <= checkpoint.size:
        return _fail("没有这样的检查点", 4)
    options.out.write_bytes(publisher.extension(options.old, checkpoint).render())
    print(f"请见证方处理 {options.out}（检查点 {checkpoint.size} 条）")
    return 0


def run_attach(options: argparse.Namespace) -> int:
    """Keep cosignatures that came in a file, each under the checkpoint that it is of: the log has grown meanwhile."""
    set_up()
    from lunheng.jobs import clock
    from lunheng.ledger import log, publisher

    if log.published() is None:
        return _fail("还没有已签名的检查点", 4)
    lines, witnesses = options.file.read_text("utf-8"), publisher.policy().witnesses.values()
    kept = [one for party in witnesses if (one := publisher.find_place(clock.now(), party.key, lines))]
    for cosignature in kept:
        print(f"已收下 {cosignature.witness} 对检查点 {cosignature.checkpoint.size} 条的签名")
    return 0 if kept else _fail("文件中没有策略所列见证方对本日志检查点的有效签名", 1)


def run_signer(options: argparse.Namespace) -> int:
    """Sign for this site's log until a signal ends it."""
    set_up()
    from django.conf import settings

    from lunheng.ledger.memory import MemoryLost
    from lunheng.ledger.models import Checkpoint, Tree
    from lunheng.ledger.signer import Signers, SignerServer
    from lunheng.ledger.sm2 import Lacking

    folder = options.folder or settings.VAR / "signer"
    if not settings.LEDGER_SIGNER:
        return _fail("未设置签名程序的套接字（LUNHENG_SIGNER）", 2)
    if options.rotate:
        return rotate_key(folder, Tree.SM3 if options.second else Tree.SHA256)
    if options.begin:
        return begin_again(folder, options.begin)
    try:
        signers = load_signers(folder, is_new=options.development and not Checkpoint.objects.exists())
    except (Lacking, MemoryLost) as error:
        return _fail(str(error), 2)
    for signer in signers:
        if options.development:
            prepare_development(signer.memory, str(signer.key.key))
        place = "（开发用，密钥与网站同在一台机器）" if options.development else ""
        print(f"签名程序{place}：{signer.key.key}", flush=True)
    with SignerServer(Path(settings.LEDGER_SIGNER), Signers(*signers)) as server:
        _serve(server)
    return 0


def load_signers(folder: Path, *, is_new: bool = False) -> list[Signer]:
    """One signer for each tree that the site keeps, with key and memory in the folder; both are made when neither is
    there. ``is_new`` where nothing was ever published, so that a key without a memory may begin.

    Raises:
        MemoryLost: a key is there without its memory.
    """
    from lunheng.core.ledger.following import Tip
    from lunheng.ledger import keys, trees
    from lunheng.ledger.memory import Memory, MemoryLost
    from lunheng.ledger.signer import Signer

    signers = []
    for tree in trees.in_use():
        key, state = (folder / name for name in trees.FILES[tree])
        memory = Memory(state, trees.HASHING[tree])
        if not state.exists():
            if key.exists() and not is_new:
                raise MemoryLost(LOST.format(key=key, state=state))
            # Before the key: a start that is cut between the two is not taken for a loss.
            memory.begin(Tip(0, memory.by.empty))
        signing = keys.load_or_make(key, trees.origin(tree), trees.KEYS[tree])
        signers.append(Signer(signing, memory, key))
    return signers


LOST = (
    "拒绝启动：密钥 {key} 还在，它的状态 {state} 不见了，从头开始会签出第二份历史。请从备份恢复该文件；没有备份的，由两人在场，"
    "取最近一个已由见证方签名的检查点，运行 lunheng signer --folder 目录 --begin 检查点文件"
)


def begin_again(folder: Path, file: Path) -> int:
    """Give a key whose memory was lost a checkpoint to go on from: one that this very key has signed."""
    from lunheng.core.ledger.note import NoteError, parse_checkpoint, parse_note, valid_signatures
    from lunheng.ledger import keys, trees
    from lunheng.ledger.memory import Memory

    try:
        note = parse_note(file.read_bytes())
        checkpoint = parse_checkpoint(note.text)
        tree = next(tree for tree in trees.in_use() if trees.origin(tree) == checkpoint.origin)
        key, state = (folder / name for name in trees.FILES[tree])
        is_own = bool(valid_signatures(note, [keys.load(key).key], keys.verify))
    except (OSError, NoteError, StopIteration) as error:
        return _fail(f"不是本日志的检查点，或没有密钥：{error}", 2)
    return _go_on(Memory(state, trees.HASHING[tree]), checkpoint, is_own)


def rotate_key(folder: Path, tree: Tree) -> int:
    """Sign the change with both keys, enter it, believe both, and only then let the new one sign; the signer runs on."""
    from django.conf import settings
    from django.db import transaction

    from lunheng.core.errors import Refused
    from lunheng.jobs import clock
    from lunheng.ledger import trees
    from lunheng.ledger.rotation import activate, enter, prepare, read_rotation

    name = trees.FILES[tree][0]
    raw = str(prepare(folder, name)).encode()
    try:
        with transaction.atomic():
            entry = enter(raw, origin=trees.origin(tree), at=clock.now())
    except Refused as refusal:
        return _fail(f"密钥未更换：{refusal}", 1)
    policy = Path(settings.LEDGER_POLICY)
    policy.write_text(f"log {read_rotation(raw)[1]}\n{policy.read_text('utf-8')}", "utf-8")
    activate(folder, name)
    print(f"密钥已更换，存证 {entry.pk}；签名程序即刻使用新密钥。请公告新公钥：{read_rotation(raw)[1]}")
    return 0


def prepare_development(memory: Memory, key: str) -> None:
    """A policy that believes the development signer; an empty memory when the demo was built anew. Never in production."""
    from django.conf import settings

    from lunheng.core.ledger.following import Tip
    from lunheng.ledger.models import Checkpoint

    policy = Path(settings.LEDGER_POLICY)
    if settings.MODE == "production":
        raise SystemExit("生产环境不得使用开发用签名程序")
    believed = policy.read_text("utf-8") if policy.exists() else "quorum none\n"
    if key not in believed:
        policy.write_text(f"log {key}\n{believed}", "utf-8")
    size = memory.tip().size
    if size and not Checkpoint.objects.exists():
        memory.path.rename(memory.path.with_suffix(f".before-{size}"))
        memory.begin(Tip(0, memory.by.empty))
        print(f"数据库是新建的，签名程序从头开始（原状态保留：{size} 条）")


def run_witness(options: argparse.Namespace) -> int:
    """Cosign by network or by file."""
    from lunheng.core.ledger.note import COSIGNATURE
    from lunheng.core.ledger.quorum import parse_policy
    from lunheng.jobs import clock
    from lunheng.ledger import keys
    from lunheng.ledger.witness import Witness, begin

    file = options.folder / "key"
    try:
        logs = [party.key for party in parse_policy(options.policy.read_text("utf-8")).logs]
        if options.begin:
            return begin_witness_again(keys.load(file).key, logs, options.folder, options.begin)
        # Before the key: a start that is cut between the two is not taken for a loss.
        if lost := begin(options.folder, logs, options.new_log if file.exists() else None):
            return _fail(FORGOTTEN.format(logs="、".join(lost)), 2)
        key = keys.load_or_make(file, options.name, COSIGNATURE)
    except (OSError, ValueError) as error:
        return _fail(f"不能启动：{error}", 2)
    witness = Witness(key, logs, options.folder, lambda: int(clock.now().timestamp()))
    print(f"见证方公钥：{key.key}", flush=True)
    if options.key:
        return 0
    return _serve_witness(witness, options.serve) if options.serve else _answer_file(witness, options)


FORGOTTEN = (
    "拒绝启动：不记得日志 {logs} 的任何检查点。以前为它签过名的，从备份恢复状态文件，从头记起就不能再发现回退和改写；没有备份的，"
    "由两人在场，取最近一个有本见证方签名的检查点，加 --begin 检查点文件；"
    "确为策略新增、从未签过的日志，加 --new-log 日志名"
)


def begin_witness_again(key: Key, logs: Sequence[Key], folder: Path, file: Path) -> int:
    """The same for a witness: the log and this very witness have put their names to the checkpoint.

    Raises:
        OSError, NoteError: the file cannot be read, or holds no checkpoint.
    """
    from lunheng.core.ledger.note import parse_checkpoint, parse_note, valid_signatures
    from lunheng.ledger.keys import verify
    from lunheng.ledger.witness import memory_of

    note = parse_note(file.read_bytes())
    checkpoint = parse_checkpoint(note.text)
    signed_by = [[one for one in logs if one.name == checkpoint.origin], [key]]
    is_own = all(valid_signatures(note, keys, verify) for keys in signed_by)
    return _go_on(memory_of(folder, logs, checkpoint.origin), checkpoint, is_own)


def _go_on(memory: Memory, checkpoint: Statement, is_own: bool) -> int:
    from lunheng.core.ledger.following import Tip

    if not is_own:
        return _fail("检查点没有本密钥的有效签名，状态未写入", 1)
    try:
        memory.begin(Tip(checkpoint.size, checkpoint.root))
    except FileExistsError:
        return _fail(f"状态 {memory.path} 还在，不得改写", 1)
    print(f"已从检查点 {checkpoint.size} 条接着签；请把此事连同检查点一并存档")
    return 0


def _serve_witness(witness: Witness, bind: str) -> int:
    from lunheng.ledger.witness import server

    host, _, port = bind.rpartition(":")
    with server((host, int(port)), witness) as listening:
        _serve(listening)
    return 0


def _answer_file(witness: Witness, options: argparse.Namespace) -> int:
    status, body = witness.answer(options.request.read_bytes())
    if status != 200:
        return _fail(f"不予见证（{status}）：{body.strip()}", 1)
    (options.out or options.request.with_suffix(".cosigned")).write_text(body, "utf-8")
    return 0


def _serve(server: Any) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return


def _fail(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code
