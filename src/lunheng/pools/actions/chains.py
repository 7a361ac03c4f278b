"""Acts on a pool itself: the hash chains that its draws will use are published before any draw."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core import draw
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.files import ANCHOR_AUTHORITY, ANCHOR_CHAINS
from lunheng.core.verdict import refused
from lunheng.ledger.models import Entry
from lunheng.pools import permissions, queries
from lunheng.pools.models import LANES, Chain, Pool, chain_secret, links, pseudonym_key

LENGTH = 4096
LONGEST = 1_000_000


@act(ANCHOR_CHAINS)
def anchor_chains(*, pool_id: int, actor: Actor, at: datetime) -> Entry:
    """公布随机数链: the ends of the platform's chains, before any draw that uses them."""
    pool = Pool.objects.select_related("file").get(pk=pool_id)
    file = lock(pool.file_id)
    clause = require(permissions.may_anchor(actor, pool, at)).reasons[0].clause
    name = queries.hash_of(pool, at.astimezone(CHINA).date())
    earlier = list(
        pool.chains.select_for_update(of=("self",)).filter(owner=Chain.Owner.PLATFORM, retired_at=None)
    )
    broken = [chain for chain in earlier if not chain.is_ours]
    for chain in broken:
        chain.retire(at)
    before = pool.chains.filter(owner=Chain.Owner.PLATFORM).count()
    chains = [_chain(pool, number, name, at) for number in range(before + 1, before + LANES + 1)]
    data: dict[str, JsonValue] = {
        "label": f"公布平台随机数链{LANES}条",
        "clause": str(clause),
        "hash": name,
        "length": LENGTH,
        "anchors": [[chain.number, chain.anchor] for chain in chains],
        "retired": [chain.number for chain in broken],
        "pseudonyms": draw.digest("pseudonyms", pseudonym_key(pool)).hex(),
    }
    return file.enter(actor=actor, at=at, data=data)


@act(ANCHOR_AUTHORITY)
def anchor_authority(
    *,
    pool_id: int,
    anchor: str,
    length: int,
    hash_name: Literal["sha256", "sm3"] = "sha256",
    actor: Actor,
    at: datetime,
) -> Entry:
    """登记主管部门随机数链: from now on every draw of the pool also waits for a link of the authority."""
    pool = Pool.objects.select_related("file").get(pk=pool_id)
    file = lock(pool.file_id)
    clause = require(permissions.may_supervise(actor, pool, at)).reasons[0].clause
    require(permissions.may_hash(pool, hash_name, at))
    if not _is_hash(anchor) or not 0 < length <= LONGEST:
        message = "锚点应为64位小写十六进制，链长为1至1000000"
        raise Refused(refused(clause, message, "用“lunheng chain make”生成后登记", anchor[:64]))
    number = pool.chains.filter(owner=Chain.Owner.AUTHORITY).count() + 1
    Chain.objects.create(
        pool=pool,
        owner=Chain.Owner.AUTHORITY,
        number=number,
        hash=hash_name,
        length=length,
        anchor=anchor,
        shown=anchor,
        anchored_at=at,
    )
    data: dict[str, JsonValue] = {
        "label": "登记主管部门随机数链",
        "clause": str(clause),
        "hash": hash_name,
        "length": length,
        "anchors": [[number, anchor]],
    }
    return file.enter(actor=actor, at=at, data=data)


def _chain(pool: Pool, number: int, name: str, at: datetime) -> Chain:
    anchor = links(chain_secret(pool, number), LENGTH, name)[0].hex()
    return Chain.objects.create(
        pool=pool,
        owner=Chain.Owner.PLATFORM,
        number=number,
        hash=name,
        length=LENGTH,
        anchor=anchor,
        shown=anchor,
        anchored_at=at,
    )


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")
