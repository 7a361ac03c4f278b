"""辖区: what lies inside a territory is found by walking up the tree of divisions, parent by parent.

The code of a division says nothing of where it lies: 659001 is a city of its own below the region, and a development
zone or a division of 兵团 has whatever code its authority gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import CharField
from django.db.models.expressions import RawSQL

from lunheng.jurisdictions.models import Division

_UPWARD = (
    "WITH RECURSIVE walk(code, parent_id, step) AS (SELECT code, parent_id, 0 FROM jurisdictions_division "
    "WHERE code = %s UNION ALL SELECT above.code, above.parent_id, walk.step + 1 FROM jurisdictions_division "
    "AS above JOIN walk ON above.code = walk.parent_id WHERE walk.step < 16) SELECT code FROM walk ORDER BY step"
)
_BELOW = (
    "WITH RECURSIVE walk(code) AS (SELECT code FROM jurisdictions_division WHERE code = %s UNION "
    "SELECT lower.code FROM jurisdictions_division AS lower JOIN walk ON lower.parent_id = walk.code) "
    "SELECT code FROM walk"
)


def chain(code: str) -> tuple[str, ...]:
    """The division and everything above it, narrowest first (one question); a code nobody knows stands alone."""
    with connection.cursor() as cursor:
        cursor.execute(_UPWARD, [code])
        return tuple(str(row[0]) for row in cursor.fetchall()) or (code,)


def covers(territory: str, code: str) -> bool:
    """Whether a division lies in the territory of another, or is it. Asks the database only where they differ."""
    return bool(territory) and (territory == code or territory in chain(code))


def below(code: str) -> RawSQL:
    """The codes of a division and of everything inside it, for ``…__in`` within another question."""
    return RawSQL(_BELOW, [code], output_field=CharField())  # nosec B611


@dataclass(frozen=True)
class Tree:
    """Every division with its parent, read once, asked many times."""

    parents: Mapping[str, str | None]

    @classmethod
    def load(cls) -> Tree:
        """Read the whole tree with one question."""
        return cls(dict(Division.objects.order_by().values_list("code", "parent_id")))

    def chain(self, code: str) -> tuple[str, ...]:
        """The division and everything above it, narrowest first."""
        found = [code]
        while (above := self.parents.get(found[-1])) is not None and above not in found:
            found.append(above)
        return tuple(found)

    def covers(self, territory: str, code: str) -> bool:
        """Whether a division lies in the territory of another, or is it."""
        return bool(territory) and territory in self.chain(code)
