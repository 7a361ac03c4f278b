"""What messages say. Every text is signed by the platform; a hole in a text is a fault of ours and is refused."""

from collections.abc import Mapping
from string import Formatter

SIGNATURE = "【论衡】"
FREE = "{text}"
"""A template that is not listed carries its whole text in the context,"""
GENERAL = "“{title}”有需要您办理或知悉的事项，请登录平台查看。"
"""or says only that there is something to see."""

TEXTS: Mapping[str, str] = {
    "panel.invitation": "邀请您作为专家参加“{title}”专家论证会，时间：{meeting_at}，地点：{place}，组织单位：{organizer}。"
    "请在确认时限内答复是否参加，逾期未确认视为不参与。",
    "panel.pushed": "您被推送为“{title}”专家论证的候选专家，组织单位 {organizer} 将与您联系确认。",
    "panel.released": "您未列入“{title}”专家论证名单，无须到会。感谢支持。",
    "meeting_planned": "“{title}”论证会定于 {when} 召开（{mode}），地点：{place}。",
    "meeting_stopped": "“{title}”论证会未能召开：{reason}。改期后将另行通知。",
    "visit_asked": "“{title}”的专家申请现场踏勘：{reason}。请登录平台答复。",
    "visit_answered": "“{title}”的踏勘申请已答复：{answer}。",
    "plan_delivery": "“{title}”的专项施工方案（第 {version} 版）已送达，请登录平台预审。",
    "proceeding.told": "“{title}”{text}。",
    "account.code": "您的验证码为 {code}，10 分钟内有效，请勿告知他人。",
}


class MissingWords(ValueError):
    """The context lacks a field of the template."""


def fields_of(template: str) -> set[str]:
    """The fields that a listed template needs."""
    return _fields(TEXTS.get(template, FREE))


def write_text(template: str, context: Mapping[str, object], link: str = "") -> str:
    """The signed text of a message, with the address to open where there is one.

    Raises:
        MissingWords: the context does not hold a field of the template.
    """
    pattern = TEXTS.get(template) or (FREE if "text" in context else GENERAL)
    missing = _fields(pattern) - context.keys()
    if missing:
        raise MissingWords(f"{template} 缺少：{'、'.join(sorted(missing))}")
    words = pattern.format_map({key: str(value) for key, value in context.items()})
    return f"{SIGNATURE}{words.removeprefix(SIGNATURE)}{link_words(link)}"


def link_words(link: str) -> str:
    """How a text ends that has an address to open."""
    return f" 办理：{link}" if link else ""


def _fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}
