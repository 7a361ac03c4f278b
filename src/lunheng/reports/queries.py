"""Reads of opinions, votes, defects, the report, uploads and the closing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from lunheng.cases import running
from lunheng.cases.locks import CaseKey
from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor
from lunheng.core.checklists import Defect, DefectList
from lunheng.core.deadlines import CHINA
from lunheng.core.policy.rules.closures import LeaderOpinion as LeaderOpinionRule
from lunheng.core.policy.rules.reports import Consensus
from lunheng.core.policy.rules.reports import Signature as SignatureRule
from lunheng.core.policy.rules.reports import Upload as UploadRule
from lunheng.core.procedures.consequences import RECORD_OVERDUE
from lunheng.core.scope import PLAN_REVIEW
from lunheng.meetings.models import Meeting
from lunheng.meetings.queries import confirmed_members, last_meeting
from lunheng.panels.models import Draw, Member
from lunheng.plans.models import Approval, PlanVersion, Review
from lunheng.plans.queries import organizer_of
from lunheng.reports.models import (
    DefectAnswer,
    OpinionForm,
    Report,
    Revision,
    RevisionAnswer,
    Upload,
)

DUTIES = ("record.upload", "record.scan")
"""Rules that ask for an upload within a time limit."""

Stage = OpinionForm.Stage


def case_of_report(report_id: int) -> CaseKey:
    """The key of the case, to be locked before the report is read."""
    return Report.objects.filter(pk=report_id).order_by().values("case_id")


def report_of(case: Case) -> Report | None:
    """The report of the review, if it was compiled."""
    return Report.objects.filter(case=case).select_related("meeting", "version").first()


# Opinions and votes


def forms_of(case: Case, stage: str) -> QuerySet[OpinionForm]:
    """Forms of one stage with their items, in the order of submission."""
    forms = OpinionForm.objects.filter(case=case, stage=stage)
    return forms.select_related("member", "member__expert", "version").prefetch_related("items")


def own_form(
    member: Member, stage: str, version: PlanVersion, meeting: Meeting | None = None
) -> OpinionForm | None:
    """What this member handed in at this stage."""
    forms = OpinionForm.objects.filter(member=member, stage=stage, version=version, meeting=meeting)
    return forms.prefetch_related("items").first()


def visible_prereviews(case: Case, actor: Actor) -> list[OpinionForm]:
    """First opinions that the actor may read: all once the meeting has begun; before it a member reads
    those of others only when the own one is in, so that nobody copies; others wait for the meeting."""
    forms = list(forms_of(case, Stage.PREREVIEW))
    if case.meetings.filter(started_at__isnull=False).exists():
        return forms
    own = [form for form in forms if actor.expert and form.member.expert.reference == actor.expert]
    return forms if own else []


def missing_prereviews(case: Case, version: PlanVersion, before: datetime) -> list[Member]:
    """Members of the panel without a first opinion at this moment."""
    given = OpinionForm.objects.filter(
        case=case, stage=Stage.PREREVIEW, version=version, submitted_at__lt=before
    )
    return list(confirmed_members(case).exclude(pk__in=given.values("member")))


def votes_of(meeting: Meeting) -> list[OpinionForm]:
    """The final votes of a meeting by members who still sit."""
    forms = OpinionForm.objects.filter(
        meeting=meeting, stage=Stage.FINAL, member__state=Member.State.CONFIRMED
    )
    related = forms.select_related("member", "member__expert", "version").prefetch_related("items")
    return list(running.once(("votes", meeting.pk), lambda: list(related)))


def visible_votes(meeting: Meeting, actor: Actor) -> list[OpinionForm]:
    """Final votes that the actor may read: all once every member has voted; before that the authority's, and
    a member's whose own is in, so that nobody votes after another."""
    votes = votes_of(meeting)
    if not missing_votes(meeting) or actor.role.is_office:
        return votes
    own = [vote for vote in votes if actor.expert and vote.member.expert.reference == actor.expert]
    return votes if own else []


def seat_of(actor: Actor, case: Case) -> Member | None:
    """The confirmed seat of the actor on this panel."""
    found = confirmed_members(case).filter(expert__reference=actor.expert) if actor.expert else ()
    return next(iter(found), None)


def mode_of_meeting(case: Case) -> str:
    """on_site or remote, as the last meeting was held; empty before there is one."""
    meeting = last_meeting(case)
    return meeting.mode if meeting else ""


def missing_votes(meeting: Meeting) -> list[Member]:
    """Members who have not voted yet."""
    voted = [form.member_id for form in votes_of(meeting)]
    return list(confirmed_members(meeting.case).exclude(pk__in=voted))


def is_divided(votes: Iterable[OpinionForm]) -> bool:
    """Whether the votes differ."""
    return len({vote.conclusion for vote in votes}) > 1


