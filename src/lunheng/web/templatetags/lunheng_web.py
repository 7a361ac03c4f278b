"""The components of every page (``{% load lunheng_web %}``).

Tags:
    ``{% step_bar steps %}``: each step has ``label``, ``state`` (done, now, todo) and perhaps ``url``
    ``{% turn_card who=… until=… %}…{% endturn_card %}``: the card that matters, its button inside
    ``{% refusal verdict what %}``: what was not done, why, what to do now
    ``{% reasons verdict %}``: the reasons and warnings of any verdict
    ``{% deadline due steps %}``: ``due`` is a moment, a core ``Due`` or a deadline row
    ``{% timeline entries %}``: each has ``at``, ``who``, ``text`` and perhaps ``number``, ``clause``, ``note``,
    ``proof`` (待签发, 已签发 #n), ``proof_url``, ``receipt_url``, ``digits``
    ``{% clause_link clause %}``: the clause as a link into the rulebook
    ``{% empty_state title text %}``, ``{% badge meaning text %}``, ``{% pager page %}``
    ``{% field form.name %}``, ``{% error_summary form %}``
    ``{% chart kind sentence heads rows %}``: drawn from its own table; the page loads ``dist/chart.js``

Meanings are ``wait`` 等待, ``good`` 正常, ``soon`` 临期 and ``late`` 逾期/拒绝.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, CheckboxInput
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lunheng.core import deadlines
from lunheng.core.clauses import Clause
from lunheng.core.verdict import Outcome, Verdict
from lunheng.web import clauses, form_fields, wording

register = template.Library()

MEANINGS = ("wait", "good", "soon", "late")


def component(name: str) -> str:
    """Return the template of a component."""
    return f"web/components/{name}.html"


@register.filter
def date_cn(value: date | None) -> str:
    """2026年11月24日（周二）; nothing for nothing."""
    return wording.write_date(value) if value else ""


@register.filter
def datetime_cn(value: datetime | None) -> str:
    """2026年11月24日（周二）17:00 in China's time; nothing for nothing."""
    return wording.write_moment(value) if value else ""


@register.filter
def due_cn(value: datetime | None) -> str:
    """A time limit, which may end at 24:00; nothing for nothing."""
    return wording.write_due(value) if value else ""


@register.filter
def remaining(due: datetime | None, at: datetime | None) -> str:
    """``{{ deadline.due_at|remaining:request.at }}``: 剩 3 小时 12 分."""
    return wording.write_remaining(due, at) if due and at else ""


@register.filter
def mask_name(value: str | None) -> str:
    """王**."""
    return wording.mask_name(value or "")


@register.filter
def is_over(due: datetime | None, at: datetime) -> bool:
    """``{% if duty.until|is_over:at %}``: whether a time limit has run out that binds."""
    return deadlines.is_over(due, at)


@register.filter
def phone(value: str | None) -> str:
    """138 1234 0000, without the country's code; a foreign number as it is."""
    return wording.write_phone(value or "")


@register.filter
def mask_phone(value: str | None) -> str:
    """138****0000."""
    return wording.mask_phone(value or "")


@register.inclusion_tag(component("badge"))
def badge(meaning: str, text: str) -> dict[str, Any]:
    """A word with an icon and a colour. Raises ``ValueError`` for an unknown meaning."""
    return {"meaning": known(meaning), "text": text}


def known(meaning: str) -> str:
    """Return the meaning, or raise ``ValueError``: colours say one of four things only."""
    if meaning not in MEANINGS:
        raise ValueError(f"{meaning}: a meaning is one of {', '.join(MEANINGS)}")
    return meaning


@register.inclusion_tag(component("clause"))
def clause_link(clause: Clause | str) -> dict[str, Any]:
    """The clause by its short name, as a link into the rulebook, or as words where the rulebook does not have it."""
    return {"clause": clauses.shown(clause)}


@register.inclusion_tag(component("step_bar"))
def step_bar(steps: Iterable[Any]) -> dict[str, Any]:
    """The whole way of a case: done, now, to come."""
    return {"steps": steps}


