"""格式: the shape in which a layer was written, and the steps by which an older shape becomes today's.

A stored pack is never rewritten: it is read through the steps from its own format to today's. Whoever gives a rule a new
required field raises FORMAT by one and says in UPGRADES what older packs meant by their silence.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lunheng.core.policy.faults import PackError, Problem

Documents = Mapping[str, Mapping[str, Any]]
"""The parsed TOML of one layer, by file."""

FORMAT = 1
"""Today's format: `format = N` in pack.toml; where it is absent, 1."""

UPGRADES: dict[int, Callable[[Documents], Documents]] = {}
"""Format → the step to the next one. A step is never changed once a pack was released in its format."""

RELEASE = 1
"""裁量版本: raised when a judgement answers the same facts under the same pack otherwise than before; every judged act
names it in its entry."""

HEAD = "pack.toml"


def format_of(documents: Documents) -> int:
    """The format of a layer. Raises PackError for one that this release does not know."""
    written = documents.get(HEAD, {}).get("format", 1)
    if isinstance(written, bool) or not isinstance(written, int) or not 1 <= written <= FORMAT:
        message = f"格式 {written} 不是本程序认识的格式"
        raise PackError((Problem(HEAD, "format", 0, message, f"写不大于 {FORMAT} 的格式号，或升级程序"),))
    return written


def upgraded(documents: Documents) -> Documents:
    """The layer in today's format. Raises PackError for a format that this release does not know."""
    for step in range(format_of(documents), FORMAT):
        documents = UPGRADES[step](documents)
    return documents
