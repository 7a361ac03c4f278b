"""论证会: the meeting, who was there, site visits asked for before it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q

from lunheng.cases.models import Case
from lunheng.panels.models import Member
from lunheng.web.reasons import ReasonColumn

EXPERTS = "experts"
"""The attendee role of the panel's members, as the packs name it."""


class Meeting(models.Model):
    """One meeting of a review; a meeting that could not be held stays, and the next one is a new row."""

    class Mode(models.TextChoices):
        ON_SITE = "on_site", "现场会议"
        REMOTE = "remote", "远程视频会议"

    class State(models.TextChoices):
        PLANNED = "planned", "待召开"
        STARTED = "started", "进行中"
        ENDED = "ended", "已结束"
        STOPPED = "stopped", "未能召开"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8, choices=Mode.choices)
    place = models.CharField(max_length=200, blank=True)
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_reason = ReasonColumn(blank=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("case", "number")
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="meetings_are_numbered_in_a_case"),
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state__in=("planned", "started")),
                name="one_living_meeting_in_a_case",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} meeting {self.number}"

    @classmethod
    def plan(cls, case: Case, *, mode: str, place: str, planned_at: datetime) -> "Meeting":
        """The next meeting of the case."""
        number = cls.objects.filter(case=case).count() + 1
        return cls.objects.create(case=case, number=number, mode=mode, place=place, planned_at=planned_at)

    @property
    def is_living(self) -> bool:
        """Planned or under way."""
        return self.state in {self.State.PLANNED, self.State.STARTED}

    @property
    def method(self) -> str:
        """How one signs in: in presence on site, by log-in in a video meeting."""
        on_site = self.mode == self.Mode.ON_SITE
        return Attendance.Method.PRESENCE.value if on_site else Attendance.Method.LOGIN.value

    def write_lines(self, roles: Iterable[tuple[str, str]], members: Iterable[Member]) -> None:
        """Bring the sign-in sheet up to date: a line for every role with its organization and for every
        member; lines of members who left before they signed are taken off."""
        lines = self.attendances.all()
        known = set(lines.filter(member=None).values_list("role", "organization_name"))
        present = list(members)
        lines.filter(member__isnull=False, signed_at=None).exclude(member__in=present).delete()
        seated = set(lines.filter(member__isnull=False).values_list("member_id", flat=True))
        Attendance.objects.bulk_create(
            [
                Attendance(
                    meeting=self,
                    role=EXPERTS,
                    member=member,
                    person=member.expert.name,
                    organization_name=member.expert.unit.name,
                )
                for member in present
                if member.pk not in seated
            ]
            + [
                Attendance(meeting=self, role=role, organization_name=name)
                for role, name in roles
                if (role, name) not in known
            ]
        )


class Attendance(models.Model):
    """One line of the sign-in sheet: a role of 31号（三） with the person, present or absent."""

    class Method(models.TextChoices):
        PRESENCE = "presence", "现场签到"
        LOGIN = "login", "视频会议登录"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    role = models.CharField(max_length=40, help_text="key of an attendee role of the pack")
    member = models.ForeignKey(
        "panels.Member", on_delete=models.PROTECT, null=True, related_name="attendances"
    )
    organization_name = models.CharField(max_length=120, blank=True)
    person = models.CharField(max_length=64, blank=True)
    is_present = models.BooleanField(null=True)
    method = models.CharField(max_length=8, choices=Method.choices, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("meeting", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "member"), condition=Q(member__isnull=False), name="one_line_of_a_member"
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.person}"


class SiteVisit(models.Model):
    """现场踏勘: asked for by an expert, answered by the contractor."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="site_visits")
    member = models.ForeignKey("panels.Member", on_delete=models.PROTECT, related_name="site_visits")
    reason = ReasonColumn()
    asked_at = models.DateTimeField()
    answer = ReasonColumn(blank=True)
    visit_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case} site visit"
