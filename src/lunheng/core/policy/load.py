"""TOML → Pack. Every mistake is found in one pass and told with file, key, line and remedy."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lunheng.core.policy.faults import PackError, Problem, fault_of, line_of
from lunheng.core.policy.formats import Documents, upgraded
from lunheng.core.policy.pack import Head, Pack, Source
from lunheng.core.policy.proceedings import FOLDER, read_procedures
from lunheng.core.policy.rules import RULES, Rule

_M = TypeVar("_M", bound=BaseModel)

HEAD, SOURCES = "pack.toml", "sources.toml"
VOCABULARIES = ("vocabulary.toml", "specialties.toml")
ANNEXES = ("works.toml", "defects.toml", "hazards.toml", "offices.toml")
HIDDEN = "hidden"
BROKEN = "检查这一行的引号、括号、等号和重复的键"
APART = ("calendar/", "cases/")
"""Folders that are no part of a pack's digest: calendars change every year, cases are tests."""


def read_pack(files: Mapping[str, str]) -> Pack:
    """Read a pack from the text of its files, by name relative to its folder. Raises PackError."""
    documents, problems = _parsed(files)
    if problems:
        raise PackError(tuple(problems))
    return build(documents, files)


def build(documents: Documents, files: Mapping[str, str] | None = None) -> Pack:
    """Make a pack of parsed documents; `files` gives the texts in which lines are found. Raises PackError."""
    reading = _Reading(upgraded(documents), files or {})
    head = reading.head()
    sources = reading.sources()
    rules = reading.rules()
    labels = reading.labels()
    hidden = reading.hidden()
    procedures, mistakes = read_procedures(documents, files or {})
    reading.problems += mistakes
    if reading.problems or head is None:
        raise PackError(tuple(reading.problems))
    return Pack(
        head=head,
        sources=sources,
        rules=rules,
        labels=labels,
        procedures=procedures,
        documents={name: dict(document) for name, document in documents.items()},
        hidden=hidden,
    )


def _parsed(files: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    documents: dict[str, dict[str, Any]] = {}
    problems = []
    for name in sorted(files):
        if name.startswith(APART) or not name.endswith(".toml"):
            continue
        try:
            documents[name] = _plain(tomllib.loads(files[name]))
        except tomllib.TOMLDecodeError as error:
            line = broken_at(error, files[name])
            problems.append(Problem(name, "", line, "不是合法的 TOML", BROKEN))
    return documents, problems


def broken_at(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line on which a text stops being TOML; its last line when the error names none."""
    line = re.search(r"at line (\d+)", str(error))
    return int(line[1]) if line else len(text.splitlines())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


class _Reading:
    """One pass over the documents, collecting problems instead of stopping at the first."""

    def __init__(self, documents: Documents, files: Mapping[str, str]) -> None:
        self.documents, self.files = documents, files
        self.problems: list[Problem] = []

    def head(self) -> Head | None:
        if HEAD not in self.documents:
            self._note(
                HEAD, "", "", "缺少 pack.toml", "新建 pack.toml，写明 id、title、version、status、parent"
            )
            return None
        return self._model(Head, HEAD, "", self.documents[HEAD])

    def sources(self) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for key, table in self.documents.get(SOURCES, {}).items():
            source = self._model(Source, SOURCES, key, table)
            if source is not None:
                found[key] = source
        if sum(source.main for source in found.values()) != 1 and not self._has_problem(SOURCES):
            self._note(SOURCES, "main", "", "主文件必须恰有一个", "在一份文件的表里写 main = true")
        return found

    def labels(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name in VOCABULARIES:
            for key, table in self.documents.get(name, {}).items():
                if key == HIDDEN:
                    continue
                if isinstance(table, dict) and all(
                    isinstance(label, str) and label for label in table.values()
                ):
                    found[key] = table
                else:
                    self._note(name, key, "", "词汇表须为“标识 = 中文名称”", '逐行写 identifier = "中文"')
        return found

    def hidden(self) -> tuple[str, ...]:
        """Specialties that the layer does not use: `[hidden]` with `specialties = […]` in a vocabulary file."""
        found: list[str] = []
        for name in VOCABULARIES:
            table = self.documents.get(name, {}).get(HIDDEN, {"specialties": []})
            words = table.get("specialties") if isinstance(table, dict) and len(table) == 1 else None
            if isinstance(words, list) and all(isinstance(word, str) for word in words):
                found += words
            else:
                message = "只能隐藏专业类别：hidden 表里只写 specialties"
                self._note(name, HIDDEN, "", message, 'specialties = ["blasting"]，逐个写不用的专业')
        return tuple(found)

    def rules(self) -> dict[str, Rule]:
        found: dict[str, Rule] = {}
        for name, key, table in self._tables():
            model = self._model_of(name, key)
            if model is None:
                continue
            if key in found:
                self._note(name, key, "", "同一规则写了两次", "只保留一处")
            rule = self._model(model, name, key, table)
            if rule is not None:
                found[key] = rule
        return found

    def _tables(self) -> Iterator[tuple[str, str, Any]]:
        apart = {HEAD, SOURCES, *VOCABULARIES, *ANNEXES}
        for name, document in self.documents.items():
            if name in apart or name.startswith(FOLDER):
                continue
            for topic, tables in document.items():
                if not isinstance(tables, dict):
                    self._note(
                        name, "", topic, f"“{topic}”不在任何规则表内", "放到形如 [panel.size] 的表头之下"
                    )
                    continue
                for key, table in tables.items():
                    yield name, f"{topic}.{key}", table

    def _model_of(self, name: str, key: str) -> type[Rule] | None:
        if key in RULES:
            return RULES[key]
        near = difflib.get_close_matches(key, RULES, n=1)
        remedy = f"是否应为 {near[0]}？" if near else "规则键见 docs/packs.md；新的规则种类须随程序版本发布"
        self._note(name, key, "", f"不认识的规则键 {key}", remedy)
        return None

    def _model(self, model: type[_M], name: str, key: str, table: Any) -> _M | None:
        try:
            return model.model_validate_json(json.dumps(table))
        except ValidationError as error:
            text = self.files.get(name, "")
            self.problems.extend(fault_of(detail, name, key, text) for detail in error.errors())
            return None

    def _has_problem(self, name: str) -> bool:
        return any(problem.file == name for problem in self.problems)

    def _note(self, name: str, key: str, field: str, message: str, remedy: str) -> None:
        line = line_of(self.files.get(name, ""), key, field)
        self.problems.append(Problem(name, key, line, message, remedy))
