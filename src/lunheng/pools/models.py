"""What both pools share: the pool itself, membership with its term, and the service record."""

import hmac
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.db import models

from lunheng.cases.models import Case
from lunheng.core import draw
from lunheng.core.clauses import Clause

LANES = 8
"""Chains published at once: so many draws of one pool may wait side by side; the last of each set is reserved."""


class BrokenChain(Exception):
    """A chain does not lead to what was published of it: another key, or a changed row."""


class Pool(models.Model):
    """A pool of experts that a city keeps."""

    file = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="pool")
    key = models.CharField(max_length=48, unique=True)
    name = models.CharField(max_length=120)
    division = models.ForeignKey("jurisdictions.Division", on_delete=models.PROTECT, related_name="pools")
    pack_id = models.CharField(max_length=64, help_text="the policy pack whose reviews draw from this pool")

    def __str__(self) -> str:
        return self.name


class Chain(models.Model):
    """随机数链: the hash chain of one contributor, published by its end before any draw.

    The platform owns several side by side (lanes), so that a link is never published by the commit of another
    draw while its own draw still waits; the supervising authority may own one more.
    """

    class Owner(models.TextChoices):
        PLATFORM = "platform", "平台"
        AUTHORITY = "authority", "主管部门"

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="chains")
    owner = models.CharField(max_length=12, choices=Owner.choices)
    number = models.PositiveSmallIntegerField(help_text="numbered within the pool and owner")
    hash = models.CharField(max_length=8)
    length = models.PositiveIntegerField(help_text="links after the anchor")
    anchor = models.CharField(max_length=64, help_text="hex; link 0")
    taken = models.PositiveIntegerField(default=0, help_text="links that were published")
    shown = models.CharField(max_length=64, help_text="hex; the last link that was published")
    holder = models.CharField(max_length=64, blank=True, help_text="the draw that waits on the taken link")
    anchored_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, help_text="the key no longer leads to the published end")

    class Meta:
        ordering = ("pool", "owner", "number")
        constraints = (
            models.UniqueConstraint(fields=("pool", "owner", "number"), name="chains_are_numbered_in_a_pool"),
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("length")), name="chain_has_the_link"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pool} {self.get_owner_display()} {self.number}"

    def link(self, index: int) -> bytes:
        """A link of one of the platform's own chains; 0 is the anchor."""
        return links(chain_secret(self.pool, self.number), self.length, self.hash)[index]

    @property
    def is_ours(self) -> bool:
        """Whether the platform's key still leads to what was published of this chain."""
        return self.link(self.taken).hex() == self.shown

    def retire(self, at: datetime) -> None:
        """No draw takes a link of this chain any more."""
        self.retired_at = at
        self.save(update_fields=("retired_at",))

    def hold(self, holder: str) -> None:
        """Commit one draw to the next link. The row must be locked."""
        self.holder = holder
        self.save(update_fields=("holder",))

    def show(self, value: bytes) -> None:
        """The link that a draw was committed to is public: nobody waits on this chain any more.

        Raises:
            BrokenChain: it is not the link after the one that was published last.
        """
        if not draw.follows(value, bytes.fromhex(self.shown), self.hash):
            raise BrokenChain(str(self))
        self.taken += 1
        self.shown, self.holder = value.hex(), ""
        self.save(update_fields=("taken", "shown", "holder"))

    def release(self) -> None:
        """The draw ended and its link stayed secret: the next draw may be committed to it."""
        self.holder = ""
        self.save(update_fields=("holder",))


@lru_cache(maxsize=64)
def links(secret: bytes, length: int, name: str) -> tuple[bytes, ...]:
    """Every link of a chain, kept in memory: a draw asks for two neighbors."""
    return draw.links(secret, length, name)


def chain_secret(pool: Pool, number: int) -> bytes:
    """What the platform's chain ends in; only who holds the key of chance can compute it."""
    return hmac.digest(settings.CHANCE_KEY.encode(), f"chain\0{pool.key}\0{number}".encode(), sha256)


