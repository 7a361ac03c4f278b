"""What each kind of step asks besides its turn: a sample that is settled, a mark that passes, a service that is proven."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from lunheng.core.deadlines import CHINA
from lunheng.core.policy.proceedings import Step
from lunheng.core.reasons import is_given
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.procedures import permissions, queries
from lunheng.procedures.models import Candidate, Proceeding


def may_draw(proceeding: Proceeding, step: Step | None) -> Verdict:
    """Whether a sample is drawn in this step, and was not yet."""
    law = proceeding.case.law
    if step is None or step.kind != "sample":
        clause = law.procedure_clause(proceeding.procedure, step or proceeding.rule)
        return refused(
            clause, "本步骤不抽取样本", "按页面列出的步骤办理", step.id if step else "没有这一步骤"
        )
    clause = permissions.clause_of(proceeding, step)
    if proceeding.step == step.id and queries.drawn_sample(proceeding, step) is not None:
        return refused(clause, "样本已经抽取，不能重新抽取", "逐件登记抽查结果", "已抽取")
    return allowed(clause, "抽取样本")


def sample_is_settled(
    proceeding: Proceeding,
    step: Step,
    outcome: str,
    checked: Iterable[str],
    wrong: Iterable[str],
    reason: str,
) -> Verdict:
    """Whether everything that was drawn has a result; what is wrong is accepted with a reason alone."""
    clause = permissions.clause_of(proceeding, step)
    sample = queries.drawn_sample(proceeding, step)
    if sample is None:
        return refused(clause, "尚未抽取样本", "先随机抽取样本，再登记抽查结果", "未抽取")
    drawn = {key: name for key, name in sample.data["drawn"]}
    checked, wrong = set(checked), set(wrong)
    if strange := sorted((checked | wrong) - drawn.keys()):
        return refused(clause, "登记了没有抽到的样本", "只登记抽到的样本", "、".join(strange)[:80])
    missing = [name for key, name in drawn.items() if key not in checked | wrong]
    if missing and outcome == "accept":
        return refused(clause, "抽到的样本尚未逐件核查", "逐件登记抽查结果", "、".join(missing)[:80])
    if wrong and outcome == "accept" and not is_given(reason):
        names = "、".join(drawn[key] for key in sorted(wrong))
        return refused(
            clause, "抽查发现问题仍予通过的，须写明理由", "填写理由，或者退回、不予通过", names[:80]
        )
    return allowed(clause, f"已核查{len(drawn)}件")


def mark_fits(proceeding: Proceeding, step: Step, outcome: str, filled: Mapping[str, Any]) -> Verdict:
    """Whether the result of a test follows from the mark."""
    clause, score = permissions.clause_of(proceeding, step), int(filled["score"])
    is_passed = score >= step.pass_mark
    if is_passed == (outcome == "pass"):
        return allowed(clause, f"得分{score}，合格分数{step.pass_mark}")
    word = "合格" if is_passed else "不合格"
    return refused(
        clause,
        f"得分{score}，按合格分数{step.pass_mark}为{word}",
        f"结果选择“{word}”，或核对得分",
        str(score),
    )


def is_served(proceeding: Proceeding, step: Step, filled: Mapping[str, Any], at: datetime) -> Verdict:
    """Whether what was to be served was served: not before it was decided, not in the future, and with its proof."""
    clause, served = permissions.clause_of(proceeding, step), date.fromisoformat(filled["served_on"])
    today, before = at.astimezone(CHINA).date(), proceeding.steps_taken.filter(kind="decide").last()
    if served > today:
        return refused(clause, "送达日不得晚于今天", "按送达回证填写送达日", str(served))
    decided = before.taken_at.astimezone(CHINA).date() if before else None
    if decided is not None and served < decided:
        return refused(clause, f"送达日早于作出决定之日（{decided}）", "核对送达回证", str(served))
    if not filled["proof"]:
        return refused(clause, "送达须有证明", "上传送达回证、邮寄签收或公告", "未上传")
    return allowed(clause, "已送达")


def may_sit(
    proceedings: Sequence[Proceeding],
    step: Step,
    group: Sequence[str],
    people: Sequence[Candidate],
    held_on: date,
    at: datetime,
) -> Verdict:
    """Whether the group of a joint review is whole: enough people, each once, none of them an applicant; held already."""
    clause = permissions.clause_of(proceedings[0], step)
    names = [name.strip() for name in group if name.strip()]
    verdicts = [allowed(clause, f"评审组{len(names)}人")]
    if len(set(names)) < step.group:
        message = f"评审组须不少于{step.group}人，现为{len(set(names))}人"
        verdicts.append(refused(clause, message, "补充评审组成员", f"{len(set(names))}人"))
    own = sorted({one.name for one in people} & set(names))
    if own:
        message, remedy = "本人的事项，本人不能参加评审", "由评审组其他成员评审，并更正名单"
        verdicts.append(refused(permissions.OWN_RECUSAL, message, remedy, "、".join(own)))
    if held_on > at.astimezone(CHINA).date():
        verdicts.append(refused(clause, "评审日期不得晚于今天", "按实际评审日期填写", str(held_on)))
    return combine(*verdicts)
