"""Every address of the product, out of the URL resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address: its name with the namespace, and its pattern."""

    name: str
    pattern: str

    @property
    def is_act(self) -> bool:
        """Whether it performs an act of the interface."""
        return self.pattern.startswith("api/acts/")

    def path(self, values: dict[str, Any]) -> str:
        """The address with these values."""
        return "/" + PARAMETER.sub(lambda found: str(values[found[1]]), self.pattern)


def all_routes() -> list[Route]:
    """Every address of every namespace."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Route(f"{space}{entry.name}", pattern)
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inner)
