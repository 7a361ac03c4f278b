"""邀请与确认: by when an expert answers, when messages leave, who sees contacts."""

from datetime import datetime, time, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.deadlines import CHINA, format_due
from lunheng.core.policy.rules.base import Rule, Silence, Timed
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"confirmation": "邀请与确认"}


class Window(Timed):
    """确认时限: half-open, counted from delivery."""

    key = "confirmation.window"
    heading = "确认时限"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, delivered_at: datetime | None, at: datetime) -> Verdict:
        """Half-open: the first moment after so many hours is too late. What was not delivered starts no clock."""
        if delivered_at is None:
            return ground.yes("邀请短信未送达，确认时限尚未起算")
        limit = ground.due(delivered_at)
        if limit.is_late(at):
            return ground.no(
                f"邀请短信送达后{self.value}小时内未确认，视为不参与本次评审",
                "席位已由系统自动补位；本次不能再确认",
                f"截止{format_due(limit, with_year=True)}，确认于{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            )
        return ground.yes("在确认时限内", f"截止{format_due(limit, with_year=True)}")


class Undelivered(Timed):
    """确认时限: half-open, counted from delivery."""

    key = "confirmation.undelivered"
    heading = "短信未送达"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, first_attempt_at: datetime, at: datetime) -> Verdict:
        """REFUSED means: stop waiting, backfill the seat as not delivered."""
        limit = ground.due(first_attempt_at)
        if limit.is_late(at):
            return ground.no(
                "邀请短信持续未能送达，席位按“未送达”补位，不记专家未答复", "系统自动补位", format_due(limit)
            )
        return ground.yes("继续尝试送达", f"至{format_due(limit)}")


class SendWindow(Rule):
    """发送时段: hours of the day in China Standard Time between which messages leave, when enabled."""

    key = "confirmation.send_window"
    heading = "发送时段"
    silence = Silence.FREE
    words = {"enabled": "启用", "opens": "自", "closes": "至"}

    enabled: bool
    opens: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    closes: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")

    def next_opening(self, at: datetime) -> datetime:
        """When a message written at `at` leaves: at once, or when the window next opens."""
        if not self.enabled:
            return at
        local = at.astimezone(CHINA)
        opens = datetime.combine(local.date(), time.fromisoformat(self.opens), CHINA)
        closes = datetime.combine(local.date(), time.fromisoformat(self.closes), CHINA)
        if local < opens:
            return opens
        return at if local < closes else opens + timedelta(days=1)

    def judge(self, ground: Ground, /, *, at: datetime) -> Verdict:
        """REFUSED means: the message leaves at `self.next_opening(at)`."""
        opening = self.next_opening(at)
        if opening == at:
            return ground.yes("可以立即发送")
        return ground.no(
            f"当前不在发送时段（{self.opens}至{self.closes}）",
            f"短信将于{format_due(opening)}发出",
            f"{at.astimezone(CHINA):%H:%M}",
        )


class Backfill(Rule):
    """补位: whether the platform backfills without anyone acting."""

    key = "confirmation.backfill"
    heading = "补位"
    silence = Silence.PERSON
    words = {"automatic": "自动"}

    automatic: bool

    def judge(self, ground: Ground, /) -> Verdict:
        """May the platform backfill by itself?"""
        if self.automatic:
            return ground.yes("系统自动补位")
        return ground.no("本规则下不自动补位", "由组织单位另行选取或申请再次推送", "须人工选取")


class Contacts(Rule):
    """联系方式: whose contact data are shown, and to which roles besides the client of the review."""

    key = "confirmation.contacts"
    heading = "联系方式"
    silence = Silence.REFUSE
    words = {"visible": "显示", "managers": "管理者"}
    values = {"picked": "已选取的", "pushed": "全部推送的", "none": "不显示"}
    vocabularies: ClassVar[dict[str, str]] = {"managers": "roles"}

    visible: Literal["picked", "pushed", "none"]
    managers: tuple[str, ...] = ()

    def judge(self, ground: Ground, /, *, actor_role: str, is_client: bool, picked: bool) -> Verdict:
        """`is_client`: the client of this review or its agency; `picked`: this expert was picked."""
        if actor_role in self.managers:
            return ground.yes("专家库管理机构可以查看联系方式")
        if not is_client or self.visible == "none":
            return ground.no(
                "专家联系方式不对你显示",
                "通过平台消息联系，或由有权单位联系",
                ground.name("roles", actor_role),
            )
        if self.visible == "picked" and not picked:
            return ground.no("只显示已选取专家的联系方式", "先选取该专家", "未选取")
        return ground.yes("可以查看联系方式")
