"""本平台的理解: a refusal stands on the clause that says it; where the clause leaves room it says that the reading is ours."""

from typing import Any

import pytest

from lunheng.cases.models import Case
from lunheng.core.verdict import reasons_of
from tests.clauses.documents import order_37
from tests.clauses.test_closure import approve, clauses_of
from tests.factories.story import Story
from tests.law.packs import law

PARTS = [
    "overview",
    "basis",
    "schedule",
    "technique",
    "safety",
    "staffing",
    "acceptance",
    "emergency",
    "calculations",
]
BOTH_APPROVALS = ["technical_director", "chief_supervisor"]
PLAN: dict[str, Any] = {
    "parts": PARTS,
    "approvals": BOTH_APPROVALS,
    "by_subcontractor": False,
    "site_statement": True,
}
CHANGE: dict[str, Any] = {
    "actor_role": "contractor", "is_general_contractor": True, "has_general_contractor": True, "on_behalf": False,
    "entrusted": False, "confirmed_count": 1, "change": True,
}  # fmt: skip
WORKS: dict[str, Any] = {
    "conclusion": "approved", "revision_closed": True, "approvals": True, "void": False, "changed": False, "over_scale": True,
}  # fmt: skip
ITEM = {"place": "第4章", "problem": "", "advice": "补充"}
Q, N = "qingdao-2025", "nanning-2019"

OURS = [
    (Q, "security.plan_access", {"signed": False}, "五（三）", "查阅方案之前须先签署保密承诺"),
    (N, "security.plan_access", {"signed": False}, "五（四）", "查阅方案之前须先签署保密承诺"),
    (Q, "security.commitment", {"signed": False}, "四（二）1", "接受邀请之前须先签署廉洁与保密承诺"),
    (N, "security.commitment", {"signed": False}, "五（六）", "接受邀请之前须先签署廉洁与保密承诺"),
    (Q, "plan.readiness", {**PLAN, "site_statement": False}, "四（一）2", "由项目负责人签署现场相符说明"),
    (N, "plan.readiness", {**PLAN, "site_statement": False}, "四（一）", "由项目负责人签署现场相符说明"),
    (Q, "opinion.form", {"items": [ITEM], "conclusion": "approved"}, "四（二）2", "写明方案中的位置、存在的问题和修改建议"),
    (N, "opinion.form", {"items": [ITEM], "conclusion": "approved"}, "五（三）", "写明方案中的位置、存在的问题和修改建议"),
    (N, "record.upload", {"present": [], "actor_role": "owner", "mode": "on_site"}, "四（五）", "视为组织单位上传"),
    (N, "record.scan", {"present": [], "actor_role": "owner", "mode": "on_site"}, "四（七）", "视为组织单位上传"),
    (N, "record.upload", {"present": ["conclusion", "sign_in"], "actor_role": "agency", "mode": "remote"}, "四（五）", "以会议画面截图代替"),
    (N, "roles.organiser", CHANGE, "二（一）", "第一名专家确认之后不再改变"),
    (N, "supervision.off_platform", {"actor_role": "bureau", "heard": False}, "七", "认定之前先听取企业陈述"),
    (Q, "draw.risk", {"confirmed": False, "level": "重大风险"}, "二（四）", "原文未规定风险等级"),
    ("cn", "closure.works", {**WORKS, "conclusion": ""}, "第十三条", "没有写明开工的条件"),
    ("platform", "report.validity", {"outsiders": ["甲"], "main": 5, "total": 5}, "第十四条", "国家规定没有“论证无效”的说法"),
    ("platform", "draw.by_hand", {}, "第十三条", "国家规定没有“随机抽取”的说法"),
]  # fmt: skip

