"""How a clause is shown: by the short name that its pack gives the document, leading to the public rulebook, which an app
above this one keeps. The full name is there on touch and in print."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from lunheng.core.clauses import Clause

RULEBOOK = "portal:clause"
WRITTEN = re.compile(r"《(?P<document>[^》]+)》(?P<number>.+)")


@dataclass(frozen=True)
class Shown:
    """A clause on a screen: what stands there, what it stands for, and where it can be read (empty where nowhere)."""

    words: str
    full: str
    url: str


def shown(clause: Clause | str) -> Shown:
    """How the clause is shown; words that are no citation are shown as they are."""
    full = str(clause).strip()
    written = WRITTEN.fullmatch(full)
    if written is None:
        return Shown(full, full, "")
    document, number = written["document"], written["number"]
    words = f"《{short_name(document)}》{number}"
    return Shown(words, full, rulebook_url(document, number))


def short_name(document: str) -> str:
    """The name by which screens call a document, or its title where no pack gives it a shorter one."""
    return _short_names(settings.PACKS_DIRECTORY).get(document, document)


def rulebook_url(document: str, number: str) -> str:
    """Return the rulebook's address with the document and number asked for."""
    try:
        page = reverse(RULEBOOK)
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode({'document': document, 'number': number})}"


@lru_cache(maxsize=4)
def _short_names(folder: Path) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*/sources.toml")):
        try:
            sources = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError):  # a pack that cannot be read is for its check to tell
            continue
        given = (one for one in sources.values() if isinstance(one, dict))
        names |= {one["title"]: one["short"] for one in given if one.get("title") and one.get("short")}
    return names
