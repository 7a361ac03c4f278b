"""谁可以参加: which experts of a pool may be drawn for one review, and by which clause the others may not.

Pure: candidates with their facts go in, the included and the excluded with ground, clause and relation path come
out. Whatever the rule leaves to a person (sister companies) is listed for that person and excluded until decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from lunheng.core.clauses import Clause
from lunheng.core.verdict import Outcome, Verdict


class Ground(StrEnum):
    """Why an expert is not drawn."""

    NOT_SERVING = "not_serving"
    UNQUALIFIED = "unqualified"
    GRADE = "grade"
    BUSY = "busy"
    PARTY = "party"
    INTEREST = "interest"
    RELATION = "relation"
    SAME_PLAN = "same_plan"
    ASKED = "asked"
    SISTER = "sister"

    @property
    def label(self) -> str:
        """The Chinese name shown on pages."""
        return _LABELS[self]


_LABELS = {
    Ground.NOT_SERVING: "不在聘期或已暂停",
    Ground.UNQUALIFIED: "不具备专家的基本条件",
    Ground.GRADE: "专家等级与方案的风险等级不相适应",
    Ground.BUSY: "同一时段已参加其他论证",
    Ground.PARTY: "参建单位人员",
    Ground.INTEREST: "有利害关系",
    Ground.RELATION: "所在单位与参建单位有上下级或利害关系",
    Ground.SAME_PLAN: "曾为其他组织单位论证本方案",
    Ground.ASKED: "本次申请中已抽取过",
    Ground.SISTER: "所在单位是参建单位的兄弟单位",
}


class Rules(Protocol):
    """What is asked of the law."""

    def judge(self, key: str, **facts: object) -> Verdict: ...

    def clause(self, key: str) -> Clause: ...


@dataclass(frozen=True, slots=True)
class Path:
    """A relation of the expert's unit to a party: its kind in the pack's words, and the units it leads through."""

    kind: str
    units: tuple[str, ...]

    def __str__(self) -> str:
        return " → ".join(self.units)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One expert of the pool with the facts that may exclude.

    `unit` is a unified social credit code, `busy` says when the expert sits on another panel at the same time, `interests` the recorded interests in a party, in words, `earlier` the
    reviews of the same plan ({name, organiser}), `paths` the relations of the unit to the parties. `qualification` is what
    is on file of title and years, or None where the admission itself judged them; `grade` is empty where none is on file.
    """

    reference: str
    name: str
    unit: str
    unit_name: str
    specialties: tuple[str, ...]
    is_serving: bool = True
    busy: str = ""
    territory: str = ""
    interests: tuple[str, ...] = ()
    earlier: tuple[Mapping[str, str], ...] = field(default=(), hash=False)
    paths: tuple[Path, ...] = ()
    qualification: Mapping[str, object] | None = field(default=None, hash=False)
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Excluded:
    """One expert who may not be drawn now."""

    reference: str
    ground: Ground
    clause: Clause
    path: str = ""

    @property
    def told(self) -> str:
        """The ground in words, with the path where there is one."""
        return f"{self.ground.label}：{self.path}" if self.path else self.ground.label


@dataclass(frozen=True, slots=True)
class Sifted:
    """The pool sorted: who may be drawn, who may not, and who waits for a person's decision (also excluded)."""

    included: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]
    undecided: tuple[Excluded, ...]


def fits(rules: Rules, work_kind: str, specialty: str) -> Verdict:
    """专业匹配: does this specialty fit these works? Request, draw, backfill, meeting and report all ask here."""
    return rules.judge("draw.match", work_kind=work_kind, specialties=[specialty])


def seats_fit(rules: Rules, work_kind: str, specialties: Iterable[str]) -> Verdict:
    """Whether every one of these seats, none of them an extra, is of a specialty that fits the works.

    Refused with every specialty that does not, and when there is no seat at all.
    """
    asked = list(dict.fromkeys(specialties))
    unfit = [one for one in asked if not fits(rules, work_kind, one).is_allowed]
    return rules.judge("draw.match", work_kind=work_kind, specialties=unfit or asked)


