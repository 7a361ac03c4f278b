"""The page about packs lists every key with what may be written and which facts are judged, and no other."""

import re
from pathlib import Path

from lunheng.core.policy import RULES
from lunheng.core.policy.documented import row

PAGE = Path(__file__).parents[3] / "docs" / "packs.md"


def test_the_page_lists_every_key_as_it_is() -> None:
    listed = re.findall(r"^\| [a-z]+\.[a-z_]+ \|.*$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert listed == [row(kind) for kind in RULES.values()]
