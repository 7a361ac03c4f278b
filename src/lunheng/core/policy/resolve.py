"""The city's pack over the national floor over the platform's rules: what is in force, from which layer."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from lunheng.core.checklists import DefectList, HazardList, load_defects, load_hazards
from lunheng.core.clauses import Clause
from lunheng.core.policy.annexes import annex_problems
from lunheng.core.policy.dead_ends import dead_ends
from lunheng.core.policy.faults import PackError, Problem
from lunheng.core.policy.layers import NATION, PLATFORM
from lunheng.core.policy.load import VOCABULARIES, build
from lunheng.core.policy.offices import office_problems, titles_of
from lunheng.core.policy.pack import Head, Pack, Source, canonical, cite
from lunheng.core.policy.proceedings import Procedure, unfit
from lunheng.core.policy.rules import Citation, Rule
from lunheng.core.policy.rules.base import Model
from lunheng.core.scope import Thresholds, load_works

SPECIALTIES = "specialties"


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
        if offices := titles_of(self.layers):
            merged["roles"] = offices | merged.get("roles", {})
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
        layer = self.layer_of(key)
        return self.sources_of(layer)[citation.source or layer.main_source]

    def cite(self, key: str, citation: Rule | Citation) -> Clause:
        """A citation of the rule `key`, with the full title of its document."""
        layer = self.layer_of(key)
        return cite(self.sources_of(layer), layer.main_source, citation)

    def sources_of(self, layer: Pack) -> dict[str, Source]:
        """The documents that a layer may cite: its own, then those of the layers below it, then any other."""
        below = self.layers[self.layers.index(layer) :]
        own = {key: source for one in reversed(below) for key, source in one.sources.items()}
        return self.sources | own

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Specialties of lower layers that the city does not use: they keep their names, nobody is asked for them."""
        hidden: set[str] = set()
        for layer in reversed(self.layers):
            hidden = (hidden - layer.labels.get(SPECIALTIES, {}).keys()) | set(layer.hidden)
        return frozenset(hidden)

    def choices(self, vocabulary: str) -> dict[str, str]:
        """The words of a vocabulary that are in use. Raises KeyError for an unknown vocabulary."""
        words = self.labels[vocabulary]
        if vocabulary != SPECIALTIES:
            return words
        return {word: label for word, label in words.items() if word not in self.hidden}

    def tables(self, file: str) -> tuple[Mapping[str, Any], ...]:
        """An annex such as works.toml of every layer that has it, lowest first. Raises KeyError when none has."""
        found = tuple(layer.current[file] for layer in reversed(self.layers) if file in layer.current)
        if not found:
            raise KeyError(file)
        return found

    @cached_property
    def works(self) -> Thresholds:
        """The ranges of hazardous works of all layers. Raises KeyError when no layer has any."""
        return load_works(*self.tables("works.toml"))

    @cached_property
    def defects(self) -> DefectList:
        """The severe defects of all layers. Raises KeyError when no layer has any."""
        return load_defects(*self.tables("defects.toml"))

    @cached_property
    def hazards(self) -> HazardList:
        """The major hazards of all layers. Raises KeyError when no layer has any."""
        return load_hazards(*self.tables("hazards.toml"))

    @cached_property
    def procedures(self) -> dict[str, Procedure]:
        """The procedures in force by key; a higher layer's precedes as a whole."""
        return {key: one for layer in reversed(self.layers) for key, one in layer.procedures.items()}

    def cite_procedure(self, key: str, citation: Citation) -> Clause:
        """A citation of the procedure `key`, with the full title of its document. Raises KeyError when there is none."""
        layer = next((one for one in self.layers if key in one.procedures), None)
        if layer is None:
            raise KeyError(key)
        return cite(self.sources_of(layer), layer.main_source, citation)

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


def resolve(*layers: Pack | None) -> ResolvedPack:
    """Lay packs over each other, highest first. Raises PackError for anything that does not fit.

    The problems have no line: whoever holds the text finds it with `faults.line_of`.
    A rule looser than that of any layer below is refused naming both clauses; so is a row of an annex, and a source or
    a word nobody defined. Which layers belong together is told by `layers.chain`.
    """
    resolved = ResolvedPack(layers=tuple(layer for layer in layers if layer is not None))
    problems = [
        *_unknown_sources(resolved),
        *_unknown_words(resolved),
        *_unknown_hidden(resolved),
        *unfit(resolved),
    ]
    if not problems:
        problems = [*_loosened(resolved), *annex_problems(resolved.layers, resolved.labels)]
        problems += office_problems(resolved.layers, resolved.rules)
    if not problems and resolved.layers[-1].head.id == PLATFORM:
        problems = list(_stuck(resolved))
    if problems:
        raise PackError(tuple(problems))
    return resolved


