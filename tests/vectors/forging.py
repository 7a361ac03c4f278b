"""What a forger could do who knows the format and can compute every hash."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from lunheng.core.draw import Stream
from lunheng.verifiers import verify_draw

Document = dict[str, Any]


def with_fresh_hashes(document: Document, *, reseed: bool = False) -> Document:
    """Every hash made consistent again, in place; with `reseed` also the seed, if it has contributors."""
    name = document["rules"]["hash"]
    parts = (
        verify_draw.hashed(f"draw.{key}", verify_draw.canonical(document[key]), name=name)
        for key in verify_draw.COMMITTED
    )
    commit = verify_draw.hashed("commit", *parts, name=name)
    document["commit"] = commit.hex()
    if reseed and document["contributors"]:
        values = [bytes.fromhex(value) for _, value in document["reveals"]]
        document["seed"] = verify_draw.hashed("seed", commit, *values, name=name).hex()
    link = commit
    for entry in document["events"]:
        link = verify_draw.hashed("event", link, verify_draw.canonical(entry["event"]), name=name)
        entry["hash"] = link.hex()
    body = {key: value for key, value in document.items() if key != "digest"}
    document["digest"] = verify_draw.hashed("transcript", verify_draw.canonical(body), name=name).hex()
    return document


def redrawn(document: Document) -> Document:
    """Hashes, seed and result as they follow from the forged plan, so that only the plan itself is false."""
    with_fresh_hashes(document, reseed=True)
    judged = copy.deepcopy(document)
    draw = verify_draw.Draw(judged)
    verify_draw.assign_types(draw, judged["plan"])
    if not verify_draw.check_sums(draw, judged["plan"]):
        left = verify_draw.Bundles(draw).left_over()
        document["plan"]["redraw"] = str(sum(min(one.share, other.share) for one, other in left))
        with_fresh_hashes(document, reseed=True)
        panel, redraws = verify_draw.replayed(draw, bytes.fromhex(document["seed"]))
        document["result"], document["redraws"] = panel, redraws
    return with_fresh_hashes(document)


def unfair_plans(document: Document) -> Iterator[Document]:
    """Plans in which one type gives some of its chance to another that can take the same seats.

    Every shift changes the chances and the fairest chances are unique, so none of these plans may be accepted.
    """
    for giver, taker in combinations(range(len(document["plan"]["types"])), 2):
        for poor, rich in ((giver, taker), (taker, giver)):
            forged = _shifted(document, poor, rich)
            if forged is not None:
                yield redrawn(forged)


def _shifted(document: Document, poor: int, rich: int) -> Document | None:
    forged = copy.deepcopy(document)
    plan = forged["plan"]
    one, other = plan["types"][poor], plan["types"][rich]
    if one["fixed"] or other["fixed"]:
        return None
    seats, gains = dict(one["seats"]), dict(other["seats"])
    common = [name for name in seats if name in other["specialties"]]
    if not common:
        return None
    # finer units, so that a small amount can be moved without fractions
    fine = 4 * one["count"] * other["count"]
    _refine(plan, fine)
    moved = int(seats[common[0]])
    seats, gains = dict(one["seats"]), dict(other["seats"])
    seats[common[0]] = str(int(seats[common[0]]) - moved * one["count"] * other["count"])
    gains[common[0]] = str(int(gains.get(common[0], "0")) + moved * one["count"] * other["count"])
    one["share"] = str(int(one["share"]) - moved * other["count"])
    other["share"] = str(int(other["share"]) + moved * one["count"])
    if int(other["share"]) > int(plan["denominator"]):
        return None
    one["seats"] = [[name, mass] for name, mass in sorted(seats.items()) if mass != "0"]
    other["seats"] = [[name, mass] for name, mass in sorted(gains.items()) if mass != "0"]
    return forged


def _refine(plan: Document, fine: int) -> None:
    plan["denominator"] = str(int(plan["denominator"]) * fine)
    plan["redraw"] = str(int(plan["redraw"]) * fine)
    for one in plan["types"]:
        one["share"] = str(int(one["share"]) * fine)
        one["seats"] = [[name, str(int(mass) * fine)] for name, mass in one["seats"]]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every single text, number and empty place of a record."""
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))
    else:
        yield path


def mutated(document: Document, dice: Stream) -> tuple[Document, str]:
    """One field changed, a line dropped, doubled or exchanged; and where."""
    changed = copy.deepcopy(document)
    paths = list(places(changed))
    path = paths[dice.uniform(len(paths))]
    parent: Any = changed
    for step in path[:-1]:
        parent = parent[step]
    lists = isinstance(parent, list)
    way = dice.uniform(4 if lists and len(parent) > 1 else 1)
    if way == 0:
        parent[path[-1]] = _other(parent[path[-1]], dice)
    elif way == 1:
        del parent[path[-1]]
    elif way == 2:
        parent.insert(path[-1], copy.deepcopy(parent[path[-1]]))
    else:
        second = (path[-1] + 1 + dice.uniform(len(parent) - 1)) % len(parent)
        parent[path[-1]], parent[second] = parent[second], parent[path[-1]]
    return changed, f"{'.'.join(map(str, path))} ({('changed', 'dropped', 'doubled', 'exchanged')[way]})"


def _other(value: Any, dice: Stream) -> Any:
    """A different value of the same form, mostly."""
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return value + 1 if dice.uniform(2) or not value else value - 1
    if isinstance(value, list | dict):
        return ["x"]
    if value.isdigit() and dice.uniform(2):
        return str(int(value) + 1)
    if not value or dice.uniform(4) == 0:
        return value + "0"
    place = dice.uniform(len(value))
    letter = "0123456789abcdef"[dice.uniform(16)]
    letter = letter if letter != value[place] else "z"
    return value[:place] + letter + value[place + 1 :]
