"""Who knows one app knows them all: every business app has the same files and no others."""

import pytest

from tests.house.tree import BUSINESS_APPS, SOURCE

FILES = {
    "__init__", "apps", "models", "queries", "permissions", "actions", "forms", "views", "urls", "templates", "migrations",
    "templatetags", "context",
}  # fmt: skip
OWN = {
    "cases": {
        "acts", "entering", "running", "locks", "opening", "made", "precedents", "refusals", "middleware",
        "sealing", "timeline",
    },
    "documents": {"store", "guard", "parsing", "rendering", "signing", "case_file", "carrying", "proofs", "typst"},
    "messaging": {"carriers", "sending", "texts"},
    "panels": {"chance"},
    "portal": {"draws", "ledger", "pictures", "receipts"},
}  # fmt: skip
"""What a lower app offers to all others besides, named one by one."""


@pytest.mark.parametrize("app", [app for app in BUSINESS_APPS if (SOURCE / app).is_dir()])
def test_an_app_has_the_files_of_the_house(app: str) -> None:
    names = {path.name.removesuffix(".py") for path in (SOURCE / app).iterdir() if path.name != "__pycache__"}
    assert names - FILES - OWN.get(app, set()) == set()
