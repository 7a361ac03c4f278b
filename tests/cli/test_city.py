"""``lunheng city init``: an authority begins from its pack and a small table; said again, nothing changes; a mistake is
told with its line and column, and then nothing was written. Nanning stands beside and stays as it is."""

from pathlib import Path

import pytest
from django.db.models import Model

from lunheng.accounts.models import Account, Seat
from lunheng.accounts.sessions import actor_in
from lunheng.cases.models import Case
from lunheng.cli.main import main
from lunheng.clockwork.reconcile import differences
from lunheng.core.actor import Role
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.models import Division, PackRecord
from lunheng.ledger import registers
from lunheng.ledger.models import Entry
from lunheng.pools.models import LANES, Pool
from lunheng.pools.permissions import may_change
from tests.conftest import OPENING
from tests.factories.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
HEADER = "类别,代码,名称,上级,级别,相邻,标识,岗位,手机,身份证号\n"
ROWS = """区划,370000,虚东省,,省级,,,,,
区划,370200,青岛市,370000,市级,370600,,,,
区划,370600,虚台市,370000,市级,,,,,
区划,370202,市南区,370200,县级,,,,,
专家库,370200,虚构专家库,,,,qingdao-test,,,
账号,370200,虚构·站长,,,,,station,13900001111,110101199003070003
账号,370200,虚构·局长,,,,,bureau,13900001112,
账号,370202,虚构·市南,,,,,district,13900001113,
账号,370202,虚构·市南,,,,,district,13900001114,
"""
TOML = """
[[division]]
code = "370200"
name = "青岛市"
level = "prefecture"

[[account]]
name = "虚构·站长"
phone = "13900001111"
office = "station"
code = "370200"
"""
FAULTS = {
    "类别": ("区划,370000", "区县,370000", 2, "kind"),
    "no code": ("区划,370000", "区划,", 2, "code"),
    "a code that is too short": ("区划,370202", "区划,37020", 5, "code"),
    "a division twice": ("县级,,,,,\n", "县级,,,,,\n区划,370202,市南区,370200,县级,,,,,\n", 6, "code"),
    "no name": ("370600,虚台市", "370600,", 4, "name"),
    "no level": ("虚台市,370000,市级", "虚台市,370000,", 4, "level"),
    "a level that nobody knows": ("虚台市,370000,市级", "虚台市,370000,乡级", 4, "level"),
    "a parent that nobody knows": ("市南区,370200", "市南区,370900", 5, "parent"),
    "a parent of the same level": ("市南区,370200,县级", "市南区,370200,市级", 5, "parent"),
    "a division inside itself": ("虚东省,,省级", "虚东省,370000,省级", 2, "parent"),
    "a neighbour that nobody knows": (",市级,370600,", ",市级,370700,", 3, "neighbours"),
    "a pool without a key": ("qingdao-test", "", 6, "key"),
    "a key of capitals": ("qingdao-test", "Qingdao", 6, "key"),
    "a key that another pool has": ("qingdao-test", "nanning", 6, "key"),
    "a pool outside the territory": ("专家库,370200", "专家库,370600", 6, "code"),
    "a pool that has an office": (",,qingdao-test,,", ",,qingdao-test,station,", 6, "office"),
    "an office that the pack has not": ("station", "mayor", 7, "office"),
    "an office of another level": ("账号,370200,虚构·局长", "账号,370202,虚构·局长", 8, "code"),
    "an office of another city": ("账号,370200,虚构·局长", "账号,450100,虚构·局长", 8, "code"),
    "a place that nobody knows": ("账号,370200,虚构·局长", "账号,370299,虚构·局长", 8, "code"),
    "a telephone that is none": ("13900001112", "139", 8, "phone"),
    "a telephone of somebody else": ("13900001112", "13900001111", 8, "phone"),
    "an identity number that is none": ("110101199003070003", "110101199003070001", 7, "identity"),
    "somebody twice in an office": ("13900001114", "13900001113", 10, "office"),
}  # fmt: skip


def rows() -> dict[str, int]:
    """How many rows there are of everything that a founding makes, and of entries."""
    kinds: tuple[type[Model], ...] = (Division, Pool, Case, Account, Seat, PackRecord, Entry)
    return {kind.__name__: kind._default_manager.count() for kind in kinds}


@pytest.fixture
def beside(clock: FixedClock) -> None:
    """Another city that is there already, everything entered."""
    build("nanning", experts=1)
    registers.take_over(clock.now())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(HEADER + ROWS)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    code = main(["city", "init", *words])
    return code, capsys.readouterr().out.splitlines()


