"""The page about packs lists every key with what may be written and which facts are judged, and no other."""

import inspect
import re
from pathlib import Path

from lunheng.core.policy import RULES, Rule, Timed
from lunheng.core.policy.judge import JUDGEMENTS

PAGE = Path(__file__).parents[3] / "docs" / "packs.md"
COMMON = set(Rule.model_fields)


def fields(model: type[Rule]) -> str:
    shared = set(Timed.model_fields) if issubclass(model, Timed) else COMMON
    own = [
        f"**{name}**" if field.is_required() else name
        for name, field in model.model_fields.items()
        if name not in shared
    ]
    return " ".join([*(["期限"] if issubclass(model, Timed) else []), *own]) or "—"


def facts(key: str) -> str:
    parameters = inspect.signature(JUDGEMENTS[key]).parameters.values()
    return " ".join(one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY) or "—"


def rows() -> list[str]:
    return [f"| {key} | {fields(model)} | {facts(key)} |" for key, model in RULES.items()]


def test_the_page_lists_every_key_as_it_is() -> None:
    listed = re.findall(r"^\| [a-z]+\.[a-z_]+ \|.*$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert listed == rows()
