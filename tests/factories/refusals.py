"""What "refused" means, asserted wherever a test is refused: nothing changed, the clause and the value are told, the try is kept.

Screens, interface and acts called by hand come through here, so that no test has to say it again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from lunheng.core.errors import Refused
from lunheng.core.verdict import Verdict, reasons_of
from lunheng.ledger import tallies
from lunheng.ledger.models import RefusedAttempt
from lunheng.procedures.permissions import UNKNOWN

State = tuple[int, int]
HIDDEN = reasons_of(UNKNOWN)
"""What whoever may not know of a matter is told instead of the ground, which is kept."""
QUESTION = (
    "SELECT COALESCE(MAX(CASE WHEN table_name <> 'documents_document' THEN id END), 0), "
    "(SELECT COUNT(*) FROM ledger_entry), (SELECT COALESCE(MAX(id), 0) FROM ledger_refusedattempt), "
    "(SELECT COALESCE(SUM(count), 0) FROM ledger_tally WHERE kind = 'refusal') "
    "FROM ledger_touched"
)
"""A file that came with a refused form is kept as uploaded, belongs to no case, and need not be sent again."""


@dataclass(frozen=True)
class Before:
    """How it stood before the try: the last note of the triggers on every covered row, the entries, the tries kept."""

    rows: State
    kept: int
    counted: int

    @classmethod
    def taken(cls) -> "Before":
        """One statement, which no test that counts statements sees."""
        counted, connection.force_debug_cursor = connection.force_debug_cursor, False
        try:
            with connection.cursor() as cursor:
                cursor.execute(QUESTION)
                notes, entries, kept, tallied = cursor.fetchone()
        finally:
            connection.force_debug_cursor = counted
        return cls((notes, entries), kept, int(tallied))

    def holds(self, what: str) -> list[RefusedAttempt]:
        """Assert that no covered row was written since; returns the tries kept since. Beside other writers nobody can say."""
        if connection.in_atomic_block:
            assert Before.taken().rows == self.rows, f"{what}: refused, and yet something was written"
        return list(RefusedAttempt.objects.filter(pk__gt=self.kept).order_by("pk"))


def is_told(what: str, reasons: Sequence[Mapping[str, str]]) -> None:
    """Every ground names its clause, what is wrong and what to do next."""
    assert reasons, f"{what}: refused without a ground"
    for reason in reasons:
        empty = [part for part in ("clause", "message", "remedy") if not reason[part].strip()]
        assert not empty, f"{what}: a refusal that does not tell its {empty}: {reason}"


def is_kept(what: str, tries: list[RefusedAttempt], actor: str, reasons: Sequence[Mapping[str, str]]) -> None:
    """The last of the tries is this one: by whom, of what, on which grounds."""
    assert tries, f"{what}: refused, and the attempt was not kept"
    last = tries[-1]
    assert (last.act, last.account, last.reasons) == (what, actor, list(reasons)), (
        f"{what}: kept as another attempt"
    )


@contextmanager
def refusal(what: str, actor: str) -> Iterator[list[Verdict]]:
    """An act called by hand that must be refused; the list holds the verdict afterwards."""
    before, verdicts = Before.taken(), list[Verdict]()
    with pytest.raises(Refused) as caught:
        yield verdicts
    verdicts.append(caught.value.verdict)
    reasons = reasons_of(caught.value.verdict)
    is_told(what, reasons)
    is_kept(what, before.holds(what), actor, reasons)


class WatchedClient(Client):
    """A browser in which whatever is sent and refused is a whole refusal, on a page as in the interface."""

    def request(self, **request: Any) -> Any:
        """One request; after one that changes nothing by its kind nothing is asked."""
        if request.get("REQUEST_METHOD") != "POST":
            return super().request(**request)
        before = Before.taken()
        response = super().request(**request)
        # A page without its token is no try of anybody's: the framework answers before anybody is asked.
        if response.status_code == 403 and not self.handler.enforce_csrf_checks:
            self.was_refused(f"POST {request['PATH_INFO']}", before, response)
        return response

    def was_refused(self, what: str, before: Before, response: Any) -> None:
        """The grounds that were kept are those that the answer tells."""
        tries = before.holds(what)
        if not tries and response.wsgi_request.actor.reference == tallies.STRANGER:
            assert Before.taken().counted > before.counted, f"{what}: a stranger's try was not counted"
            return
        assert tries, f"{what}: refused, and the attempt was not kept"
        reasons = tries[-1].reasons
        is_told(what, reasons)
        assert tries[-1].account == response.wsgi_request.actor.reference, f"{what}: kept as somebody else's"
        if response["Content-Type"].startswith("application/json"):
            told = response.json()["reasons"]
            assert told in (reasons, HIDDEN), f"{what}: told other grounds than were kept"
            return
        page = _words(strip_tags(response.content.decode()))
        if _words(HIDDEN[0]["message"]) in page:
            return
        for reason in reasons:
            untold = [
                part for part in ("message", "remedy", "value", "number") if _words(reason[part]) not in page
            ]
            assert not untold, f"{what}: the page does not tell {untold} of {reason}"


def _words(text: str) -> str:
    return "".join(unescape(text).split())
