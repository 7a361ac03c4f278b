"""`lunheng verify` knows by content what a file is."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lunheng.cases.models import Case
from lunheng.cli.verify import add_commands, kind_of
from lunheng.documents.case_file import build as build_case_file
from lunheng.jobs.clock import FixedClock
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.conftest import Site, site  # noqa: F401
from tests.vectors import make_draw_vectors
from tests.verifiers.ledger_site import POLICY, case_file, paper_log, put

LOG = paper_log(12)
CASE = [body for body in LOG.bodies if b'"CS-0001"' in body]
DRAWS = Path(make_draw_vectors.__file__).parent / "draw"
TRUE, FORGED = ((DRAWS / f"{name}.json").read_bytes() for name in ("quotas", "quotas-result"))
Verify = Callable[..., int]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """Verify a file of this content, its name saying nothing."""
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())

    def run(content: bytes, *words: object) -> int:
        options = parser.parse_args(
            ["verify", str(put(tmp_path / "file", content)), *[str(word) for word in words]]
        )
        code: int = options.run(options)
        return code

    return run


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Log and witnesses."""
    return put(tmp_path / "policy.txt", POLICY.encode())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (TRUE, "transcript"),
        (b"\xef\xbb\xbf\n {}", "transcript"),
        (LOG.receipt(7, 12), "receipt"),
        (LOG.checkpoint(12), "checkpoint"),
        (case_file(CASE), "case"),
        (POLICY.encode(), ""),
        (b"", ""),
    ],
    ids=["draw", "JSON", "receipt", "checkpoint", "case file", "policy", "nothing"],
)
def test_the_content_says_what_a_file_is(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_a_record_of_a_draw_is_recomputed(verify: Verify) -> None:
    assert (verify(TRUE), verify(FORGED), verify(TRUE, "--commit", "00" * 32)) == (0, 1, 1)


def test_receipt_and_checkpoint_are_checked_against_a_policy(verify: Verify, policy: Path) -> None:
    receipt, checkpoint = LOG.receipt(7, 12), LOG.checkpoint(12)
    forged = receipt.replace(b"index 7", b"index 8")

    codes = [verify(one, "--policy", policy) for one in (receipt, checkpoint, forged)]

    assert codes == [0, 0, 1]


def test_without_a_policy_nobody_is_believed(verify: Verify, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(LOG.receipt(7, 12)) == 4
    assert "策略文件" in capsys.readouterr().out


def test_a_case_file_is_checked_with_the_draws_in_it(
    verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = [
        case_file(CASE, {"extra/transcript-1.json": TRUE, "extra/note.json": b"{}", "extra/a": b"\xff"}),
        case_file(CASE, {"extra/transcript-1.json": FORGED}),
        case_file(CASE[1:]),
        b"PK\x03\x04",
    ]

    assert [verify(one) for one in contents] == [0, 1, 1, 2]
    assert "extra/transcript-1.json：核验通过" in capsys.readouterr().out


@pytest.fixture
def case(db: None, clock: FixedClock) -> Case:
    """A review that was opened."""
    story = Story(build("qingdao"), clock)
    story.project()
    story.work()
    story.review()
    return Case.objects.get(kind="review")


def test_the_case_file_of_a_case_is_what_the_command_takes(verify: Verify, case: Case) -> None:
    assert verify(build_case_file(case, {})) == 0


def test_the_receipts_of_a_case_file_are_judged_by_the_policy(
    verify: Verify,
    case: Case,
    site: Site,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    checkpoint = site.publish()
    assert checkpoint is not None
    content = build_case_file(case, {})
    before = verify(content, "--policy", site.policy)
    site.cosign(checkpoint)
    after = verify(build_case_file(case, {}), "--policy", site.policy)
    assert (before, after) == (3, 0)
    assert f"回执 {case.entry_count} 张全部成立" in capsys.readouterr().out


def test_the_second_verifier_takes_a_case_file_with_receipts_too(
    case: Case,
    site: Site,  # noqa: F811
    tmp_path: Path,
) -> None:
    site.publish()
    packed = put(tmp_path / "case.zip", build_case_file(case, {}))
    program = Path(make_draw_vectors.__file__).parents[2] / "src/lunheng/verifiers/verify_ledger.js"
    assert subprocess.run(["node", program, "case", packed], check=False, capture_output=True).returncode == 0


def test_what_nobody_knows_is_said_to_be_so(verify: Verify, tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    options = parser.parse_args(["verify", str(tmp_path / "missing")])

    assert (verify(b"what is this"), options.run(options)) == (2, 2)
