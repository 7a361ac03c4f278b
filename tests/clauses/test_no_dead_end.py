"""没有死路: no lawful combination of rules leaves a review without a next step, from project to start of works."""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import product
from typing import Any

import pytest
from django.conf import settings

from lunheng.core.policy import PackError, read_pack, resolve
from lunheng.core.procedures.table import STEPS, transitions
from lunheng.core.workflow import ReviewState
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions import packs
from lunheng.reports.models import Report
from tests.clauses.test_closure import answer_all
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db
S = ReviewState
CLOSED = {S.WORKING, S.FAILED, S.VOID, S.SUPERSEDED, S.CANCELLED}
"""Where nobody waits for anybody."""

LEADERS = {
    "elected": 'mode = "elected"',
    "named": 'mode = "named"\nnamers = ["contractor", "agency"]',
    "none": "",
}
COMPILERS = ("leader", "any_member", "organiser")
CLOSURES = {"leader": "leader_required = true", "three": "leader_required = false\nmembers = 3", "told": "leader_required = false"}  # fmt: skip
MODES = {"on_site": "hand", "remote": "electronic"}
DRAWS = {"direct": "qingdao", "push": "nanning"}
SIGNATURES = ("hand", "electronic")

Choice = tuple[str, str, str, str, str, str]
"""Leader, compiler, closure, form of meeting, way of drawing, form of signature."""


def texts_of(choice: Choice) -> dict[str, str]:
    """The pack of the city that draws this way, with the chosen rules in place of its own."""
    leader, compiler, closure, mode, draw, signature = choice
    folder = settings.PACKS_DIRECTORY / {"direct": "qingdao-2025", "push": "nanning-2019"}[draw]
    texts = {name: text for name, text in packs.folder_texts(folder).items() if not name.startswith("cases/")}
    version = sha256("-".join(choice).encode()).hexdigest()[:16]
    texts["pack.toml"] = re.sub(r'version = ".*"', f'version = "{version}"', texts["pack.toml"])
    replaced = {
        "panel.leader": LEADERS[leader],
        "panel.confirmed_list": f"leader = {str(leader == 'named').lower()}" if draw == "push" else "",
        "report.compiler": f'by = "{compiler}"',
        "closure.leader_opinion": CLOSURES[closure],
        "meeting.mode": f'modes = ["{mode}"]',
        "report.signature": f'on_site = "{signature}"\nremote = "{signature}"',
    }
    for key, fields in replaced.items():
        for name, text in texts.items():
            texts[name] = re.sub(rf"(?ms)^\[{re.escape(key)}\]\n.*?(?=^\[|\Z)", "", text)
        if fields:
            texts["reviews.toml"] += f'\n[{key}]\nclause = "虚构条款"\n{fields}\n'
    return texts


def told_of(choice: Choice) -> str:
    """Empty for a lawful combination, else what the check of packs says."""
    try:
        resolve(read_pack(texts_of(choice)), packs.read("cn"), packs.read("platform"))
    except PackError as error:
        return str(error)
    return ""


ALL: list[Choice] = list(product(LEADERS, COMPILERS, CLOSURES, MODES, DRAWS, SIGNATURES))


def pairs(choice: Choice) -> set[tuple[tuple[int, str], tuple[int, str]]]:
    """Every two settings that meet in a combination."""
    numbered = list(enumerate(choice))
    return {(one, other) for one in numbered for other in numbered if one < other}


def covering(choices: list[Choice]) -> Iterator[Choice]:
    """Combinations in which every two settings that may lawfully meet do meet."""
    missing = set().union(*map(pairs, choices))
    while missing:
        best = max(choices, key=lambda one: len(pairs(one) & missing))
        missing -= pairs(best)
        yield best


def is_lawful(choice: Choice) -> bool:
    """By hand: whoever asks for a leader has one."""
    leader, compiler, closure, *_ = choice
    return leader != "none" or (compiler != "leader" and closure != "leader")


LAWFUL = [choice for choice in ALL if is_lawful(choice)]


def test_exactly_the_combinations_that_would_end_nowhere_are_refused_by_the_check() -> None:
    assert {choice for choice in ALL if told_of(choice)} == set(ALL) - set(LAWFUL)


@pytest.mark.parametrize("choice", list(covering(LAWFUL)), ids="-".join)
def test_a_review_reaches_the_start_of_works(choice: Choice, clock: FixedClock) -> None:
    """By the acts of the interface, with 修改后通过, which goes the longest way."""
    story = a_city(choice, clock)
    story.project(kind="municipal")
    story.work()
    story.review()
    story.version()
    story.approve()
    seat(story, choice)
    close(story, choice)
    story.as_("contractor").done("reports.start_works", case_id=story.case_id)
    assert story.state() == "working"


