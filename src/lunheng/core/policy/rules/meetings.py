"""会议与预审: form of the meeting, who must be there, first opinions."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Silence, drops
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.policy.rules.panels import Headcount
from lunheng.core.verdict import Verdict

TOPICS = {"meeting": "论证会", "prereview": "预审"}


class MeetingMode(Rule):
    """会议形式: the lawful forms of a review meeting."""

    key = "meeting.mode"
    heading = "会议形式"
    silence = Silence.FLOOR
    words = {"modes": "会议形式"}
    vocabularies: ClassVar[dict[str, str]] = {"modes": "meeting_modes"}

    modes: tuple[Literal["on_site", "remote"], ...] = Field(min_length=1)

    def judge(self, ground: Ground, /, *, mode: str, place: str) -> Verdict:
        """A meeting on site needs a place."""
        name = ground.name("meeting_modes", mode)
        lawful = ground.names("meeting_modes", self.modes)
        if mode not in self.modes:
            return ground.no(f"论证会应采用{lawful}，不得采用{name}", f"改为{lawful}", name)
        if mode == "on_site" and not place.strip():
            return ground.no("现场会议须写明会议地点", "填写会议地点", "未填写")
        return ground.yes(f"可以采用{name}", name)


class Attendance(Rule):
    """参会人员: the roles invited, and what an absence does."""

    key = "meeting.attendance"
    heading = "参会人员"
    silence = Silence.FLOOR
    words = {"roles": "单位或人员", "effect": "后果"}
    values = {"record": "记录", "refuse": "拒绝"}
    vocabularies: ClassVar[dict[str, str]] = {"roles": "attendees"}

    roles: tuple[str, ...] = Field(min_length=1)
    effect: Literal["record", "refuse"]

    def loosens(self, floor: Rule) -> str | None:
        """No role may be left out."""
        assert isinstance(floor, Attendance)
        return drops("参会人员", self.roles, floor.roles)

    def judge(self, ground: Ground, /, *, absent: Sequence[str]) -> Verdict:
        """`absent` roles; recorded and shown, or refused where the rule stops the meeting."""
        lacking = [role for role in self.roles if role in absent]
        if not lacking:
            return ground.yes("应到人员到齐")
        names = ground.names("attendees", lacking)
        if self.effect == "refuse":
            return ground.no(f"应到人员缺席：{names}", "待人员到齐后再召开", names)
        return ground.yes(
            "缺席已记录，不影响会议", names, ground.warn(f"应到人员缺席：{names}", "报监督机构知悉", names)
        )


class Quorum(Headcount):
    """Who must be present when the meeting starts; `all_required` demands every confirmed expert."""

    key = "meeting.quorum"
    heading = "到会专家人数"
    silence = Silence.FLOOR
    words = {"all_required": "须全部到会"}

    all_required: bool = False

    def judge(
        self,
        ground: Ground,
        /,
        *,
        main_present: int,
        extras_present: int,
        confirmed_total: int,
        all_present: bool,
    ) -> Verdict:
        """Experts present at the start of the meeting."""
        present = main_present + extras_present
        value = f"到会{present}名，已确认{confirmed_total}名"
        if self.all_required and not all_present:
            return ground.no("已确认的专家未全部到会，会议不得开始", "待全部专家到会，或按规定补抽", value)
        fault = self.fault(main_present, extras_present)
        if fault is None:
            return ground.yes("到会专家人数符合规定", value)
        return ground.no(f"{fault}，会议不得开始", f"{self.remedy()}后再开会", value)


class Prereview(Rule):
    """预审: what a missing first opinion does."""

    key = "prereview.form"
    heading = "会前预审"
    silence = Silence.FREE
    words = {"effect": "后果"}
    values = {"record": "记录", "refuse": "拒绝"}

    effect: Literal["record", "refuse"]

    def judge(self, ground: Ground, /, *, missing: Sequence[str]) -> Verdict:
        """`missing`: experts without a first opinion at the start of the meeting."""
        if not missing:
            return ground.yes("参会专家均已预审")
        names = "、".join(missing)
        if self.effect == "refuse":
            return ground.no(f"{names}会前未提交预审意见", "提交预审意见后再开会", names)
        return ground.yes(
            "未预审已记录备案，不影响会议",
            names,
            ground.warn(f"{names}会前未提交预审意见，如实记录备案", value=names),
        )


class SiteVisit(Rule):
    """现场踏勘: where it is needed, before the meeting."""

    key = "prereview.site_visit"
    heading = "现场踏勘"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, before_meeting: bool) -> Verdict:
        """A visit can be asked for until the meeting starts."""
        if before_meeting:
            return ground.yes("必要时可以进行现场踏勘")
        return ground.no("会议开始后不能再申请踏勘", "请在会上提出意见", "会议已开始")
