"""Entries against their own bodies, file by file: columns, leaf, predecessor, payload, and the rows they bind."""

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q

from lunheng.cases.models import Case
from lunheng.clockwork.reconcile.difference import WHOLE, Difference, read
from lunheng.core.ledger import EMPTY_LEAF, CanonicalError, commitment, leaf_hash, parse_body
from lunheng.ledger.erasing import ERASED
from lunheng.ledger.models import Entry, Payload, RowState
from lunheng.ledger.queries import entries_of, subjects
from lunheng.ledger.rowstates import KIND, digest, seal_of

ENTRY, PAYLOAD, STATE = "ledger_entry", "ledger_payload", "ledger_rowstate"
CHUNK = 500
SALT = 32
"""Bytes of a payload's salt: HMAC takes a shorter one, filled up with zeros, for the same."""
MOMENTS = {"at": ENTRY, "recorded_at": ENTRY, "payload__erased_at": PAYLOAD}
"""Where an entry and its payload name a moment, and in which table."""
CALENDAR = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))
"""What Python can read; PostgreSQL also knows ``infinity`` and years of five digits."""
UNREADABLE = Q()
for _name in MOMENTS:
    UNREADABLE |= Q(**{f"{_name}__isnull": False}) & ~Q(**{f"{_name}__range": CALENDAR})


