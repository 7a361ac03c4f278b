"""What must have happened before a step, as people call it. Which steps count as it, their rows say."""

from lunheng.core.procedures.step import Milestone

OPENED = Milestone("建立论证案件")
SUBMITTED = Milestone("提交专项施工方案")
APPROVED = Milestone("方案审查签署")
OFFERED = Milestone("委托论证机构")
ENTRUSTED = Milestone("委托论证机构")
"""Offered, whether or not it was accepted yet."""
REQUESTED = Milestone("申请组成专家组")
COMMITTED = Milestone("抽取承诺")
DRAWN = Milestone("抽取结果")
PICKED = Milestone("选定候选专家")
SEATED = Milestone("专家确认参加")
ELECTION = Milestone("发起推选组长")
PLANNED = Milestone("论证会安排")
VISIT = Milestone("申请踏勘现场")
STARTED = Milestone("论证会开始")
ENDED = Milestone("论证会结束")
WRITTEN = Milestone("专家书面意见")
CHECKED = Milestone("重大隐患核对")
SETTLED = Milestone("论证结论汇总")
COMPILED = Milestone("形成论证报告")
SIGNED = Milestone("论证报告签名")
HANDED_IN = Milestone("上传论证结果")
CONCLUDED = Milestone("论证结论")
REVISED = Milestone("提交修改后的方案")
