"""Public pages: no log-in, names masked, rules to the clause."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lunheng.jurisdictions.models import PackRecord
from tests.factories.world import build

pytestmark = pytest.mark.django_db


def page(path: str, **data: str) -> str:
    return str(Client().get(path, data).content.decode())


def test_the_register_masks_names(clock: object) -> None:
    world = build("qingdao", experts=2)
    shown = page("/register/")
    assert (world.experts[0].unit.name in shown, world.experts[0].name in shown) == (True, False)


def test_an_unknown_word_finds_nobody_and_says_so(clock: object) -> None:
    build("qingdao", experts=1)
    assert "没有符合条件的专家" in page("/register/", text="查无此人")


def test_a_rulebook_tells_clause_and_reading(clock: object) -> None:
    build("qingdao", experts=0)
    record = PackRecord.objects.get(pack_id="qingdao-2025")
    shown = page(f"/rules/{record.digest}/")
    assert ("二（三）" in shown, "本平台的理解" in shown) == (True, True)


def test_a_clause_leads_to_the_rules_that_stand_on_it(clock: object) -> None:
    build("qingdao", experts=0)
    title = "关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知"
    assert "不少于5名所涉专业专家" in page("/rules/clause/", document=title, number="二（二）")


@pytest.mark.parametrize(
    "path", ["/", "/rules/", "/register/", "/verify/", "/ledger/", "/rules/clause/", "/livez", "/readyz"]
)
def test_a_public_page_opens_without_login(path: str, clock: object) -> None:
    assert Client().get(path).status_code == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"c2sp.org/tlog-proof@v1\n", "这是存证回执或案件归档文件"), (b"{}", "不是有效的抽取记录")],
)
def test_without_script_what_is_no_record_of_a_draw_is_not_called_false(content: bytes, said: str) -> None:
    file = SimpleUploadedFile("file", content)
    told = Client().post("/verify/", {"file": file}).content.decode()
    assert ("没有核验" in told, said in told, "核验不通过" in told) == (True, True, False)


def test_the_register_confirms_no_full_name_that_it_does_not_show(clock: object) -> None:
    world = build("qingdao", experts=2)
    expert = world.experts[0]

    assert "没有符合条件的专家" in page("/register/", text=expert.name)
    assert expert.unit.name in page("/register/", text=expert.name[0])
    assert expert.unit.name in page("/register/", text=expert.unit.name)
