"""Receipts: everybody may take and check them; the content that they prove is for those who may read it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, Entry, Payload
from lunheng.ledger.receipts import digits_of, grouped
from lunheng.verifiers import verify_ledger
from tests.conftest import OPENING
from tests.factories.story import Story
from tests.factories.world import SeatClient, build
from tests.ledger.conftest import Site, site  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A case of the contractor."""
    made = Story(build("qingdao"), clock)
    made.project()
    made.work()
    made.review()
    return made


def publish(site: Site) -> None:  # noqa: F811
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)


def entry_of(story: Story) -> Entry:
    return Entry.objects.filter(subject=Case.objects.get(pk=story.case_id).reference)[0]


def fetch(browser: SeatClient, entry: Entry, kind: str) -> Any:
    return browser.get(f"/ledger/receipt/{entry.pk}{kind}")


def second_of(command: list[str]) -> int:
    """What the other verifier answers."""
    program = Path(verify_ledger.__file__).with_suffix(".js")
    return subprocess.run(["node", program, *command], check=False, capture_output=True).returncode


def save(folder: Path, name: str, response: Any) -> str:
    file = folder / name
    file.write_bytes(response.content)
    return str(file)


def test_the_receipt_can_be_had_once_a_checkpoint_covers_the_entry(
    story: Story,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    contractor, entry = story.as_("contractor"), entry_of(story)
    early = fetch(contractor, entry, ".tlog-proof")
    publish(site)
    file = save(tmp_path, "a.tlog-proof", fetch(contractor, entry, ".tlog-proof"))
    assert (early.status_code, early.headers["Retry-After"]) == (404, "5")
    assert verify_ledger.main(["receipt", file, "--policy", str(site.policy)]) == 0


def test_a_party_proves_what_was_entered_with_content_and_salt(
    story: Story,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    publish(site)
    supervisor, entry = story.as_("chief_supervisor"), entry_of(story)
    file = save(tmp_path, "a.tlog-proof", fetch(supervisor, entry, ".tlog-proof"))
    both = save(tmp_path, "a.payload.json", fetch(supervisor, entry, ".payload.json"))
    content = save(tmp_path, "a.content.json", fetch(supervisor, entry, ".content.json"))
    salt = fetch(supervisor, entry, ".salt.txt").content.decode()
    command = ["receipt", file, "--policy", str(site.policy), "--payload"]
    given = [[both], [content, "--salt", salt], [content, "--salt", "00" * 32], [content]]
    assert [verify_ledger.main([*command, *words]) for words in given] == [0, 0, 1, 1]
    assert [second_of([*command, *words]) for words in given] == [0, 0, 1, 1]


def test_who_takes_content_is_written_down(story: Story) -> None:
    contractor, entry = story.as_("contractor"), entry_of(story)
    for kind in (".payload.json", ".content.json", ".salt.txt"):
        fetch(contractor, entry, kind)
    kept = Access.objects.filter(what=str(entry.pk)).order_by("id")
    assert list(kept.values_list("kind", "subject")) == [
        (kind, entry.subject) for kind in ("payload", "content", "salt")
    ]


def test_a_stranger_takes_the_receipt_and_not_the_content(story: Story, site: Site) -> None:  # noqa: F811
    publish(site)
    story.world.client("stranger")
    kinds = ("/", "/state", ".tlog-proof", ".svg", ".payload.json", ".content.json", ".salt.txt")
    answers = [fetch(story.as_("stranger"), entry_of(story), kind).status_code for kind in kinds]
    assert answers == [200, 200, 200, 200, 403, 403, 403]


def test_content_that_is_sealed_to_a_party_is_not_taken_yet(story: Story) -> None:
    """Opinions before the meeting are their writer's and the authority's."""
    story.version()
    story.approve()
    story.panel()
    story.commit_all()
    member = story.members("confirmed")[0]
    answer = story.as_(story.seat_of(member)).done(
        "reports.submit_opinion", member_id=member.pk, items=[story.item()], conclusion="approved"
    )
    entry = Entry.objects.filter(event="opinion.submitted/1").get()
    assert answer["id"]
    seats = ("contractor", story.seat_of(member), "station")
    assert [fetch(story.as_(seat), entry, ".payload.json").status_code for seat in seats] == [403, 200, 200]


def test_of_erased_content_only_the_proof_is_left(story: Story, site: Site) -> None:  # noqa: F811
    publish(site)
    contractor, entry = story.as_("contractor"), entry_of(story)
    Payload.objects.filter(entry=entry).update(salt=None, content=None, erased_at=OPENING)
    kinds = (".payload.json", ".content.json", ".salt.txt", ".tlog-proof")
    assert [fetch(contractor, entry, kind).status_code for kind in kinds] == [404, 404, 404, 200]


# What is shown after an act


def test_an_accepted_act_is_followed_by_its_receipt(story: Story) -> None:
    given = {"title": "另一方案"}
    answer: Any = story.as_("contractor").http.post(
        reverse("plans:open_review", args=[story.work_id]), given, follow=True
    )
    opened = Case.objects.filter(kind="review").latest("pk")
    entry = Entry.objects.get(event="review.opened/1", subject=opened.reference)
    assert f'hx-get="/ledger/receipt/{entry.pk}/state"' in answer.content.decode()


def test_while_no_checkpoint_covers_it_the_page_asks_again(story: Story, clock: FixedClock) -> None:
    contractor, entry = story.as_("contractor"), entry_of(story)
    fresh = fetch(contractor, entry, "/state").content.decode()
    clock.advance(seconds=61)
    late = fetch(contractor, entry, "/state").content.decode()
    assert ("待签发" in fresh, 'hx-trigger="every 2s"' in fresh) == (True, True)
    assert ("平台已在催办" in late, 'hx-trigger="every 15s"' in late) == (True, True)


def test_then_it_offers_file_code_digits_and_content_and_asks_no_more(story: Story, site: Site) -> None:  # noqa: F811
    publish(site)
    entry = entry_of(story)
    shown = fetch(story.as_("contractor"), entry, "/state").content.decode()
    kinds = (".tlog-proof", ".svg", ".payload.json")
    assert [f"/ledger/receipt/{entry.pk}{kind}" in shown for kind in kinds] == [True] * 3
    assert (f"已签发 #{entry.sequence.number}" in shown, grouped(digits_of(entry)) in shown) == (True, True)
    assert "hx-get" not in shown


def test_a_stranger_is_offered_no_content(story: Story, site: Site) -> None:  # noqa: F811
    publish(site)
    shown = fetch(story.as_("public"), entry_of(story), "/state").content.decode()
    assert (".tlog-proof" in shown, ".payload.json" in shown) == (True, False)


def test_the_interface_leaves_no_receipts_for_the_next_page(story: Story) -> None:
    assert "/ledger/receipt/" not in story.as_("contractor").get("/desk/").content.decode()


# Where the code on a document leads


def test_the_page_of_an_entry_names_nobody(story: Story, site: Site) -> None:  # noqa: F811
    publish(site)
    entry = entry_of(story)
    page = fetch(story.as_("public"), entry, "/").content.decode()
    told = json.loads(entry.payload.content or "{}")
    secrets = (
        "虚构路地下通道工程",
        "深基坑专项施工方案",
        str(told["label"]),
        story.world.seats["contractor"].account.name,
    )
    assert [secret for secret in secrets if secret in page] == []
    assert grouped(digits_of(entry)) in page


def test_the_code_says_where_the_receipt_is(story: Story) -> None:
    response = fetch(story.as_("contractor"), entry_of(story), ".svg")
    assert (response.status_code, response.headers["Content-Type"], b"<svg" in response.content) == (
        200,
        "image/svg+xml",
        True,
    )


def test_the_page_tells_its_readers_what_was_done_and_others_only_when(story: Story) -> None:
    entry = entry_of(story)
    pages = [fetch(story.as_(seat), entry, "/").content.decode() for seat in ("contractor", "public")]
    assert [("发起专家论证" in page, "北京时间 <strong" in page) for page in pages] == [
        (True, True),
        (False, True),
    ]


def test_the_page_calls_the_step_what_people_call_it_and_keeps_the_code_beside_it(story: Story) -> None:
    page = fetch(story.as_("public"), entry_of(story), "/").content.decode()
    assert ("条办理“建立论证案件”已记入存证" in page, 'class="digest">review.opened/1</span>' in page) == (
        True,
        True,
    )


def test_a_code_that_leads_to_no_entry_says_that_the_paper_is_not_of_this_platform(story: Story) -> None:
    answer = story.as_("public").get("/ledger/receipt/00000000-0000-7000-8000-000000000000/")
    page = answer.content.decode()
    assert (answer.status_code, "没有这条存证" in page, "不是由本平台的存证产生的" in page) == (
        404,
        True,
        True,
    )
