"""Relations between units: superior, subordinate at any depth, sister, interest."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lunheng.core.clauses import Clause
from lunheng.core.identity import Unfit, canonical, credit_code
from lunheng.core.verdict import Verdict, refused
from lunheng.organizations.models import Control, Organization

HIERARCHY = (Control.Kind.OWNERSHIP, Control.Kind.ADMINISTRATION)


@dataclass(frozen=True)
class Relation:
    """How one unit relates to another; ``path`` names every unit from the first to the second."""

    kind: str
    path: tuple[str, ...]


def by_given_code(given: object) -> Organization | None:
    """The unit whose code somebody typed, in whatever width, case or grouping; None where no unit has it."""
    return Organization.objects.filter(code=canonical(given)).first()


def unknown(given: object, clause: Clause) -> Verdict:
    """Why no unit has the code that somebody typed: it is none, or the unit is not registered."""
    code = canonical(given)
    value = code[:18] if code.isascii() and code.isprintable() else f"{len(code)}位"
    remedy = "核对代码，或请平台管理员先登记该单位"
    try:
        credit_code(given)
    except Unfit as fault:
        remedy = f"{fault.in_one_line}；或请平台管理员先登记该单位"
    return refused(clause, "没有这一统一社会信用代码的单位", remedy, value or "未填写")


def relations(unit: str, parties: Iterable[str]) -> list[Relation]:
    """Every relation of ``unit`` to one of ``parties`` (all by credit code): control at any depth in either
    direction, common superior (sister), recorded interest."""
    return Relations.load().between(unit, parties)


class Relations:
    """All recorded relations, read once, asked many times."""

    def __init__(
        self, names: Mapping[str, str], above: Mapping[str, list[str]], interest: set[tuple[str, str]]
    ):
        self._names = names
        self._above = above
        self._interest = interest

    @classmethod
    def load(cls) -> "Relations":
        """Read the relation table with one query."""
        names: dict[str, str] = {}
        above: dict[str, list[str]] = {}
        interest: set[tuple[str, str]] = set()
        for control in Control.objects.select_related("superior", "subordinate"):
            upper, lower = control.superior, control.subordinate
            names[upper.code], names[lower.code] = upper.name, lower.name
            if control.kind in HIERARCHY:
                above.setdefault(lower.code, []).append(upper.code)
            else:
                interest |= {(upper.code, lower.code), (lower.code, upper.code)}
        return cls(names, above, interest)

    def between(self, unit: str, parties: Iterable[str]) -> list[Relation]:
        """Relations of ``unit`` to each of ``parties``, the unit itself left out."""
        return [found for party in parties if party != unit for found in self._pair(unit, party)]

    def _pair(self, unit: str, party: str) -> list[Relation]:
        upward, downward = self._climb(unit), self._climb(party)
        if party in upward:
            return [Relation("subordinate", self._named(upward[party]))]
        if unit in downward:
            return [Relation("superior", self._named(tuple(reversed(downward[unit]))))]
        found = [Relation("interest", self._named((unit, party)))] if (unit, party) in self._interest else []
        common = next((code for code in upward if code in downward), None)
        if common is not None:
            path = upward[common] + tuple(reversed(downward[common]))[1:]
            found.append(Relation("sister", self._named(path)))
        return found

    def _climb(self, start: str) -> dict[str, tuple[str, ...]]:
        paths: dict[str, tuple[str, ...]] = {}
        queue: deque[tuple[str, ...]] = deque([(start,)])
        while queue:
            path = queue.popleft()
            for upper in self._above.get(path[-1], ()):
                if upper not in paths and upper != start:
                    paths[upper] = (*path, upper)
                    queue.append(paths[upper])
        return paths

    def _named(self, path: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._names.get(code, code) for code in path)
