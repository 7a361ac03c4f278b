"""One function is one legal act: ``@act`` gives it its transaction, its place in the ledger and its refusals."""

import functools
import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from lunheng.cases import entering, made, running
from lunheng.cases.refusals import record_refusal
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.procedures.step import Step
from lunheng.ledger import touching


class AlreadyDone(Exception):
    """Somebody else performed what a deadline called for; there is nothing left to do and nothing to enter."""


class BeginAgain(Exception):
    """While an act waited for its locks, something came to be that it must lock too: it is taken back and begins again."""


TRIES = 5
"""How often an act begins again before it fails."""
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class ActSpec:
    """An act as screens, interface and sweep know it."""

    name: str
    event: str
    perform: Callable[..., Any]
    injected: Mapping[str, Callable[[], Any]]
    is_public: bool
    further: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """What a caller from outside gives: everything but actor, moment and what the server injects."""
        given = inspect.signature(self.perform).parameters
        return {name: value for name, value in given.items() if name not in {"actor", "at", *self.injected}}


REGISTRY: dict[str, ActSpec] = {}
"""Every act by ``app.function``."""


def act(
    step: Step | str,
    *,
    further: tuple[Step | str, ...] = (),
    inject: Mapping[str, Callable[[], Any]] | None = None,
    is_public: bool = True,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the legal act that takes ``step``: a row of ``core.procedures``, or the bare event of a trial.

    Opens one durable transaction, forbids acts inside acts, requires at least one entry, and records a refusal
    after the rollback. ``further`` names what the act may enter besides or instead, where one step completes
    another (the last contribution completes the draw). ``inject`` names arguments that only the server gives (a seed); ``is_public=False`` marks
    acts of the platform itself (answers to deadlines), which the interface does not offer.
    """

    event, declared = str(step), tuple(map(str, further))

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"

        @functools.wraps(function)
        def perform(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return _patiently(event, declared, kwargs.get("actor"), lambda: function(*args, **kwargs))
            except Refused as refusal:
                record_refusal(name, refusal, kwargs)
                raise

        REGISTRY[name] = ActSpec(name, event, perform, dict(inject or {}), is_public, declared)
        return perform

    return decorate


def _patiently(event: str, further: tuple[str, ...], actor: object, body: Callable[[], R]) -> R:
    for _ in range(TRIES - 1):
        with suppress(BeginAgain):
            return _in_transaction(event, further, actor, body)
    return _in_transaction(event, further, actor, body)


def _in_transaction(event: str, further: tuple[str, ...], actor: object, body: Callable[[], R]) -> R:
    token = running.start(event, actor if isinstance(actor, Actor) else None, further)
    try:
        with transaction.atomic(durable=True):
            since = touching.mark()
            result = body()
            made.keep(result)
            entering.finish(running.current(), since)
            return result
    except Refused as refusal:
        refusal.files = tuple(running.current().locked)
        raise
    finally:
        running.stop(token)


def injected(spec: ActSpec) -> dict[str, Any]:
    """Fresh values for the arguments that only the server gives."""
    return {name: provide() for name, provide in spec.injected.items()}