def a_city(choice: Choice, clock: FixedClock) -> Story:
    """A city whose pack in force is the made-up one."""
    story = Story(build(DRAWS[choice[4]], experts=14), clock)
    made = resolve(read_pack(texts_of(choice)), packs.read("cn"), packs.read("platform"))
    packs.record(made, at=clock.now())
    laws.forget()
    return story


def seat(story: Story, choice: Choice) -> None:
    """The panel is drawn, confirmed, and has its leader where there is one."""
    leader, _, _, mode, draw, _ = choice
    story.request(meeting_mode=mode)
    if draw == "direct":
        story.draw()
        story.confirm_all()
    else:
        story.push()
        chosen = story.lawful_pick()
        story.pick(chosen)
        story.consent(chosen)
        story.as_("contractor").done(
            "panels.confirm_list",
            request_id=story.request_id,
            member_ids=[member.pk for member in chosen],
            leader_member_id=chosen[0].pk if leader == "named" else None,
        )
        story.sweep()
        story.send()
    if leader == "elected":
        story.elect()
    if leader == "named" and draw == "direct":
        first = story.members("confirmed")[0]
        story.as_("contractor").done("panels.name_leader", case_id=story.case_id, member_id=first.pk)


def close(story: Story, choice: Choice) -> None:
    """The meeting, the report by whom the rule names, the revision confirmed by whom the rule names."""
    leader, compiler, closure, _, _, signature = choice
    story.prereview()
    story.start_meeting()
    story.vote("approved_if_revised")
    story.end_meeting()
    members = story.members("confirmed")
    head = story.leader() if leader != "none" else members[-1]
    writer = (
        "contractor"
        if compiler == "organiser"
        else story.seat_of(head if compiler == "leader" else members[1])
    )
    report = story.as_(writer).done("reports.compile_report", **report_of(story))["id"]
    story.sweep()
    if signature == "hand":
        story.sign(report)
    else:
        for member in members:
            story.as_(story.seat_of(member)).done("reports.sign_report", report_id=report)
        story.sweep()
    story.upload_results()
    story.version(note="按论证报告修改")
    answer_all(story, report)
    story.approve("technical_director")
    story.as_("contractor").done(
        "reports.submit_revision", case_id=story.case_id, version_id=story.version_id
    )
    asked = {"leader": [head], "three": members[2:5], "told": []}[closure]
    for member in asked:
        story.as_(story.seat_of(member)).done(
            "reports.recheck_revision",
            case_id=story.case_id,
            version_id=story.version_id,
            is_positive=True,
            items=[],
        )
    assert (story.state(), Report.objects.get(pk=report).compiled_by_id is None) == (
        "reapproving",
        compiler == "organiser",
    )
    story.as_("chief_supervisor").done(
        "reports.approve_revision",
        case_id=story.case_id,
        document_id=story.upload("chief_supervisor", "批准页.pdf", kind="approval"),
    )


def report_of(story: Story) -> Mapping[str, Any]:
    """What a report says."""
    return {
        "case_id": story.case_id,
        "conclusion": "approved_if_revised",
        "items": [story.item()],
        "three_questions": {"complete": "完整", "calculation": "符合标准", "site": "满足现场实际"},
        "summary": "方案总体可行",
    }


@pytest.mark.parametrize("is_asked", [True, False])
def test_from_every_state_that_is_reached_an_end_is_reached(is_asked: bool) -> None:
    """With a panel that is asked about the revised plan, and with one that is only told."""
    left_out = {S.REAPPROVING} if is_asked else {S.RECHECKING}
    pairs = transitions(STEPS.values())
    arcs = {state: {after for before, after in pairs if before is state} for state in ReviewState}
    arcs[S.REVISING] -= left_out
    reached = following(arcs, S.DRAFTING)
    assert {state for state in reached if not following(arcs, state) & CLOSED} == set()
    assert {state for state in reached if not arcs[state] and state not in CLOSED} == set()


def following(arcs: Mapping[ReviewState, set[ReviewState]], start: ReviewState) -> set[ReviewState]:
    """Every state that can be reached, the start included."""
    found, waiting = {start}, [start]
    while waiting:
        new = arcs[waiting.pop()] - found
        found |= new
        waiting += new
    return found
