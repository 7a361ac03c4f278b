"""专家组、确认与回避: how large a panel is, who leads it, who answers by when, and who may not sit."""

from datetime import datetime, time, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.deadlines import CHINA
from lunheng.core.policy.rules.base import Counted, Parity, Rule, Timed, drops


class Headcount(Rule):
    """How many experts, which of them count, and whether the number must be odd."""

    minimum: int = Field(ge=1)
    counted: Counted
    parity: Parity
    total_cap: int | None = None

    def loosens(self, floor: Rule) -> str | None:
        """The national minimum stands, whoever is counted."""
        assert isinstance(floor, Headcount)
        if self.minimum < floor.minimum:
            return f"最低人数 {self.minimum} 少于国家规定的 {floor.minimum}"
        if self.total_cap is not None and self.total_cap < floor.minimum:
            return f"人数上限 {self.total_cap} 低于国家规定的最低人数 {floor.minimum}"
        if floor.counted == "main" and self.counted == "all":
            return "国家规定只计所涉专业专家，本规则把增选专家也计入"
        return None

    def fault(self, main: int, extras: int) -> str | None:
        """Say what is wrong with so many experts, or None."""
        number = main if self.counted == "main" else main + extras
        total = main + extras
        if number < self.minimum:
            return self._too_few(main, extras)
        if self.parity == "odd" and total % 2 == 0:
            return f"专家组须为单数，现为{total}人"
        if self.total_cap is not None and total > self.total_cap:
            return f"专家组不得超过{self.total_cap}人，现为{total}人"
        return None

    def remedy(self) -> str:
        """How to come back to a lawful number."""
        odd = "，总数为单数" if self.parity == "odd" else ""
        cap = f"，不超过{self.total_cap}名" if self.total_cap is not None else ""
        whom = "所涉专业专家" if self.counted == "main" else "专家"
        return f"把{whom}调整为不少于{self.minimum}名{odd}{cap}"

    def _too_few(self, main: int, extras: int) -> str:
        if self.counted == "main" and extras:
            return f"所涉专业专家不得少于{self.minimum}名，现为{main}名；增选的{extras}名不计入"
        who = "所涉专业专家" if self.counted == "main" else "专家"
        return f"{who}不得少于{self.minimum}名，现为{main if self.counted == 'main' else main + extras}名"


class Quorum(Headcount):
    """Who must be present when the meeting starts; `all_required` demands every confirmed expert."""

    all_required: bool = False


class Extras(Rule):
    """增选: how many experts of touched specialties may join."""

    minimum: int = Field(ge=0)
    maximum: int = Field(ge=0)


class Leader(Rule):
    """组长: elected by the members, or named by one of `namers`."""

    mode: Literal["elected", "named"]
    namers: tuple[str, ...] = ()
    vocabularies: ClassVar[dict[str, str]] = {"namers": "roles"}


class ConfirmedList(Rule):
    """最终名单: needs every listed expert's consent and, with `leader`, a panel leader."""

    leader: bool = True


class Parties(Rule):
    """参建各方: staff of these parties may not sit as experts."""

    roles: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"roles": "parties"}

    def loosens(self, floor: Rule) -> str | None:
        """No party may be left out."""
        assert isinstance(floor, Parties)
        return drops("参建各方", self.roles, floor.roles)


class Relations(Rule):
    """上下级关系、利害关系: which relations exclude by themselves, and what happens to sister companies."""

    kinds: tuple[str, ...] = Field(min_length=1)
    siblings: Literal["for_a_person", "refuse", "allow"] = "for_a_person"
    vocabularies: ClassVar[dict[str, str]] = {"kinds": "relations"}


class Declaration(Rule):
    """主动回避: whether declaring an interest counts as silence or refusal."""

    counts_as_silence: bool


class Window(Timed):
    """确认时限: half-open, counted from delivery."""


class SendWindow(Rule):
    """发送时段: hours of the day in China Standard Time between which messages leave, when enabled."""

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


class Backfill(Rule):
    """补位: whether the platform backfills without anyone acting."""

    automatic: bool


class Contacts(Rule):
    """联系方式: whose contact data are shown, and to which roles besides the client of the review."""

    visible: Literal["picked", "pushed", "none"]
    managers: tuple[str, ...] = ()
    vocabularies: ClassVar[dict[str, str]] = {"managers": "roles"}
