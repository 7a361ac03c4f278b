"""严重缺陷核对 (建办质〔2024〕63号): the panel answers the list; an open defect bars 通过 and 修改后通过."""

from datetime import datetime
from typing import NotRequired

from typing_extensions import TypedDict

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.checklists import ChecklistError
from lunheng.core.clauses import Clause
from lunheng.core.errors import require
from lunheng.core.procedures.reporting import ANSWER_DEFECTS, CLEAR_DEFECT
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.ledger.models import Entry
from lunheng.meetings.permissions import may_act_for
from lunheng.meetings.queries import confirmed_members
from lunheng.panels.models import Member
from lunheng.reports import permissions, queries
from lunheng.reports.models import DefectAnswer


class DefectLine(TypedDict):
    """The answer to one item: yes, no or not_applicable, and for yes the place in the plan."""

    item: str
    answer: str
    place: NotRequired[str]


@act(ANSWER_DEFECTS)
def answer_defects(*, case_id: int, answers: list[DefectLine], actor: Actor, at: datetime) -> Entry:
    """核对严重缺陷: a member answers items of the list; an item found to exist is only taken back by
    clearing it with a reason (``clear_defect``)."""
    case = lock(case_id)
    member = _member(actor, case)
    require(may_now(case, ANSWER_DEFECTS))
    for line in answers:
        require(_lawful(case, line))
        DefectAnswer.objects.update_or_create(
            case=case,
            item=line["item"],
            defaults={
                "answer": line["answer"],
                "place": line.get("place", ""),
                "answered_by": member,
                "answered_at": at,
                "cleared_at": None,
                "clear_reason": "",
            },
        )
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "核对严重缺陷",
            "clause": str(case.law.clause("report.defects")),
            "expert": member.expert.reference,
            "answers": {line["item"]: line["answer"] for line in answers},
            "open": queries.open_defects(case),
        },
    )


def _member(actor: Actor, case: Case) -> Member:
    """The member who answers.

    Raises:
        Refused: the actor does not sit on this panel.
    """
    member = confirmed_members(case).filter(expert__reference=actor.expert or "-").first()
    if member is None:
        clause = case.law.clause("report.defects")
        require(refused(clause, "严重缺陷由专家组成员核对", "请由本次论证的专家办理", actor.role.label))
    assert member is not None
    require(may_act_for(actor, member))
    return member


def _lawful(case: Case, line: DefectLine) -> Verdict:
    clause = case.law.clause("report.defects")
    item = _clause_of(case, line["item"])
    if item is None:
        return refused(clause, f"清单中没有第{line['item']}项", "按清单逐项核对", line["item"])
    if line["answer"] not in DefectAnswer.Answer.values:
        return refused(item, "核对结果只能是存在、不存在或不适用", "重新选择", line["answer"])
    if line["item"] in queries.open_defects(case) and line["answer"] != DefectAnswer.Answer.YES:
        return refused(
            item,
            f"第{line['item']}项已认定存在，不能直接改为其他结果",
            "缺陷消除后写明理由予以核销",
            line["item"],
        )
    return allowed(item, "可以记录核对结果")


def _clause_of(case: Case, item: str) -> Clause | None:
    try:
        return queries.defect_list(case).defect(item).clause
    except ChecklistError:
        return None


@act(CLEAR_DEFECT)
def clear_defect(*, case_id: int, item: str, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """核销严重缺陷: the leader, or who found it, states why the defect exists no more."""
    case = lock(case_id)
    clause = case.law.clause("report.defects")
    answer = DefectAnswer.objects.select_for_update(of=("self",)).filter(case=case, item=item).first()
    if answer is None or item not in queries.open_defects(case):
        require(refused(clause, f"第{item}项没有待核销的严重缺陷", "核对项目编号", item))
    assert answer is not None
    require(permissions.may_clear(actor, case, answer.answered_by))
    require(may_now(case, CLEAR_DEFECT))
    require(judge_reason(reason, clause, "核销严重缺陷须写明理由", "写明缺陷已如何消除", item))
    answer.cleared_at, answer.clear_reason = at, reason
    answer.save(update_fields=("cleared_at", "clear_reason"))
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "核销严重缺陷", "clause": str(clause), "item": item, "reason": reason},
    )