def sift(
    candidates: Iterable[Candidate],
    rules: Rules,
    *,
    parties: Sequence[tuple[str, str]],
    organizer: str,
    asked: frozenset[str] = frozenset(),
    decisions: Mapping[str, bool] | None = None,
    risk_level: str = "",
) -> Sifted:
    """Sort the candidates by every rule of recusal, of the experts' own conditions, and of their grade.

    `risk_level` is that of the works; `parties` pairs role and credit code, `organizer` is the organizing body's name, `asked` holds those who were
    drawn before in this request, `decisions` what a person decided of sister companies (reference → may sit).
    """
    included: list[Candidate] = []
    excluded: list[Excluded] = []
    undecided: list[Excluded] = []
    for candidate in candidates:
        found = exclusion(
            candidate,
            rules,
            parties=parties,
            organizer=organizer,
            asked=asked,
            decisions=decisions or {},
            risk_level=risk_level,
        )
        if found is None:
            included.append(candidate)
            continue
        excluded.append(found)
        if found.ground is Ground.SISTER and candidate.reference not in (decisions or {}):
            undecided.append(found)
    return Sifted(tuple(included), tuple(excluded), tuple(undecided))


def exclusion(
    candidate: Candidate,
    rules: Rules,
    *,
    parties: Sequence[tuple[str, str]],
    organizer: str,
    asked: frozenset[str] = frozenset(),
    decisions: Mapping[str, bool],
    risk_level: str = "",
) -> Excluded | None:
    """The first ground on which this expert may not be drawn, or None."""
    if not candidate.is_serving:
        return _by(candidate, Ground.NOT_SERVING, rules.clause("draw.by_hand"))
    return (
        _refused(candidate, Ground.UNQUALIFIED, _qualification(candidate, rules), "")
        or _refused(candidate, Ground.GRADE, _grade(candidate, rules, risk_level), "")
        or _refused(candidate, Ground.PARTY, _party(candidate, rules, parties), candidate.unit_name)
        or _refused(candidate, Ground.INTEREST, _interest(candidate, rules), "；".join(candidate.interests))
        or _related(candidate, rules, decisions)
        or _refused(candidate, Ground.SAME_PLAN, _same_plan(candidate, rules, organizer), "")
        or _refused(candidate, Ground.BUSY, _busy(candidate, rules), candidate.busy)
        or (
            _by(candidate, Ground.ASKED, rules.clause("draw.by_hand"))
            if candidate.reference in asked
            else None
        )
    )


def _qualification(candidate: Candidate, rules: Rules) -> Verdict | None:
    found = candidate.qualification
    return None if found is None else rules.judge("eligibility.floor", **found)


def _grade(candidate: Candidate, rules: Rules, risk_level: str) -> Verdict | None:
    return rules.judge("draw.grade", level=risk_level, grade=candidate.grade)


def _busy(candidate: Candidate, rules: Rules) -> Verdict | None:
    return rules.judge("platform.overlap", elsewhere=[candidate.busy]) if candidate.busy else None


def _by(candidate: Candidate, ground: Ground, clause: Clause, path: str = "") -> Excluded:
    return Excluded(candidate.reference, ground, clause, path)


def _refused(candidate: Candidate, ground: Ground, verdict: Verdict | None, path: str) -> Excluded | None:
    if verdict is None or verdict.outcome is not Outcome.REFUSED:
        return None
    return _by(candidate, ground, verdict.reasons[0].clause, path or verdict.reasons[0].value)


def _party(candidate: Candidate, rules: Rules, parties: Sequence[tuple[str, str]]) -> Verdict | None:
    if all(code != candidate.unit for _, code in parties):
        return None
    return rules.judge("recusal.parties", expert_unit=candidate.unit, parties=parties)


def _interest(candidate: Candidate, rules: Rules) -> Verdict | None:
    return (
        rules.judge("recusal.interest", interests=list(candidate.interests)) if candidate.interests else None
    )


def _same_plan(candidate: Candidate, rules: Rules, organizer: str) -> Verdict | None:
    if not candidate.earlier:
        return None
    return rules.judge("draw.same_plan", earlier=list(candidate.earlier), organiser=organizer)


def _related(candidate: Candidate, rules: Rules, decisions: Mapping[str, bool]) -> Excluded | None:
    """A refused relation excludes; one that needs a person excludes until the person allowed it."""
    if not candidate.paths:
        return None
    judged = [
        (path, rules.judge("recusal.relations", paths=[{"kind": path.kind, "path": list(path.units)}]))
        for path in candidate.paths
    ]
    for path, verdict in judged:
        if verdict.outcome is Outcome.REFUSED:
            return _by(candidate, Ground.RELATION, verdict.reasons[0].clause, str(path))
    for path, verdict in judged:
        if verdict.outcome is Outcome.FOR_A_PERSON and not decisions.get(candidate.reference, False):
            return _by(candidate, Ground.SISTER, verdict.reasons[0].clause, str(path))
    return None
