"""The city's pack over the national floor over the platform's rules: what is in force, from which layer."""

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lunheng.core.clauses import Clause
from lunheng.core.policy.faults import PackError, Problem
from lunheng.core.policy.load import build
from lunheng.core.policy.pack import Head, Pack, Source, canonical, cite
from lunheng.core.policy.rules import Citation, Rule
from lunheng.core.policy.rules.base import Model


class ResolvedPack(Model):
    """The layers of one city, highest first: what a case is pinned to by `digest` and `to_bytes`."""

    layers: tuple[Pack, ...]

    @property
    def head(self) -> Head:
        """The head of the city's own layer."""
        return self.layers[0].head

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources by key; a higher layer precedes."""
        return {key: source for layer in reversed(self.layers) for key, source in layer.sources.items()}

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """All vocabularies, identifier → Chinese label."""
        merged: dict[str, dict[str, str]] = {}
        for layer in reversed(self.layers):
            for name, words in layer.labels.items():
                merged[name] = merged.get(name, {}) | words
        return merged

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rule in force for each key."""
        return {key: rule for layer in reversed(self.layers) for key, rule in layer.rules.items()}

    def layer_of(self, key: str) -> Pack:
        """The highest layer that speaks on the key. Raises KeyError when none does."""
        for layer in self.layers:
            if key in layer.rules:
                return layer
        raise KeyError(key)

    def source_of(self, key: str, citation: Rule | Citation) -> Source:
        """The document that a citation of the rule `key` stands in."""
        return self.sources[citation.source or self.layer_of(key).main_source]

    def cite(self, key: str, citation: Rule | Citation) -> Clause:
        """A citation of the rule `key`, with the full title of its document."""
        return cite(self.sources, self.layer_of(key).main_source, citation)

    def document(self, file: str) -> dict[str, Any]:
        """An annex such as works.toml from the highest layer that has it, parsed. Raises KeyError."""
        for layer in self.layers:
            if file in layer.documents:
                return layer.documents[file]
        raise KeyError(file)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of `to_bytes`."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """Canonical JSON of every layer as written."""
        return canonical([layer.documents for layer in self.layers])

    @classmethod
    def from_bytes(cls, data: bytes) -> "ResolvedPack":
        """Read back what `to_bytes` wrote. Raises PackError when today's rules no longer know it."""
        return cls(layers=tuple(build(documents) for documents in json.loads(data)))


def resolve(pack: Pack, parent: Pack | None = None, platform: Pack | None = None) -> ResolvedPack:
    """Lay a pack over its parent and the platform's rules. Raises PackError for anything that does not fit.

    The problems have no line: whoever holds the text finds it with `faults.line_of`.
    A rule looser than the parent's is refused naming both clauses; so is a source or a word nobody defined.
    """
    resolved = ResolvedPack(layers=tuple(layer for layer in (pack, parent, platform) if layer is not None))
    problems = [*_unknown_sources(resolved), *_unknown_words(resolved)]
    if not problems and parent is not None:
        problems = list(_loosened(resolved, pack, parent))
    if problems:
        raise PackError(tuple(problems))
    return resolved


def file_of(pack: Pack, key: str) -> str:
    """The file of a pack that holds the rule `key`."""
    topic, name = key.split(".", 1)
    return next(file for file, document in pack.documents.items() if name in document.get(topic, {}))


def _unknown_sources(resolved: ResolvedPack) -> Iterator[Problem]:
    for layer in resolved.layers:
        for key, rule in layer.rules.items():
            cited = {rule.source, *(citation.source for citation in rule.also)} - {""}
            for source in sorted(cited - resolved.sources.keys()):
                known = "、".join(resolved.sources)
                yield _problem(
                    layer, key, f"引用的文件 {source} 不在 sources.toml", f"改为 {known} 之一，或先登记该文件"
                )


def _unknown_words(resolved: ResolvedPack) -> Iterator[Problem]:
    for layer in resolved.layers:
        for key, rule in layer.rules.items():
            for vocabulary, words in rule.terms().items():
                known = resolved.labels.get(vocabulary, {})
                for word in sorted(words - known.keys()):
                    yield _problem(
                        layer, key, f"词 {word} 不在词汇表 {vocabulary}", f"只能用：{'、'.join(known)}"
                    )


def _loosened(resolved: ResolvedPack, pack: Pack, parent: Pack) -> Iterator[Problem]:
    for key, rule in pack.rules.items():
        floor = parent.rules.get(key)
        fault = rule.loosens(floor) if floor is not None else None
        if floor is None or fault is None:
            continue
        ours = cite(resolved.sources, pack.main_source, rule)
        theirs = cite(resolved.sources, parent.main_source, floor)
        message = f"{ours} 放宽了国家规定 {theirs}：{fault}"
        yield _problem(pack, key, message, "地方规定只能增加或从严，请按国家规定改正")


def _problem(pack: Pack, key: str, message: str, remedy: str) -> Problem:
    return Problem(file_of(pack, key), key, 0, message, remedy)
