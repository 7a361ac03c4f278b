"""A list page, declared once: columns, filters, search, order, query and who may; from it follow the page with its pages,
the empty state, the workbook, the form for paper and for the phone, and the numbers that lead to the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header, urlencode

from lunheng.cases.refusals import record_refusal
from lunheng.cases.views import actor_of, log_access
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused, require
from lunheng.core.verdict import Verdict
from lunheng.web import cells, narrowing, workbook
from lunheng.web.cells import Cell

ROWS = 25
MOST_EXPORTED, MOST_PRINTED, CHUNK = 10_000, 500, 500
EXPORT, PRINT, PAGE, SORT, TEXT = "export", "print", "page", "sort", "text"
TEMPLATE = "web/listing.html"


@dataclass(frozen=True)
class Column:
    """One column: what a row shows in it, and where it leads. ``head`` is the title in the workbook where it differs."""

    title: str
    value: Callable[[Any], Cell]
    link: Callable[[Any], str] | None = None
    head: str = ""
    is_number: bool = False
    is_short: bool = False
    is_on_page: bool = True
    is_in_workbook: bool = True

    def cell(self, row: Any) -> dict[str, Any]:
        """The cell as the template draws it."""
        parts = [cells.shown(one) for one in cells.pieces(self.value(row))]
        if self.link is not None and parts and (url := self.link(row)):
            parts[0] = {**parts[0], "kind": "link", "url": url}
        return {"column": self, "pieces": parts}


@dataclass
class Asked:
    """One asking for a list: by whom, when, about what (a pool, a case), narrowed how."""

    request: HttpRequest
    about: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)
    found: Any = None
    """All rows of the list for whoever asks, before they are narrowed; made once, since a query tells who may see what."""

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return actor_of(self.request)

    @property
    def at(self) -> datetime:
        """When."""
        moment: datetime = self.request.at  # type: ignore[attr-defined]
        return moment


@dataclass(frozen=True)
class Number:
    """How many rows a list has when it is narrowed so, and the link that opens it."""

    count: int
    label: str
    url: str


@dataclass
class Shown:
    """One page of a list, as the template draws it."""

    listing: Listing
    asked: Asked
    form: narrowing.NarrowingForm
    page: Page[Any]
    missing: str = ""
    is_printed: bool = False

    @property
    def title(self) -> str:
        """What the list is called."""
        return self.listing.title_for(self.asked)

    @property
    def card(self) -> str:
        """The template of one row, where the list is no table."""
        return self.listing.card

    @property
    def columns(self) -> list[Column]:
        """The columns of the page."""
        return [one for one in self.listing.columns if one.is_on_page]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows with their cells."""
        dressed = self.listing.dress(self.asked, list(self.page.object_list))
        return [
            {"object": row, "cells": [one.cell(row) for one in self.columns] if not self.listing.card else ()}
            for row in dressed
        ]

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return not self.form.is_valid() or any(self.asked.values.values())

    @property
    def conditions(self) -> str:
        """By what the list is narrowed, for paper."""
        return "；".join(self.listing.conditions(self.form))

    @property
    def empty(self) -> tuple[str, str]:
        """What is said where nothing is found."""
        if self.is_filtered:
            return self.listing.nothing_found, "换一个筛选条件，或清除筛选。"
        return self.listing.empty

    @property
    def kept(self) -> dict[str, str]:
        """What the address says besides the filters: the pool, the case."""
        asked = self.asked.request.GET.dict()
        return {
            key: str(value)
            for key, value in asked.items()
            if key not in (*self.form.fields, PAGE, EXPORT, PRINT)
        }

    @property
    def clear_url(self) -> str:
        """The list without its filters."""
        return f"?{urlencode(self.kept)}"

    def _address(self, **more: str) -> str:
        asked = self.asked.request.GET.dict()
        kept = {key: str(value) for key, value in asked.items() if key not in (PAGE, EXPORT, PRINT)}
        return f"?{urlencode({**kept, **more})}"

    @property
    def export_url(self) -> str:
        """Where the workbook is; empty where there is none."""
        is_offered = (
            self.listing.is_exported
            and self.asked.request.user.is_authenticated
            and self.page.paginator.count
        )
        return self._address(export="xlsx") if is_offered else ""

    @property
    def print_url(self) -> str:
        """Where all rows stand on one page for paper; empty where they would be too many."""
        is_offered = self.listing.is_exported and 0 < self.page.paginator.count <= MOST_PRINTED
        return self._address(print="1") if is_offered else ""

    @property
    def last_url(self) -> str:
        """The last page that exists."""
        return self._address(page=str(self.page.paginator.num_pages))