def activity_of(case: Case) -> str:
    """As which activity the plan is reviewed: asked of its works only where the rule tells activities apart."""
    if not case.law.demand(Consensus).activities:
        return PLAN_REVIEW
    return case.law.pack.works.activity_of(hit["row"] for hit in case.review.plan.work.hits)


def has_agreed(case: Case, votes: Iterable[OpinionForm]) -> bool:
    """Whether one of the conclusions has the votes that the rule asks for."""
    cast = [(vote.member.expert.name, vote.conclusion) for vote in votes]
    activity = activity_of(case)
    verdicts = (
        case.law.judge("report.consensus", votes=cast, conclusion=one, activity=activity)
        for one in {given for _, given in cast}
    )
    return any(verdict.is_allowed for verdict in verdicts)


def most_common(votes: Iterable[OpinionForm]) -> str:
    """The conclusion of more members than any other; empty when two are level."""
    counts = Counter(vote.conclusion for vote in votes).most_common(2)
    level = len(counts) > 1 and counts[0][1] == counts[1][1]
    return counts[0][0] if counts and not level else ""


# Severe defects


def defect_list(case: Case) -> DefectList:
    """The list of 63号 as the pack of the case has it: a later wording of the list changes no running case."""
    return case.law.pack.defects


def defect_answers(case: Case) -> dict[str, DefectAnswer]:
    """The panel's answers by item."""
    return {answer.item: answer for answer in case.defect_answers.select_related("answered_by__expert")}


def open_defects(case: Case) -> list[str]:
    """Items answered yes and not cleared, in the order of the list."""
    answers = defect_answers(case)
    return [
        item.id
        for item in defect_list(case).defects
        if (found := answers.get(item.id)) and found.answer == found.Answer.YES and not found.cleared_at
    ]


@dataclass(frozen=True)
class DefectRow:
    """One line of the checklist page."""

    defect: Defect
    answer: DefectAnswer | None
    concerns: bool


def defect_rows(case: Case) -> list[tuple[str, list[DefectRow]]]:
    """The list by chapter; chapters that concern the kind of works come first."""
    kind = case.review.plan.work.kind
    answers = defect_answers(case)
    chapters: dict[str, list[DefectRow]] = {}
    for defect in defect_list(case).defects:
        row = DefectRow(defect, answers.get(defect.id), defect.concerns(kind))
        chapters.setdefault(defect.clause.title, []).append(row)
    return sorted(chapters.items(), key=lambda chapter: not chapter[1][0].concerns)


# Signatures, uploads


def lawful_method(case: Case, mode: str) -> str:
    """hand or electronic, as the pack has it for this form of meeting."""
    rule = case.law.rule("report.signature")
    return str(getattr(rule, mode, None) or "") if isinstance(rule, SignatureRule) else ""


def signed_members(report: Report) -> set[int]:
    """Members whose signature is stored under the report."""
    found = report.signatures.filter(member__isnull=False).values_list("member_id", flat=True)
    return {key for key in found if key is not None}


@dataclass(frozen=True)
class Duty:
    """What must be uploaded by when, what is there and what is missing."""

    key: str
    clause: str
    items: tuple[str, ...]
    missing: tuple[str, ...]
    deadline: Deadline | None

    @property
    def is_complete(self) -> bool:
        return not self.missing


def duties_of(case: Case) -> list[Duty]:
    """The upload duties of the case's law."""
    present = present_items(case)
    return [
        Duty(
            key,
            str(case.law.clause(key)),
            rule.items,
            tuple(item for item in rule.items if item not in present),
            case.deadlines.filter(name=RECORD_OVERDUE.name, subject=key).order_by("-pk").first(),
        )
        for key in DUTIES
        if isinstance(rule := case.law.rule(key), UploadRule)
    ]


REPORT_ITEMS = ("report", "report_scan")
"""Items of the upload that the signed report itself is."""


def items_of_signed_report(case: Case) -> list[tuple[str, datetime | None]]:
    """What of the upload the signed report is by the case's law, each with its time limit."""
    return [
        (item, duty.deadline.until if duty.deadline else None)
        for duty in duties_of(case)
        for item in duty.items
        if item in REPORT_ITEMS
    ]


def present_items(case: Case) -> list[str]:
    """Items of the result that were uploaded."""
    return list(Upload.objects.filter(case=case).values_list("item", flat=True).distinct())


def has_draw(case: Case) -> bool:
    """Whether experts were drawn, or pushed, on the platform for this case."""
    return Draw.objects.filter(request__case=case).exists()


# Closing


def items_of(report: Report) -> list[dict[str, object]]:
    """The numbered items of the report."""
    return list(report.items)


def latest_answers(report: Report) -> dict[int, RevisionAnswer]:
    """The latest answer to each item."""
    return {answer.item: answer for answer in report.answers.order_by("pk")}


