"""会议与预审: form of the meeting, who must be there, first opinions."""

from collections.abc import Sequence

from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules import Rule
from lunheng.core.policy.rules.panels import Quorum
from lunheng.core.policy.rules.plans import Attendance, MeetingMode, Prereview
from lunheng.core.verdict import Verdict


@judges("meeting.mode")
def mode(rule: MeetingMode, ground: Ground, *, mode: str, place: str) -> Verdict:
    """A meeting on site needs a place."""
    name = ground.name("meeting_modes", mode)
    lawful = ground.names("meeting_modes", rule.modes)
    if mode not in rule.modes:
        return ground.no(f"论证会应采用{lawful}，不得采用{name}", f"改为{lawful}", name)
    if mode == "on_site" and not place.strip():
        return ground.no("现场会议须写明会议地点", "填写会议地点", "未填写")
    return ground.yes(f"可以采用{name}", name)


@judges("meeting.attendance")
def attendance(rule: Attendance, ground: Ground, *, absent: Sequence[str]) -> Verdict:
    """`absent` roles; recorded and shown, or refused where the rule stops the meeting."""
    lacking = [role for role in rule.roles if role in absent]
    if not lacking:
        return ground.yes("应到人员到齐")
    names = ground.names("attendees", lacking)
    if rule.effect == "refuse":
        return ground.no(f"应到人员缺席：{names}", "待人员到齐后再召开", names)
    return ground.yes(
        "缺席已记录，不影响会议", names, ground.warn(f"应到人员缺席：{names}", "报监督机构知悉", names)
    )


@judges("meeting.quorum")
def quorum(
    rule: Quorum,
    ground: Ground,
    *,
    main_present: int,
    extras_present: int,
    confirmed_total: int,
    all_present: bool,
) -> Verdict:
    """Experts present at the start of the meeting."""
    present = main_present + extras_present
    value = f"到会{present}名，已确认{confirmed_total}名"
    if rule.all_required and not all_present:
        return ground.no("已确认的专家未全部到会，会议不得开始", "待全部专家到会，或按规定补抽", value)
    fault = rule.fault(main_present, extras_present)
    if fault is None:
        return ground.yes("到会专家人数符合规定", value)
    return ground.no(f"{fault}，会议不得开始", f"{rule.remedy()}后再开会", value)


@judges("prereview.form")
def prereview(rule: Prereview, ground: Ground, *, missing: Sequence[str]) -> Verdict:
    """`missing`: experts without a first opinion at the start of the meeting."""
    if not missing:
        return ground.yes("参会专家均已预审")
    names = "、".join(missing)
    if rule.effect == "refuse":
        return ground.no(f"{names}会前未提交预审意见", "提交预审意见后再开会", names)
    return ground.yes(
        "未预审已记录备案，不影响会议",
        names,
        ground.warn(f"{names}会前未提交预审意见，如实记录备案", value=names),
    )


@judges("prereview.site_visit")
def site_visit(rule: Rule, ground: Ground, *, before_meeting: bool) -> Verdict:
    """A visit can be asked for until the meeting starts."""
    if before_meeting:
        return ground.yes("必要时可以进行现场踏勘")
    return ground.no("会议开始后不能再申请踏勘", "请在会上提出意见", "会议已开始")
