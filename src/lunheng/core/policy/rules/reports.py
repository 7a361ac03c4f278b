"""意见、报告与闭合: conclusions, signatures, uploads, and when works may start."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Timed, drops
from lunheng.core.policy.rules.panels import Headcount


class OpinionForm(Rule):
    """书面意见: the fields that every item of an opinion must hold."""

    required: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"required": "opinion_parts"}


class ConclusionOptions(Rule):
    """论证结论: the values that may be chosen."""

    options: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"options": "conclusions"}

    def loosens(self, floor: Rule) -> str | None:
        """A city may not invent a conclusion."""
        assert isinstance(floor, ConclusionOptions)
        added = [word for word in self.options if word not in floor.options]
        return f"论证结论多出国家规定以外的 {'、'.join(added)}" if added else None


class Consensus(Rule):
    """一致意见: no majority; without agreement there is no conclusion."""

    rule: Literal["unanimous"]


class SevereDefects(Rule):
    """严重缺陷: conclusions barred while a defect is open, for reviews requested on or after `from_on`."""

    blocks: tuple[str, ...] = Field(min_length=1)
    from_on: date
    vocabularies: ClassVar[dict[str, str]] = {"blocks": "conclusions"}

    def loosens(self, floor: Rule) -> str | None:
        """Neither fewer conclusions barred nor a later first day."""
        assert isinstance(floor, SevereDefects)
        if self.from_on > floor.from_on:
            return f"施行日期 {self.from_on} 晚于国家规定的 {floor.from_on}"
        return drops("严重缺陷阻止的结论", self.blocks, floor.blocks)


class Compiler(Rule):
    """汇总: who compiles and submits the report."""

    by: Literal["leader"]


class Signature(Rule):
    """签名: the form of signature by form of meeting; a form of meeting without one is not signed at all."""

    on_site: Literal["hand", "electronic"]
    remote: Literal["hand", "electronic"] | None = None


class Validity(Headcount):
    """论证有效: only drawn experts, and enough of them."""


class Upload(Timed):
    """上传: what must be uploaded, by whom, by when."""

    items: tuple[str, ...] = Field(min_length=1)
    by: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"items": "record_items", "by": "roles"}


class LeaderOpinion(Rule):
    """组长复审: whether the panel leader must look at the revised plan before the supervisor approves."""

    leader_required: bool

    def loosens(self, floor: Rule) -> str | None:
        """The leader's new opinion may be added, not dropped."""
        assert isinstance(floor, LeaderOpinion)
        return (
            "取消了组长对修改后方案的审查意见" if floor.leader_required and not self.leader_required else None
        )