@dataclass(frozen=True, eq=False)
class Listing:
    """The declaration of a list page. An instance is its view.

    ``find`` searches otherwise than in columns. ``rows`` is the query of whoever asks, ``about`` what the address names (and may refuse), ``may`` who may read it,
    ``dress`` what is read besides for the rows of one page. ``card`` is a template for one row where a table would be too
    narrow; ``more`` is what a template that extends ``web/listing.html`` shows around the list.
    """

    name: str
    title: str | Callable[[Asked], str]
    rows: Callable[[Asked], Any]
    columns: tuple[Column, ...]
    empty: tuple[str, str]
    nothing_found: str = "没有符合条件的记录"
    address: str = ""
    about: Callable[..., Any] | None = None
    may: Callable[[Asked], Verdict] | None = None
    search: tuple[str, ...] = ()
    search_label: str = "名称或编号"
    find: Callable[[Any, str], Any] | None = None
    filters: tuple[narrowing.Filter, ...] = ()
    sorts: tuple[narrowing.Sort, ...] = ()
    dress: Callable[[Asked, list[Any]], Iterable[Any]] = field(default=lambda asked, rows: rows)
    more: Callable[[Asked], Mapping[str, Any]] | None = None
    subject: Callable[[Asked], str] | None = None
    size: int = ROWS
    layout: str = ""
    template: str = TEMPLATE
    card: str = ""
    is_exported: bool = True
    needs_person: bool = False
    is_for_everybody: bool = False
    workspace: str = ""

    def __call__(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The page, the workbook (``?export=xlsx``) or the form for paper (``?print=1``)."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if self.needs_person and not request.user.is_authenticated:
            return to_log_in(request)
        asked = self.ask(request, **address)
        if EXPORT in request.GET and self.is_exported:
            return self.export(asked)
        shown = self.shown(asked)
        return self._page(shown, status=404 if shown.missing else 200)

    def _page(self, shown: Shown, *, status: int) -> HttpResponse:
        asked = shown.asked
        context = {"listing": shown, "page": shown.page, **(self.more(asked) if self.more else {})}
        if self.layout:
            context["layout"] = self.layout
        return render(asked.request, self.template, context, status=status)

    def workbook_of(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The workbook as a view of its own."""
        return self.export(self.ask(request, **address))

    def ask(self, request: HttpRequest, **address: Any) -> Asked:
        """Who asks and about what, after a verdict; a refusal is kept and becomes a page.

        Raises:
            Refused: the actor may not read this list.
        """
        asked = Asked(request, self.about(request, **address) if self.about else None)
        if self.may is not None:
            try:
                require(self.may(asked))
            except Refused as refusal:
                record_refusal(self.name, refusal, {"actor": asked.actor, "at": asked.at})
                raise
        return asked

    def part(self, request: HttpRequest, about: Any) -> Shown:
        """The list as a part of another page, which has judged who may read it.

        Raises:
            Http404: there is no such page.
        """
        shown = self.shown(Asked(request, about))
        if shown.missing:
            raise Http404(shown.missing)
        return shown

    def numbers(self, request: HttpRequest, wanted: Iterable[tuple[str, Mapping[str, str]]]) -> list[Number]:
        """How many rows the list has when it is narrowed so, each with the link that opens just these."""
        asked, told = Asked(request), []
        for label, values in wanted:
            count = len_of(self.narrowed(asked, self.form(asked, values, only=values)))
            query = f"?{urlencode(values)}" if values else ""
            told.append(Number(count, label, reverse(self.address) + query))
        return told

    def all_rows(self, asked: Asked) -> Any:
        """Every row that whoever asks may see."""
        if asked.found is None:
            asked.found = self.rows(asked)
        return asked.found

    def form(
        self, asked: Asked, data: Mapping[str, Any], *, only: Iterable[str] | None = None
    ) -> narrowing.NarrowingForm:
        """The filters (or some of them) with what the address says; what they narrow to is noted in ``asked``."""
        controls: dict[str, Any] = {TEXT: narrowing.search_field(self.search_label)} if self.search else {}
        controls |= {one.key: one.control(asked) for one in self.filters if only is None or one.key in only}
        if len(self.sorts) > 1:
            controls[SORT] = narrowing.sort_field(self.sorts)
        form = narrowing.NarrowingForm(data, controls)
        asked.values = form.cleaned_data if form.is_valid() else {}
        return form

    def narrowed(self, asked: Asked, form: narrowing.NarrowingForm, *, but: str = "") -> Any:
        """The rows in their order; none when a filter says what nobody knows. ``but`` is a filter left out."""
        rows = self.all_rows(asked)
        if not form.is_valid():
            return rows[:0] if isinstance(rows, Sequence) else rows.none()
        if text := asked.values.get(TEXT, ""):
            rows = (
                self.find(rows, text) if self.find else rows.filter(narrowing.having_words(self.search, text))
            )
        for one in self.filters:
            if one.key != but and (value := asked.values.get(one.key)):
                rows = one.narrowed(rows, value, asked)
        wanted = asked.values.get(SORT) or None
        chosen = next((one for one in self.sorts if wanted in (None, one.key)), None)
        return rows if chosen is None or but else chosen.sorted(rows)

    def shown(self, asked: Asked) -> Shown:
        """The page that the address asks for; one that does not exist is said, with the last one that does."""
        form = self.form(asked, asked.request.GET)
        found = self.narrowed(asked, form)
        self._count(asked, form)
        is_printed = PRINT in asked.request.GET and self.is_exported
        pages = Paginator(found, MOST_PRINTED if is_printed else self.size)
        wanted = asked.request.GET.get(PAGE) or "1"
        try:
            return Shown(self, asked, form, pages.page(wanted), is_printed=is_printed)
        except InvalidPage:
            missing = f"没有第 {wanted[:12]} 页，共 {pages.num_pages} 页"
            return Shown(self, asked, form, pages.page(pages.num_pages), missing=missing)

    def _count(self, asked: Asked, form: narrowing.NarrowingForm) -> None:
        for one in self.filters:
            if not isinstance(one, narrowing.Choice) or not one.is_counted or not form.is_valid():
                continue
            counts = one.counts(self.narrowed(asked, form, but=one.key))
            control: Any = form.fields[one.key]
            labels = [(key, label) for key, label in control.choices if key]
            control.choices = [
                narrowing.ALL,
                *((key, f"{label}（{counts.get(key, 0)}）") for key, label in labels),
            ]

    def conditions(self, form: narrowing.NarrowingForm) -> Iterator[str]:
        """By what the list is narrowed, in words."""
        for bound in form:
            if value := form.cleaned_data.get(bound.name) if form.is_valid() else None:
                labels = dict(getattr(bound.field, "choices", ()))
                yield f"{bound.label}：{'是' if value is True else labels.get(value, value)}"

    def export(self, asked: Asked) -> HttpResponse:
        """What the list shows with these filters, as a workbook; that it was taken is kept."""
        if not asked.request.user.is_authenticated:
            return to_log_in(asked.request)
        form = self.form(asked, asked.request.GET)
        found, title = self.narrowed(asked, form), self.title_for(asked)
        count = len_of(found)
        if count > MOST_EXPORTED:
            shown = self.shown(asked)
            shown.missing = f"共 {count} 条，一次最多导出 {MOST_EXPORTED} 条；请先筛选"
            return self._page(shown, status=422)
        log_access(
            asked.request, EXPORT, f"{title}（{count} 条）"[:160], self.subject(asked) if self.subject else ""
        )
        columns = [one for one in self.columns if one.is_in_workbook]
        content = workbook.workbook(
            title, [one.head or one.title for one in columns], self._lines(asked, found, columns)
        )
        headers = {"Content-Disposition": content_disposition_header(True, f"{title}.xlsx") or "attachment"}
        return HttpResponse(content, content_type=workbook.MEDIA_TYPE, headers=headers)

    def _lines(self, asked: Asked, found: Any, columns: list[Column]) -> Iterator[list[workbook.Value]]:
        rows = found.iterator(chunk_size=CHUNK) if hasattr(found, "iterator") else iter(found)
        while chunk := list(islice(rows, CHUNK)):
            for row in self.dress(asked, chunk):
                yield [cells.written(one.value(row)) for one in columns]

    def title_for(self, asked: Asked) -> str:
        """What the list is called."""
        return self.title(asked) if callable(self.title) else self.title


def len_of(rows: Any) -> int:
    """How many rows, of a query or of what was read already."""
    return len(rows) if isinstance(rows, Sequence) else int(rows.count())


def to_log_in(request: HttpRequest) -> HttpResponse:
    """To the door, and back here afterwards."""
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")
