"""Every event has words for people, and nothing else has: whoever adds an act says what it does."""

import ast
from collections import Counter

import pytest

from lunheng.cases.acts import REGISTRY
from lunheng.core.events import CODE, EVENTS, explain, words_of
from lunheng.core.procedures.step import Step
from lunheng.core.procedures.table import TOPICS
from tests.house.tree import modules

TABLES = "core/procedures/"
"""The rows of the steps: the only place that writes out the code of an event."""
ROWS = {
    (topic.__name__, name): step.event
    for topic in TOPICS
    for name, step in vars(topic).items()
    if isinstance(step, Step)
}


def written_out(tree: ast.Module) -> set[str]:
    """The codes that a module writes out."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)}


def named(tree: ast.Module) -> set[str]:
    """The events of the rows that a module imports and uses."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {(node.module or "", alias.name) for node in imports for alias in node.names}
    return {event for (module, name), event in ROWS.items() if (module, name) in names and name in used}


def test_every_event_that_is_written_anywhere_has_its_words_and_no_word_is_left_over() -> None:
    outside = [tree for path, tree in modules().items() if not path.startswith(TABLES)]
    written = {code for tree in outside for code in (*named(tree), *written_out(tree))}
    assert written ^ set(EVENTS) == set()


def test_an_event_is_written_out_in_its_row_alone() -> None:
    strays = {path: written_out(tree) for path, tree in modules().items() if not path.startswith(TABLES)}
    assert {path: codes for path, codes in strays.items() if codes} == {}


def test_every_event_that_an_act_may_enter_has_its_words() -> None:
    ours = [spec for spec in REGISTRY.values() if spec.perform.__module__.startswith("lunheng.")]
    assert {code for spec in ours for code in (spec.event, *spec.further)} - set(EVENTS) == set()


def test_no_two_events_are_called_the_same() -> None:
    assert [words for words, times in Counter(EVENTS.values()).items() if times > 1] == []


def test_the_words_are_chinese() -> None:
    assert [words for words in EVENTS.values() if any(letter.isascii() for letter in words)] == []


def test_an_event_that_nobody_knows_keeps_its_code() -> None:
    assert (words_of("plan.submitted/1"), words_of("plan.burnt/1")) == ("提交专项施工方案", "plan.burnt/1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("表中为 plan.submitted/1", "表中为 提交专项施工方案（plan.submitted/1）"),
        ("plan.burnt/1，log.example/12", "plan.burnt/1，log.example/12"),
        ("log.key/1 和 log.key/12", "更换日志的签名密钥（log.key/1） 和 log.key/12"),
    ],
)
def test_codes_in_a_text_stand_behind_their_words(text: str, told: str) -> None:
    assert explain(text) == told
