"""Keep today's packs for ever: one folder for each digest that is not kept yet."""

import gzip
from pathlib import Path

from tests.law.packs import IDENTIFIERS, resolved, texts

FOLDER = Path(__file__).parent / "packs"


def keep(identifier: str, into: Path = FOLDER) -> Path:
    """Write the resolved pack with its digest and worked cases; a kept folder stays as it is."""
    pack = resolved(identifier)
    folder = into / f"{identifier}-{pack.digest[:16]}"
    if not folder.exists():
        folder.mkdir()
        (folder / "pack.json.gz").write_bytes(gzip.compress(pack.to_bytes(), 9, mtime=0))
        cases = [text for name, text in texts(identifier).items() if name.startswith("cases/")]
        (folder / "cases.toml").write_text("\n".join(cases), "utf-8")
        (folder / "digest").write_text(f"{pack.digest}\n", "utf-8")
    return folder


if __name__ == "__main__":
    for name in IDENTIFIERS:
        if name not in ("cn", "platform"):
            print(keep(name))
