"""The log in public: everybody reads checkpoint, tiles and policy; a receipt is for whoever may see its case."""

from pathlib import Path

import pytest
from django.test import Client

from lunheng.cases.models import Case
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, Entry
from lunheng.verifiers import verify_ledger
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.conftest import Site, site  # noqa: F401
from tests.ledger.factory import enter

pytestmark = pytest.mark.django_db


def publish(site: Site) -> None:  # noqa: F811
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)


def test_before_anything_is_signed_there_is_nothing(site: Site, client: Client) -> None:  # noqa: F811
    addresses = ("/ledger/checkpoint", "/ledger/tile/0/000.p/1", "/ledger/tile/nonsense")
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_what_is_published_may_be_kept_by_everybody(
    site: Site,  # noqa: F811
    client: Client,
    tmp_path: Path,
) -> None:
    enter(258)
    publish(site)
    names = (
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/2",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/2",
    )
    for name in names:
        response = client.get(f"/ledger/{name}")
        file = tmp_path / "copy" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(response.content)
        kept = "public, max-age=5" if name == "checkpoint" else "public, max-age=31536000, immutable"
        assert response.headers["Cache-Control"] == kept
    policy = tmp_path / "policy.txt"
    policy.write_bytes(client.get("/ledger/policy").content)
    assert verify_ledger.main(["audit", str(tmp_path / "copy"), "--policy", str(policy)]) == 0


def test_without_a_policy_there_is_none_to_read(site: Site, client: Client) -> None:  # noqa: F811
    site.policy.unlink()
    assert client.get("/ledger/policy").status_code == 404


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A case of the contractor."""
    made = Story(build("qingdao"), clock)
    made.project()
    made.work()
    made.review()
    return made


def entry_of(story: Story) -> Entry:
    return Entry.objects.filter(subject=Case.objects.get(kind="review").reference)[0]


def test_a_party_takes_the_receipt_once_a_checkpoint_covers_it(
    story: Story,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    browser = story.as_("contractor").http
    address = f"/ledger/receipt/{entry_of(story).pk}.tlog-proof"
    early = browser.get(address)
    publish(site)
    taken = browser.get(address)
    file = tmp_path / "a.tlog-proof"
    file.write_bytes(taken.content)
    assert (early.status_code, early.headers["Retry-After"], taken.status_code) == (404, "5", 200)
    assert verify_ledger.main(["receipt", str(file), "--policy", str(site.policy)]) == 0
    assert Access.objects.filter(kind="receipt").count() == 1


def test_a_stranger_takes_no_receipt(story: Story, site: Site) -> None:  # noqa: F811
    publish(site)
    addresses = [f"/ledger/receipt/{entry_of(story).pk}.{kind}" for kind in ("tlog-proof", "svg")]
    story.world.client("stranger")
    assert [story.as_("stranger").http.get(address).status_code for address in addresses] == [403, 403]


def test_the_code_to_print_says_where_the_receipt_is(story: Story) -> None:
    response = story.as_("contractor").http.get(f"/ledger/receipt/{entry_of(story).pk}.svg")
    assert (response.status_code, response.headers["Content-Type"], b"<svg" in response.content) == (
        200,
        "image/svg+xml",
        True,
    )


def test_the_verifier_of_the_log_is_carried_away(client: Client) -> None:
    content = client.get("/verify/verify_ledger.py").content
    assert content == Path(verify_ledger.__file__).read_bytes()
