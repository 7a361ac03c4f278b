"""政策包: one document of law as data, before and after it is laid over the national floor."""

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from lunheng.core.clauses import Clause
from lunheng.core.policy.formats import Documents, upgraded
from lunheng.core.policy.proceedings.model import Procedure
from lunheng.core.policy.rules import Citation, Rule
from lunheng.core.policy.rules.base import Model


class Source(Model):
    """A document that clauses are cited from: full Chinese title, the short name of screens, number, issuer, dates."""

    title: str = Field(min_length=1)
    short: str = Field(default="", max_length=12)
    number: str = ""
    issuer: str = Field(min_length=1)
    issued_on: date | None = None
    in_force_on: date | None = None
    main: bool = False
    note: str = ""


class Head(Model):
    """pack.toml: title, version, the layer below, and whether the pack is in force or a draft."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str = Field(min_length=1)
    version: str = Field(min_length=1)
    status: Literal["in_force", "draft"]
    parent: str = ""
    territory_title: str = ""
    format: int = 1
    note: str = ""


class Pack(Model):
    """One layer as written. `documents` is the parsed TOML by file, from which the digest is taken."""

    head: Head
    sources: dict[str, Source]
    rules: dict[str, Rule]
    labels: dict[str, dict[str, str]]
    procedures: dict[str, Procedure] = {}
    documents: dict[str, dict[str, Any]]
    hidden: tuple[str, ...] = ()
    """Specialties of lower layers that this one does not use."""

    @cached_property
    def current(self) -> Documents:
        """The documents in today's format."""
        return upgraded(self.documents)

    @property
    def id(self) -> str:
        """The folder name of the pack."""
        return self.head.id

    @property
    def main_source(self) -> str:
        """The key of the source that clauses without a `source` are cited from."""
        return next(key for key, source in self.sources.items() if source.main)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of this layer."""
        return hashlib.sha256(canonical(self.documents)).hexdigest()


def canonical(value: object) -> bytes:
    """Canonical JSON: sorted keys, no spaces, dates as ISO text, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def cite(sources: dict[str, Source], main: str, citation: Rule | Citation) -> Clause:
    """The citation with the document's full title. Raises KeyError when the source is unknown."""
    return Clause(sources[citation.source or main].title, citation.clause, citation.title)
