"""The command ``lunheng``."""

import argparse
import importlib
import os
from collections.abc import Sequence
from types import ModuleType

GROUPS = ("packs", "city", "draw", "chain", "ledger", "clauses", "server", "demo", "calendar")
"""Modules of this folder; each offers ``add_commands(subparsers)``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lunheng.config.settings")
    options = parser().parse_args(arguments)
    result: int | None = options.run(options)
    return result or 0


def parser() -> argparse.ArgumentParser:
    """Every command with its help."""
    top = argparse.ArgumentParser(prog="lunheng", description="论衡：危大工程专项施工方案专家论证平台")
    subparsers = top.add_subparsers(title="命令", metavar="命令", required=True)
    for group in _modules():
        group.add_commands(subparsers)
    return top


def _modules() -> list[ModuleType]:
    return [importlib.import_module(f"lunheng.cli.{name}") for name in GROUPS]