def file_of(pack: Pack, key: str) -> str:
    """The file of a pack that holds the rule `key`."""
    topic, name = key.split(".", 1)
    return next(file for file, document in pack.current.items() if name in document.get(topic, {}))


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
    hidden: set[str] = set()
    for layer in reversed(resolved.layers):
        hidden = (hidden - layer.labels.get(SPECIALTIES, {}).keys()) | set(layer.hidden)
        for key, rule in layer.rules.items():
            for vocabulary, words in rule.terms().items():
                known = resolved.labels.get(vocabulary, {})
                unknown = sorted(words - known.keys())
                for word in unknown if known else unknown[:1]:
                    yield _problem(layer, key, f"词 {word} 不在词汇表 {vocabulary}", _only(vocabulary, known))
            for word in sorted(_specialties(rule) & hidden & resolved.labels.get(SPECIALTIES, {}).keys()):
                yield _problem(layer, key, f"词 {word} 已由 hidden 隐藏", "从 hidden 中删去，或不用这个专业")


def _specialties(rule: Rule) -> set[str]:
    """The specialties that a rule names, also as values of a table."""
    inner = [getattr(rule, name) for name in type(rule).model_fields if name == SPECIALTIES]
    found = set(rule.terms().get(SPECIALTIES, ()))
    for value in inner:
        found |= {word for words in value.values() for word in words} if isinstance(value, dict) else set()
    return found


def _only(vocabulary: str, known: Mapping[str, str]) -> str:
    if known:
        return f"只能用：{'、'.join(known)}"
    return f"各层都没有词汇表 {vocabulary}：先在 vocabulary.toml 中登记"


def _unknown_hidden(resolved: ResolvedPack) -> Iterator[Problem]:
    known = resolved.labels.get(SPECIALTIES, {})
    for layer in resolved.layers:
        for word in layer.hidden:
            if word not in known:
                file = next(file for file in VOCABULARIES if "hidden" in layer.current.get(file, {}))
                message = f"词 {word} 不在词汇表 {SPECIALTIES}"
                yield Problem(file, "hidden", 0, message, _only(SPECIALTIES, known), layer.id)


def _loosened(resolved: ResolvedPack) -> Iterator[Problem]:
    for place, layer in enumerate(resolved.layers):
        for key, rule in layer.rules.items():
            for below in resolved.layers[place + 1 :]:
                fault = _fault(key, rule, below)
                if fault is not None:
                    yield _looser(resolved, key, layer, below, fault)
                    break


def _fault(key: str, rule: Rule, below: Pack) -> str | None:
    floor = below.rules.get(key)
    return None if floor is None else rule.loosens(floor)


def _looser(resolved: ResolvedPack, key: str, layer: Pack, below: Pack, fault: str) -> Problem:
    ours = cite(resolved.sources_of(layer), layer.main_source, layer.rules[key])
    theirs = cite(resolved.sources_of(below), below.main_source, below.rules[key])
    whose = _WHOSE.get(below.id, "上层规定")
    message = f"{ours} 放宽了{whose} {theirs}：{fault.replace('国家规定', whose)}"
    where = (
        "地方规定只能增加或从严，请按国家规定改正"
        if whose == "国家规定"
        else f"只能增加或从严，请按{whose}改正"
    )
    return _problem(layer, key, message, where)


_WHOSE = {NATION: "国家规定", PLATFORM: "平台规则"}


def _problem(pack: Pack, key: str, message: str, remedy: str) -> Problem:
    return Problem(file_of(pack, key), key, 0, message, remedy, pack.id)


def _stuck(resolved: ResolvedPack) -> Iterator[Problem]:
    own = {key for layer in resolved.layers[:-1] for key in layer.rules}
    for key, message, remedy in dead_ends(resolved.rules):
        if key in own:
            layer = resolved.layer_of(key)
            yield Problem(file_of(layer, key), key, 0, message, remedy)
