"""L-06: the attacks of somebody who owns the database and the log's key; each is seen, by whom the design says."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random  # noqa: TID251

import pytest
from django.db import connection

from lunheng.cases.models import Case
from lunheng.clockwork.reconcile import Difference
from lunheng.core.procedures.table import COUNTING, STEPS
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import registers
from lunheng.ledger.log import size as log_size
from lunheng.ledger.models import Entry
from lunheng.ledger.receipts import signed_size, standing
from lunheng.ledger.triggers import drop
from lunheng.plans.models import Approval
from tests.conftest import OPENING
from tests.factories.steps import enter_steps
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.attacks import EDITS, FILES, REWRITES, Attack, Thief
from tests.ledger.conftest import Site
from tests.ledger.factory import enter
from tests.ledger.mutation import silently, undone
from tests.ledger.sight import FALSE, HOLDS, INCOMPLETE, UNMET, Outside, Seen, inside

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOBODY: frozenset[str] = frozenset()
CHAINS, NUMBERING, ROWS, EXPECTED = map(frozenset, (["chains"], ["numbering"], ["rows"], ["expected"]))
BOTH = CHAINS | NUMBERING
ALL = 200
"""Receipts in the hands of parties."""
SIZES = sorted(Random("sizes").sample(range(ALL + 10, ALL + 260), 50))
PARTS = 5
"""The drill in so many tests: none of them takes long."""
BUSINESS, OUTSIDE = "business table edited", "act outside the system"

# fmt: off
TABLE = {
    # attack                                    inside      audit  witness     receipts compare     extend
    "row edited":                          Seen(CHAINS,     FALSE, (200,),       0,    HOLDS,      HOLDS),
    "row and its tile edited":             Seen(BOTH,       FALSE, (200,),       0,    HOLDS,      HOLDS),
    "last row of a file and its tile edited": Seen(NUMBERING, FALSE, (200,),     0,    HOLDS,      HOLDS),
    "tail cut":                            Seen(NOBODY,     UNMET, (400,),       ALL,  INCOMPLETE, FALSE),
    "old row changed, all rewritten":      Seen(NOBODY,     UNMET, (409, 422),   ALL,  FALSE,      FALSE),
    "row put in, all rewritten":           Seen(NOBODY,     UNMET, (409, 422),   ALL,  FALSE,      FALSE),
    "tail cut, another grown":             Seen(NOBODY,     UNMET, (409, 422),   ALL,  FALSE,      FALSE),
    "pending row deleted":                 Seen(NUMBERING,  HOLDS, (200,),       0,    HOLDS,      HOLDS),
    BUSINESS:                              Seen(ROWS,       HOLDS, (200,),       0,    HOLDS,      HOLDS),
    OUTSIDE:                               Seen(EXPECTED,   HOLDS, (200,),       0,    HOLDS,      HOLDS),
}
# fmt: on
"""What each check sees. ``UNMET`` of the audit: every hash fits, and the witness's name is missing under the root."""


@pytest.fixture
def story(clock: FixedClock, site: Site) -> Story:
    """A review up to the approvals of its plan, wholly entered; the ledger's own refusals lifted."""
    made = Story(build("qingdao", experts=12), clock)
    registers.take_over(clock.now())
    made.ready()
    grow(site, 60)
    connection.check_constraints()
    drop(connection)
    return made


def grow(site: Site, size: int) -> None:
    """Go on with some files until the log has ``size`` entries, signed and cosigned."""
    waiting = Entry.objects.filter(sequence=None).count()
    for number in range(size - log_size() - waiting):
        enter(1, subject=FILES[number % len(FILES)])
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)


def edit_business(story: Story, random: Random) -> Attack:
    """Change a cell of a business table; the triggers are silent."""
    row = random.choice(list(Approval.objects.order_by("pk")))
    with silently():
        Approval.objects.filter(pk=row.pk).update(signed_by=f"虚构{random.randrange(1_000)}")
    return Attack(("plans_approval", str(row.pk), "signed_by"))


