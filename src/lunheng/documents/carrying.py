"""What outsiders carry away to check for themselves: the verifiers, the page that works from a disk, and the policy."""

import json
from base64 import b64encode
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from lunheng.core.events import EVENTS
from lunheng.jurisdictions import law
from lunheng.jurisdictions.models import PackRecord
from lunheng.verifiers import verify_draw

VERIFIERS = Path(verify_draw.__file__).parent
SCRIPTS = ("verify_draw.js", "verify_ledger.js", "verify_page.js")
"""What the page runs, in this order."""
WITH_A_CASE = ("verify_ledger.py", "verify_draw.py")
OFFLINE_PAGE = "核验程序.html"


def published_policy() -> str:
    """Whose signatures count, as this site says; outsiders compare it with what was announced. Empty without one."""
    file = Path(settings.LEDGER_POLICY)
    return file.read_text("utf-8") if file.is_file() else ""


def page_words() -> str:
    """What people call the events and the specialties of every rulebook, as the verifying page takes it (JSON)."""
    digests = PackRecord.objects.order_by("loaded_at", "digest").values_list("digest", flat=True)
    return _words_of(tuple(digests))


@lru_cache(maxsize=4)
def _words_of(digests: tuple[str, ...]) -> str:
    specialties: dict[str, str] = {}
    for one in digests:
        with suppress(ValueError, KeyError, TypeError):  # one spoiled rulebook takes the page from nobody
            specialties |= law.of(one).pack.labels.get("specialties", {})
    return json.dumps({"events": dict(EVENTS), "specialties": specialties}, ensure_ascii=False)


def offline_page(trusted: str) -> bytes:
    """The page lets nothing out: no address may be loaded or sent to, no script run but these three."""
    return _offline_page(trusted, page_words())


@lru_cache(maxsize=4)
def _offline_page(trusted: str, words: str) -> bytes:
    scripts = [(VERIFIERS / name).read_text("utf-8") for name in SCRIPTS]
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    shown = {"scripts": scripts, "allowed": allowed, "policy": trusted, "words": words}
    return render_to_string("portal/offline.html", shown).encode()


def carried() -> dict[str, bytes]:
    """What goes with every case file, by name: verifiers, page, and the policy where the site has one."""
    trusted = published_policy()
    files = {f"verify/{name}": (VERIFIERS / name).read_bytes() for name in WITH_A_CASE}
    files[f"verify/{OFFLINE_PAGE}"] = offline_page(trusted)
    return files | ({"policy.txt": trusted.encode()} if trusted else {})
