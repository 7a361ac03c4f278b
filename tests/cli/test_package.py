"""The package that ``pip install .`` makes carries everything that runs: code, pages, packs, fonts, bundles."""

import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.tree import ROOT, SOURCE

FONTS = 26
BUNDLES = ("app.css", "app.js", "chance.js", "chart.js", "verify.js")
DEVELOPMENT_ONLY = ("__pycache__", "dist")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = f"import hatchling.build; print(hatchling.build.build_wheel({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", build], cwd=ROOT, capture_output=True, text=True, check=True)
    return ZipFile(folder / done.stdout.split()[-1])


def under(folder: Path) -> set[str]:
    """Every file below a folder that is not made while the program runs."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not set(DEVELOPMENT_ONLY) & set(path.parts)
    }


def carried(wheel: ZipFile, folder: str) -> set[str]:
    """Every file that the wheel has below a folder."""
    return {name.removeprefix(folder) for name in wheel.namelist() if name.startswith(folder)}


def test_every_file_of_the_product_is_in_the_package_and_nothing_else(wheel: ZipFile) -> None:
    own = {
        name for name in carried(wheel, "lunheng/") if not name.startswith(("shipped/", "web/static/dist/"))
    }
    assert own == under(SOURCE)


def test_the_bundles_of_the_browser_are_in_the_package(wheel: ZipFile) -> None:
    made = carried(wheel, "lunheng/web/static/dist/")
    assert made == set(BUNDLES)
    assert all(wheel.getinfo(f"lunheng/web/static/dist/{name}").file_size > 500 for name in made)


def test_the_packs_are_in_the_package_letter_by_letter(wheel: ZipFile) -> None:
    packs = carried(wheel, "lunheng/shipped/packs/")
    assert packs == under(ROOT / "packs")
    assert {
        name
        for name in packs
        if wheel.read(f"lunheng/shipped/packs/{name}") != (ROOT / "packs" / name).read_bytes()
    } == set()


def test_the_fonts_of_official_documents_are_in_the_package(wheel: ZipFile) -> None:
    assert len(carried(wheel, "lunheng/shipped/fonts/")) == FONTS


def test_the_package_offers_the_command_and_asks_for_what_the_project_asks(wheel: ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    points = wheel.read("lunheng-0.1.0.dist-info/entry_points.txt").decode()
    wanted = [
        line
        for line in wheel.read("lunheng-0.1.0.dist-info/METADATA").decode().splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    assert points.split() == ["[console_scripts]", "lunheng", "=", "lunheng.cli.main:main"]
    assert len(wanted) == len(project["dependencies"]) + len(project["optional-dependencies"]["sm2"])


def test_an_unpacked_package_finds_what_it_carries(wheel: ZipFile, tmp_path: Path) -> None:
    """Away from the source: the packs are checked, a document is set in its own fonts, data lie where it was called."""
    site, called = tmp_path / "site", tmp_path / "called"
    called.mkdir()
    wheel.extractall(site)
    ask = (
        "import django; django.setup(); from django.conf import settings as s; from pathlib import Path;"
        "print(*[Path(one).resolve().relative_to(Path.cwd().parent) for one in (s.PACKS_DIRECTORY, *s.FONTS_DIRECTORIES, s.VAR)])"
    )
    environment = {
        "PYTHONPATH": str(site), "DJANGO_SETTINGS_MODULE": "lunheng.config.settings", "LUNHENG_MODE": "test", "PATH": "/usr/bin:/bin",
    }  # fmt: skip

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=called,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert run("-c", ask).split() == [
        "site/lunheng/shipped/packs",
        "site/lunheng/shipped/fonts",
        "called/var",
    ]
    assert run("-c", "import lunheng; print(lunheng.__file__)") == f"{site}/lunheng/__init__.py\n"
    assert all(pack in run("-m", "lunheng", "packs", "check") for pack in ("qingdao-2025", "nanning-2019"))
