"""Anybody checks receipts, checkpoints, the whole log and case files in the browser, with the cable pulled."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from tests.vectors import make_draw_vectors
from tests.verifiers.ledger_site import (
    CONTENT,
    LOG_KEY,
    PLAN,
    POLICY,
    SALT,
    case_file,
    changed,
    paper_log,
    put,
    with_body,
)

LOG = paper_log(300)
CASE = [body for body in LOG.bodies if b'"CS-0001"' in body]
DRAWN = (Path(make_draw_vectors.__file__).parent / "draw" / "quotas.json").read_bytes()
RESULT = "#verify-result"


@pytest.fixture(autouse=True)
def published(tmp_path: Path, settings: Settings) -> Path:
    """The site says whom it asks to sign."""
    policy = put(tmp_path / "published.txt", POLICY.encode())
    settings.LEDGER_POLICY = str(policy)
    return policy


@pytest.fixture
def offline_page(client: Client, tmp_path: Path) -> Path:
    """The page as somebody has stored it on a disk."""
    return put(tmp_path / "核验程序.html", client.get(reverse("portal:offline_verifier")).content)


@pytest.fixture
def check(offline_page: Path, browser: Browser) -> Callable[..., Page]:
    """Open the stored page without a network and check files with it."""
    page = browser.new_context(offline=True, locale="zh-CN").new_page()
    page.goto(offline_page.as_uri())

    def run(*files: Path, folder: Path | None = None, policy: str | None = None) -> Page:
        page.reload()
        page.get_by_label("要核验的文件").set_input_files(files)
        if folder:
            page.get_by_label("整个日志的文件夹").set_input_files(folder)
        if policy is not None:
            page.get_by_text("策略：相信哪些公钥").click()
            page.get_by_label("策略文件内容").fill(policy)
        page.get_by_role("button", name="核验", exact=True).click()
        return page

    return run


def headings(page: Page, *texts: str) -> None:
    expect(page.locator(f"{RESULT} h2")).to_have_text(list(texts))


@pytest.mark.django_db
def test_a_receipt_is_verified_from_a_disk_with_the_cable_pulled(
    offline_page: Path, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_context(offline=True).new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(offline_page.as_uri())

    page.get_by_label("要核验的文件").set_input_files(put(tmp_path / "回执", LOG.receipt(255, 300)))
    page.get_by_role("button", name="核验", exact=True).click()

    headings(page, "核验通过")
    expect(
        page.get_by_text(
            "这条存证确在日志中：案件 CS-0001 的第 171 条，日志 300 条中的第 255 号，记录于 2026-11-24 08:04:15（北京时间）。"
        )
    ).to_be_visible()
    expect(
        page.get_by_text("见证方 witness.example/w1 的签名成立，见证时刻 2025-11-25 00:00:00（北京时间）")
    ).to_be_visible()
    expect(page.get_by_text(f"log.example/ledger（{LOG_KEY.key.identifier.hex()}）")).to_be_visible()
    expect(page.get_by_role("heading", name="没有核验、只是相信的")).to_be_visible()
    assert asked == [offline_page.as_uri()]
    assert failed == []


@pytest.mark.django_db
def test_a_receipt_is_checked_together_with_content_and_file(
    check: Callable[..., Page], tmp_path: Path
) -> None:
    receipt = put(tmp_path / "a.tlog-proof", LOG.receipt(7, 300))
    salted = {"salt": SALT.hex(), "content": json.dumps(CONTENT), "erased_at": None}
    payload = put(tmp_path / "0001.payload.json", json.dumps(salted).encode())
    other = put(tmp_path / "other.json", json.dumps({**salted, "content": "{}"}).encode())
    plan, changed_plan = put(tmp_path / "plan.pdf", PLAN), put(tmp_path / "changed.pdf", PLAN + b" ")

    page = check(receipt, payload, plan)
    headings(page, "核验通过")
    expect(page.get_by_text("内容与存证的承诺一致")).to_be_visible()
    expect(page.get_by_text("文件 plan.pdf 与存证一致")).to_be_visible()
    headings(check(receipt, other), "核验不通过")
    headings(check(receipt, changed_plan), "核验不通过")
    expect(page.get_by_text("文件 changed.pdf 不是存证所列文件")).to_be_visible()


@pytest.mark.django_db
def test_the_page_calls_a_step_by_its_words_and_counts_no_rows_as_a_file(
    check: Callable[..., Page], tmp_path: Path
) -> None:
    rows = {"sha256": "00" * 32, "kind": "rows", "n": 3}
    files = [*json.loads(LOG.bodies[299])["files"], rows]
    log = with_body(LOG, 299, changed(LOG.bodies[299], files=files, type="plan.submitted/1"))
    page = check(put(tmp_path / "a.tlog-proof", log.receipt(299, 300)))
    headings(page, "核验通过")
    expect(page.get_by_text("事项“提交专项施工方案”（代号 plan.submitted/1）")).to_be_visible()
    expect(page.get_by_text(f"存证列有 {len(files) - 1} 个文件的散列")).to_be_visible()
    expect(page.get_by_text("存证另有业务数据核对值（不是文件）")).to_be_visible()


@pytest.mark.django_db
def test_the_page_says_what_kind_of_no_it_is(check: Callable[..., Page], tmp_path: Path) -> None:
    good = LOG.receipt(7, 300)
    forged = put(tmp_path / "forged", good.replace(b"index 7", b"index 8"))
    cut = put(tmp_path / "cut", good[:-9])
    lonely = put(tmp_path / "lonely", LOG.receipt(7, 300, LOG.checkpoint(300, witnesses=1)))
    noise = put(tmp_path / "noise", b"what is this")

    headings(check(forged), "核验不通过")
    headings(check(cut), "文件格式不对")
    headings(check(lonely), "未达到策略要求")
    page = check(noise)
    headings(page, "文件格式不对")
    expect(page.get_by_text("认不出这个文件")).to_be_visible()


@pytest.mark.django_db
def test_another_policy_may_be_brought_along(check: Callable[..., Page], tmp_path: Path) -> None:
    receipt = put(tmp_path / "a", LOG.receipt(7, 300, LOG.checkpoint(300, witnesses=0)))
    alone = f"log {LOG_KEY.key}\nquorum none\n"

    headings(check(receipt), "未达到策略要求")
    headings(check(receipt, put(tmp_path / "policy.txt", alone.encode())), "核验通过")
    page = check(receipt, policy=alone)
    headings(page, "核验通过")
    expect(page.get_by_text("运营方若另签一份历史给别人")).to_be_visible()
    headings(check(receipt, policy="quorum none"), "未达到策略要求")
    headings(check(receipt, policy=" "), "材料不全，无法核验")


@pytest.mark.django_db
def test_two_checkpoints_are_compared_or_one_is_shown_to_extend_the_other(
    check: Callable[..., Page], tmp_path: Path
) -> None:
    older, newer = (put(tmp_path / f"{size}.ckpt", LOG.checkpoint(size)) for size in (130, 300))
    fork = with_body(LOG, 299, changed(LOG.bodies[299], actor="someone"))
    other = put(tmp_path / "other.ckpt", fork.checkpoint(300))
    proof = put(tmp_path / "request", LOG.extension(130, 300))

    headings(check(newer), "核验通过")
    page = check(newer, other)
    headings(page, "核验通过", "核验通过", "核验不通过")
    expect(page.get_by_text("这两个检查点就是分裂视图的证据")).to_be_visible()
    headings(check(older, newer), "核验通过", "核验通过", "材料不全，无法核验")
    headings(check(newer, older, proof), "核验通过", "核验通过", "核验通过")
    expect(page.get_by_text("原有各条未改、未删、未插入")).to_be_visible()


@pytest.mark.django_db
def test_a_folder_is_audited_and_laid_beside_a_checkpoint_that_was_kept(
    check: Callable[..., Page], tmp_path: Path
) -> None:
    kept = put(tmp_path / "kept.ckpt", LOG.checkpoint(130))
    whole = LOG.export(tmp_path / "log")
    fork = with_body(LOG, 100, changed(LOG.bodies[100], actor="someone"))
    forged, holed = fork.export(tmp_path / "forged"), LOG.export(tmp_path / "holed")
    (holed / "tile/entries/000").unlink()

    page = check(kept, folder=whole)
    headings(page, "核验通过", "核验通过", "核验通过")
    expect(page.get_by_text("300 条正文逐条重算")).to_be_visible()
    page = check(kept, folder=forged)
    headings(page, "核验通过", "核验不通过", "核验不通过")
    expect(page.get_by_text("第 102 号：案件 CS-0001 的链在第 69 条断开")).to_be_visible()
    page = check(folder=holed)
    headings(page, "材料不全，无法核验")
    expect(page.get_by_text("缺少 tile/entries/000")).to_be_visible()


@pytest.mark.django_db
def test_a_case_file_is_unpacked_and_its_draw_checked(check: Callable[..., Page], tmp_path: Path) -> None:
    good = put(
        tmp_path / "case.zip",
        case_file(
            CASE[:9], {"extra/transcript-1.json": DRAWN, "ledger/0001.tlog-proof": LOG.receipt(0, 300)}
        ),
    )
    bad = put(tmp_path / "bad.zip", case_file([*CASE[:4], *CASE[5:9]]))

    page = check(good)
    headings(page, "核验通过", "核验通过")
    expect(page.get_by_text("9 条存证首尾相接，没有缺号")).to_be_visible()
    expect(page.get_by_text("1 张回执全部成立：这些存证在签名的日志中")).to_be_visible()
    expect(page.get_by_text("8 条存证没有附回执")).to_be_visible()
    expect(page.get_by_text("extra/transcript-1.json")).to_be_visible()
    page = check(bad)
    headings(page, "核验不通过")
    expect(page.get_by_text("案件的链在第 5 条断开")).to_be_visible()


@pytest.mark.django_db(transaction=True)
def test_the_page_of_the_site_checks_a_receipt_without_sending_it(
    live_server: Any, page: Page, tmp_path: Path
) -> None:
    sent: list[str] = []
    said: list[str] = []
    page.goto(live_server.url + reverse("portal:verify"))
    page.on("request", lambda request: sent.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    page.get_by_label("要核验的文件").set_input_files(put(tmp_path / "a", LOG.receipt(7, 300)))
    page.get_by_role("button", name="核验", exact=True).click()

    headings(page, "核验通过")
    assert [url for url in sent if not url.endswith("/favicon.svg")] == []
    assert said == []
    page.get_by_text("策略：相信哪些公钥").click()
    assert Axe().run(page).response["violations"] == []


@pytest.mark.django_db
def test_a_site_without_a_policy_offers_none(client: Client, published: Path) -> None:
    published.unlink()
    page = client.get(reverse("portal:verify")).content.decode()

    assert 'aria-describedby="verify-policy-hint"></textarea>' in page
