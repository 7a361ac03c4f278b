"""论证会: the meeting, who was there, site visits asked for before it."""

from django.db import models
from django.db.models import Q


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
    stop_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("case", "number")
        constraints = (
            models.UniqueConstraint(fields=("case", "number"), name="meetings_are_numbered_in_a_case"),
            models.UniqueConstraint(
                fields=("case",), condition=Q(state__in=("planned", "started")), name="one_living_meeting_in_a_case"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} meeting {self.number}"


class Attendance(models.Model):
    """One line of the sign-in sheet: a role of 31号（三） with the person, present or absent."""

    class Method(models.TextChoices):
        PRESENCE = "presence", "现场签到"
        LOGIN = "login", "视频会议登录"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    role = models.CharField(max_length=40, help_text="key of an attendee role of the pack")
    member = models.ForeignKey("panels.Member", on_delete=models.PROTECT, null=True, related_name="attendances")
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
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    visit_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case} site visit"
