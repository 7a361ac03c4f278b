"""What falls due after a step: the names of the deadlines, what each is about, and what happens if nobody does anything.

A deadline is kept by its name and its subject (``member:17``); ``Consequence`` is where both are written and read.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Consequence:
    """A deadline of one kind. ``name`` is that of the act which answers it; ``about`` what its subject is a key of.

    Nothing in ``about``: the whole matter. ``otherwise`` is what people read while it runs; empty for what concerns nobody.
    """

    name: str
    about: str = ""
    otherwise: str = ""

    def subject(self, key: int | str = "") -> str:
        """How a deadline of this kind names what it is about."""
        return f"{self.about}:{key}" if self.about and self.about != DUTY else str(key)

    def key_in(self, subject: str) -> int:
        """The key of the row that a deadline of this kind is about.

        Raises:
            ValueError: a deadline of this kind is about no row, or about one of another table.
        """
        about, _, key = subject.partition(":") if self.about != DUTY else (DUTY, "", subject)
        if not key or about != self.about:
            raise ValueError(f"{self.name} is not about {subject!r}")
        return int(key)


DUTY = "duty"
"""A subject that stands without a noun: the key of the rule that sets the duty, of a step, or of a row of a proceeding."""

START_WINDOW = Consequence("panels.start_window", "member")
EXPIRE_INVITATION = Consequence("panels.expire_invitation", "member", "视为不参与本次论证，系统自动补抽")
GIVE_UP_UNDELIVERED = Consequence("panels.give_up_undelivered", "member", "按未送达处理，系统自动补抽")
BACKFILL_SEAT = Consequence("panels.backfill_seat", "member")
PART_MEMBER = Consequence("panels.part_member", "member")
RECHECK_RELATIONS = Consequence("panels.recheck_relations")
OPEN_ELECTION = Consequence("panels.open_election")
WITHHOLD_DRAW = Consequence("panels.withhold_draw", "draw")
DELIVER_VERSION = Consequence("plans.deliver_version", "member")
PLAN_MEETING = Consequence("meetings.plan_meeting")
ATTACH_SHEET = Consequence("meetings.attach_sheet", "meeting")
RECORD_MISSING_OPINIONS = Consequence("reports.record_missing_opinions", "meeting")
SETTLE_VOTES = Consequence("reports.settle_votes", "meeting")
ATTACH_FORM = Consequence("reports.attach_form", "form")
ATTACH_DOCUMENT = Consequence("reports.attach_document", "report")
SEAL_DOCUMENT = Consequence("reports.seal_document", "report")
RECORD_OVERDUE = Consequence("reports.record_overdue", DUTY, "系统自动记录逾期，仍可补传")
REMIND_UPLOAD = Consequence("reports.remind_upload", DUTY, "系统发送提醒")
RECORD_SERVICE = Consequence("reports.record_service")
ANSWER_LIMIT = Consequence("procedures.answer_limit", DUTY)
END_NOTICE = Consequence("procedures.end_notice", DUTY)
APPOINT_CANDIDATE = Consequence("experts.appoint_candidate", DUTY)
RENEW_CANDIDATE = Consequence("experts.renew_candidate", DUTY)
END_CANDIDATE = Consequence("experts.end_candidate", DUTY)
SUSPEND_CANDIDATE = Consequence("experts.suspend_candidate", DUTY)
RESTORE_CANDIDATE = Consequence("experts.restore_candidate", DUTY)
BAR_CANDIDATE = Consequence("experts.bar_candidate", DUTY)
RECORD_CONDUCT = Consequence("pools.record_conduct", DUTY)
ENTER_POINTS = Consequence("pools.enter_points", DUTY)
ISSUE_DOCUMENT = Consequence("procedures.issue_document", DUTY)
REFER_MATTER = Consequence("procedures.refer_matter", DUTY)
INVALIDATE_REVIEW = Consequence("reports.invalidate_review", DUTY)

REMINDERS = {RECORD_OVERDUE.name: REMIND_UPLOAD.name}
"""What reminds of a time limit before it comes."""
CONSEQUENCES = {one.name: one for one in list(vars().values()) if isinstance(one, Consequence)}
LIMITS = frozenset(one.name for one in (EXPIRE_INVITATION, RECORD_OVERDUE, ANSWER_LIMIT, END_NOTICE))
"""What the text of a rule limits in time. All others are the platform's own reminders and consequences of what happened:
no list and no to-do tells their moment as a time limit."""