def pseudonym_key(pool: Pool) -> bytes:
    """From which the secret of every draw's pseudonyms follows: nobody chooses it draw by draw."""
    return hmac.digest(settings.CHANCE_KEY.encode(), f"pseudonyms\0{pool.key}".encode(), sha256)


class Membership(models.Model):
    """One member's standing in one pool, and the only place where it is kept: state, term, bar.

    A term is half-open: on the day it ends nobody serves any more. A bar holds on its first and on its last day; a bar
    without a last day is for life.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "在库"
        SUSPENDED = "suspended", "暂停"
        REMOVED = "removed", "已移出"

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="memberships")
    file = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    appointed_on = models.DateField()
    ends_on = models.DateField(null=True)
    barred_from = models.DateField(null=True, help_text="first day of a bar from the pool")
    barred_until = models.DateField(null=True, help_text="last day of the bar; none when it is for life")
    suspended_from = models.DateField(
        null=True, help_text="first day of the suspension that holds or was last"
    )
    suspended_until = models.DateField(
        null=True, help_text="last day for which it was set; who is restored is restored by an act"
    )
    category = models.CharField(max_length=32, null=True, help_text="class of the pool's catalog")
    route = models.CharField(max_length=24, null=True, help_text="by which way the member came in")

    class Meta:
        indexes = (models.Index(fields=("pool", "state"), name="members_of_a_pool"),)
        constraints = (
            models.UniqueConstraint(fields=("pool", "file"), name="one_membership_of_a_file_in_a_pool"),
            models.CheckConstraint(
                condition=models.Q(barred_until__isnull=True)
                | models.Q(barred_until__gte=models.F("barred_from")),
                name="bar_has_its_first_day_before_its_last",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file} in {self.pool}"

    def is_barred(self, on: date) -> bool:
        """Whether a bar from the pool holds on the day."""
        begun = self.barred_from is not None and self.barred_from <= on
        return begun and (self.barred_until is None or on <= self.barred_until)

    def is_suspended(self, on: date) -> bool:
        """Whether a suspension holds on the day, as far as the last one tells."""
        begun = self.suspended_from is None or self.suspended_from <= on
        return self.state == self.State.SUSPENDED and begun

    def is_in_term(self, on: date) -> bool:
        """Whether the term covers the day."""
        return self.appointed_on <= on and (self.ends_on is None or on < self.ends_on)

    def serves(self, on: date) -> bool:
        """Whether the member may be given work on the day: in the pool, in term, not barred."""
        return self.state == self.State.ACTIVE and self.is_in_term(on) and not self.is_barred(on)

    def may_finish(self, on: date) -> bool:
        """Whether work that was begun may be finished: a term that ran out meanwhile does not end it, a suspension,
        a removal or a bar does."""
        return self.state == self.State.ACTIVE and not self.is_barred(on)

    def bar(self, first: date, last: date | None) -> None:
        """Out of the pool, and barred up to a last day, or for life. Under the file's lock; the longer bar holds."""
        is_barred, before = self.is_barred(first), self.barred_until
        self.state = self.State.REMOVED
        if not is_barred:
            self.barred_from, self.barred_until = first, last
        elif before is not None:
            self.barred_until = None if last is None else max(before, last)
        self.save(update_fields=("state", "barred_from", "barred_until"))

    @classmethod
    def serving(cls, on: date, path: str = "membership") -> models.Q:
        """The rows whose membership (at the end of ``path``) serves on the day, as ``serves`` answers it."""
        field = path + "__" if path else ""

        def q(**facts: object) -> models.Q:
            return models.Q(**{field + name: value for name, value in facts.items()})

        in_term = q(appointed_on__lte=on) & (q(ends_on__isnull=True) | q(ends_on__gt=on))
        free = q(barred_from__isnull=True) | q(barred_from__gt=on) | q(barred_until__lt=on)
        return q(state=cls.State.ACTIVE) & in_term & free


