"""Whether a procedure fits the pack that it stands in: its sources, offices, vocabularies and the rules it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lunheng.core.policy.faults import Problem
from lunheng.core.policy.proceedings.model import ENGINE_FACTS, Procedure
from lunheng.core.policy.proceedings.reading import FOLDER
from lunheng.core.policy.rules import RULES

if TYPE_CHECKING:
    from lunheng.core.policy.pack import Pack
    from lunheng.core.policy.resolve import ResolvedPack

PEOPLE = frozenset({"applicant", "member", "unit"})
"""Who acts in a matter without being an office."""


def unfit(resolved: ResolvedPack) -> Iterator[Problem]:
    """What no layer knows and a procedure names; problems have no line."""
    for layer in resolved.layers:
        for key, procedure in layer.procedures.items():
            file = f"{FOLDER}{key}.toml"
            for where, message, remedy in _faults(resolved, layer, procedure):
                yield Problem(file, where, 0, message, remedy)


def _faults(resolved: ResolvedPack, layer: Pack, procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    offices = resolved.labels.get("roles", {}).keys() | PEOPLE
    cited = [("procedure", procedure.source, procedure.office)]
    cited += [(f"step.{one.id}", one.source, one.office) for one in procedure.steps]
    for where, source, office in cited:
        if source and source not in resolved.sources:
            yield where, f"引用的文件 {source} 不在 sources.toml", f"改为 {'、'.join(resolved.sources)} 之一"
        if office and office not in offices:
            yield where, f"没有机构或身份 {office}", f"可用：{'、'.join(sorted(offices))}"
    yield from _vocabularies(resolved, procedure)
    if procedure.order:
        yield from _rule(resolved, "procedure", procedure.order)
        words = resolved.labels.get("admission_steps", {})
        if procedure.order == "admission.order" and [one.id for one in procedure.steps][: len(words)] != [
            *words
        ]:
            told = "、".join(words)
            yield "procedure", "步骤与规则 admission.order 的次序不符", f"步骤的 id 依次为：{told}"
    for step in procedure.steps:
        for need in step.needs:
            yield from _rule(resolved, f"step.{step.id}", need.rule)


def _rule(resolved: ResolvedPack, where: str, key: str) -> Iterator[tuple[str, str, str]]:
    if key not in RULES:
        yield where, f"不认识的规则键 {key}", "条件只能是规则键，见 docs/packs.md"
    elif key not in resolved.rules:
        yield where, f"条件 {key} 在哪一层都没有规定", f"先写 [{key}]，或去掉这个条件"


def _vocabularies(resolved: ResolvedPack, procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    for name, sheet in procedure.forms.items():
        for field in sheet.fields:
            is_choice = field.type == "choices"
            if is_choice != bool(field.vocabulary) or (is_choice and field.vocabulary not in resolved.labels):
                known = "、".join(sorted(resolved.labels))
                yield (
                    f"form.{name}",
                    f"{field.key} 的词汇表 {field.vocabulary or '没有写明'}",
                    f"可用：{known}",
                )
            dates = {one.key for one in sheet.fields if one.type == "date"} | {"today"}
            if field.after and (field.type != "date" or field.after not in dates - {field.key}):
                known = "、".join(sorted(dates - {field.key}))
                yield f"form.{name}", f"{field.key} 的 after 不是同表的日期项", f"可用：{known}"
            if field.key in ENGINE_FACTS:
                yield f"form.{name}", f"{field.key} 是平台自己的事实", "换一个 key"
