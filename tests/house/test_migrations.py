"""What a stored site has gone through stays as it was: migrations of a release are never edited, only added to.

``migrations.sha256`` lists those of the releases so far (``sha256sum`` reads it); a release adds its own lines.
"""

from hashlib import sha256

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from tests.house.tree import ROOT

RELEASED = ROOT / "tests" / "house" / "migrations.sha256"
LINES = (line.split(maxsplit=1) for line in RELEASED.read_text("utf-8").splitlines())
KEPT = {path: digest for digest, path in LINES}
AT_LEAST = 21


def digest_of(path: str) -> str:
    """The digest of a file as it is now."""
    file = ROOT / path
    return sha256(file.read_bytes()).hexdigest() if file.exists() else "is gone"


def test_the_migrations_of_releases_are_as_they_were() -> None:
    assert len(KEPT) >= AT_LEAST
    assert {path: digest_of(path) for path in KEPT} == KEPT


def test_rows_and_migrations_agree() -> None:
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}, "two migrations follow the same one: renumber the later"
    with translation.override(None):
        found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        missing = found.changes(graph=loader.graph)
    assert {label: [str(step) for step in steps] for label, steps in missing.items()} == {}
