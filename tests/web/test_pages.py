"""The shell's own pages: the switch to 大字模式 and what is shown when something goes wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from lunheng.accounts.models import Account

pytestmark = [pytest.mark.urls("tests.web.gallery"), pytest.mark.django_db]


def test_large_type_is_kept_on_the_device_and_leads_back_to_the_page(client: Client) -> None:
    answer = client.post(reverse("web:large_type"), {"on": "1", "next": "/gallery/desk/?page=2"})
    assert answer.url == "/gallery/desk/?page=2"  # type: ignore[attr-defined]
    assert client.cookies["large_type"].value == "1"


def test_large_type_is_switched_off_again(client: Client) -> None:
    client.post(reverse("web:large_type"), {"on": "1"})
    client.post(reverse("web:large_type"), {"on": "0"})
    assert client.cookies["large_type"].value == ""


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_the_switch_never_leads_to_another_site(client: Client, target: str) -> None:
    answer = client.post(reverse("web:large_type"), {"on": "1", "next": target})
    assert answer.url == "/"  # type: ignore[attr-defined]


def test_the_switch_is_not_thrown_by_following_a_link(client: Client) -> None:
    assert client.get(reverse("web:large_type")).status_code == 405


def test_a_page_that_is_not_there_says_what_to_do(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "请检查地址，或从首页的列表重新进入。" in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_every_error_page_stands_without_a_request(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert "回到首页" in page


def test_a_form_without_its_token_is_told_to_reload() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("web:large_type"), {"on": "1"})
    assert answer.status_code == 403
    assert "页面已过期，没有提交" in answer.content.decode()


def test_large_type_is_kept_with_the_account_too(client: Client) -> None:
    account = Account.objects.create_account(phone="+8613900000000", name="王虚构")
    client.force_login(account, backend="lunheng.accounts.authentication.AccountBackend")
    client.post(reverse("web:large_type"), {"on": "1"})
    account.refresh_from_db()
    assert account.has_large_type