@register.simple_block_tag
def turn_card(
    content: str,
    who: str = "",
    until: datetime | None = None,
    remaining: str = "",
    clause: Clause | str = "",
    otherwise: str = "",
    meaning: str = "wait",
    steps: Sequence[str] = (),
    title: str = "",
) -> SafeString:
    """Whose turn it is, until when, by which clause, what happens otherwise; the button is the content.

    ``title`` is shown where it is nobody's turn (the case is closed).
    """
    return render_to_string(
        component("turn_card"),
        {
            "content": content,
            "has_content": bool(content.strip()),
            "who": who,
            "until": until,
            "remaining": remaining,
            "clause": clause,
            "otherwise": otherwise,
            "meaning": known(meaning),
            "steps": steps,
            "title": title,
        },
    )


@register.inclusion_tag(component("refusal"))
def refusal(verdict: Verdict, what: str = "没有办理") -> dict[str, Any]:
    """What was not done, why by which clause, what to do now."""
    return {
        "what": what,
        "reasons": verdict.reasons,
        "is_for_a_person": verdict.outcome is Outcome.FOR_A_PERSON,
    }


@register.inclusion_tag(component("reasons"))
def reasons(verdict: Verdict) -> dict[str, Any]:
    """Every reason and warning of a verdict, each with its clause."""
    return {"reasons": verdict.reasons, "warnings": verdict.warnings}


@register.inclusion_tag(component("deadline"))
def deadline(due: Any, steps: Sequence[str] | None = None) -> dict[str, Any]:
    """A time limit whose count unfolds; ``due`` is a moment, a core ``Due`` or a deadline row."""
    if isinstance(due, datetime):
        return {"due": due, "steps": steps, "provisional": False}
    if hasattr(due, "until"):
        return {"due": due.until, "steps": due.steps if steps is None else steps, "provisional": False}
    return {
        "due": getattr(due, "due_at", None) or due.at,
        "steps": due.steps if steps is None else steps,
        "provisional": getattr(due, "is_provisional", False) or getattr(due, "provisional", False),
    }


@register.inclusion_tag(component("timeline"))
def timeline(entries: Sequence[Any]) -> dict[str, Any]:
    """Who did what, when, by which clause, with its proof."""
    return {"entries": entries}


@register.inclusion_tag(component("empty_state"))
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """What would stand here and how it comes about, perhaps with a link to begin."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag(component("field"))
def field(field: BoundField) -> dict[str, Any]:
    """One form field: label above, control, errors beside it, hint below."""
    return {
        "field": field,
        "control": form_fields.draw_control(field),
        "errors": form_fields.errors_of(field),
        "described_by": form_fields.described_by(field),
        "is_hidden": field.is_hidden,
        "is_optional": form_fields.is_optional(field),
        "is_check": isinstance(field.field.widget, CheckboxInput),
        "is_group": isinstance(field.field.widget, form_fields.GROUPS),
    }


@register.inclusion_tag(component("error_summary"))
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All errors of a form on top of it, each a link to its field; nothing where there is none."""
    wrong = [bound for bound in form if bound.errors]
    return {
        "general": form.non_field_errors() if form.is_bound else (),
        "errors": [
            {"errors": form_fields.named_errors_of(bound), "target": form_fields.target_of(bound)}
            for bound in wrong
        ],
    }


@register.inclusion_tag(component("pager"), takes_context=True)
def pager(context: template.RequestContext, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """The total and the pages; links keep the filters of the address. ``name`` is the query's key."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "links": [page_link(page, number, address) for number in numbers],
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }


def page_link(page: Page[Any], number: Any, address: Any) -> dict[str, Any]:
    """Describe one place in the row of page numbers: a page or the gap between pages."""
    if not isinstance(number, int):
        return {"is_gap": True}
    return {"number": number, "is_current": number == page.number, "url": address(number)}


@register.inclusion_tag(component("chart"))
def chart(kind: str, sentence: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """A bar or line chart drawn from the table beside it; the sentence says what one sees."""
    return {"kind": kind, "sentence": sentence, "heads": heads, "rows": rows}
