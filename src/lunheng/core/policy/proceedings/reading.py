"""TOML → Procedure: one file of `procedures/` each, every mistake told with file, key, line and remedy."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lunheng.core.policy.faults import Problem, fault_of
from lunheng.core.policy.proceedings import effects, kinds
from lunheng.core.policy.proceedings.model import (
    END,
    ENGINE_FACTS,
    FormSheet,
    Procedure,
    Step,
)

FOLDER = "procedures/"
LATER = "本版本尚未支持"
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
            fault = _closed(table, "kind", kinds.KINDS, kinds.WAITING, "步骤种类") or _closed(
                table, "effect", effects.EFFECTS, effects.WAITING, "效果"
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
        for message, remedy in _of_procedure(procedure):
            self.note("procedure", message, remedy)
        for number, step in enumerate(procedure.steps):
            for message, remedy in _of_step(procedure, step):
                line = self._line_of_step(number)
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
    table: Mapping[str, Any], field: str, known: Mapping[str, Any], later: Mapping[str, str], what: str
) -> tuple[str, str] | None:
    word = table.get(field, "")
    if not isinstance(word, str) or not word or word in known:
        return None
    if word in later:
        return f"{what} {word}（{later[word]}）{LATER}", f"本版本可用：{'、'.join(known)}"
    near = difflib.get_close_matches(word, [*known, *later], n=1)
    return f"不认识的{what} {word}", f"是否应为 {near[0]}？" if near else f"可用：{'、'.join(known)}"


def _of_procedure(procedure: Procedure) -> Iterator[tuple[str, str]]:
    if procedure.opened_by == "office" and not procedure.office:
        yield "由机构启动的流程没有写明哪个机构", '写明 office，例如 office = "station"'
    if procedure.opened_by == "application" and procedure.first.kind != "apply":
        yield "依申请启动的流程第一步须为申请", '第一个 [[step]] 写 kind = "apply"'
    if procedure.form and procedure.form not in procedure.forms:
        yield f"没有表单 {procedure.form}", f"新建 [form.{procedure.form}]，或改正 form"


def _of_step(procedure: Procedure, step: Step) -> Iterator[tuple[str, str]]:
    kind = kinds.KINDS[step.kind]
    if not kind.by_itself and not step.office:
        yield "没有写明由谁办理", '写明 office，例如 office = "station" 或 "applicant"'
    if step.form and step.form not in procedure.forms:
        yield f"没有表单 {step.form}", f"新建 [form.{step.form}]，或改正 form"
    yield from _outcomes(procedure, step)
    if step.kind != "apply" and step.no_skip and step.limit is not None and step.limit.late == "next":
        yield (
            "逾期即进入下一步等于略过本步骤，不办理不能当作已办理",
            '改为 late = "tell" 或 "lapse"；确可略过的写明 no_skip = false',
        )
    if step.until and step.until not in _keys(procedure, (procedure.form,)):
        yield f"截止日 {step.until} 不是启动表单的项", "写启动表单里日期项的 key"
    for need in step.needs:
        missing = set(need.facts) - ENGINE_FACTS - _keys(procedure, procedure.forms_until(step.id))
        if missing:
            yield f"条件 {need.rule} 的事实 {'、'.join(sorted(missing))} 不是已填表单的项", "改为表单里的 key"
    if step.kind == "effect":
        yield from _effect(procedure, step)


def _outcomes(procedure: Procedure, step: Step) -> Iterator[tuple[str, str]]:
    known = kinds.KINDS[step.kind].outcomes
    named = {*step.may, *(word for need in step.needs for word in need.on)}
    for word in sorted(named - known.keys()):
        yield f"{step.kind} 没有结果 {word}", f"可用：{'、'.join(known) or '无（由平台办理）'}"
    for word in sorted(step.on.keys() - known.keys() - {"skip", "upheld"}):
        yield f"{step.kind} 没有结果 {word}", f"可用：{'、'.join(known) or '无（由平台办理）'}"
    places = {one.id for one in procedure.steps} | {END}
    for place in sorted(set(step.on.values()) - places):
        yield f"没有步骤 {place}", f"写某个步骤的 id 或 {END}"
    earlier = {one.id for one in procedure.before(step.id)}
    for place in sorted(set(step.may_return_to) - earlier):
        yield f"只能退回到前面的步骤，{place} 不是", f"可用：{'、'.join(sorted(earlier)) or '无'}"
    has_application = any(one.kind == "apply" for one in procedure.before(step.id))
    if "return" in step.outcomes and not step.may_return_to and not has_application:
        yield "可以退回，但前面没有申请步骤", "写明 may_return_to，或从 may 中去掉 return"


def _effect(procedure: Procedure, step: Step) -> Iterator[tuple[str, str]]:
    if not step.effect:
        yield "没有写明效果", f"写明 effect：{'、'.join(effects.EFFECTS)}"
        return
    effect = effects.EFFECTS[step.effect]
    if effect.of_members != (procedure.concerns == "members"):
        wanted = "members" if effect.of_members else "applicant"
        yield f"效果 {step.effect} 与本流程涉及的人不符", f'[procedure] 写 concerns = "{wanted}"'
    known = _keys(procedure, procedure.forms_until(step.id))
    for name in effect.needs:
        if step.arguments.get(name, name) not in known:
            yield f"效果 {step.effect} 需要表单项 {name}", f"在表单中增加 {name}，或用 arguments 指明是哪一项"


def _keys(procedure: Procedure, forms: tuple[str, ...]) -> set[str]:
    return {one.key for name in forms if name in procedure.forms for one in procedure.fields_of(name)}
