"""``lunheng ledger``, ``signer`` and ``witness`` as operators and witnesses run them."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from lunheng.cli.ledger import add_commands, load_signers, prepare_development
from lunheng.cli.server import companion_commands
from lunheng.core.ledger.following import Tip
from lunheng.core.ledger.note import Checkpoint as Statement
from lunheng.core.ledger.quorum import parse_policy
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import Division
from lunheng.ledger import log, publisher
from lunheng.ledger.memory import MemoryLost
from lunheng.ledger.models import Checkpoint, Cosignature, Entry, Tree
from lunheng.ledger.sequencer import mirror, sequence
from lunheng.ledger.signer import Signers
from tests.ledger.conftest import Site, site  # noqa: F401
from tests.ledger.factory import enter
from tests.verifiers.ledger_site import case_file, paper_log, put

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Run = Callable[..., int]


@pytest.fixture
def lunheng() -> Run:
    """Run a command."""
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())

    def run(*arguments: object) -> int:
        options = parser.parse_args([str(one) for one in arguments])
        code: int = options.run(options)
        return code

    return run


def test_a_case_file_is_checked_here_as_outside(lunheng: Run, tmp_path: Path) -> None:
    bodies = [body for body in paper_log(4).bodies if b'"CS-0001"' in body]
    good = put(tmp_path / "case.zip", case_file(bodies))
    torn = put(tmp_path / "torn.zip", case_file(bodies[1:]))
    assert [lunheng("ledger", "case", one) for one in (good, torn)] == [0, 1]


@pytest.mark.usefixtures("clock")
def test_an_export_is_what_outsiders_verify(site: Site, lunheng: Run, tmp_path: Path) -> None:  # noqa: F811
    enter(3)
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    assert lunheng("ledger", "export", tmp_path / "copy") == 0
    assert lunheng("ledger", "audit", tmp_path / "copy", "--policy", site.policy) == 0
    assert lunheng("ledger", "checkpoint", tmp_path / "copy/checkpoint", "--policy", site.policy) == 0


def test_nothing_signed_is_nothing_to_export(site: Site, lunheng: Run, tmp_path: Path) -> None:  # noqa: F811
    codes = [
        lunheng("ledger", "export", tmp_path / "copy"),
        lunheng("ledger", "request", "--old", 0, "--out", tmp_path / "request"),
        lunheng("ledger", "attach", tmp_path / "none"),
    ]
    assert codes == [4, 4, 4]


def test_a_witness_without_a_network_cosigns_by_file(
    site: Site,  # noqa: F811
    lunheng: Run,
    tmp_path: Path,
    clock: FixedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    witness = ("witness", "--name", "w2.example", "--folder", tmp_path / "w2", "--policy", site.policy)
    assert lunheng(*witness, "--key") == 0
    key = capsys.readouterr().out.strip().partition("：")[2]
    head = site.policy.read_text("utf-8").partition("quorum")[0]
    site.policy.write_text(f"{head}witness W2 {key}\nquorum W2\n", "utf-8")
    enter(5)
    site.publish()
    request, answer = tmp_path / "request", tmp_path / "answer"
    assert lunheng("ledger", "request", "--old", 0, "--out", request) == 0
    assert lunheng(*witness, "--in", request, "--out", answer) == 0
    assert lunheng("ledger", "attach", answer) == 0
    assert [one.witness for one in Cosignature.objects.all()] == ["w2.example"]
    assert lunheng(*witness, "--in", request) == 1


def test_a_file_without_a_cosignature_is_not_kept(site: Site, lunheng: Run, tmp_path: Path) -> None:  # noqa: F811
    enter(1)
    checkpoint = site.publish()
    assert checkpoint is not None
    (tmp_path / "answer").write_text(checkpoint.note.partition("\n\n")[2], "utf-8")
    assert (lunheng("ledger", "attach", tmp_path / "answer"), Cosignature.objects.count()) == (1, 0)


@pytest.fixture
def forgetful(site: Site, lunheng: Run, tmp_path: Path) -> tuple[object, ...]:  # noqa: F811
    """The call of a witness that has started before and whose memory is gone."""
    call = ("witness", "--name", "w2.example", "--folder", tmp_path / "w2", "--policy", site.policy, "--key")
    assert lunheng(*call) == 0
    for memory in (tmp_path / "w2").glob("*.json"):
        memory.unlink()
    return call


def test_a_witness_that_has_lost_its_memory_does_not_start(
    forgetful: tuple[object, ...], lunheng: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lunheng(*forgetful) == 2
    assert "从备份恢复状态文件" in capsys.readouterr().err


def test_a_witness_begins_with_a_log_that_is_new_to_it(
    forgetful: tuple[object, ...], lunheng: Run, settings: Settings
) -> None:
    assert lunheng(*forgetful, "--new-log", settings.LEDGER_ORIGIN) == 0
    assert lunheng(*forgetful) == 0


def test_a_first_start_that_was_cut_is_begun_again(site: Site, lunheng: Run, tmp_path: Path) -> None:  # noqa: F811
    call = ("witness", "--folder", tmp_path / "w2", "--policy", site.policy, "--key", "--name")
    assert lunheng(*call, "no name") == 2
    assert [path.suffix for path in sorted((tmp_path / "w2").iterdir())] == [".json", ".lock"]
    assert lunheng(*call, "w2.example") == 0


@pytest.fixture
def watched(site: Site, tmp_path: Path) -> Path:  # noqa: F811
    """The folder of a witness that has cosigned two entries and lost its memory; checkpoints beside it."""
    enter(2)
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    folder = site.witness.folder
    (tmp_path / "witness.key").rename(folder / "key")
    site.witness.memory_of(site.signer.key.name).path.unlink()
    (folder / "cosigned").write_text(log.cosigned(Checkpoint.objects.get()), "utf-8")
    (folder / "signed").write_text(checkpoint.note, "utf-8")
    (folder / "nonsense").write_text("虚构", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "code", "size"), [("cosigned", 0, 2), ("signed", 1, 0), ("nonsense", 2, 0), ("none", 2, 0)]
)
def test_a_witness_goes_on_from_what_it_cosigned_alone(
    file: str,
    code: int,
    size: int,
    watched: Path,
    site: Site,  # noqa: F811
    lunheng: Run,
) -> None:
    call = ("witness", "--name", "witness.example/w1", "--folder", watched, "--policy", site.policy)
    assert lunheng(*call, "--begin", watched / file) == code
    assert site.witness.memory_of(site.signer.key.name).tip().size == size
    assert lunheng(*call, "--key") == (0 if size else 2)


def test_a_cosignature_that_comes_late_is_kept_under_its_own_checkpoint(
    site: Site,  # noqa: F811
    lunheng: Run,
    tmp_path: Path,
) -> None:
    enter(2)
    first = site.publish()
    assert first is not None
    status, lines = site.witness.answer(publisher.extension(0, first).render())
    (tmp_path / "answer").write_text(lines, "utf-8")
    enter(3)
    site.publish()
    assert (status, lunheng("ledger", "attach", tmp_path / "answer")) == (200, 0)
    assert [one.checkpoint.size for one in Cosignature.objects.all()] == [2]


def test_a_witness_that_knows_no_policy_does_not_start(lunheng: Run, tmp_path: Path) -> None:
    (tmp_path / "policy").write_text("?", "utf-8")
    arguments = (
        "--name",
        "w2.example",
        "--folder",
        tmp_path / "w2",
        "--policy",
        tmp_path / "policy",
        "--key",
    )
    assert lunheng("witness", *arguments) == 2


def test_what_is_overdue_is_an_alarm(
    site: Site,  # noqa: F811
    lunheng: Run,
    clock: FixedClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    enter(2)
    assert lunheng("ledger", "status") == 0
    clock.advance(seconds=61)
    assert lunheng("ledger", "status") == 1
    sequence(clock.now())
    assert lunheng("ledger", "status") == 0
    clock.advance(minutes=15)
    assert lunheng("ledger", "status") == 1
    checkpoint = site.publish()
    assert checkpoint is not None
    assert lunheng("ledger", "status") == 1
    site.cosign(checkpoint)
    assert lunheng("ledger", "status") == 0
    alarms = [line for line in capsys.readouterr().out.splitlines() if line.startswith("告警")]
    assert alarms == [
        "告警：2 条存证超过 60 秒未编号：请检查后台任务是否在运行",
        "告警：第 0 号起的存证超过 15 分钟未签名：请检查签名程序",
        "告警：检查点（2 条）超过 10 分钟未得到策略要求的见证签名",
    ]


def test_a_missing_policy_is_said(site: Site, lunheng: Run, clock: FixedClock) -> None:  # noqa: F811
    site.policy.unlink()
    assert lunheng("ledger", "status") == 2


def test_the_development_signer_writes_its_policy_and_begins_anew_with_a_new_database(
    site: Site,  # noqa: F811
    tmp_path: Path,
    settings: Settings,
) -> None:
    enter(2)
    site.publish()
    settings.LEDGER_POLICY = str(tmp_path / "development.txt")
    prepare_development(site.signer.memory, str(site.signer.key.key))
    assert site.signer.memory.tip().size == 2
    assert parse_policy(Path(settings.LEDGER_POLICY).read_text("utf-8")).is_met([])


def test_a_new_database_has_a_new_history(site: Site, settings: Settings) -> None:  # noqa: F811
    site.signer.memory.follow(0, Statement("log.example", 3, b"\x01" * 32), [])
    prepare_development(site.signer.memory, str(site.signer.key.key))
    assert (site.signer.memory.tip(), site.signer.memory.path.with_suffix(".before-3").exists()) == (
        Tip(),
        True,
    )


def test_production_has_no_development_signer(site: Site, settings: Settings) -> None:  # noqa: F811
    settings.MODE = "production"
    assert companion_commands() == []
    with pytest.raises(SystemExit, match="生产环境"):
        prepare_development(site.signer.memory, str(site.signer.key.key))


def test_a_demo_has_one(settings: Settings) -> None:
    settings.MODE = "demo"
    assert [command[1:] for command in companion_commands()] == [["-m", "lunheng", "signer", "--development"]]


def test_a_signer_without_a_socket_does_not_start(lunheng: Run) -> None:
    assert lunheng("signer") == 2


def test_rows_that_are_older_than_the_ledger_are_taken_over(
    lunheng: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    Division.objects.create(code="999900", name="虚构市")
    assert (lunheng("ledger", "adopt"), capsys.readouterr().out.startswith("已为 ")) == (0, True)
    assert lunheng("ledger", "reconcile") == 0


def test_rows_that_were_written_behind_the_acts_are_not_taken_over_unseen(
    lunheng: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lunheng("ledger", "adopt") == 0
    enter(1)
    Division.objects.create(code="999900", name="虚构市")
    capsys.readouterr()
    assert lunheng("ledger", "adopt") == 1
    assert capsys.readouterr().out == "表 jurisdictions_division 第 999900 行：没有对应的存证\n"
    assert Entry.objects.filter(event="register.taken_over/1").count() <= 1
    assert lunheng("ledger", "adopt", "--confirm") == 0
    assert lunheng("ledger", "adopt") == 0


def test_what_was_taken_over_is_told_with_every_comparison(
    lunheng: Run, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    Division.objects.create(code="999900", name="虚构市")
    assert lunheng("ledger", "adopt") == 0
    enter(1)
    clock.advance(minutes=1)
    Division.objects.create(code="999901", name="虚构市又一区")
    assert lunheng("ledger", "adopt", "--confirm") == 0
    capsys.readouterr()
    assert lunheng("ledger", "reconcile") == 0
    first, second, end = capsys.readouterr().out.splitlines()
    entries = Entry.objects.filter(event="register.taken_over/1").order_by("subject_number")
    assert [(one.partition("（")[0], one.partition("存证 ")[2]) for one in (first, second)] == [
        ("接收已有数据", f"{entries[0].pk}）：表 jurisdictions_division 1 行"),
        ("已有行为留痕之后接收", f"{entries[1].pk}）：表 jurisdictions_division 1 行"),
    ]
    assert end == "发现出入 0 处"


@pytest.mark.parametrize("late", [[], ["虚构市又一区"]])
def test_taking_over_wipes_no_trace_of_another_row(
    late: list[str], lunheng: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    Division.objects.create(code="999900", name="虚构市")
    assert lunheng("ledger", "adopt") == 0
    enter(1)
    for name in ("虚构改名", "虚构市"):
        Division.objects.filter(code="999900").update(name=name)
    for name in late:
        Division.objects.create(code="999901", name=name)
    assert lunheng("ledger", "adopt", "--confirm") == 0
    capsys.readouterr()
    assert lunheng("ledger", "reconcile") == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "表 jurisdictions_division 第 999900 行 （整行）：曾在行为之外被改动，现值与存证一致",
        "发现出入 1 处",
    ]


def test_an_empty_site_has_nothing_to_reconcile(lunheng: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert (lunheng("ledger", "reconcile"), capsys.readouterr().out) == (0, "发现出入 0 处\n")


@pytest.fixture
def lost(site: Site, settings: Settings, tmp_path: Path) -> Path:  # noqa: F811
    """The folder of a signer whose key has signed two entries and whose memory is gone; their checkpoint beside it."""
    settings.LEDGER_SIGNER = str(tmp_path / "signer.sock")
    enter(2)
    checkpoint = site.publish()
    assert checkpoint is not None
    folder = tmp_path / "lost"
    folder.mkdir(mode=0o700)
    (tmp_path / "log.key").rename(folder / "key")
    (folder / "checkpoint").write_text(checkpoint.note, "utf-8")
    return folder


def test_a_key_that_has_lost_its_memory_does_not_sign(
    lost: Path, lunheng: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lunheng("signer", "--folder", lost) == 2
    assert "从头开始会签出第二份历史" in capsys.readouterr().err
    assert not (lost / "state.json").exists()


def test_it_goes_on_from_a_checkpoint_that_it_signed(lost: Path, lunheng: Run) -> None:
    assert lunheng("signer", "--folder", lost, "--begin", lost / "checkpoint") == 0
    assert [signer.memory.tip().size for signer in load_signers(lost)] == [2]
    assert lunheng("signer", "--folder", lost, "--begin", lost / "checkpoint") == 1


def test_it_does_not_go_on_from_what_another_signed(lost: Path, lunheng: Run, tmp_path: Path) -> None:
    load_signers(tmp_path / "other")
    (tmp_path / "other" / "key").replace(lost / "key")
    assert lunheng("signer", "--folder", lost, "--begin", lost / "checkpoint") == 1
    assert not (lost / "state.json").exists()


def test_a_memory_that_goes_while_the_signer_runs_signs_nothing(site: Site) -> None:  # noqa: F811
    enter(1)
    site.publish()
    site.signer.memory.path.unlink()
    enter(1)
    with pytest.raises(MemoryLost):
        site.publish()


def test_the_first_start_makes_key_and_memory(tmp_path: Path) -> None:
    load_signers(tmp_path / "new")
    made = {path.name for path in (tmp_path / "new").iterdir()}
    assert ({"key", "state.json"} <= made, [one.memory.tip() for one in load_signers(tmp_path / "new")]) == (
        True,
        [Tip()],
    )


def test_a_demo_that_is_built_anew_begins_anew(lost: Path) -> None:
    assert [one.memory.tip() for one in load_signers(lost, is_new=True)] == [Tip()]


def test_a_changed_key_is_entered_believed_and_holds(
    site: Site,  # noqa: F811
    lunheng: Run,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.LEDGER_SIGNER = str(tmp_path / "signer.sock")
    (tmp_path / "log.key").rename(tmp_path / "key")
    assert lunheng("signer", "--folder", tmp_path, "--rotate") == 0
    assert [entry.event for entry in Entry.objects.all()] == ["log.key/1"]
    assert len(parse_policy(site.policy.read_text("utf-8")).logs) == 2
    assert lunheng("ledger", "verify") == 0


@pytest.fixture
def second(site: Site, settings: Settings, tmp_path: Path) -> Path:  # noqa: F811
    """The folder of a development signer of both trees, and a policy that believes it."""
    pytest.importorskip("tongsuopy")
    settings.LEDGER_SECOND_TREE = True
    settings.LEDGER_SIGNER = str(tmp_path / "signer.sock")
    site.policy.unlink()
    for signer in load_signers(tmp_path / "signer"):
        prepare_development(signer.memory, str(signer.key.key))
    return tmp_path / "signer"


def test_a_site_with_a_second_tree_exports_both(
    second: Path,
    site: Site,  # noqa: F811
    lunheng: Run,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    enter(3)
    sequence(clock.now())
    mirror(clock.now())
    signers = Signers(*load_signers(second))
    for tree in Tree:
        assert publisher.publish(clock.now(), signers.answer, tree) is not None
    assert lunheng("ledger", "export", tmp_path / "copy") == 0
    codes = [
        lunheng("ledger", "audit", tmp_path / place, "--policy", site.policy)
        for place in ("copy", "copy/sm3")
    ]
    assert codes == [0, 0]


def test_the_key_of_the_second_tree_is_changed_like_the_first(
    second: Path,
    site: Site,  # noqa: F811
    lunheng: Run,
    clock: FixedClock,
) -> None:
    before = [signer.key.key for signer in load_signers(second)]
    assert lunheng("signer", "--folder", second, "--rotate", "--second") == 0
    after = [signer.key.key for signer in load_signers(second)]
    believed = [party.key for party in parse_policy(site.policy.read_text("utf-8")).logs]
    assert (before[0], set(believed)) == (after[0], {*before, *after})
    assert (before[1] == after[1], Entry.objects.get().event) == (False, "log.key/1")


def test_a_key_is_not_changed_by_a_clock_that_was_set_back(
    site: Site,  # noqa: F811
    lunheng: Run,
    clock: FixedClock,
    tmp_path: Path,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.LEDGER_SIGNER = str(tmp_path / "signer.sock")
    enter(1)
    site.publish()
    (tmp_path / "log.key").rename(tmp_path / "key")
    before = (tmp_path / "key").read_text("utf-8")
    clock.advance(hours=-1)
    assert lunheng("signer", "--folder", tmp_path, "--rotate") == 1
    assert ("校准服务器时钟" in capsys.readouterr().err, (tmp_path / "key").read_text("utf-8")) == (
        True,
        before,
    )
