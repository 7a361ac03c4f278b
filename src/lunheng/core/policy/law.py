"""The law of one case: what a rule says, which clause it stands on, and how it judges the facts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from lunheng.core.actor import Role
from lunheng.core.calendar import WorkCalendar
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import Due, due
from lunheng.core.errors import require
from lunheng.core.policy.expiry import Expired, expired
from lunheng.core.policy.facts import check_facts
from lunheng.core.policy.offices import POWERS, Office, Power, offices_of, power_of
from lunheng.core.policy.proceedings import Limit, Procedure
from lunheng.core.policy.resolve import ResolvedPack
from lunheng.core.policy.rules import RULES, Assumption, Citation, Rule, Timed
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.policy.rules.platform import Unsaid
from lunheng.core.verdict import Outcome, Reason, Verdict, allowed, refused

_R = TypeVar("_R", bound=Rule)

STANDING = Unsaid(clause="第十五条", title="规则没有规定的事项")
"""The platform's rule on what no layer speaks of, for packs that were stored before it was written."""
PLATFORM_RULES = "论衡平台运行规则"


@dataclass(frozen=True)
class Law:
    """One resolved pack with a calendar. Time limits are counted in the region of the pack's territory."""

    pack: ResolvedPack
    read_calendar: Callable[[], WorkCalendar]

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The calendar of working days, read when the first time limit is counted: most judgements count none."""
        return self.read_calendar()

    @property
    def title(self) -> str:
        """The Chinese name of the pack."""
        return self.pack.head.title

    @property
    def pack_id(self) -> str:
        """The identifier of the pack."""
        return self.pack.head.id

    @property
    def version(self) -> str:
        """The version of the pack."""
        return self.pack.head.version

    @property
    def digest(self) -> str:
        """The digest by which a case is pinned (SHA-256, hex)."""
        return self.pack.digest

    @property
    def layers(self) -> tuple[str, ...]:
        """The titles of the layers, highest first: where a rule is looked for."""
        return tuple(layer.head.title for layer in self.pack.layers)

    def has(self, key: str) -> bool:
        """Whether any layer speaks on the key. Raises KeyError for a key that no pack could hold."""
        return self.rule(key) is not None

    def rule(self, key: str) -> Rule | None:
        """The typed rule in force, or None when the pack is silent. Raises KeyError for an unknown key."""
        if key not in RULES:
            raise KeyError(f"不认识的规则键 {key}")
        return self.pack.rules.get(key)

    def clause(self, key: str) -> Clause:
        """The rule's clause, or the platform's on what no layer speaks of. Raises KeyError for an unknown key."""
        rule = self.rule(key)
        return self._unsaid if rule is None else self.pack.cite(key, rule)

    def assumption(self, key: str) -> Assumption | None:
        """The interpretation the pack chose for the key, if any. Raises KeyError for an unknown key."""
        rule = self.rule(key)
        return None if rule is None else rule.assumption

    def procedure(self, key: str) -> Procedure:
        """The procedure of this name. Raises KeyError when no layer has one."""
        return self.pack.procedures[key]

    def procedure_clause(self, key: str, citation: Citation) -> Clause:
        """The clause of a procedure or of one of its steps. Raises KeyError when no layer has the procedure."""
        return self.pack.cite_procedure(key, citation)

    def limit(self, limit: Limit, from_at: datetime) -> Due:
        """When the time limit of a step ends whose turn came at `from_at`."""
        return due(limit.duration, from_at, self.calendar, self.region)

    def label(self, vocabulary: str, word: str) -> str:
        """The Chinese label of a word, or the word itself when the vocabulary does not hold it."""
        return self.pack.labels.get(vocabulary, {}).get(word, word)

    def labels(self, vocabulary: str) -> dict[str, str]:
        """A whole vocabulary, identifier → Chinese label. Raises KeyError for an unknown vocabulary."""
        return self.pack.labels[vocabulary]

    def choices(self, vocabulary: str) -> dict[str, str]:
        """The words of a vocabulary that people are offered: without what the city hides. Raises KeyError."""
        return self.pack.choices(vocabulary)

    def expired(self, on: date) -> Expired | None:
        """What the pack says of acts after its last day; None up to that day."""
        return expired(self.pack, on)

    def judge(self, key: str, **facts: object) -> Verdict:
        """Judge the facts by the rule. Where no layer speaks, the silence of its kind answers: refused, for a person, or
        allowed because no duty arises; the answer names the layers.

        Raises KeyError for an unknown key and TypeError for facts that the rule does not take, or of another type.
        """
        rule = self.rule(key)
        check_facts(RULES[key], facts)
        if rule is None:
            return self._by_silence(RULES[key])
        return rule.judge(self._ground(key, self.pack.cite(key, rule), rule), **facts)

    def demand(self, kind: type[_R]) -> _R:
        """The rule of this kind in force. Raises Refused, naming the layers, when none speaks and the kind is no mere
        option."""
        rule = self.rule(kind.key)
        if rule is None:
            require(self._by_silence(kind))
        assert isinstance(rule, kind), f"{kind.key} may be silent: ask for it with rule()"
        return rule

    @cached_property
    def offices(self) -> dict[str, Office]:
        """The offices of the authority by identifier; empty in packs that name them by role only."""
        return offices_of(self.pack.layers)

    def level_of(self, capacity: str) -> str:
        """The level of an office; of packs without a table of offices only the district's is known."""
        if capacity in self.offices:
            return self.offices[capacity].level
        return "county" if capacity == Role.DISTRICT.value else ""

    def power(self, act: str) -> Power | None:
        """Who may do what is in the power of an office alone, or None where no layer says. Raises KeyError."""
        return power_of(self.pack.layers, self.pack.rules, act)

    def may(self, act: str, capacity: str) -> Verdict:
        """Whether this office (or role) has the power; what no layer says is refused. Raises KeyError."""
        name, power = self.label("roles", capacity), self.power(act)
        if power is None:
            message = f"各层规则都没有写明由谁{POWERS[act]}，不能办理"
            return refused(self._unsaid, message, "请在政策包的 offices.toml 中写明 [powers] 后再办理", name)
        who = "、".join(self.label("roles", office) for office in power.offices) or "（没有岗位）"
        if capacity in power.offices:
            return allowed(power.clause, f"{power.label}由{who}办理")
        message, remedy = f"{power.label}只能由{who}办理", f"请由{who}的用户操作"
        return Verdict(Outcome.REFUSED, (Reason(power.clause, message, remedy, name, power.reading),))

    def due(self, key: str, anchor_at: datetime) -> Due:
        """When the time limit of a rule ends. Raises KeyError when the pack sets none for the key."""
        rule = self.rule(key)
        if not isinstance(rule, Timed):
            raise KeyError(f"{key} 没有期限")
        return due(rule.duration, anchor_at, self.calendar, self.region)

    @property
    def region(self) -> str:
        """The GB/T 2260 code whose regional calendar layer applies."""
        coverage = self.pack.rules.get("scope.coverage")
        return str(getattr(coverage, "territory", ""))

    @property
    def _unsaid(self) -> Clause:
        spoken = self.rule(Unsaid.key)
        if spoken is None:
            return Clause(PLATFORM_RULES, STANDING.clause, STANDING.title)
        return self.pack.cite(Unsaid.key, spoken)

    def _by_silence(self, kind: type[Rule]) -> Verdict:
        ground = self._ground(kind.key, self._unsaid, STANDING)
        return STANDING.judge(ground, matter=kind.heading, silence=kind.silence.value, searched=self.layers)

    def _ground(self, key: str, clause: Clause, rule: Rule) -> Ground:
        return Ground(
            clause=clause,
            number=self._number(key, rule),
            also=tuple(self.pack.cite(key, citation) for citation in rule.also),
            labels=self.pack.labels,
            cite=lambda citation: self.pack.cite(key, citation),
            due=lambda at: self.due(key, at),
            judge=self.judge,
            clause_of=self.clause,
            reading_of=lambda setting: rule.reading_of(f"{key}.{setting}".removesuffix(".")),
        )

    def _number(self, key: str, rule: Rule) -> str:
        return self.pack.source_of(key, rule).number if key in self.pack.rules else ""