def test_a_dry_run_tells_what_it_would_do_and_does_nothing(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows()
    code, lines = run(capsys, "qingdao-2025", "--table", str(table), "--dry-run")
    assert (code, rows()) == (0, before)
    assert lines == [
        "将登记区划 370000 虚东省（省、自治区、直辖市）",
        "将登记区划 370200 青岛市（市、州、地区）",
        "将登记区划 370600 虚台市（市、州、地区）",
        "将登记区划 370202 市南区（区、县）",
        "将登记 370200 青岛市的相邻地区：370600",
        "将建立专家库 qingdao-test 虚构专家库（区划 370200），并公布随机数链",
        "将登记账号 虚构·站长：市市政公用工程质量安全监督站（区划 370200）",
        "将登记账号 虚构·局长：市住房城乡建设局（区划 370200）",
        "将登记账号 虚构·市南：区（市）市政公用工程监督管理部门（区划 370202）",
        "将登记账号 虚构·市南：区（市）市政公用工程监督管理部门（区划 370202）",
    ]


def test_an_authority_begins_and_everything_is_entered(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock
) -> None:
    before = rows()
    code, lines = run(capsys, "qingdao-2025", "--table", str(table))
    after = rows()
    assert (code, [line[:3] for line in lines]) == (0, ["已登记"] * 5 + ["已建立"] + ["已登记"] * 4)
    assert {kind: after[kind] - before[kind] for kind in after} == {
        "Division": 4, "Pool": 1, "Case": 1, "Account": 4, "Seat": 4, "PackRecord": 0, "Entry": 2,
    }  # fmt: skip
    places = Division.objects.filter(code__startswith="37").values_list("code", "parent_id", "level")
    assert set(places) == {
        ("370000", None, "region"), ("370200", "370000", "prefecture"), ("370600", "370000", "prefecture"),
        ("370202", "370200", "county"),
    }  # fmt: skip
    assert [one.code for one in Division.objects.get(pk="370600").neighbours.all()] == ["370200"]
    pool = Pool.objects.get(key="qingdao-test")
    assert (pool.pack_id, pool.file.reference, pool.chains.count()) == ("qingdao-2025", "K-370200", LANES)
    assert [str(one) for one in differences()] == []


def test_whoever_sits_in_the_office_keeps_the_pool_and_no_other(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "qingdao-2025", "--table", str(table))
    pools = {pool.key: pool for pool in Pool.objects.all()}
    keeps = {
        (seat.account.name, key): may_change(actor_in(seat), pool, OPENING).is_allowed
        for seat in Seat.objects.filter(division__code__startswith="37")
        for key, pool in pools.items()
    }
    assert keeps == {
        (name, key): (name, key) == ("虚构·站长", "qingdao-test")
        for name in ("虚构·站长", "虚构·局长", "虚构·市南")
        for key in ("qingdao-test", "nanning")
    }


def test_a_log_in_has_no_password_and_of_the_identity_only_its_digest(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "qingdao-2025", "--table", str(table))
    made = Account.objects.filter(phone__startswith="+861390000111").order_by("phone")
    assert [(one.has_usable_password(), len(one.identity_digest)) for one in made] == [
        (False, 64), (False, 0), (False, 0), (False, 0),
    ]  # fmt: skip
    assert "110101199003070003" not in [one.identity_digest for one in made]


def test_said_again_nothing_changes(beside: None, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "qingdao-2025", "--table", str(table))
    before = rows()
    assert run(capsys, "qingdao-2025", "--table", str(table)) == (0, ["没有需要登记的：已与政策包和表一致"])
    assert rows() == before


def test_a_longer_table_adds_only_what_is_new(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "qingdao-2025", "--table", str(table))
    table.write_text(HEADER + ROWS + "区划,370203,市北区,370200,县级,,,,,\n")
    assert run(capsys, "qingdao-2025", "--table", str(table)) == (0, ["已登记区划 370203 市北区（区、县）"])


def test_without_a_table_the_pack_gives_its_own_division_and_pool(
    beside: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "qingdao-2025") == (
        0,
        [
            "已登记区划 370200 青岛市（市、州、地区）",
            "已建立专家库 qingdao 青岛市专家库（区划 370200），并公布随机数链",
            "尚无账号的岗位：市市政公用工程质量安全监督站、市住房城乡建设局、区（市）市政公用工程监督管理部门",
        ],
    )


def test_a_table_in_toml_says_the_same(
    beside: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.toml"
    path.write_text(TOML)
    code, lines = run(capsys, "qingdao-2025", "--table", str(path))
    assert (code, Seat.objects.get(account__phone="+8613900001111").role) == (0, Role.STATION.value)
    path.write_text(TOML.replace('"station"', '"mayor"'))
    code, lines = run(capsys, "qingdao-2025", "--table", str(path))
    assert (code, lines[0].partition("：")[0]) == (1, f"{path} 第7行 岗位（office）")


@pytest.mark.parametrize("mistake", FAULTS)
def test_a_mistake_is_told_with_line_and_column_and_nothing_is_written(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str], mistake: str
) -> None:
    right, wrong, line, column = FAULTS[mistake]
    assert right in HEADER + ROWS
    table.write_text((HEADER + ROWS).replace(right, wrong, 1))
    before = rows()
    code, lines = run(capsys, "qingdao-2025", "--table", str(table))
    place, _, message = lines[0].partition("：")
    assert (code, rows()) == (1, before)
    assert (place.startswith(f"{table} 第{line}行 "), place.endswith(f"（{column}）")) == (True, True)
    assert "。改法：" in message and lines[-1].endswith("什么也没有登记")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("table.csv", "类别,代号\n", "第1行：表头有不认识的列：代号"),
        ("table.csv", "代码,名称\n", "第1行：表头缺少“类别”"),
        ("table.toml", "[[division]\n", "第1行：不是合法的 TOML"),
        ("table.toml", "[division]\ncode = 1\n", "：division 不是成组的表"),
        ("table.xls", "", "不是 .csv 或 .toml"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(
    beside: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, words: str
) -> None:
    path, before = tmp_path / name, rows()
    path.write_text(text)
    code, lines = run(capsys, "qingdao-2025", "--table", str(path))
    assert (code, words in lines[0], "改法：" in lines[0], rows()) == (1, True, True, before)


def test_a_file_or_pack_that_is_not_there_is_told_so(
    beside: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "qingdao-2025", "--table", str(tmp_path / "none.csv"))[0] == 1
    code, lines = run(capsys, "atlantis-1")
    assert (code, lines) == (
        1, ["没有政策包 atlantis-1。改法：先建立 packs/atlantis-1/，用 lunheng packs check 检查"],
    )  # fmt: skip


def test_what_is_registered_otherwise_is_not_changed_in_passing(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "qingdao-2025", "--table", str(table))
    table.write_text((HEADER + ROWS).replace("虚台市", "别名市"))
    code, lines = run(capsys, "qingdao-2025", "--table", str(table))
    assert (code, lines[0]) == (
        1, f"{table} 第4行 名称（name）：与已登记的“虚台市”不同。改法：改为已登记的值；确需变更的另行办理",
    )  # fmt: skip


def test_a_division_from_before_levels_is_given_its_level(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Division.objects.create(code="370000", name="虚东省")
    run(capsys, "qingdao-2025", "--table", str(table))
    assert Division.objects.get(pk="370000").level == "region"


def test_a_pack_of_the_folder_is_what_is_founded(beside: None, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "qingdao-2025")
    law.forget()
    record = PackRecord.objects.get(digest=packs.resolved("qingdao-2025").digest)
    assert law.of(record.digest).title == packs.resolved("qingdao-2025").head.title


def test_g12_names_and_numbers_of_the_table_are_kept_in_one_way(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = table.read_text().replace("虚构·局长", "虚构・局 长").replace("13900001112", "１３９ 0000 1112")
    table.write_text(
        text.replace("虚构专家库", "虚构\u200b专家库").replace("13900001114", "+86 139-0000-1114")
    )
    assert run(capsys, "qingdao-2025", "--table", str(table))[0] == 0

    account = Account.objects.get(phone="+8613900001112")
    assert (account.name, Pool.objects.get(key="qingdao-test").name) == ("虚构·局长", "虚构专家库")
    assert Account.objects.filter(phone="+8613900001114").count() == 1
    assert run(capsys, "qingdao-2025", "--table", str(table)) == (0, ["没有需要登记的：已与政策包和表一致"])


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("13900001112", "0532-85000001", "固定电话和客服号码不能接收短信"),
        ("13900001112", "1990099888", "手机号码不正确"),
        ("虚构·局长", "虚构😀局长", "姓名第3个字符“😀”"),
        ("虚台市", "虚\ue000市", "第2个字符（U+E000，专用区字符）"),
        ("110101199003070003", "110101********0003", "证件号码不完整"),
        ("13900001114", "139 0000 1113", "写了两次"),
    ],
)
def test_g7_g12_what_cannot_be_taken_is_told_and_founds_nothing(
    beside: None, table: Path, capsys: pytest.CaptureFixture[str], right: str, wrong: str, words: str
) -> None:
    before = rows()
    table.write_text(table.read_text().replace(right, wrong))
    code, lines = run(capsys, "qingdao-2025", "--table", str(table))

    assert (code, rows()) == (1, before)
    assert words in "".join(lines)
