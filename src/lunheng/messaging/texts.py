"""What people are told: every kind of message once, with its words, who reads it, where it leads and whether it may wait.
Every text is signed by the platform; a hole in a text is a fault of ours and is refused.

``{title}`` is the matter's; ``{case}`` its key; the act that writes the message gives the rest. A public notice (公示) is no
message: see ``notices``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

SIGNATURE = "【论衡】"
FREE = "{text}"
"""What is no declared kind carries its whole text in the context,"""
GENERAL = "“{title}”有需要您办理或知悉的事项，请登录平台查看。"
"""or says only that there is something to see."""


class MissingWords(ValueError):
    """The context lacks a field of the text."""


@dataclass(frozen=True, kw_only=True)
class MessageKind:
    """One kind of message."""

    key: str
    """How rows and carriers name it; a carrier may have a template of this name with the same fields."""
    audience: str
    text: str
    link: str = ""
    """The page on which the reader acts."""
    is_letter: bool = False
    """Kept on the platform only, and there at once."""
    waits: bool = True
    """Whether it leaves in the hours that the pack gives to messages; otherwise at once, since waiting would harm."""

    def address(self, words: Mapping[str, object]) -> str:
        """The page on which this reader acts; empty where there is none."""
        return self.link.format_map(words)


WHERE_AND_WHO = "时间：{meeting_at}，地点：{place}，组织单位：{organizer}，联系方式：{contact}。"
SEAT = "/my/invitations/{member}/"
PANEL = "/cases/{case}/panel/"
REPORT = "/cases/{case}/report/"
MEETING = "/cases/{case}/meeting/"
MATTER = "/procedures/{proceeding}/"

PANEL_INVITATION = MessageKind(
    key="panel.invitation",
    audience="抽中的专家",
    text="邀请您作为专家参加“{title}”专家论证会，"
    + WHERE_AND_WHO
    + "请{limit}打开链接答复：点“确认参加”；不能参加的，点“不能参加”并写明理由。"
    "{otherwise}",
    link=SEAT,
)
PANEL_LISTED = MessageKind(
    key="panel.listed",
    audience="列入最终名单的专家",
    text="您已列入“{title}”论证的最终名单，请登录查看。"
    + WHERE_AND_WHO
    + "不能到会的，打开链接点“我不能到会”并写明事由；应当回避的，点“我应当回避”。",
    link=SEAT,
)
PANEL_RELEASED = MessageKind(
    key="panel.released",
    audience="没有列入名单的专家",
    text="您未列入“{title}”专家论证名单，无须到会。感谢支持。",
    link=SEAT,
)
PANEL_ELECTION = MessageKind(
    key="panel.election",
    audience="已确认的组员",
    text="请登录为“{title}”专家组推选组长（第{round}轮），一人一票。",
    link=SEAT,
)
CONSENT_RECORDED = MessageKind(
    key="panel.consent_recorded",
    audience="被登记同意的专家",
    text="{organizer}登记您同意参加“{title}”论证。如非本人意愿，请登录否认。",
    link=SEAT,
)
REFUSAL_RECORDED = MessageKind(
    key="panel.refusal_recorded",
    audience="被登记拒绝的专家",
    text="{organizer}登记您不参加“{title}”论证。如与事实不符，请联系专家库管理机构。",
    link=SEAT,
)
MEMBER_LOST = MessageKind(
    key="panel.member_lost",
    audience="组织单位",
    text="“{title}”：{what}，专家组须补足后方可开会。",
    link=PANEL,
    is_letter=True,
)
PANEL_EXHAUSTED = MessageKind(
    key="panel.exhausted",
    audience="组织单位、监督站",
    text="“{title}”：{message}",
    link=PANEL,
    is_letter=True,
)
MEETING_PLANNED = MessageKind(
    key="meeting_planned",
    audience="专家组成员、参建各方",
    text="“{title}”论证会定于 {when} 召开（{mode}），地点：{place}。联系方式：{contact}。",
    link=MEETING,
)
MEETING_STOPPED = MessageKind(
    key="meeting_stopped",
    audience="专家组成员、参建各方",
    text="“{title}”论证会未能召开：{reason}。改期后将另行通知。",
    link=MEETING,
    waits=False,
)
VISIT_ASKED = MessageKind(
    key="visit_asked",
    audience="施工单位",
    text="“{title}”的专家申请现场踏勘：{reason}。请登录平台答复。",
    link=MEETING,
)
VISIT_ANSWERED = MessageKind(
    key="visit_answered",
    audience="申请踏勘的专家",
    text="“{title}”的踏勘申请已答复：{answer}。",
    link=MEETING,
)
PLAN_DELIVERY = MessageKind(
    key="plan_delivery",
    audience="专家组成员",
    text="“{title}”的专项施工方案（第 {version} 版）已送达，请登录平台预审。",
    link="/cases/{case}/plan/",
)
UPLOAD_REMINDER = MessageKind(
    key="report.upload_reminder",
    audience="施工单位、论证机构",
    text="“{title}”论证结果上传时限 {until} 即将到期，请按时上传；尚缺：{missing}。",
    link=REPORT,
    waits=False,
)
UPLOAD_OVERDUE = MessageKind(
    key="report.upload_overdue",
    audience="施工单位、论证机构",
    text="“{title}”论证结果上传时限 {until} 已逾期，逾期情况已记录，请尽快补传；尚缺：{missing}。",
    link=REPORT,
)
REVISION_TO_RECHECK = MessageKind(
    key="revision_to_recheck",
    audience="组长，或者确认修改的成员",
    text="“{title}”已按论证报告修改（第 {version} 版），请{who}填写审查意见。",
    link=REPORT,
)
REVISION_APPROVED = MessageKind(
    key="revision_approved",
    audience="专家组成员",
    text="“{title}”修改后的方案已批准，修改情况：{changes}。",
    link=REPORT,
    is_letter=True,
)
PROCEEDING_TOLD = MessageKind(key="proceeding.told", audience="申请人", text="“{title}”{text}。", link=MATTER)
MEMBERS_CALLED = MessageKind(
    key="proceeding.called",
    audience="办理事项涉及的每一名在库专家",
    text="“{title}”已启动：{step}{until}。{otherwise}请打开链接办理。",
    link=MATTER,
)
MEMBER_TOLD = MessageKind(
    key="proceeding.settled",
    audience="办理事项涉及的每一名在库专家",
    text="“{title}”已有结果：{text}。",
    link=MATTER,
)
OBJECTION_ANSWERED = MessageKind(
    key="objection.answered",
    audience="提出异议的人",
    text="您对“{notice}”提出的异议（第{number}号）经核实{word}：{answer}",
)
DEADLINE_RECOUNTED = MessageKind(
    key="deadline.recounted",
    audience="须在期限内办理的人",
    text="“{title}”{text}。",
    link="{page}",
    waits=False,
)
FILE_CHANGED = MessageKind(
    key="expert.changed",
    audience="档案变更的专家",
    text="您在{pool}的聘任情况已变更：{text}。依据：{clause}。",
)
ACCOUNT_CODE = MessageKind(
    key="account.code",
    audience="输入号码的人",
    text="您的验证码为 {code}，10 分钟内有效，请勿告知他人。",
    waits=False,
)

KINDS: Mapping[str, MessageKind] = {
    kind.key: kind for kind in list(globals().values()) if isinstance(kind, MessageKind)
}
"""Every kind by its key."""
TEXTS: Mapping[str, str] = {key: kind.text for key, kind in KINDS.items()}
"""Their words."""


def fields_of(template: str) -> set[str]:
    """The fields that a kind needs."""
    return _fields(TEXTS.get(template, FREE))


def write_text(template: str, context: Mapping[str, object], link: str = "") -> str:
    """The signed text of a message, with the address to open where there is one.

    Raises:
        MissingWords: the context does not hold a field of the text.
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
