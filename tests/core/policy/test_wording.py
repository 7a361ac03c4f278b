"""A refusal says what is wrong, which value failed, and what to do next, in words for whoever must act."""

from datetime import date

import pytest

from lunheng.core.verdict import Reason
from tests.law.packs import law

WORDED = [
    (
        "qingdao-2025",
        "panel.size",
        {"main": 4, "extras": 0},
        "所涉专业专家不得少于5名，现为4名",
        "4名",
        "把所涉专业专家调整为不少于5名",
    ),
    (
        "qingdao-2025",
        "panel.size",
        {"main": 4, "extras": 2},
        "所涉专业专家不得少于5名，现为4名；增选的2名不计入",
        "4+2名",
        "把所涉专业专家调整为不少于5名",
    ),
    (
        "nanning-2019",
        "panel.size",
        {"main": 3, "extras": 1},
        "专家不得少于5名，现为4名",
        "3+1名",
        "把专家调整为不少于5名，总数为单数",
    ),
    (
        "nanning-2019",
        "panel.size",
        {"main": 6, "extras": 0},
        "专家组须为单数，现为6人",
        "6名",
        "把专家调整为不少于5名，总数为单数",
    ),
    (
        "qingdao-2025",
        "draw.mode",
        {"picked": 4, "outside_push": []},
        "至少抽取5名专家",
        "4名",
        "把人数增加到5名以上",
    ),
    (
        "nanning-2019",
        "draw.mode",
        {"picked": 4, "outside_push": []},
        "至少选取5名专家",
        "4名",
        "把人数增加到5名以上",
    ),
    (
        "nanning-2019",
        "draw.suitability",
        {"expert_specialties": [], "specialty": "tunnel"},
        "专家的专业（无）与所需的隧道与地下工程不相适应",
        "无",
        "由隧道与地下工程专业的专家承担",
    ),
    (
        "nanning-2019",
        "draw.suitability",
        {"expert_specialties": ["road"], "specialty": "tunnel"},
        "专家的专业（道路工程）与所需的隧道与地下工程不相适应",
        "道路工程",
        "由隧道与地下工程专业的专家承担",
    ),
    (
        "nanning-2019",
        "roles.pool",
        {"actor_role": "agency", "action": "change"},
        "变更专家库只能由市建管中心办理",
        "论证机构",
        "请由市建管中心的用户操作",
    ),
    (
        "qingdao-2025",
        "plan.readiness",
        {
            "parts": [
                "overview",
                "basis",
                "schedule",
                "technique",
                "safety",
                "staffing",
                "acceptance",
                "emergency",
                "calculations",
            ],
            "approvals": ["technical_director", "chief_supervisor"],
            "by_subcontractor": True,
            "site_statement": True,
        },
        "分包单位编制的专项施工方案缺少签字盖章的审批：分包单位技术负责人签字、加盖单位公章",
        "分包单位技术负责人签字、加盖单位公章",
        "完成审批签字盖章后上传",
    ),
]


@pytest.mark.parametrize(("pack", "key", "facts", "message", "value", "remedy"), WORDED)
def test_a_refusal_is_worded_for_whoever_must_act(
    pack: str, key: str, facts: dict[str, object], message: str, value: str, remedy: str
) -> None:
    known = law(pack)

    reason = known.judge(key, **facts).reasons[0]

    assert reason == Reason(known.clause(key), message, remedy, value)


def test_a_severe_defect_is_told_with_the_number_of_its_document() -> None:
    facts = {"open_items": ["SD-P-02"], "conclusion": "approved", "requested_on": date(2025, 3, 1)}

    (reason,) = law("qingdao-2025").judge("report.defects", **facts).reasons

    assert reason.message == "方案存在建办质〔2024〕63号所列严重缺陷（第SD-P-02项），不得以“通过”结论"


def test_publishing_in_nanning_stands_on_its_own_clause() -> None:
    """二（二） says 公示后由南宁市住房和城乡建设局公布; 二（一） speaks of the pool alone."""
    (reason,) = law("nanning-2019").judge("roles.pool", actor_role="station", action="publish").reasons

    assert (reason.clause.number, reason.message, reason.value, reason.remedy) == (
        "二（二）",
        "公布入库专家和通告只能由市住建局办理",
        "市建管中心",
        "请由市住建局的用户操作",
    )
