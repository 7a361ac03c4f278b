"""From the folder of packs to rows: every resolved city pack is kept by digest with its bytes."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lunheng.core.policy import Pack, ResolvedPack, read_pack, resolve
from lunheng.core.policy.layers import NATION, PLATFORM, NoPack, chain, require_named
from lunheng.jurisdictions.models import PackRecord
from lunheng.ledger.registers import written

BASE_LAYERS = (PLATFORM, NATION)


def folder_texts(folder: Path) -> dict[str, str]:
    """The TOML texts of one pack by name relative to its folder."""
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.toml"))}


@lru_cache(maxsize=16)
def read(pack_id: str) -> Pack:
    """One layer as written. Raises NoPack when there is no such folder, PackError when it cannot be used."""
    folder = settings.PACKS_DIRECTORY / pack_id
    if not (folder / "pack.toml").exists():
        raise NoPack(pack_id)
    return require_named(read_pack(folder_texts(folder)), pack_id)


@lru_cache(maxsize=16)
def resolved(pack_id: str) -> ResolvedPack:
    """A pack over all the layers below it, down to the national floor and the platform's rules."""
    return resolve(*chain(read(pack_id), read))


def city_packs() -> list[str]:
    """The folders that hold a pack of a city, or of a layer between a city and the nation."""
    folders = (path.name for path in settings.PACKS_DIRECTORY.iterdir() if (path / "pack.toml").exists())
    return sorted(name for name in folders if name not in BASE_LAYERS)


def record(pack: ResolvedPack, *, at: datetime) -> PackRecord:
    """Keep a resolved pack; a pack that is kept already stays as it is."""
    known = PackRecord.objects.filter(digest=pack.digest).first()
    if known is not None:
        return known
    coverage = pack.rules.get("scope.coverage")
    with written(f"登记政策包 {pack.head.id}", at):
        known, _ = PackRecord.objects.get_or_create(
            digest=pack.digest,
            defaults={
                "pack_id": pack.head.id,
                "version": pack.head.version,
                "title": pack.head.title,
                "status": pack.head.status,
                "effective_from": getattr(coverage, "from_on", None),
                "effective_to": getattr(coverage, "to_on", None),
                "content": pack.to_bytes(),
                "loaded_at": at,
            },
        )
    return known


def record_all(*, at: datetime) -> list[PackRecord]:
    """Keep every city pack of the folder."""
    return [record(resolved(name), at=at) for name in city_packs()]
