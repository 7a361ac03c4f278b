"""Which function judges which key."""

from collections.abc import Callable
from typing import Any, TypeVar

from lunheng.core.verdict import Verdict

Judgement = Callable[..., Verdict]
_F = TypeVar("_F", bound=Callable[..., Any])

JUDGEMENTS: dict[str, Judgement] = {}


def judges(*keys: str) -> Callable[[_F], _F]:
    """Register a function as the judgement of one or more keys."""

    def register(function: _F) -> _F:
        JUDGEMENTS.update(dict.fromkeys(keys, function))
        return function

    return register
