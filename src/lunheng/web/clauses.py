"""Where a clause can be read: the public rulebook, which an app above this one keeps."""

import re
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from lunheng.core.clauses import Clause

RULEBOOK = "portal:clause"
WRITTEN = re.compile(r"《(?P<document>[^》]+)》(?P<number>.+)")


def clause_url(clause: Clause | str) -> str:
    """Return the address of the clause in the rulebook; empty where there is none."""
    if isinstance(clause, Clause):
        return rulebook_url(clause.document, clause.number)
    written = WRITTEN.fullmatch(clause.strip())
    return rulebook_url(written["document"], written["number"]) if written else ""


def rulebook_url(document: str, number: str) -> str:
    """Return the rulebook's address with the document and number asked for."""
    try:
        page = reverse(RULEBOOK)
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode({'document': document, 'number': number})}"
