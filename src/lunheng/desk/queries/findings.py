"""What the nightly comparison of tables and ledger found, in words for whoever has to have it cleared up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from lunheng.cases.models import Case
from lunheng.core.events import explain, words_of
from lunheng.desk.queries.tables import COLUMNS, REASONS, TABLES
from lunheng.ledger.models import Entry, Finding, RowState
from lunheng.ledger.rowstates import last_states

WHOLE = "（整行）"
ENTRY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIFFERS = "现在的数据与最后一条存证不一致"
Row = tuple[str, str]


@dataclass(frozen=True)
class FindingLine:
    """One difference: of what, in which file (when it is a review's), and where an operator finds it."""

    finding: Finding
    case: Case | None = None
    entry: Entry | None = None

    @property
    def words(self) -> str:
        """Everything in one line."""
        return f"{self.what}：{self.reason}（{self.place}）"

    @property
    def what(self) -> str:
        """Table and column as people call them."""
        one = self.finding
        table = TABLES.get(one.table_name, one.table_name)
        return table if one.field == WHOLE else f"{table}的{COLUMNS.get(one.field, f'“{one.field}”一栏')}"

    @property
    def reason(self) -> str:
        """What is wrong, as people say it."""
        said = self.finding.reason
        if ENTRY.search(said) and said.endswith("不一致"):
            return DIFFERS
        return REASONS.get(said) or explain(said)

    @property
    def step(self) -> str:
        """What the last entry says was done."""
        return words_of(self.entry.event) if self.entry else ""

    @property
    def place(self) -> str:
        """Table, row and column as they are called in the database."""
        one = self.finding
        column = "" if one.field == WHOLE else f" {one.field}"
        return f"表 {one.table_name} 第 {one.key} 行{column}"


def finding_lines(found: Iterable[Finding], visible: QuerySet[Case]) -> list[FindingLine]:
    """Differences in rows, without those of reviews that the seat may not open; what is of no review concerns all."""
    rows = [one for one in found if one.field != Finding.STEP]
    if not rows:
        return []
    entries = _entries_of(rows)
    subjects = {entry.subject for entry in entries.values()}
    reviews = Case.objects.filter(kind=Case.Kind.REVIEW, reference__in=subjects)
    cases: dict[str, Case | None] = dict.fromkeys(reviews.values_list("reference", flat=True))
    cases |= {case.reference: case for case in visible.filter(reference__in=subjects)}
    lines = []
    for one in rows:
        entry = entries.get((one.table_name, one.key))
        subject = entry.subject if entry else ""
        if subject not in cases or cases[subject] is not None:
            lines.append(FindingLine(one, cases.get(subject), entry))
    return lines


@dataclass(frozen=True)
class MissingStep:
    """A step that a file's ledger lacks; ``code`` is what it is looked up by."""

    words: str
    code: str


def missing_steps(found: Iterable[Finding], visible: QuerySet[Case]) -> list[tuple[Case, list[MissingStep]]]:
    """Per file the steps that its ledger lacks, as far as the seat may open the file."""
    by_reference: dict[str, list[MissingStep]] = defaultdict(list)
    for one in found:
        if one.field == Finding.STEP:
            words, _, code = one.reason.removesuffix("）").rpartition("（")
            by_reference[one.key].append(MissingStep(words, code))
    if not by_reference:
        return []
    cases = visible.filter(reference__in=by_reference).order_by("pk")
    return [(case, by_reference[case.reference]) for case in cases]


def _entries_of(found: Iterable[Finding]) -> Mapping[Row, Entry]:
    """The entry that last vouched for each row, or that the row itself is."""
    keys: dict[str, set[str]] = defaultdict(set)
    for one in found:
        keys[one.table_name].add(one.key)
    entries = {
        ("ledger_entry", str(entry.pk)): entry
        for entry in Entry.objects.filter(
            pk__in=[key for key in keys["ledger_entry"] if ENTRY.fullmatch(key)]
        )
    }
    for table, rows in keys.items():
        states = last_states(table, rows)
        last = RowState.objects.select_related("entry").in_bulk(states.values())
        entries |= {(table, key): last[state].entry for key, state in states.items() if state in last}
    return entries
