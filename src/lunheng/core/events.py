"""事项: what each event of the ledger says was done, in the words that people use; the code stays what is hashed.

The words tell no more than the code does, which is public: neither how a step ended nor whom it concerned.
"""

import re
from collections.abc import Mapping

CODE = re.compile(r"(?<![\w./])[a-z_]+\.[a-z_]+/[0-9]+(?![\w/])")
"""How the code of an event is written: ``noun.past_participle/version``."""

EVENTS: Mapping[str, str] = {
    "conclusion.offered_from_outside/1": "上传平台外形成的论证结论",
    "defect.cleared/1": "核销严重缺陷",
    "defects.answered/1": "核对严重缺陷",
    "draw.committed/1": "抽取承诺",
    "draw.result/1": "抽取结果",
    "draw.revealed/1": "揭示抽取的随机数",
    "draw.withheld/1": "未揭示，抽取作废",
    "duty.breached/1": "逾期未上传论证结果",
    "entrustment.accepted/1": "论证机构接受委托",
    "entrustment.ended/1": "解除委托",
    "entrustment.offered/1": "委托论证机构",
    "expert.admitted/1": "专家入库",
    "expert.appointed/1": "专家聘任入库",
    "expert.ended/1": "专家聘期届满",
    "expert.interest_recorded/1": "登记专家的利害关系",
    "expert.renewed/1": "专家续聘",
    "expert.state_changed/1": "暂停、恢复或移出专家",
    "expert.unit_changed/1": "变更专家的工作单位",
    "item.answered/1": "答复论证意见",
    "log.key/1": "更换日志的签名密钥",
    "meeting.attended/1": "参会人员签到",
    "meeting.ended/1": "论证会结束",
    "meeting.member_attended/1": "专家签到",
    "meeting.planned/1": "论证会安排",
    "meeting.rescheduled/1": "论证会改期",
    "meeting.sheet_attached/1": "生成会议签到表",
    "meeting.started/1": "论证会开始",
    "meeting.stopped/1": "论证会未能召开",
    "message.reported/1": "短信回执",
    "notice.ended/1": "公示期满",
    "objection.answered/1": "答复异议",
    "objection.filed/1": "对公示提出异议",
    "opinion.form_attached/1": "生成专家审查意见表",
    "opinion.found_missing/1": "会前预审情况备案",
    "opinion.submitted/1": "提交预审意见",
    "panel.ballot_cast/1": "投票推选组长",
    "panel.candidates_picked/1": "选定候选专家",
    "panel.commitment_signed/1": "签署保密承诺",
    "panel.contact_answered/1": "专家本人答复联系结果",
    "panel.contact_recorded/1": "登记联系专家的结果",
    "panel.election_opened/1": "发起推选组长",
    "panel.invitation_expired/1": "专家逾期未确认",
    "panel.invitation_undelivered/1": "邀请未送达",
    "panel.leader_named/1": "指定组长",
    "panel.leak_filed/1": "登记泄密线索",
    "panel.list_confirmed/1": "确认最终名单",
    "panel.member_added_by_hand/1": "人工添加专家",
    "panel.member_lost/1": "专家不能到会",
    "panel.member_recused/1": "专家主动回避",
    "panel.member_removed/1": "专家被移出专家组",
    "panel.member_removed_by_recusal/1": "专家应当回避而离组",
    "panel.relations_rechecked/1": "重新核对回避",
    "panel.request_cancelled/1": "撤回抽取申请",
    "panel.requested/1": "申请组成专家组",
    "panel.seat_confirmed/1": "专家确认参加",
    "panel.seat_declined/1": "专家不能参加",
    "panel.seat_left/1": "席位未补抽",
    "panel.sister_decided/1": "判定兄弟单位",
    "panel.window_started/1": "邀请送达，确认时限起算",
    "party.added/1": "登记参建单位",
    "party.removed/1": "注销参建单位",
    "payload.erased/1": "擦除存证的内容",
    "plan.approval_signed/1": "方案审查签署",
    "plan.changed/1": "变更专项施工方案",
    "plan.delivered/1": "方案送专家审阅",
    "plan.opened/1": "专家查阅方案",
    "plan.submitted/1": "提交专项施工方案",
    "pool.authority_anchored/1": "登记主管部门的随机数链",
    "pool.chains_anchored/1": "公布平台的随机数链",
    "pool.opened/1": "建立专家库",
    "proceeding.opened/1": "启动或申请办理事项",
    "proceeding.withdrawn/1": "撤回办理事项",
    "project.registered/1": "登记工程",
    "register.changed/1": "登记资料变更",
    "register.kept/1": "查看记录和拒绝记录留痕",
    "register.taken_over/1": "接收已有数据",
    "register.upgraded/1": "升级数据库",
    "report.compiled/1": "形成论证报告",
    "report.corrected/1": "更正论证报告",
    "report.document_attached/1": "生成论证报告文件",
    "report.scan_uploaded/1": "上传签名的论证报告",
    "report.sealed/1": "生成电子签名的论证报告",
    "report.signed/1": "电子签署论证报告",
    "result.uploaded/1": "上传一项论证结果材料",
    "results.submitted/1": "上传论证结果",
    "review.legacy_entered/1": "录入启用前已约定的论证",
    "review.opened/1": "建立论证案件",
    "revision.approved/1": "批准修改后的方案",
    "revision.rechecked/1": "组长复核修改后的方案",
    "revision.submitted/1": "提交修改后的方案",
    "service.recorded/1": "专家履职情况记入档案",
    "step.expired/1": "办理步骤期限届满",
    "step.taken/1": "办理步骤",
    "upload.reminded/1": "提醒上传论证结果",
    "visit.answered/1": "答复踏勘申请",
    "visit.asked/1": "申请踏勘现场",
    "vote.cast/1": "提交论证意见",
    "votes.reopened/1": "再次召开论证会",
    "votes.settled/1": "论证结论汇总",
    "work.registered/1": "登记危大工程",
    "works.started/1": "方案开始实施",
}
"""By the code of the event. Each has words of its own."""


def words_of(event: str) -> str:
    """What the event says was done; the code itself where nobody of ours can have entered it."""
    return EVENTS.get(event, event)


def explain(text: str) -> str:
    """The same text with each known code behind its words: ``提交专项施工方案（plan.submitted/1）``."""
    return CODE.sub(_explained, text)


def _explained(found: re.Match[str]) -> str:
    code = found[0]
    return f"{EVENTS[code]}（{code}）" if code in EVENTS else code
