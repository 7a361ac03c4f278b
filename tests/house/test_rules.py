"""Every kind of rule is asked by the product, or waits on this list for what brings it."""

import ast
from collections.abc import Iterator
from types import ModuleType

from lunheng.core.policy import RULES, Rule
from lunheng.core.policy.rules import MODULES
from tests.house.tree import modules

ASKING = {"judge", "rule", "due", "demand"}
BY_NAME = {
    "record.upload": "reports/queries.py: every duty of DUTIES",
    "record.scan": "reports/queries.py: every duty of DUTIES",
}
"""Asked through a list of keys."""
WAITING = {
    "appraisal.yearly": "the appraisal of experts",
    "closure.change": "closure.works asks it of a plan that was changed",
    "conduct.confidential_report": "reports of improper acts",
    "conduct.title_use": "consent to use the pool's name",
    "confirmation.backfill": "a direct draw whose seats are refilled by hand",
    "draw.suitability": "specialties that an expert withdraws from, cited by its clause until then",
    "platform.access": "cited by its constant in cases/permissions.py: files under no law",
    "platform.clock": "cited by its constant in ledger/clocks.py",
    "platform.coverage": "core/policy/choose.py answers before there is a law",
    "platform.silence": "core/policy/law.py answers where no layer speaks",
    "rating.once": "ratings by the client",
    "roles.agency": "the register of agencies",
    "roles.pool": "core/policy/offices.py reads the powers of packs without a table of offices from it",
    "scope.coverage": "core/policy/choose.py answers before there is a law",
    "security.commitment": "the commitment signed at admission; before a plan, security.plan_access is asked",
    "supervision.checks": "inspections",
    "supervision.off_platform": "findings on reviews outside the platform",
    "training.hours": "the record of study",
}
"""Rules that no act asks yet, and what brings the act."""


def _constants(tree: ast.Module) -> dict[str, str]:
    """NAME = "text" at the top of a module."""
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


CLASSES = {kind.__name__: kind.key for kind in RULES.values()}


def _asked(tree: ast.Module) -> Iterator[str]:
    """The keys that a module asks the law: as text, as a constant of the module, or by the class."""
    names = _constants(tree) | CLASSES
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if node.func.attr not in ASKING:
                continue
            if isinstance(first, ast.Constant) and first.value in RULES:
                yield str(first.value)
            elif isinstance(first, ast.Name) and names.get(first.id) in RULES:
                yield names[first.id]


def test_every_kind_of_rule_is_asked_by_the_product_or_waits_for_what_brings_it() -> None:
    asked = {
        key for name, tree in modules().items() if not name.startswith("core/policy/") for key in _asked(tree)
    }

    assert RULES.keys() - asked - BY_NAME.keys() == WAITING.keys()


def test_a_kind_of_rule_stands_in_the_module_of_its_topic() -> None:
    strays = [kind.key for module in MODULES for kind in RULES.values() if _is_stray(kind, module)]

    assert strays == []


def _is_stray(kind: type[Rule], module: ModuleType) -> bool:
    return kind.__module__ == module.__name__ and kind.key.partition(".")[0] not in module.TOPICS
