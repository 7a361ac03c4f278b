"""The publisher: lets the signer sign what has grown, and the witnesses cosign what was signed. It holds no key."""

import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from lunheng.core.ledger.note import (
    Checkpoint as Statement,
)
from lunheng.core.ledger.note import (
    Key,
    Note,
    Signature,
    parse_signatures,
    parse_size,
    valid_signatures,
)
from lunheng.core.ledger.proof import Extension
from lunheng.core.ledger.quorum import Party
from lunheng.core.ledger.tiles import ENTRIES, tile_path, tiles_of
from lunheng.core.ledger.tree import consistency_proof, root_at
from lunheng.ledger import log, signer, trees
from lunheng.ledger.keys import verify
from lunheng.ledger.log import policy as policy
from lunheng.ledger.models import Checkpoint, Cosignature, Tree

Ask = Callable[[bytes], tuple[int, str]]
"""Hands over an ``add-checkpoint`` request; answers status and body."""
PATIENCE = 5.0


class NotSigned(Exception):
    """The signer, or a witness, did not put its name to the checkpoint. A person has to look: the message says at what."""


def publish(at: datetime, ask: Ask, tree: Tree = Tree.SHA256) -> Checkpoint | None:
    """Have the present tree signed and keep the checkpoint; None when nothing has been added since the last.

    The second tree is signed at the sizes at which the first was, as soon as it has grown so far.

    Raises:
        NotSigned: the signer remembers a longer or another log, or its signature does not hold.
        OSError: the signer is away.
    """
    last = log.published(tree)
    known = last.size if last else 0
    size = log.size() if tree == Tree.SHA256 else _size_of_first(known)
    if size == known:
        return None
    root = root_at(size, log.nodes(tree), trees.HASHING[tree])
    text = str(Statement(trees.origin(tree), size, root))
    line = _obtain(ask, Checkpoint(tree=tree, size=size, note=text), known)
    note = Note(text, tuple(_held(text, line, [party.key for party in policy().logs])))
    try:
        with transaction.atomic():
            return Checkpoint.objects.create(tree=tree, size=size, root=root, note=str(note), signed_at=at)
    except IntegrityError:  # another worker was quicker
        return None


def _size_of_first(known: int) -> int:
    """The next size at which the first tree was signed; when the second is new, the last one. ``known`` if there is none."""
    sizes = Checkpoint.objects.filter(tree=Tree.SHA256, size__gt=known, size__lte=log.leaves(Tree.SM3))
    found = sizes.order_by("size" if known else "-size").first()
    return found.size if found else known


def cosign(at: datetime, checkpoint: Checkpoint, party: Party, ask: Ask) -> Cosignature | None:
    """Have one witness cosign the checkpoint; None when it has done so before.

    Raises:
        NotSigned: the witness remembers a longer or another log, or its cosignature does not hold.
        OSError: the witness is away.
    """
    if checkpoint.cosignatures.filter(witness=party.key.name).exists():
        return None
    lines = _obtain(ask, checkpoint, 0)
    return attach(at, checkpoint, party.key, lines, asked_at=at)


def attach(
    at: datetime, checkpoint: Checkpoint, key: Key, lines: str, *, asked_at: datetime | None = None
) -> Cosignature:
    """Keep the cosignature of ``key`` among the lines; ``asked_at`` when it answers a question over the network.

    Raises:
        NotSigned: there is none that holds.
    """
    (line, *_) = _held(checkpoint.note.partition("\n\n")[0] + "\n", lines, [key])
    cosignature, _ = Cosignature.objects.get_or_create(
        checkpoint=checkpoint,
        witness=key.name,
        defaults={
            "line": str(line),
            "witnessed_at": line.moment,
            "asked_at": asked_at,
            "received_at": at,
        },
    )
    return cosignature


def find_place(at: datetime, key: Key, lines: str) -> Cosignature | None:
    """Keep the cosignature of ``key`` under the checkpoint that it is of; None when it is of none of ours."""
    for checkpoint in Checkpoint.objects.order_by("-size").iterator():
        try:
            return attach(at, checkpoint, key, lines)
        except NotSigned:
            continue
    return None


def extension(old: int, checkpoint: Checkpoint) -> Extension:
    """The request for a cosignature of someone who last saw ``old`` leaves, for instance to be carried in a file."""
    tree = Tree(checkpoint.tree)
    proof = consistency_proof(old, checkpoint.size, log.nodes(tree), trees.HASHING[tree])
    return Extension(old, proof, checkpoint.note.encode())


def _obtain(ask: Ask, checkpoint: Checkpoint, guess: int) -> str:
    """Ask; when the other side remembers another size, ask once more from there."""
    status, body = ask(extension(guess, checkpoint).render())
    if status == 409:
        remembered = parse_size(body.strip())
        if remembered > checkpoint.size:
            raise NotSigned(f"对方记得 {remembered} 条，本库只有 {checkpoint.size} 条：数据库可能被回退")
        status, body = ask(extension(remembered, checkpoint).render())
    if status != 200:
        raise NotSigned(f"未签名（{status}）：{body.strip()}")
    return body


def _held(text: str, lines: str, keys: list[Key]) -> list[Signature]:
    try:
        found = valid_signatures(Note(text, tuple(parse_signatures(lines))), keys, verify)
    except ValueError as error:
        raise NotSigned(f"签名无效：{error}") from error
    if not found:
        raise NotSigned("答复中没有策略文件所列密钥的签名")
    return [signature for _, signature in found]


def ask_signer(raw: bytes) -> tuple[int, str]:
    """Ask the site's signer."""
    return signer.ask(Path(settings.LEDGER_SIGNER), raw)


def asking(party: Party) -> Ask:
    """How to ask a witness over HTTP."""

    def ask(raw: bytes) -> tuple[int, str]:
        request = urllib.request.Request(f"{party.address}/add-checkpoint", data=raw)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # nosec B310
                return response.status, response.read(64 * 1024).decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read(64 * 1024).decode()

    return ask


def export(folder: Path, tree: Tree = Tree.SHA256) -> int:
    """Write the published log into a folder as the static files that a web server may hand out; returns how many.

    As far as the newest checkpoint that the policy accepts. Files that never change are left as they are. The checkpoint
    comes last, so that everything it covers is there.

    Raises:
        log.NotInLog: nothing is published yet.
    """
    checkpoint = log.handed_out(tree)
    if checkpoint is None:
        raise log.NotInLog("no checkpoint yet")
    paths = [tile_path(*tile) for tile in tiles_of(checkpoint.size)]
    paths += [tile_path(ENTRIES, *tile[1:]) for tile in tiles_of(checkpoint.size) if tile[0] == 0]
    for path in paths:
        file = folder / "tile" / path
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            _put(file, log.resource(path, tree))
    _put(folder / "checkpoint", log.cosigned(checkpoint).encode())
    return len(paths) + 1


def _put(file: Path, content: bytes) -> None:
    """A file is there as a whole or not at all: whoever was interrupted leaves nothing that would be taken for done."""
    beside = file.with_name(f"{file.name}.new")
    beside.write_bytes(content)
    beside.replace(file)
