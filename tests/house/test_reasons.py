"""A reason is one type: no form, model, act or table of the interface writes a length or a refusal of its own."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module

from django import forms
from django.apps import apps
from django.db import models

from lunheng.api.bounds import LENGTHS
from lunheng.cases.acts import REGISTRY
from lunheng.core.reasons import GivenReason, GivenStatement
from lunheng.web.reasons import ReasonColumn, ReasonField
from tests.house.tree import modules

WORDS = ("理由", "原因", "事由", "更正说明", "关系")
"""How pages ask why."""
NAMES = ("reason", "ground", "stop_reason", "void_reason", "clear_reason")
NO_REASON = {
    "ledger_finding.reason": "found by the audit, written by the platform",
    "panels_exclusion.ground": "one of a closed list",
    "procedures_steptaken.reason": "prose, held to the length by the act",
}


def subclasses(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_field_that_asks_why_is_of_the_type() -> None:
    for path in modules():
        if path.endswith("/forms.py"):
            import_module(f"lunheng.{path.removesuffix('.py').replace('/', '.')}")
    asked = {
        f"{form.__module__}.{form.__name__}.{name}": type(field)
        for form in subclasses(forms.BaseForm)
        if form.__module__.startswith("lunheng.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and (name in NAMES or str(field.label).endswith(WORDS[:3]))
    }
    objection = "lunheng.notices.forms.ObjectionForm.text"
    assert {where: kind for where, kind in asked.items() if where != objection} == dict.fromkeys(
        set(asked) - {objection}, ReasonField
    )
    assert len(asked) >= 12


def test_every_column_that_keeps_a_reason_is_of_the_type() -> None:
    kept = {
        f"{field.model._meta.db_table}.{field.name}": type(field)
        for model in apps.get_models()
        if model.__module__.startswith("lunheng.")
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and field.name in NAMES
    }
    assert {where: kind for where, kind in kept.items() if kind is not ReasonColumn} == {
        where: kept[where] for where in NO_REASON if where in kept
    }
    assert set(NO_REASON) <= set(kept)


def test_every_act_that_is_told_why_says_so_by_the_type() -> None:
    hints = {
        f"{spec.name}.{name}": hint
        for spec in REGISTRY.values()
        for name, hint in inspect.get_annotations(inspect.unwrap(spec.perform), eval_str=True).items()
        if name in ("reason", "ground") and spec.is_public
    }
    statement = {"procedures.take_step.reason": GivenStatement}
    assert hints == {**dict.fromkeys(hints, GivenReason), **statement}
    assert len(hints) >= 15


def test_the_interface_keeps_no_length_of_a_reason() -> None:
    assert LENGTHS.keys() & {*NAMES, "note", "answer"} == set()


def test_nobody_else_asks_whether_a_reason_is_there() -> None:
    """Rules of the packs judge it as a fact, with their own clause and reading."""
    own = {
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path != "core/reasons.py" and not path.startswith("core/policy/rules/")
        for node in ast.walk(tree)
        if isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.Not)
        and isinstance(node.operand, ast.Call)
        and isinstance(node.operand.func, ast.Attribute)
        and node.operand.func.attr == "strip"
        and isinstance(node.operand.func.value, ast.Name)
        and node.operand.func.value.id in NAMES
    }
    assert own == set()


def test_nothing_is_cut_to_the_length_by_hand() -> None:
    cuts = {
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if "migrations" not in str(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Slice) and isinstance(node.upper, ast.Constant) and node.upper.value == 300
    }
    assert {where.rpartition(":")[0].rpartition("/")[2] for where in cuts} == {"nightly.py"}
