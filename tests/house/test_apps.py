"""Who knows one app knows them all: every business app has the same files and no others."""

from tests.house.tree import BUSINESS_APPS, SOURCE

FILES = {
    "__init__", "apps", "models", "queries", "permissions", "actions", "forms", "views", "urls", "templates", "migrations",
    "templatetags", "context", "papers",
}  # fmt: skip
OWN = {
    "cases": {
        "acts", "answering", "entering", "running", "locks", "opening", "made", "precedents", "refusals", "middleware",
        "sealing", "timeline", "listing",
    },
    "documents": {"store", "guard", "parsing", "rendering", "signing", "case_file", "carrying", "proofs", "typst", "auditing", "middleware"},
    "experts": {"enrolling", "holding"},
    "procedures": {"answers", "checks", "drafts", "effects", "flow", "opening", "places"},
    "messaging": {"carriers", "sending", "texts"},
    "panels": {"chance"},
    "pools": {"founding"},
    "desk": {"lists", "audit"},
    "portal": {"certificates", "draws", "ledger", "pictures", "receipts"},
}  # fmt: skip
"""What a lower app offers to all others besides, named one by one."""


def foreign_files(app: str) -> list[str]:
    """Files and folders of an app that the house does not know."""
    names = {path.name.removesuffix(".py") for path in (SOURCE / app).iterdir() if path.name != "__pycache__"}
    return sorted(names - FILES - OWN.get(app, set()))


def test_an_app_has_the_files_of_the_house() -> None:
    apps = [app for app in BUSINESS_APPS if (SOURCE / app).is_dir()]
    assert len(apps) > 10
    assert {app: foreign for app in apps if (foreign := foreign_files(app))} == {}
