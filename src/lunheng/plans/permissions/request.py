"""What the law says to a request for a panel: every reason at once, in the order of the work."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lunheng.core.actor import Actor
from lunheng.core.eligibility import seats_fit
from lunheng.core.policy import Law
from lunheng.core.policy.rules.draws import DrawMode, DrawRequest, Match, Risk
from lunheng.core.procedures.preparing import REQUEST_PANEL
from lunheng.core.verdict import Outcome, Verdict, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.panels.models import PanelRequest
from lunheng.panels.permissions import may_organize
from lunheng.plans import queries
from lunheng.plans.models import PlanVersion, Review
from lunheng.plans.permissions.people import order
from lunheng.pools.models import Pool
from lunheng.works import queries as works

Needs = tuple[tuple[str, int, bool], ...]
"""(specialty, count, whether extra), each pair of specialty and extra once."""
MOST_SEATS = 99
"""No meeting has more experts; a greater number is a slip of the hand."""


@dataclass(frozen=True)
class Wanted:
    """What a request asks for, as read; ``lacking`` names the parts of the request that were not given."""

    needs: Needs
    lacking: tuple[str, ...]
    pool: Pool | None
    touches_other_specialties: bool
    is_risk_confirmed: bool
    meeting_mode: str
    meeting_at: datetime
    meeting_place: str

    @property
    def main(self) -> int:
        """Seats of the specialty concerned."""
        return sum(count for _, count, is_extra in self.needs if not is_extra)

    @property
    def extras(self) -> int:
        """Seats of touched specialties."""
        return sum(count for _, count, is_extra in self.needs if is_extra)


def read_needs(law: Law, given: Iterable[Mapping[str, Any]], work_kind: str) -> tuple[Needs, tuple[str, ...]]:
    """The needs that can be read, and what is lacking; a push without needs takes the fitting specialties."""
    known = law.choices("specialties")
    found: dict[tuple[str, bool], int] = {}
    lacking: list[str] = []
    for need in given:
        specialty, count = str(need.get("specialty") or "").strip(), need.get("count")
        if specialty not in known:
            lacking.append("specialties")
        elif not isinstance(count, int) or count < 1:
            lacking.append("numbers")
        else:
            key = (specialty, bool(need.get("is_extra")))
            found[key] = found.get(key, 0) + count
    if not found and not lacking:
        lacking = ["specialties", "numbers"]
        found = {(name, False): count for name, count in _pushed_by_default(law, work_kind).items()}
    needs = tuple((name, count, is_extra) for (name, is_extra), count in found.items())
    return needs, tuple(dict.fromkeys(lacking))


def _pushed_by_default(law: Law, work_kind: str) -> dict[str, int]:
    """Where the organizer picks, the number of candidates (else of the smallest panel) spread evenly over the specialties
    that fit the works."""
    mode, match = law.rule("draw.mode"), law.rule("draw.match")
    if not (isinstance(mode, DrawMode) and mode.is_picked and isinstance(match, Match)):
        return {}
    number = mode.candidates or mode.minimum_pick
    fitting = match.specialties.get(work_kind, ())[:number]
    each, rest = divmod(number, len(fitting)) if fitting else (0, 0)
    return {name: each + (index < rest) for index, name in enumerate(fitting)}


def judge_request(
    actor: Actor, review: Review, version: PlanVersion | None, wanted: Wanted, at: datetime
) -> Verdict:
    """Every reason why nobody may be drawn for this request, or the permission with its warnings."""
    ready = queries.readiness(review.case.law, review.plan, version)
    return combine(
        may_organize(actor, review.case),
        ready,
        *_law(review, version, wanted),
        *_meeting(review.case.law, wanted, at),
        *_again(review, version),
        *_order(review, ready),
    )


def _law(review: Review, version: PlanVersion | None, wanted: Wanted) -> Iterator[Verdict]:
    law, work = review.case.law, review.plan.work
    mode = law.rule("draw.mode")
    missing = [*wanted.lacking]
    missing += [] if wanted.pool else ["pool_class"]
    missing += [] if version and version.documents.exists() else ["plan_file"]
    lacking = works.lacking_data(work.project, law)
    missing += ["project"] if lacking else []
    yield law.judge("draw.request", missing=missing)
    rule = law.rule("draw.request")
    if lacking and isinstance(rule, DrawRequest) and "project" in rule.required:
        names = "、".join(lacking)
        message = f"工程项目基本信息缺少：{names}"
        remedy = "在工程信息中补充后重新申请；本次未抽取任何专家"
        yield refused(law.clause("draw.request"), message, remedy, names)
    if wanted.main + wanted.extras > MOST_SEATS:
        message = f"申请的专家人数超过{MOST_SEATS}人"
        value = str(wanted.main + wanted.extras)
        yield refused(law.clause("draw.request"), message, "核对各专业的人数后重新申请", value)
    yield law.judge("draw.mode", picked=wanted.main + wanted.extras, outside_push=[])
    specialties = [name for name, _, is_extra in wanted.needs if not is_extra]
    yield seats_fit(law, work.kind, specialties)
    if isinstance(mode, DrawMode) and mode.mode == "direct":
        yield law.judge("panel.size", main=wanted.main, extras=wanted.extras)
    if wanted.extras:
        yield law.judge("panel.extras", extras=wanted.extras, touched=wanted.touches_other_specialties)
    yield law.judge("draw.risk", confirmed=wanted.is_risk_confirmed, level=risk_level(law, work.risk_level))


def risk_level(law: Law, grade: str) -> str:
    """The level of risk that the rule gives to a grade of works; without such a rule, the grade itself."""
    rule = law.rule("draw.risk")
    levels = rule.levels if isinstance(rule, Risk) else {}
    return levels.get(grade) or law.label("grades", grade)


def _meeting(law: Law, wanted: Wanted, at: datetime) -> Iterator[Verdict]:
    yield law.judge("meeting.mode", mode=wanted.meeting_mode, place=wanted.meeting_place)
    if wanted.meeting_at <= at:
        value = f"{wanted.meeting_at:%Y-%m-%d %H:%M}"
        yield refused(law.clause("meeting.mode"), "论证会时间已过", "选择今后的时间", value)
    else:
        yield law.judge("plan.delivery", delivered_at=at, meeting_at=wanted.meeting_at)


def _again(review: Review, version: PlanVersion | None) -> Iterator[Verdict]:
    """After a failed review: another version than the one that failed, with its own approvals."""
    previous = review.case.previous
    earlier = queries.review_of(previous) if previous else None
    if earlier is None or earlier.conclusion != Review.Conclusion.NOT_APPROVED:
        return
    law = review.case.law
    last = queries.latest_version(earlier)
    is_new = version is not None and (last is None or queries.files_of(version) != queries.files_of(last))
    needed = {queries.APPROVAL_WORDS[kind] for kind in queries.needed_kinds(law, review.plan)}
    yield law.judge(
        "closure.fail", is_new_version=is_new, has_new_approvals=needed <= set(queries.granted(version))
    )


def _order(review: Review, ready: Verdict) -> Iterator[Verdict]:
    """The order of steps; a plan that is not ready says so itself and needs no second refusal."""
    case = review.case
    is_before = case.state in (ReviewState.DRAFTING, ReviewState.APPROVING)
    if review.is_legacy:
        clause = case.law.clause("scope.transition")
        yield refused(clause, "启用前已约定的论证不再抽取专家", "按原约定召开论证会", "启用前")
    elif not (is_before and ready.outcome is Outcome.REFUSED):
        yield order(review, REQUEST_PANEL)
    if case.panel_requests.exclude(state=PanelRequest.State.CANCELLED).exists():
        clause = case.law.clause("platform.order")
        yield refused(clause, "本案已有抽取申请", "如需更改，先撤回尚未抽取的申请", "已有申请")