SAID = [
    (Q, "plan.readiness", {**PLAN, "approvals": []}, ["四（一）2"]),
    (N, "plan.readiness", {**PLAN, "approvals": []}, ["四（一）"]),
    ("cn", "plan.readiness", {**PLAN, "approvals": []}, ["第十一条"]),
    ("cn", "closure.works", {**WORKS, "approvals": False}, ["第十一条"]),
    ("cn", "closure.works", {**WORKS, "conclusion": "approved_if_revised", "revision_closed": False}, ["（五）"]),
    *((one, "closure.works", {**WORKS, "approvals": False}, [clause]) for one, clause in ((Q, "四（一）3"), (N, "四（五）"))),
    (N, "roles.pool", {"actor_role": "station", "action": "publish"}, ["二（二）"]),
    (N, "record.upload", {"present": ["conclusion", "sign_in"], "actor_role": "agency", "mode": "on_site"}, ["四（五）"]),
    (Q, "record.upload", {"present": [], "actor_role": "owner", "mode": "on_site"}, ["四（一）3"]),
    *((one, "report.conclusion", {"conclusion": "approved_if_revised", "change_items": 0}, ["（五）"]) for one in ("cn", Q, N)),
    *(
        (one, "closure.leader_opinion", {"director_signed": False, "leader_opinion": "positive", "same_version": True, "confirmed": 0}, ["第十一条", "第十三条"])
        for one in ("cn", Q, N)
    ),
    (Q, "report.validity", {"outsiders": ["甲"], "main": 5, "total": 5}, ["四（一）1"]),
    (N, "report.validity", {"outsiders": ["甲"], "main": 5, "total": 5}, ["四（二）"]),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "key", "facts", "clause", "reading"), OURS)
def test_what_is_our_reading_is_told_as_ours(
    pack: str, key: str, facts: dict[str, Any], clause: str, reading: str
) -> None:
    (told,) = reasons_of(law(pack).judge(key, **facts))
    words = told["reading"]
    assert (told["number"], words.startswith("本平台的理解："), reading in words) == (clause, True, True)


@pytest.mark.parametrize(("pack", "key", "facts", "clauses"), SAID)
def test_what_the_text_says_is_cited_as_said(
    pack: str, key: str, facts: dict[str, Any], clauses: list[str]
) -> None:
    told = reasons_of(law(pack).judge(key, **facts))
    assert ([one["number"] for one in told], [one for one in told if "reading" in one]) == (clauses, [])


@pytest.mark.django_db
def test_the_interface_and_the_page_tell_the_reading(qingdao: Story) -> None:
    """Opening the plan before the commitment is signed."""
    qingdao.ready()
    body = {**qingdao.request_body(), "is_risk_confirmed": False}
    reasons = qingdao.as_("contractor").act("plans.request_panel", **body).json()["reasons"]
    assert [(one["number"], one["reading"][:7]) for one in reasons] == [("二（四）", "本平台的理解：")]


@pytest.mark.django_db
@pytest.mark.parametrize(("depth", "state"), [("5", "superseded"), ("4.99", "reapproving")])
def test_only_a_changed_plan_over_scale_is_reviewed_anew(qingdao: Story, depth: str, state: str) -> None:
    """Order 37 第十六条: a pit of 5 m is over-scale, one of 4.99 m is not; both wait for new approvals."""
    qingdao.project()
    qingdao.work(depth=depth)
    qingdao.review()
    qingdao.version()
    qingdao.approve()
    qingdao.panel()
    qingdao.conclude("approved")
    contractor = qingdao.as_("contractor")
    contractor.done("reports.start_works", case_id=qingdao.case_id)
    changed = contractor.done(
        "reports.change_plan",
        case_id=qingdao.case_id,
        document_ids=[qingdao.upload("contractor", content=qingdao.fresh_pdf())],
        reason="设计变更",
    )
    assert qingdao.state() == state
    refused = contractor.act("reports.start_works", case_id=qingdao.case_id)
    assert clauses_of(refused) == [order_37("第十六条")]
    if state == "reapproving":
        qingdao.version_id = changed["id"]
        assert clauses_of(approve(qingdao)) == [order_37("第十一条"), order_37("第十三条")]
        qingdao.approve("technical_director")
        assert approve(qingdao).status_code == 200
        contractor.done("reports.start_works", case_id=qingdao.case_id)
        assert (qingdao.state(), Case.objects.get(pk=qingdao.case_id).followed_by.count()) == ("working", 0)


@pytest.mark.django_db
@pytest.mark.clause("QD-二(四)2a/staff", "NN-二(三)e")
def test_a_testing_unit_is_a_party_and_its_staff_does_not_sit(city: Story) -> None:
    """检测单位: registered after the draw, its member leaves the panel."""
    city.ready()
    city.panel()
    member = city.members("confirmed")[1]
    city.as_("contractor").done(
        "works.add_party",
        project_id=city.project_id,
        organization_code=member.expert.unit.code,
        role="tester",
    )
    city.sweep()
    member.refresh_from_db()
    assert member.state == "removed"
