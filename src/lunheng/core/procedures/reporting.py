"""预审、论证意见、报告: what experts write, how it becomes the report, and how the result is handed in."""

from lunheng.core.actor import Role
from lunheng.core.procedures import milestones as m
from lunheng.core.procedures.consequences import (
    ATTACH_DOCUMENT,
    ATTACH_FORM,
    RECORD_SERVICE,
    SEAL_DOCUMENT,
)
from lunheng.core.procedures.drawing import ORGANIZERS
from lunheng.core.procedures.step import OPEN, Ask, Seal, Step, during, moves
from lunheng.core.workflow import ReviewState as S

EXPERTS = (Role.EXPERT,)
UNTIL_THE_MEETING = Seal(during=frozenset({S.CONFIRMING, S.PREPARING}))
"""First opinions open when the meeting begins."""
UNTIL_THE_REPORT = Seal(during=frozenset({S.MEETING, S.REPORTING}))
"""Votes open when the report is compiled, or there is none."""

SUBMIT_OPINION = Step(
    event="opinion.submitted/1",
    words="提交预审意见",
    asked="提交审查意见",
    who=EXPERTS,
    phases=during(S.CONFIRMING, S.PREPARING, S.MEETING, S.REPORTING, S.UNDECIDED),
    after=(m.SUBMITTED, m.DRAWN),
    counts=(m.WRITTEN,),
    seal=UNTIL_THE_MEETING,
    asks=(Ask(S.PREPARING, "预审方案", "reports:prereview", EXPERTS),),
    sets=(ATTACH_FORM,),
)
FIND_MISSING_OPINIONS = Step(
    event="opinion.found_missing/1",
    words="会前预审情况备案",
    after=(m.STARTED,),
    seal=UNTIL_THE_MEETING,
)
ATTACH_THE_FORM = Step(
    event="opinion.form_attached/1",
    words="生成专家审查意见表",
    after=(m.WRITTEN,),
    seal=UNTIL_THE_MEETING,
)
ANSWER_DEFECTS = Step(
    event="defects.answered/1",
    words="核对严重缺陷",
    asked="核对严重缺陷",
    who=EXPERTS,
    phases=during(S.PREPARING, S.MEETING, S.REPORTING),
    first="核对重大隐患不以论证步骤为前提",
    counts=(m.CHECKED,),
    seal=OPEN,
)
CLEAR_DEFECT = Step(
    event="defect.cleared/1",
    words="核销严重缺陷",
    asked="核销严重缺陷",
    who=EXPERTS,
    phases=during(S.PREPARING, S.MEETING, S.REPORTING),
    after=(m.CHECKED,),
    seal=OPEN,
)
CAST_VOTE = Step(
    event="vote.cast/1",
    words="提交论证意见",
    asked="提交论证意见",
    who=EXPERTS,
    phases=during(S.MEETING, S.REPORTING),
    after=(m.DRAWN, m.STARTED),
    counts=(m.WRITTEN,),
    moves=moves((S.REPORTING, S.UNDECIDED)),
    seal=UNTIL_THE_REPORT,
    asks=(Ask(S.MEETING, "提出论证意见", "reports:vote", EXPERTS),),
)
SETTLE_THE_VOTES = Step(
    event="votes.settled/1",
    words="论证结论汇总",
    after=(m.ENDED,),
    counts=(m.SETTLED,),
    moves=moves((S.REPORTING, S.UNDECIDED)),
    seal=UNTIL_THE_REPORT,
)
REOPEN_VOTES = Step(
    event="votes.reopened/1",
    words="再次召开论证会",
    asked="重新召开论证会",
    who=ORGANIZERS,
    phases=during(S.UNDECIDED),
    after=(m.SETTLED,),
    moves=moves((S.UNDECIDED, S.PREPARING)),
    seal=UNTIL_THE_REPORT,
    asks=(Ask(S.UNDECIDED, "处理未形成结论", "reports:report", (Role.CONTRACTOR,), also=(Role.AGENCY,)),),
)
COMPILE_REPORT = Step(
    event="report.compiled/1",
    words="形成论证报告",
    asked="汇总论证报告",
    who=(Role.EXPERT, *ORGANIZERS),
    phases=during(S.REPORTING),
    after=(m.DRAWN, m.ENDED, m.SETTLED),
    counts=(m.COMPILED,),
    moves=moves((S.REPORTING, S.UPLOADING)),
    seal=OPEN,
    asks=(Ask(S.REPORTING, "形成论证报告", "reports:compile", EXPERTS),),
    sets=(ATTACH_DOCUMENT,),
)
CORRECT_REPORT = Step(
    event="report.corrected/1",
    words="更正论证报告",
    asked="更正论证报告",
    who=(Role.EXPERT, *ORGANIZERS),
    phases=during(S.UPLOADING),
    after=(m.COMPILED,),
    seal=OPEN,
    sets=(ATTACH_DOCUMENT,),
)
ATTACH_THE_REPORT = Step(
    event="report.document_attached/1", words="生成论证报告文件", after=(m.COMPILED,), seal=OPEN
)
SIGN_REPORT = Step(
    event="report.signed/1",
    words="电子签署论证报告",
    asked="签署论证报告",
    who=EXPERTS,
    phases=during(S.UPLOADING),
    after=(m.COMPILED,),
    counts=(m.SIGNED,),
    seal=OPEN,
    asks=(Ask(S.UPLOADING, "签署论证报告", "reports:report", also=EXPERTS),),
    sets=(SEAL_DOCUMENT,),
)
UPLOAD_SIGNED_REPORT = Step(
    event="report.scan_uploaded/1",
    words="上传签名的论证报告",
    asked="上传签名的论证报告",
    who=ORGANIZERS,
    phases=during(S.UPLOADING),
    after=(m.COMPILED,),
    counts=(m.SIGNED,),
    moves=moves((S.UPLOADING, S.VOID)),
    seal=OPEN,
)
SEAL_THE_REPORT = Step(
    event="report.sealed/1", words="生成电子签名的论证报告", after=(m.COMPILED, m.SIGNED), seal=OPEN
)
UPLOAD_RESULT = Step(
    event="result.uploaded/1",
    words="上传一项论证结果材料",
    asked="上传论证结果",
    who=ORGANIZERS,
    phases=during(S.REPORTING, S.UNDECIDED, S.UPLOADING),
    after=(m.DRAWN, m.COMPILED),
    seal=OPEN,
    asks=(Ask(S.UPLOADING, "上传论证结果", "reports:upload", ORGANIZERS),),
)
SUBMIT_RESULTS = Step(
    event="results.submitted/1",
    words="上传论证结果",
    asked="提交论证结果",
    who=ORGANIZERS,
    phases=during(S.UPLOADING),
    after=(m.DRAWN, m.COMPILED, m.SIGNED),
    counts=(m.HANDED_IN, m.CONCLUDED),
    moves=moves((S.UPLOADING, S.PASSED), (S.UPLOADING, S.REVISING), (S.UPLOADING, S.FAILED)),
    seal=OPEN,
    sets=(RECORD_SERVICE,),
)
RECORD_THE_SERVICE = Step(
    event="service.recorded/1", words="专家履职情况记入档案", after=(m.HANDED_IN,), seal=OPEN
)
RECORD_BREACH = Step(
    event="duty.breached/1",
    words="逾期未上传论证结果",
    first="到期即记，缺什么都不妨碍记录逾期",
    seal=OPEN,
)
REMIND = Step(event="upload.reminded/1", words="提醒上传论证结果", first="到期即提醒", seal=OPEN)
OFFER_FROM_OUTSIDE = Step(
    event="conclusion.offered_from_outside/1",
    words="上传平台外形成的论证结论",
    first="一律拒绝",
    seal=OPEN,
)
