"""清单: the severe defects of a plan (63号) and the major hazards of a site (5号), as lists to answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pydantic import Field, model_validator

from lunheng.core.clauses import Clause
from lunheng.core.tables import Day, Flaw, Table, TableError, Written, parsed

_CHINESE_NUMBERS = "一二三四五六七八九"


class ChecklistError(TableError):
    """A list repeats an item, or was asked for one that it does not hold."""


@dataclass(frozen=True, slots=True)
class Defect:
    """严重缺陷: a plan that has one may not pass. `kinds` is empty when it concerns every kind of works."""

    id: str
    text: str
    clause: Clause
    kinds: frozenset[str]

    def concerns(self, kind: str) -> bool:
        """Has the item to be answered for works of this kind?"""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Hazard:
    """重大事故隐患: one item of the standard, by article."""

    id: str
    text: str
    clause: Clause


_Item = TypeVar("_Item", Defect, Hazard)


@dataclass(frozen=True, slots=True)
class DefectList:
    """The list in force, with the date from which it binds; `assumption` when that date was not verified."""

    title: str
    effective_from: date | None
    assumption: bool
    note: str
    defects: tuple[Defect, ...]

    def for_kinds(self, *kinds: str) -> tuple[Defect, ...]:
        """The items to be answered for a plan that covers works of these kinds, in the order of the list."""
        return tuple(one for one in self.defects if any(one.concerns(kind) for kind in kinds))

    def defect(self, key: str) -> Defect:
        """One item. Raises ChecklistError when the list does not hold it."""
        return _named(self.defects, key)


@dataclass(frozen=True, slots=True)
class HazardList:
    """The standard in force."""

    title: str
    effective_from: date | None
    assumption: bool
    note: str
    hazards: tuple[Hazard, ...]

    def hazard(self, key: str) -> Hazard:
        """One item. Raises ChecklistError when the list does not hold it."""
        return _named(self.hazards, key)


class _Chapter(Table):
    number: str = Field(min_length=1)
    name: str = Field(min_length=1)
    every_kind: bool = False
    kinds: list[str] = []
    defects: dict[str, str]

    @model_validator(mode="after")
    def _concerns_something(self) -> "_Chapter":
        if self.every_kind == bool(self.kinds):
            raise ValueError("章节须写明适用的工程类别，或写明适用于所有类别，二者只能取一")
        return self


class _Article(Table):
    number: str = Field(min_length=1)
    name: str = Field(min_length=1)
    hazards: dict[str, str]


class _Source(Table):
    document: str = Field(min_length=1)
    title: str = Field(min_length=1)
    effective_from: Day | None = None
    assumption: bool = False
    note: str = ""


class _Defects(_Source):
    chapters: list[_Chapter]


class _Hazards(_Source):
    articles: list[_Article]


def load_defects(table: Written, *additions: Written) -> DefectList:
    """Read the list of severe defects, and of further layers above it, lowest first.

    A layer adds items, or lets an item concern more kinds of works. Raises ChecklistError with every flaw found,
    pydantic's ValidationError for a malformed list.
    """
    sources = [_Defects.model_validate(parsed(one)) for one in (table, *additions)]
    defects = _laid([_defects_of(source) for source in sources], _narrowed)
    lowest = sources[0]
    return DefectList(lowest.title, lowest.effective_from, lowest.assumption, lowest.note, defects)


def _defects_of(source: _Defects) -> list[Defect]:
    return [
        Defect(
            key, words, Clause(source.document, f"附表第{chapter.number}章第{place}项", chapter.name), kinds
        )
        for chapter in source.chapters
        for kinds in [frozenset(chapter.kinds)]
        for place, (key, words) in enumerate(chapter.defects.items(), start=1)
    ]


def load_hazards(table: Written, *additions: Written) -> HazardList:
    """Read the major-hazard standard, and what further layers above it add, lowest first.

    Raises ChecklistError with every flaw found, pydantic's ValidationError for a malformed list.
    """
    sources = [_Hazards.model_validate(parsed(one)) for one in (table, *additions)]
    hazards = _laid([_hazards_of(source) for source in sources], _reworded)
    lowest = sources[0]
    return HazardList(lowest.title, lowest.effective_from, lowest.assumption, lowest.note, hazards)


def _hazards_of(source: _Hazards) -> list[Hazard]:
    return [
        Hazard(key, words, Clause(source.document, _cited(article, place), article.name))
        for article in source.articles
        for place, (key, words) in enumerate(article.hazards.items(), start=1)
    ]


def _laid(layers: list[list[_Item]], loosened: Callable[[_Item, _Item], str]) -> tuple[_Item, ...]:
    """The items of all layers, lowest first; a higher one may repeat an item only to tighten it."""
    kept: dict[str, _Item] = {}
    flaws: list[Flaw] = []
    for height, items in enumerate(layers):
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                flaws.append(Flaw(item.id, f"“{item.id}”重复", "只保留一处"))
            elif item.id in kept and (fault := loosened(item, kept[item.id])):
                whose = "国家规定" if height == 1 else "上层规定"
                message = f"{item.clause} 放宽了{whose} {kept[item.id].clause}：{fault}"
                flaws.append(Flaw(item.id, message, "只能增加或从严：照原文写，新的要求另立一项"))
            seen.add(item.id)
            kept[item.id] = item
    if flaws:
        raise ChecklistError(flaws[0].message, tuple(flaws))
    return tuple(kept.values())


def _reworded(ours: Defect | Hazard, floor: Defect | Hazard) -> str:
    return "" if ours.text == floor.text else f"改动了“{floor.text}”"


def _narrowed(ours: Defect, floor: Defect) -> str:
    if ours.kinds and not (floor.kinds and floor.kinds <= ours.kinds):
        return "减少了适用的工程类别"
    return _reworded(ours, floor)


def _cited(article: _Article, place: int) -> str:
    """Items are cited as 第五条（四）; an article with a single item is cited whole."""
    return (
        article.number if len(article.hazards) == 1 else f"{article.number}（{_CHINESE_NUMBERS[place - 1]}）"
    )


def _named(items: Iterable[_Item], key: str) -> _Item:
    for item in items:
        if item.id == key:
            return item
    raise ChecklistError(f"清单中没有“{key}”")
