"""What outsiders carry away to check for themselves: the verifiers, the page that works from a disk, and the policy."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

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


@lru_cache(maxsize=4)
def offline_page(trusted: str) -> bytes:
    """The page lets nothing out: no address may be loaded or sent to, no script run but these three."""
    scripts = [(VERIFIERS / name).read_text("utf-8") for name in SCRIPTS]
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    page = render_to_string(
        "portal/offline.html", {"scripts": scripts, "allowed": allowed, "policy": trusted}
    )
    return page.encode()


def carried() -> dict[str, bytes]:
    """What goes with every case file, by name: verifiers, page, and the policy where the site has one."""
    trusted = published_policy()
    files = {f"verify/{name}": (VERIFIERS / name).read_bytes() for name in WITH_A_CASE}
    files[f"verify/{OFFLINE_PAGE}"] = offline_page(trusted)
    return files | ({"policy.txt": trusted.encode()} if trusted else {})
