"""An answer always carries its clause."""

import pytest

from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused, require
from lunheng.core.verdict import (
    Outcome,
    Reason,
    Verdict,
    allowed,
    combine,
    for_a_person,
    refused,
)

ORDER = Clause("危险性较大的分部分项工程安全管理规定", "第十二条", "专家论证")
GUIDE = Clause("建办质〔2018〕31号", "三", "参会人员")


def test_a_clause_is_cited_by_title_and_number() -> None:
    assert str(ORDER) == "《危险性较大的分部分项工程安全管理规定》第十二条"


@pytest.mark.parametrize(("document", "number"), [("", "第一条"), ("规定", " ")])
def test_a_clause_that_leads_nowhere_cannot_be_made(document: str, number: str) -> None:
    with pytest.raises(ValueError, match="条款必须写明文件名称和条款号"):
        Clause(document, number)


def test_a_verdict_without_a_reason_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="没有依据的结论不成立"):
        Verdict(Outcome.ALLOWED, ())


def test_a_verdict_is_not_a_truth_value() -> None:
    with pytest.raises(TypeError, match="结论不是真假值"):
        bool(for_a_person(ORDER, "需要判定"))


def test_a_refusal_says_what_is_wrong_by_which_clause_and_what_to_do() -> None:
    verdict = refused(ORDER, "专家人数不足5人", "请补抽至5人以上。", "4人")
    assert verdict.outcome is Outcome.REFUSED
    assert str(verdict) == (
        "专家人数不足5人（当前：4人） 请补抽至5人以上。［《危险性较大的分部分项工程安全管理规定》第十二条］"
    )


def test_a_permission_keeps_its_warnings_and_the_value_judged() -> None:
    warning = Reason(GUIDE, "缺少设计单位人员")
    verdict = allowed(ORDER, "专家人数符合规定", value="5人", warnings=(warning,))
    assert verdict == Verdict(Outcome.ALLOWED, (Reason(ORDER, "专家人数符合规定", value="5人"),), (warning,))


def test_only_allowed_is_allowed() -> None:
    answers = [allowed(ORDER, "可"), refused(ORDER, "否"), for_a_person(ORDER, "待定")]
    assert [answer.is_allowed for answer in answers] == [True, False, False]


def test_require_returns_the_permission_with_its_warnings() -> None:
    verdict = allowed(ORDER, "可", warnings=(Reason(GUIDE, "注意"),))
    assert require(verdict) is verdict


@pytest.mark.parametrize("verdict", [refused(ORDER, "否"), for_a_person(ORDER, "待定")])
def test_require_raises_on_everything_else_and_carries_the_verdict(
    verdict: Verdict,
) -> None:
    with pytest.raises(Refused) as caught:
        require(verdict)
    assert caught.value.verdict is verdict
    assert str(caught.value) == str(verdict)


def test_combined_verdicts_give_the_worst_outcome_and_all_its_reasons() -> None:
    first, second = refused(ORDER, "人数不足"), refused(GUIDE, "人员不齐")
    combined = combine(allowed(ORDER, "可"), first, for_a_person(ORDER, "待定"), second)
    assert combined == Verdict(Outcome.REFUSED, first.reasons + second.reasons)


def test_a_question_for_a_person_outweighs_a_permission() -> None:
    combined = combine(allowed(ORDER, "可"), for_a_person(GUIDE, "待定"))
    assert combined == for_a_person(GUIDE, "待定")


def test_combined_verdicts_keep_each_warning_once() -> None:
    warning = Reason(GUIDE, "注意")
    one, two = allowed(ORDER, "可", warnings=(warning,)), refused(ORDER, "否")
    assert combine(one, one, two).warnings == (warning,)


def test_nothing_cannot_be_combined() -> None:
    with pytest.raises(ValueError, match="没有可合并的结论"):
        combine()


def test_every_role_has_a_chinese_label_of_its_own() -> None:
    labels = [role.label for role in Role]
    assert len(set(labels)) == len(Role)
    assert Role.STATION.label == "质安中心（站）"


def test_the_platform_acts_because_of_an_entry() -> None:
    assert Actor.system("存证-17") == Actor("system", Role.SYSTEM, name="系统", request="存证-17")


def test_nobody_acts_anonymously() -> None:
    with pytest.raises(ValueError, match="行为人必须可识别"):
        Actor("", Role.CONTRACTOR)