@dataclass
class Link:
    """One entry with what follows from it alone."""

    entry: Entry
    follower: str = ""
    states: list[RowState] = field(default_factory=list)
    unreadable: tuple[str, ...] = ()
    """Those of ``MOMENTS`` that are no moments."""

    @cached_property
    def hashed(self) -> str:
        """The leaf that the stored body has."""
        return leaf_hash(bytes(self.entry.body)).hex()

    @cached_property
    def stored(self) -> str:
        """The leaf that is stored."""
        return bytes(self.entry.leaf_sha256).hex()

    @property
    def is_body_changed(self) -> bool:
        """Whether body and leaf differ, and what follows does not take the body's side."""
        return self.hashed != self.stored and self.follower != self.hashed

    @property
    def leaf(self) -> str:
        """The leaf as it was entered."""
        return self.stored if self.is_body_changed else self.hashed

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The fields of the body; none when it is not what was entered."""
        try:
            return {} if self.is_body_changed else dict(parse_body(bytes(self.entry.body)))
        except CanonicalError:
            return {}


def differences() -> Iterator[Difference]:
    """Every cell of entries, payloads and row states that is not what was entered, and every hole in a file."""
    found: list[Difference] = []
    holes: list[tuple[str, int]] = []
    strayed: set[tuple[str, int]] = set()
    broken = set(Entry.objects.filter(UNREADABLE).values_list("subject", flat=True))
    for subject in subjects():
        links = _links(subject, _broken_links if subject in broken else _whole_links)
        for link in links:
            found += read(ENTRY, str(link.entry.pk), _of_link(link))
        found += read(ENTRY, subject, _order(subject, links, holes, strayed))
    yield from found
    for subject, number in holes:
        if (subject, number) not in strayed:
            yield Difference(ENTRY, f"{subject} 第 {number} 条", WHOLE, "这条存证不见了")
    yield from _heads()
    yield from _orphans()


def _orphans() -> Iterator[Difference]:
    """Row states of an entry that does not exist."""
    orphans = RowState.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("entry_id"))))
    # In its own order: the usual one asks the entry, which is not there.
    for key in orphans.order_by("pk").values_list("pk", flat=True):
        yield Difference(STATE, str(key), "entry_id", "没有这条存证")


def _whole_links(subject: str) -> list[Link]:
    return [Link(entry) for entry in entries_of(subject)]


def _broken_links(subject: str) -> list[Link]:
    """The same where some moments cannot be read: those are left in the database."""
    entries = entries_of(subject)
    links = [Link(entry) for entry in entries.exclude(UNREADABLE)]
    for entry in entries.filter(UNREADABLE).defer(*MOMENTS):
        here = Entry.objects.filter(pk=entry.pk)
        wrong = [name for name in MOMENTS if here.filter(**{f"{name}__isnull": False}).exists()]
        wrong = [name for name in wrong if not here.filter(**{f"{name}__range": CALENDAR}).exists()]
        links.append(Link(entry, unreadable=tuple(wrong)))
    return sorted(links, key=lambda link: link.entry.subject_number)


def _links(subject: str, entered: Callable[[str], list[Link]]) -> list[Link]:
    links = entered(subject)
    head = Case.objects.filter(reference=subject).values_list("last_leaf", flat=True).first()
    for link, following in pairwise(links):
        link.follower = _previous(following.entry)
    if links:
        links[-1].follower = head or ""
    by_entry = {link.entry.pk: link for link in links}
    keys = list(by_entry)
    for begin in range(0, len(keys), CHUNK):
        for state in RowState.objects.filter(entry_id__in=keys[begin : begin + CHUNK]).order_by("place"):
            by_entry[state.entry_id].states.append(state)
    return links


def _previous(entry: Entry) -> str:
    try:
        return str(json.loads(bytes(entry.body)).get("prev", ""))
    except (ValueError, AttributeError):
        return ""


def _of_link(link: Link) -> Iterator[Difference]:
    name = str(link.entry.pk)
    if link.is_body_changed:
        yield Difference(ENTRY, name, "body", "正文的散列不是存下的叶")
    elif link.hashed != link.stored:
        yield Difference(ENTRY, name, "leaf_sha256", "存下的叶不是正文的散列")
    for moment in link.unreadable:
        yield Difference(MOMENTS[moment], name, moment.rpartition("__")[2], "不是可读的时刻")
    if link.fields:
        yield from _columns(link)
        yield from _payload(link)
        yield from _erasure(link)
        yield from _states(link)


def _columns(link: Link) -> Iterator[Difference]:
    entry, fields = link.entry, link.fields
    told = {
        "id": (str(entry.pk), fields["id"]),
        "subject": (entry.subject, fields["subject"]),
        "subject_number": (entry.subject_number, fields["n"]),
        "event": (entry.event, fields["type"]),
    }
    if "recorded_at" not in link.unreadable:
        recorded = entry.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        told["recorded_at"] = (recorded, fields["at"])
    for column, (stored, entered) in told.items():
        if stored != entered:
            yield Difference(ENTRY, str(fields["id"]), column, f"表中为 {stored}，正文为 {entered}")


def _payload(link: Link) -> Iterator[Difference]:
    entry, payload = link.entry, getattr(link.entry, "payload", None)
    if payload is None:
        yield Difference(PAYLOAD, str(entry.pk), WHOLE, "内容不见了")
    elif "payload__erased_at" in link.unreadable:
        return
    elif payload.erased_at is not None:
        if not _is_erasure_entered(entry):
            yield Difference(PAYLOAD, str(entry.pk), "erased_at, salt, content", "内容已擦除，没有擦除的存证")
    elif not _holds(payload.salt, payload.content, link.fields["pay"]):
        yield Difference(PAYLOAD, str(entry.pk), "salt, content", "不是正文所承诺的内容")
    elif "at" not in link.unreadable and _moment(payload.content) != entry.at:
        yield Difference(ENTRY, str(entry.pk), "at", f"内容写的是 {_moment(payload.content)}")


def _erasure(link: Link) -> Iterator[Difference]:
    """What an erasure says is gone must be gone, since the moment that it names."""
    if link.fields["type"] == ERASED and "at" not in link.unreadable:
        named = Payload.objects.filter(entry__in=link.fields["refs"])
        for key in named.exclude(erased_at=link.entry.at).order_by("pk").values_list("pk", flat=True):
            yield Difference(
                PAYLOAD, str(key), "erased_at, salt, content", "有擦除的存证，内容没有在那一刻擦除"
            )


def _is_erasure_entered(entry: Entry) -> bool:
    bodies = Entry.objects.filter(subject=entry.subject, event=ERASED).values_list("body", flat=True)
    return any(str(entry.pk) in json.loads(bytes(body))["refs"] for body in bodies)


def _holds(salt: bytes | None, content: str | None, entered: str) -> bool:
    if salt is None or content is None or len(salt) != SALT:
        return False
    return hmac.compare_digest(commitment(bytes(salt), content.encode()), entered)


def _moment(content: str) -> datetime:
    return datetime.fromisoformat(json.loads(content)["at"])


def _states(link: Link) -> Iterator[Difference]:
    """The row states of an entry against the one hash that its body names."""
    entered = next((file["sha256"] for file in link.fields["files"] if file.get("kind") == KIND), None)
    if entered is None:
        for state in link.states:
            yield Difference(STATE, str(state.pk), WHOLE, "存证没有承诺这一行")
        return
    computed = {state.pk: state.seal if state.salt is None else seal_of(state) for state in link.states}
    erased = [state for state in link.states if state.salt is None]
    if erased and not _is_erasure_entered(link.entry):
        for state in erased:
            yield Difference(STATE, str(state.pk), "salt, digests", "行记录已擦除，没有擦除的存证")
    wrong = [state for state in link.states if computed[state.pk] != state.seal]
    column = "seal"
    if digest((state, computed[state.pk]) for state in link.states) != entered:
        column = "entry_id, place, table_name, key, salt, digests"
        if not wrong:
            reason = "所承诺的行记录有缺失、多出或被整行改写"
            yield Difference(STATE, f"存证 {link.entry.pk}", WHOLE, reason)
    for state in wrong:
        yield Difference(STATE, str(state.pk), column, "不是存证所承诺的行记录")


def _order(
    subject: str, links: Sequence[Link], holes: list[tuple[str, int]], strayed: set[tuple[str, int]]
) -> Iterator[Difference]:
    """Each entry follows the one before it. Whoever strayed into this file by an edited column is left out."""
    previous, expected = EMPTY_LEAF, 1
    before: Link | None = None
    for link in sorted(links, key=lambda one: int(one.fields.get("n", one.entry.subject_number))):
        number = int(link.fields.get("n", link.entry.subject_number))
        if link.fields.get("subject", subject) != subject:
            strayed.add((link.fields["subject"], number))
            continue
        if link.fields.get("subject_number", number) != link.entry.subject_number:
            strayed.add((subject, number))
        holes += [(subject, missing) for missing in range(expected, number)]
        if number == expected and link.fields and link.fields["prev"] != previous:
            named = before.entry if before else link.entry
            yield Difference(ENTRY, str(named.pk), "body, leaf_sha256", "后一条存证所接的不是这一叶")
        previous, expected, before = link.leaf, number + 1, link


def _heads() -> Iterator[Difference]:
    """What each file says of its own end."""
    for case in Case.objects.only("pk", "reference", "entry_count", "last_leaf").order_by("pk").iterator():
        entries = Entry.objects.filter(subject=case.reference).order_by("subject_number")
        last = entries.values_list("subject_number", "leaf_sha256", "body").last()
        number, leaves = (
            (last[0], {bytes(last[1]).hex(), leaf_hash(bytes(last[2])).hex()}) if last else (0, {EMPTY_LEAF})
        )
        if case.entry_count != number:
            yield Difference("cases_case", str(case.pk), "entry_count", f"存证链有 {number} 条")
        elif case.last_leaf not in leaves:
            yield Difference("cases_case", str(case.pk), "last_leaf", "不是存证链的最后一叶")
