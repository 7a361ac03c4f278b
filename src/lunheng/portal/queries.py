"""What anybody may read: the rules in force, the masked register, and where a clause is applied."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lunheng.core.identity import folded
from lunheng.core.policy import Law
from lunheng.core.policy.rulebook import TOPICS, described
from lunheng.experts.models import Expert
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import PackRecord
from lunheng.pools.models import Membership


@dataclass(frozen=True)
class RuleLine:
    """One rule as people read it."""

    key: str
    title: str
    clause: str
    document: str
    number: str
    text: str
    reading: str


@dataclass(frozen=True)
class RuleTopic:
    """The rules of one topic."""

    heading: str
    lines: list[RuleLine]


def packs_in_force(on: date) -> list[PackRecord]:
    """The rulebooks that apply on a day."""
    return laws.all_in_force(on)


def rulebook(record: PackRecord) -> list[RuleTopic]:
    """Every rule of a pack by topic."""
    law = laws.of(record.digest)
    topics = []
    for topic, heading in TOPICS.items():
        lines = [_line(law, key) for key in sorted(law.pack.rules) if key.startswith(f"{topic}.")]
        if lines:
            topics.append(RuleTopic(heading, lines))
    return topics


def rules_under(records: list[PackRecord], document: str, number: str) -> list[tuple[PackRecord, RuleLine]]:
    """Every rule of the packs that stands on this clause."""
    return [
        (record, line)
        for record in records
        for topic in rulebook(record)
        for line in topic.lines
        if line.document == document and line.number == number
    ]


def _line(law: Law, key: str) -> RuleLine:
    rule = law.pack.rules[key]
    clause = law.clause(key)
    assumption = law.assumption(key)
    return RuleLine(
        key=key,
        title=clause.title or key,
        clause=str(clause),
        document=clause.document,
        number=clause.number,
        text=described(law.pack, rule),
        reading=assumption.reading if assumption else "",
    )


def register(on: date) -> QuerySet[Expert]:
    """Experts who serve in the pools on the day; pages show names masked."""
    experts = Expert.objects.filter(Membership.serving(on)).select_related("unit", "pool__division")
    return experts.prefetch_related("specialties").order_by("pool_id", "id")


def of_shown_words(experts: QuerySet[Expert], text: str) -> QuerySet[Expert]:
    """By unit, and by what the page shows of a name: its first sign. A full name finds nobody, so that the register never
    confirms one."""
    for word in text.split():
        asked = Q(unit__name__icontains=word)
        if key := folded(word):
            asked |= Q(unit__name_key__contains=key)
        if len(word) == 1:
            asked |= Q(name__startswith=word)
        experts = experts.filter(asked)
    return experts