class ConductEntry(models.Model):
    """行为记录和计分: one event in a member's file with its evidence; points where the text gives or takes them.

    Never changed; the sum of an expert's points is the sum of these rows, and the file's entries say the same.
    """

    class Kind(models.TextChoices):
        RECORD = "record", "记入诚信档案"
        POINTS = "points", "计分"

    file = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="conduct")
    number = models.PositiveIntegerField(help_text="numbered within the file")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    event = models.CharField(max_length=120)
    points = models.SmallIntegerField(default=0)
    unit = models.CharField(max_length=18, blank=True, help_text="credit code of the unit concerned")
    evidence = models.JSONField(default=list, help_text="digests of the files that prove it")
    clause = models.CharField(max_length=300)
    matter = models.CharField(max_length=40, help_text="reference of the matter that decided it")
    on = models.DateField(help_text="the day by whose year it counts")
    at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("file", "number"), name="conduct_is_numbered_in_a_file"),
        )

    def __str__(self) -> str:
        return f"{self.file} {self.event}"


class ServiceRecord(models.Model):
    """What others learned of a member and wrote into the file: answers, absences, duties done."""

    class Kind(models.TextChoices):
        NO_ANSWER = "no_answer", "逾期未确认"
        DECLINED = "declined", "不参加"
        RECUSED = "recused", "回避"
        NO_PREREVIEW = "no_prereview", "会前未上传审查意见"
        ATTENDED = "attended", "参加论证"
        ABSENT = "absent", "已确认而缺席"
        SIGNED = "signed", "签署论证报告"
        LEAK = "leak", "泄密线索"
        FINDING = "finding", "检查发现"
        MEASURE = "measure", "处理措施"
        TRAINING = "training", "业务学习"
        RATING = "rating", "委托单位评分"

    file = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="service_records")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    at = models.DateTimeField()
    clause = models.CharField(max_length=300)
    text = models.CharField(max_length=400, blank=True)
    review = models.CharField(max_length=40, blank=True, help_text="reference of the review case")
    is_for_yearly_evaluation = models.BooleanField(default=False)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("file", "kind", "review", "at", "text"), name="one_record_of_one_fact"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file} {self.get_kind_display()}"

    @classmethod
    def write(
        cls,
        file: Case,
        kind: str,
        at: datetime,
        clause: Clause | str,
        text: str = "",
        review: Case | str = "",
        is_for_yearly_evaluation: bool = False,
    ) -> "ServiceRecord":
        """Write one fact into a member's file, inside the act that learned it. One fact is written once.

        The file need not be locked: a record is a row of its own, and nothing else of the file changes.
        ``review`` is the case in which it happened, or its reference.
        """
        return cls.write_all([file], kind, at, clause, text, review, is_for_yearly_evaluation)[0]

    @classmethod
    def write_all(
        cls,
        files: Iterable[Case],
        kind: str,
        at: datetime,
        clause: Clause | str,
        text: str = "",
        review: Case | str = "",
        is_for_yearly_evaluation: bool = False,
    ) -> "list[ServiceRecord]":
        """The same fact in the files of many members: two statements."""
        reference = review.reference if isinstance(review, Case) else review
        by_file = {file.pk: file for file in files}
        same = cls.objects.filter(file__in=by_file, kind=kind, review=reference, at=at, text=text[:400])
        known = {record.file_id: record for record in same}
        written = ServiceRecord.objects.bulk_create(
            ServiceRecord(
                file=file,
                kind=kind,
                review=reference,
                at=at,
                text=text[:400],
                clause=str(clause),
                is_for_yearly_evaluation=is_for_yearly_evaluation,
            )
            for key, file in by_file.items()
            if key not in known
        )
        return [*known.values(), *written]
