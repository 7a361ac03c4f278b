"""Text comes as keyboards, clipboards and file systems spell it; the ledger enters it in the one spelling it knows."""

import json

import pytest

from lunheng.core.ledger import EMPTY_LEAF
from lunheng.core.ledger.canonical import JsonValue
from lunheng.ledger.append import Line, append
from lunheng.ledger.queries import faults_of
from tests.conftest import OPENING
from tests.ledger.factory import ACTOR

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize(
    ("typed", "entered"), [("cafe\u0301", "caf\u00e9"), ("\uf900", "\u8c48"), ("方案（一）", "方案（一）")]
)
def test_what_is_typed_in_pieces_is_entered_composed(typed: str, entered: str) -> None:
    data: dict[str, JsonValue] = {"note": typed, "list": [typed, {"inner": typed}], "n": 1, "none": None}
    entry = append(
        Line("CS-0001", 1, EMPTY_LEAF, "370200", "trial.noted/1", ACTOR, OPENING, data), recorded_at=OPENING
    )
    content = json.loads(entry.payload.content or "")
    expected = {"note": entered, "list": [entered, {"inner": entered}], "n": 1, "none": None}
    assert {name: content[name] for name in data} == expected
    assert faults_of("CS-0001") == []
