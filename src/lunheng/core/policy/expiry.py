"""期满: what a pack whose time has ended still lets happen, and how that is told."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lunheng.core.clauses import Clause
from lunheng.core.policy.resolve import ResolvedPack
from lunheng.core.policy.rules.scope import Coverage
from lunheng.core.verdict import Reason, Verdict, allowed, refused

Matter = Literal["running_cases", "terms", "new_acts"]

WORDS: dict[Matter, str] = {
    "running_cases": "已受理的案件不再按本规则办理",
    "terms": "专家的聘期随本规则终止",
    "new_acts": "不再受理新的办理",
}


@dataclass(frozen=True)
class Expired:
    """A rule after its last day: since when, by which clause, what goes on, and the mark that acts carry."""

    clause: Clause
    period: str
    mark: str
    goes_on: frozenset[Matter]

    def judge(self, matter: Matter) -> Verdict:
        """ALLOWED with the mark as a warning, or REFUSED with the days of the rule."""
        if matter in self.goes_on:
            return allowed(
                self.clause, self.mark, value=self.period, warnings=(Reason(self.clause, self.mark),)
            )
        remedy = "请主管部门载入接替的规则，或写明期满后如何办理"
        return refused(
            self.clause, f"本规则{self.period}施行，现已期满，{WORDS[matter]}", remedy, self.period
        )


def expired(pack: ResolvedPack, on: date) -> Expired | None:
    """What the pack says of the day, when its last day is over; silent packs let cases and terms go on, marked."""
    rule = pack.rules.get("scope.coverage")
    if not isinstance(rule, Coverage) or not rule.has_ended(on):
        return None
    clause = pack.cite("scope.coverage", rule)
    said = rule.on_expiry
    if said is None:
        return Expired(clause, rule.period, "规则已过有效期", frozenset({"running_cases", "terms"}))
    matters: tuple[Matter, ...] = ("running_cases", "terms", "new_acts")
    goes_on = frozenset(matter for matter in matters if getattr(said, matter))
    return Expired(Clause(clause.document, said.clause, "期满之后"), rule.period, said.mark, goes_on)