def unanswered(report: Report) -> list[str]:
    """Numbers of items without an answer."""
    answers = latest_answers(report)
    return [f"第{item['number']}条" for item in items_of(report) if item["number"] not in answers]


def rejected_required(report: Report) -> list[str]:
    """Required changes answered as not adopted; only under 修改后通过 are changes required."""
    if report.conclusion != "approved_if_revised":
        return []
    answers = latest_answers(report)
    return [
        f"第{item['number']}条"
        for item in items_of(report)
        if item["is_required"]
        and (answer := answers.get(int(str(item["number"]))))
        and answer.answer == RevisionAnswer.Answer.NOT_ADOPTED
    ]


def current_revision(case: Case) -> Revision | None:
    """The revised version sent on last."""
    return case.revisions.select_related("version").order_by("-pk").first()


def asked_of_panel(case: Case) -> LeaderOpinionRule | None:
    """What the law asks of the panel on a revised version."""
    rule = case.law.rule("closure.leader_opinion")
    return rule if isinstance(rule, LeaderOpinionRule) else None


def is_closed(case: Case) -> bool:
    """Whether the panel has nothing more to say: 通过, or 修改后通过 with its changes approved."""
    review = case.review
    return review.conclusion == Review.Conclusion.APPROVED or review.revision_closed_at is not None


def waits_after_change(case: Case) -> bool:
    """Whether a plan in force below over-scale was changed and waits for its approvals (Order 37 第十六条)."""
    return case.state == "reapproving" and is_closed(case)


def leader_opinion(version: PlanVersion) -> str:
    """positive, negative, or empty: the leader's opinion on this very version."""
    forms = OpinionForm.objects.filter(version=version, stage=Stage.RECHECK).order_by("-pk")
    given = forms.values_list("is_positive", flat=True).first()
    return "" if given is None else "positive" if given else "negative"


def confirmations(version: PlanVersion) -> int:
    """How many members of the panel agreed to this very version."""
    return OpinionForm.objects.filter(version=version, stage=Stage.RECHECK, is_positive=True).count()


def has_approval(version: PlanVersion, kind: str) -> bool:
    """Whether an approval of this kind was granted for the version."""
    return Approval.objects.filter(version=version, kind=kind, is_granted=True).exists()


def version_in_force(case: Case) -> PlanVersion | None:
    """The version that may be built: the revision sent on last, or the one that was reviewed, or is to be."""
    revision, report = current_revision(case), report_of(case)
    if revision is not None:
        return revision.version
    latest = PlanVersion.objects.filter(review__case=case).order_by("-number").first()
    return report.version if report else latest


def has_approvals(case: Case) -> bool:
    """Whether the version in force has the technical director's and the chief supervisor's approval."""
    version = version_in_force(case)
    kinds = (Approval.Kind.TECHNICAL_DIRECTOR, Approval.Kind.CHIEF_SUPERVISOR)
    return version is not None and all(has_approval(version, kind) for kind in kinds)


def is_changed(case: Case) -> bool:
    """Whether a version came after the one in force: the plan was changed (Order 37 第十六条)."""
    version = version_in_force(case)
    if version is None or case.state in ("revising", "passed"):
        return False
    return _after_conclusion(case, version).exists()


def improved_version(case: Case) -> PlanVersion | None:
    """The version that improves a passed plan and was not sent on yet."""
    version = version_in_force(case)
    if version is None or case.state != "passed":
        return None
    return _after_conclusion(case, version).order_by("-number").first()


def _after_conclusion(case: Case, version: PlanVersion) -> QuerySet[PlanVersion]:
    """Newer versions, submitted since the conclusion was there."""
    if not case.review.concluded_at:
        return PlanVersion.objects.none()
    newer = PlanVersion.objects.filter(review__case=case, number__gt=version.number)
    return newer.filter(submitted_at__gte=case.review.concluded_at)


# What documents show


def written(moment: datetime | None) -> str:
    """A moment in China's time, for documents."""
    return moment.astimezone(CHINA).strftime("%Y年%m月%d日 %H:%M") if moment else ""


def compiler_of(report: Report) -> str:
    """Who compiled the report, with the capacity: 组长：…, 汇总人：… or 组织单位：…."""
    member = report.compiled_by
    if member is None:
        return f"组织单位：{organizer_of(report.case.review).name}"
    has_leader = report.case.law.has("panel.leader")
    return f"{'组长' if has_leader else '汇总人'}：{member.expert.name}"


def present_meeting(case: Case) -> Meeting:
    """The meeting that the case is about.

    Raises:
        Meeting.DoesNotExist: none was planned yet.
    """
    meeting = last_meeting(case)
    if meeting is None:
        raise Meeting.DoesNotExist
    return meeting
