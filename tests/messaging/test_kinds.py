"""Every message is of a declared kind: its words, its reader, its page, and whether it may wait."""

import ast

import pytest
from django.urls import Resolver404, resolve

from lunheng.messaging.texts import KINDS, PANEL_INVITATION, PANEL_LISTED, MessageKind
from tests.house.tree import modules

KEYS = {"case": 1, "member": 2, "proceeding": 3, "page": "/procedures/"}
NAMES = {
    name
    for name, value in vars(__import__("lunheng.messaging.texts", fromlist=["x"])).items()
    if isinstance(value, MessageKind)
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_message_leads_to_a_page_that_exists(kind: MessageKind) -> None:
    address = kind.address(KEYS)
    try:
        found = bool(resolve(address)) if address else True
    except Resolver404:
        found = False
    assert (found, bool(kind.audience)) == (True, True)


def test_every_kind_is_written_by_somebody_and_nobody_writes_words_of_his_own() -> None:
    used: set[str] = set()
    own: set[str] = set()
    for path, tree in modules().items():
        if path == "messaging/texts.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in NAMES:
                used.add(node.id)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_draft = node.func.attr == "draft" and ast.unparse(node.func.value) == "Message"
                first = ast.unparse(node.args[0]) if node.args else ""
                if is_draft and first not in NAMES | {"kind"}:
                    own.add(f"{path}:{node.lineno} {first}")
    assert (NAMES - used, own) == (set(), set())


@pytest.mark.parametrize("kind", [PANEL_INVITATION, PANEL_LISTED], ids=lambda kind: kind.key)
def test_an_invitation_tells_when_where_whom_to_ask_and_how_to_decline(kind: MessageKind) -> None:
    assert [
        part in kind.text for part in ("{meeting_at}", "{place}", "{organizer}", "{contact}", "不能")
    ] == [True] * 5
    assert kind.link == "/my/invitations/{member}/"


def test_the_expert_is_told_by_when_to_answer() -> None:
    assert ("{limit}" in PANEL_INVITATION.text, "{otherwise}" in PANEL_INVITATION.text) == (True, True)
