"""确认与送达: by when an expert answers, when messages leave, who sees contacts."""

from datetime import datetime

from lunheng.core.deadlines import CHINA, format_due
from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules.panels import Backfill, Contacts, SendWindow, Window
from lunheng.core.verdict import Verdict


@judges("confirmation.window")
def window(rule: Window, ground: Ground, *, delivered_at: datetime | None, at: datetime) -> Verdict:
    """Half-open: the first moment after so many hours is too late. What was not delivered starts no clock."""
    if delivered_at is None:
        return ground.yes("邀请短信未送达，确认时限尚未起算")
    limit = ground.due(delivered_at)
    if limit.is_late(at):
        return ground.no(
            f"邀请短信送达后{rule.value}小时内未确认，视为不参与本次评审",
            "席位已由系统自动补位；本次不能再确认",
            f"截止{format_due(limit, with_year=True)}，确认于{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        )
    return ground.yes("在确认时限内", f"截止{format_due(limit, with_year=True)}")


@judges("confirmation.undelivered")
def undelivered(rule: Window, ground: Ground, *, first_attempt_at: datetime, at: datetime) -> Verdict:
    """REFUSED means: stop waiting, backfill the seat as not delivered."""
    limit = ground.due(first_attempt_at)
    if limit.is_late(at):
        return ground.no(
            "邀请短信持续未能送达，席位按“未送达”补位，不记专家未答复", "系统自动补位", format_due(limit)
        )
    return ground.yes("继续尝试送达", f"至{format_due(limit)}")


@judges("confirmation.send_window")
def send_window(rule: SendWindow, ground: Ground, *, at: datetime) -> Verdict:
    """REFUSED means: the message leaves at `rule.next_opening(at)`."""
    opening = rule.next_opening(at)
    if opening == at:
        return ground.yes("可以立即发送")
    return ground.no(
        f"当前不在发送时段（{rule.opens}至{rule.closes}）",
        f"短信将于{format_due(opening)}发出",
        f"{at.astimezone(CHINA):%H:%M}",
    )


@judges("confirmation.backfill")
def backfill(rule: Backfill, ground: Ground) -> Verdict:
    """May the platform backfill by itself?"""
    if rule.automatic:
        return ground.yes("系统自动补位")
    return ground.no("本规则下不自动补位", "由组织单位另行选取或申请再次推送", "须人工选取")


@judges("confirmation.contacts")
def contacts(rule: Contacts, ground: Ground, *, actor_role: str, is_client: bool, picked: bool) -> Verdict:
    """`is_client`: the client of this review or its agency; `picked`: this expert was picked."""
    if actor_role in rule.managers:
        return ground.yes("专家库管理机构可以查看联系方式")
    if not is_client or rule.visible == "none":
        return ground.no(
            "专家联系方式不对你显示", "通过平台消息联系，或由有权单位联系", ground.name("roles", actor_role)
        )
    if rule.visible == "picked" and not picked:
        return ground.no("只显示已选取专家的联系方式", "先选取该专家", "未选取")
    return ground.yes("可以查看联系方式")
