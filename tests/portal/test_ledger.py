"""The log in public: everybody reads checkpoint, tiles and policy."""

from pathlib import Path

import pytest
from django.test import Client

from lunheng.jobs.clock import FixedClock
from lunheng.ledger import log
from lunheng.ledger.models import Checkpoint
from lunheng.verifiers import verify_ledger
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


def test_the_checkpoint_is_the_newest_that_the_policy_accepts(site: Site, client: Client) -> None:  # noqa: F811
    enter(3)
    publish(site)
    enter(2)
    site.publish()
    answer = client.get("/ledger/checkpoint")
    assert (answer.content.decode(), answer.headers["Cache-Control"]) == (
        log.cosigned(Checkpoint.objects.get(size=3)),
        "public, max-age=5",
    )


def test_while_the_policy_accepts_none_the_checkpoint_is_the_newest(site: Site, client: Client) -> None:  # noqa: F811
    for count in (3, 2):
        enter(count)
        site.publish()
    assert client.get("/ledger/checkpoint").content.decode() == Checkpoint.objects.get(size=5).note


def test_without_a_policy_there_is_none_to_read(site: Site, client: Client) -> None:  # noqa: F811
    site.policy.unlink()
    assert client.get("/ledger/policy").status_code == 404


def test_the_verifier_of_the_log_is_carried_away(client: Client) -> None:
    content = client.get("/verify/verify_ledger.py").content
    assert content == Path(verify_ledger.__file__).read_bytes()


def test_the_page_says_how_long_the_log_is_and_who_watched_it_to_where(site: Site, client: Client) -> None:  # noqa: F811
    enter(3)
    publish(site)
    enter(2)
    site.publish()
    page = client.get("/ledger/").content.decode()
    told = ('<strong class="value">5</strong> 条', site.witness.key.key.name, "3 条</td>", "要求见证签名")
    assert [words for words in told if words not in page] == []


def test_a_log_without_witnesses_says_so(site: Site, client: Client) -> None:  # noqa: F811
    site.policy.write_text(f"log {site.signer.key.key}\nquorum none\n", "utf-8")
    page = client.get("/ledger/").content.decode()
    assert ("没有列见证方" in page, "还没有签名的检查点" in page) == (True, True)


def test_a_log_without_a_policy_has_a_page_all_the_same(site: Site, client: Client) -> None:  # noqa: F811
    site.policy.unlink()
    page = client.get("/ledger/").content.decode()
    assert ("还没有公布策略" in page, "保存策略文件" in page) == (True, False)


def test_a_log_that_stands_still_says_so_in_public(site: Site, client: Client, clock: FixedClock) -> None:  # noqa: F811
    enter(1)
    clock.advance(hours=1)
    assert "超过 60 秒未编号" in client.get("/ledger/").content.decode()