def act_outside(story: Story, random: Random) -> Attack:
    """A step of which the platform knows nothing was taken; only the next is entered, and fits its file."""
    case = Case.objects.get(pk=story.case_id)
    present = set(Entry.objects.filter(subject=case.reference).values_list("event", flat=True))
    needed = {event: [COUNTING[one] for one in step.after] for event, step in STEPS.items()}
    steps = [event for event, groups in needed.items() if lacks(present, groups)]
    with silently():
        enter_steps(case, random.choice(steps), at=OPENING)
    return Attack(("ledger_entry", case.reference, "步骤"))


def lacks(present: set[str], groups: Iterable[Iterable[str]]) -> bool:
    return any(present.isdisjoint(group) for group in groups)


def commit(name: str, story: Story | None, outside: Outside, random: Random) -> Attack:
    """Do it; some need a story."""
    if name in EDITS:
        return EDITS[name](random, set(outside.spared))
    if name in REWRITES:
        folder = outside.folder / f"thief of {name}"
        folder.mkdir()
        return REWRITES[name](Thief(outside.site, folder, log_size()), random, set(outside.spared))
    assert story is not None
    return {BUSINESS: edit_business, OUTSIDE: act_outside}[name](story, random)


def unlike(name: str, story: Story, outside: Outside, random: Random, held: int = ALL) -> list[str]:
    """What of an attack is seen otherwise than the table says, or is not located; undone again."""
    wrong: list[str] = []
    with outside.remembered(), undone():
        attack = commit(name, story, outside, random)
        found, line = inside(), TABLE[name]
        seen = outside.sees(attack, name, found)
        for check in Seen.__dataclass_fields__:
            is_scaled = check == "receipts"
            due = getattr(line, check) * held // ALL if is_scaled else getattr(line, check)
            if getattr(seen, check) != due:
                wrong.append(f"{name}: {check} {getattr(seen, check)} instead of {due}")
        wrong += [f"{name}: {what}" for what in unlocated(attack, outside, name, found)]
        if not attack.signed and TABLE[name].audit == HOLDS:
            grow(outside.site, log_size() + Entry.objects.filter(sequence=None).count() + 1)
            if not is_kept_promise(attack):
                wrong.append(f"{name}: promise")
    return wrong


def unlocated(
    attack: Attack, outside: Outside, name: str, by_part: Mapping[str, list[Difference]]
) -> list[str]:
    """The place, where the attack has one; the number in the public audit; the proof of misbehaviour."""
    found = [(one.table, one.row, one.field) for part in by_part.values() for one in part]
    wrong = [f"{attack.place} is not named in {found}"] if attack.place and attack.place not in found else []
    if attack.number is not None:
        words = outside.told("audit", outside.shown(name))[1]
        if str(attack.number) not in words:
            wrong.append(f"{attack.number} is not named by the audit: {words}")
    if TABLE[name].compare == FALSE:
        words = outside.compared_with_words(attack, name)[1]
        if "分裂视图的证据" not in words:
            wrong.append(f"no proof of misbehaviour: {words}")
    return wrong


def is_kept_promise(attack: Attack) -> bool:
    """The log goes on: every entry gets its number, but for the one that was taken out of the queue."""
    covered = signed_size()
    entries = Entry.objects.select_related("sequence")
    named = {f"存证 {entry.pk}" for entry in entries if not standing(entry, covered).is_signed}
    return named == ({attack.place[1]} if attack.place and attack.place[0] == "ledger_pending" else set())


def test_every_attack_is_seen_by_whom_the_table_says(story: Story, site: Site, tmp_path: Path) -> None:
    outside = Outside.at(site, tmp_path / "outside", 10, Random(1))
    random = Random("short")
    assert [one for name in TABLE for one in unlike(name, story, outside, random, held=10)] == []


@pytest.mark.drill
@pytest.mark.parametrize("part", range(PARTS))
def test_every_attack_at_fifty_sizes(part: int, story: Story, site: Site, tmp_path: Path) -> None:
    """The same log grows; at each size everything is attacked in turn, at places that chance chooses."""
    assert len(set(SIZES)) == 50
    random, wrong = Random(f"fifty {part}"), []
    for size in SIZES[part::PARTS]:
        grow(site, size + 60)
        outside = Outside.at(site, tmp_path / str(size), ALL, random)
        wrong += [f"{size} {one}" for name in TABLE for one in unlike(name, story, outside, random)]
    assert wrong == []
