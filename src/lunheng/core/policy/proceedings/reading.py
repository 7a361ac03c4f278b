"""TOML → Procedure: one file of `procedures/` each, every mistake told with file, key, line and remedy."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lunheng.core.policy.faults import Problem, fault_of
from lunheng.core.policy.proceedings import effects, kinds
from lunheng.core.policy.proceedings.checking import of_procedure, of_step
from lunheng.core.policy.proceedings.model import FormSheet, Procedure, Step

FOLDER = "procedures/"
_M = TypeVar("_M", bound=BaseModel)


def key_of(file: str) -> str:
    """The key of a procedure: the name of its file."""
    return file.removeprefix(FOLDER).removesuffix(".toml")


def read_procedures(
    documents: Mapping[str, Mapping[str, Any]], files: Mapping[str, str]
) -> tuple[dict[str, Procedure], list[Problem]]:
    """Every procedure of a pack by key, and what is wrong with those that could not be read."""
    found, problems = {}, []
    for name, document in documents.items():
        if name.startswith(FOLDER):
            reading = _Reading(name, document, files.get(name, ""))
            procedure = reading.procedure()
            problems += reading.problems
            if procedure is not None and not reading.problems:
                found[key_of(name)] = procedure
    return found, problems


class _Reading:
    """One pass over one file, collecting problems instead of stopping at the first."""

    def __init__(self, name: str, document: Mapping[str, Any], text: str) -> None:
        self.name, self.document, self.text = name, document, text
        self.problems: list[Problem] = []

    def procedure(self) -> Procedure | None:
        for unknown in self.document.keys() - {"procedure", "form", "step"}:
            self.note(str(unknown), f"不认识的表 {unknown}", "只写 [procedure]、[form.…] 和 [[step]]")
        steps = self._steps()
        forms = {key: sheet for key, sheet in self._forms() if sheet is not None}
        head = dict(self.document.get("procedure", {}))
        if not head:
            self.note("procedure", "缺少 [procedure]", "写明 clause、title、opened_by")
            return None
        rest = {"steps": [{"id": "x", "kind": "apply", "clause": "x"}]}
        made = self._model(Procedure, {**head, **rest}, "procedure", r"\[procedure\]")
        if made is None or self.problems:
            return None
        if not steps:
            self.note("step", "没有任何步骤", "至少写一个 [[step]]")
            return None
        whole = made.model_copy(update={"steps": tuple(steps), "forms": forms})
        self._check(whole)
        return whole

    def _steps(self) -> list[Step]:
        made = []
        for number, table in enumerate(self.document.get("step", ())):
            where = self._line_of_step(number)
            name = f"step.{table.get('id', number + 1)}"
            fault = _closed(table, "kind", kinds.KINDS, "步骤种类") or _closed(
                table, "effect", effects.EFFECTS, "效果"
            )
            if fault is not None:
                self.problems.append(Problem(self.name, name, where, *fault))
                continue
            step = self._model(Step, table, name, where=where)
            made += [step] if step is not None else []
        return made

    def _forms(self) -> Iterator[tuple[str, FormSheet | None]]:
        for key, table in self.document.get("form", {}).items():
            yield key, self._model(FormSheet, table, f"form.{key}", rf"\[form\.{re.escape(key)}\]")

    def _check(self, procedure: Procedure) -> None:
        ids = [step.id for step in procedure.steps]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            self.note(f"step.{twice}", f"步骤 {twice} 写了两次", "每个步骤的 id 只用一次")
        if len(ids) != len(set(ids)):
            return
        for message, remedy in of_procedure(procedure):
            self.note("procedure", message, remedy)
        for number, step in enumerate(procedure.steps):
            for field, message, remedy in of_step(procedure, step):
                line = self._line_of_field(self._line_of_step(number), field)
                self.problems.append(Problem(self.name, f"step.{step.id}", line, message, remedy))

    def _model(self, model: type[_M], table: Any, key: str, header: str = "", *, where: int = 0) -> _M | None:
        try:
            return model.model_validate_json(json.dumps(table))
        except ValidationError as error:
            line = where or self._line(header)
            for detail in error.errors():
                told = fault_of(detail, self.name, key, "")
                at = self._line_of_field(line, str(detail["loc"][0]) if detail["loc"] else "")
                self.problems.append(Problem(told.file, told.key, at, told.message, told.remedy))
            return None

    def note(self, key: str, message: str, remedy: str) -> None:
        """One problem at the first line that has the key as its header."""
        last = re.escape(key.split(".", 1)[-1])
        pattern = rf'\[+{re.escape(key)}\]+|^id = "{last}"'
        self.problems.append(Problem(self.name, key, self._line(pattern), message, remedy))

    def _line(self, pattern: str) -> int:
        lines = enumerate(self.text.splitlines(), 1)
        return next((number for number, line in lines if pattern and re.search(pattern, line)), 0)

    def _line_of_step(self, number: int) -> int:
        lines = enumerate(self.text.splitlines(), 1)
        heads = [at for at, line in lines if re.match(r"^\s*\[\[\s*step\s*\]\]", line)]
        return heads[number] if number < len(heads) else 0

    def _line_of_field(self, header: int, field: str) -> int:
        for at, line in enumerate(self.text.splitlines()[header:], header + 1):
            if line.lstrip().startswith("["):
                break
            if field and re.match(rf"^\s*{re.escape(field)}\s*=", line):
                return at
        return header


def _closed(
    table: Mapping[str, Any], field: str, known: Mapping[str, Any], what: str
) -> tuple[str, str] | None:
    word = table.get(field, "")
    if not isinstance(word, str) or not word or word in known:
        return None
    near = difflib.get_close_matches(word, known, n=1)
    return f"不认识的{what} {word}", f"是否应为 {near[0]}？" if near else f"可用：{'、'.join(known)}"
