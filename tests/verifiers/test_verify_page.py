"""Anybody checks a draw in the browser: on the page without an upload, and from a disk with the cable pulled."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from lunheng.cases.models import Case
from lunheng.core.events import EVENTS
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import PackRecord
from lunheng.verifiers import verify_draw
from tests.conftest import OPENING
from tests.factories.world import build
from tests.panels.conftest import make
from tests.vectors import make_draw_vectors

VECTORS = Path(make_draw_vectors.__file__).parent / "draw"
TRUE, FORGED, UNFAIR = (VECTORS / f"{name}.json" for name in ("quotas", "quotas-result", "quotas-unfair-0"))


@pytest.fixture
def offline_page(client: Client, tmp_path: Path) -> Path:
    """The page as somebody has stored it on a disk."""
    file = tmp_path / "核验程序.html"
    file.write_bytes(client.get(reverse("portal:offline_verifier")).content)
    return file


def check(page: Page, file: Path) -> None:
    page.get_by_label("要核验的文件").set_input_files(file)
    page.get_by_role("button", name="核验", exact=True).click()


@pytest.mark.django_db(transaction=True)
def test_the_page_checks_a_record_without_sending_it(live_server: Any, page: Page) -> None:
    sent: list[str] = []
    said: list[str] = []
    page.goto(live_server.url + reverse("portal:verify"))
    page.on("request", lambda request: sent.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    check(page, TRUE)
    expect(page.get_by_role("heading", name="核验通过")).to_be_visible()
    expect(page.locator("#verify-result tbody tr")).to_have_count(9)
    check(page, FORGED)
    expect(page.get_by_role("heading", name="核验不通过")).to_be_visible()
    expect(page.get_by_text("重新计算的结果与记录的名单不一致")).to_be_visible()

    # the browser fetches the page's icon when it likes
    assert [url for url in sent if not url.endswith("/favicon.svg")] == []
    assert said == []
    assert Axe().run(page).response["violations"] == []


@pytest.mark.django_db(transaction=True)
def test_without_script_the_server_checks_the_record(live_server: Any, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url + reverse("portal:verify"))

    check(page, FORGED)
    expect(page.get_by_text("重新计算的结果与记录的名单不一致")).to_be_visible()
    check(page, TRUE)
    expect(page.get_by_text("核验通过")).to_be_visible()


@pytest.mark.django_db
def test_the_stored_page_works_from_a_disk_with_the_cable_pulled(
    offline_page: Path, browser: Browser
) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(offline_page.as_uri())

    check(page, TRUE)
    expect(page.get_by_role("heading", name="核验通过")).to_be_visible()
    check(page, VECTORS / "redrawn.json")
    expect(page.get_by_text("重抽了 1 次")).to_be_visible()
    check(page, UNFAIR)
    expect(page.get_by_role("heading", name="核验不通过")).to_be_visible()
    expect(page.locator("#verify-result li")).to_have_text([re.compile("方案不是最公平的")])
    check(page, VECTORS / "malformed-cut.json")
    expect(page.get_by_role("heading", name="这不是抽取记录")).to_be_visible()
    damaged = offline_page.with_name("damaged.json")
    damaged.write_bytes(b'{"a": "\xff"}')
    check(page, damaged)
    expect(page.get_by_text("文件不是 UTF-8 文本")).to_be_visible()

    assert asked == [offline_page.as_uri()]
    assert failed == []


@pytest.mark.django_db
def test_an_expert_looks_up_the_own_chance_and_compares_the_commit(offline_page: Path, page: Page) -> None:
    document = json.loads(TRUE.read_text("utf-8"))
    drawn, _ = document["result"][0]
    page.goto(offline_page.as_uri())
    check(page, TRUE)

    page.get_by_label("查自己的编号").fill(drawn)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("在名单中，被抽中的可能为")).to_be_visible()
    page.get_by_label("查自己的编号").fill("nobody")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("名单中没有这个编号。")).to_be_visible()
    page.get_by_label("抽取前公布的承诺值").fill(document["commit"].upper())
    page.get_by_role("button", name="比对").click()
    expect(page.get_by_text("一致：这份记录就是事先承诺的那一次抽取。", exact=True)).to_be_visible()
    page.get_by_label("抽取前公布的承诺值").fill("00" * 32)
    page.get_by_role("button", name="比对").click()
    expect(page.get_by_text("不一致：")).to_be_visible()


def words_of(client: Client, page: str) -> dict[str, dict[str, str]]:
    """What the page is given to call codes by."""
    found = re.search(r'data-words="([^"]*)"', client.get(reverse(page)).content.decode())
    assert found is not None
    given: dict[str, dict[str, str]] = json.loads(html.unescape(found[1]))
    return given


@pytest.mark.django_db
def test_both_pages_know_what_people_call_events_and_specialties(client: Client) -> None:
    """Also when one of the rulebooks can no longer be read."""
    build("qingdao", experts=0)
    PackRecord.objects.create(
        digest="0" * 64, pack_id="spoiled", version="1", title="虚构", content=b"{", loaded_at=OPENING
    )
    given = [words_of(client, page) for page in ("portal:verify", "portal:offline_verifier")]
    assert given[0] == given[1]
    assert (given[0]["events"], given[0]["specialties"]["steel_structure"]) == (EVENTS, "钢结构工程")


@pytest.mark.django_db
def test_the_seats_are_called_by_their_specialties(
    client: Client, clock: FixedClock, page: Page, tmp_path: Path
) -> None:
    scene = make(build("qingdao", experts=20), clock, [("geotechnics", 5, False)])
    scene.draw()
    Case.objects.filter(pk=scene.case_id).update(state="passed")
    record, stored = tmp_path / "抽取记录.json", tmp_path / "核验程序.html"
    record.write_bytes(client.get(f"/draws/{scene.case.reference}/1/1/record.json").content)
    stored.write_bytes(client.get(reverse("portal:offline_verifier")).content)

    page.goto(stored.as_uri())
    check(page, record)
    expect(page.locator("#verify-result tbody tr td:nth-child(3)")).to_have_text(["岩土工程 geotechnics"] * 5)


@pytest.mark.django_db
def test_the_stored_page_can_neither_load_nor_send_anything(client: Client) -> None:
    """Its own policy names the three scripts by their hash and allows no address at all."""
    response = client.get(reverse("portal:offline_verifier"))
    page = response.content.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)

    assert policy is not None
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts
    )
    assert len(scripts) == 3
    assert policy[1] == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}; base-uri 'none'; form-action 'none'"
    )
    assert "http://" not in page
    assert "https://" not in page
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%A0%B8")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["verify_draw.py", "verify_draw.js", "verify_ledger.py", "verify_ledger.js"])
def test_the_programs_are_handed_out_as_they_are(client: Client, name: str) -> None:
    response = client.get(reverse("portal:verifier", args=[name]))

    assert response.content == (Path(verify_draw.__file__).parent / name).read_bytes()
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["__init__.py", "verify_page.js", "settings.py"])
def test_nothing_else_is_handed_out(client: Client, name: str) -> None:
    assert client.get(f"/verify/{name}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"no json", b"\xff", b'{"a": 1, "a": 2}', b"[1.5]"])
def test_a_file_that_is_no_record_is_answered_and_not_an_error(client: Client, content: bytes) -> None:
    response = client.post(reverse("portal:verify"), {"file": SimpleUploadedFile("record.json", content)})

    assert response.status_code == 200
    assert "不是有效的抽取记录" in response.content.decode()
