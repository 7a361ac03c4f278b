"""The start of every visit: doors, manuals, and who may come in by which door (南宁 三（一）至（三）)."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, RefusedAttempt
from tests.accounts.conftest import PASSWORD, phone_of
from tests.factories.world import World


def knock(client: Client, city: World, door: str, seat: str, password: str = PASSWORD) -> Any:
    return client.post(
        f"/login/{door}/?city={city.city}", {"phone": phone_of(city, seat), "password": password}
    )


def clauses() -> list[str]:
    return [reason["number"] for reason in RefusedAttempt.objects.latest("id").reasons]


@pytest.mark.clause("NN-三(一)")
def test_the_door_opens_without_login_and_leads_to_both_entrances(nanning: World) -> None:
    page = Client().get("/login/").content.decode()

    assert 'href="/login/company/?city=nanning"' in page
    assert 'href="/login/expert/?city=nanning"' in page


@pytest.mark.clause("QD-三(一)")
def test_a_city_with_an_identity_service_offers_it_and_no_password(qingdao: World) -> None:
    page = Client().get("/login/?city=qingdao").content.decode()

    assert 'href="/login/identity/qingdao/?entrance=company"' in page
    assert 'href="/login/identity/qingdao/?entrance=expert"' in page
    assert "/login/company/" not in page


@pytest.mark.clause("NN-三(二)")
@pytest.mark.clause("QD-三(二)b")
@pytest.mark.parametrize(
    ("address", "title"), [("/manual/company/", "企业操作手册"), ("/manual/expert/", "专家操作手册")]
)
def test_the_manuals_open_from_the_door_without_login(nanning: World, address: str, title: str) -> None:
    assert f'href="{address}"' in Client().get("/login/").content.decode()
    assert f"<h1>{title}</h1>" in Client().get(address).content.decode()


@pytest.mark.clause("NN-三(二)")
def test_a_company_comes_in_by_the_company_entrance(nanning: World) -> None:
    client = Client()

    response = knock(client, nanning, "company", "contractor")

    assert response.status_code == 302
    assert client.session["seat"] == nanning.seat("contractor").pk


@pytest.mark.clause("NN-三(三)")
def test_an_expert_comes_in_by_number_and_password(nanning: World) -> None:
    client = Client()

    response = knock(client, nanning, "expert", "expert:0")

    assert response.status_code == 302
    assert client.session["seat"] == nanning.seat("expert:0").pk


def test_an_office_comes_in_by_its_own_entrance(nanning: World) -> None:
    client = Client()

    knock(client, nanning, "office", "station")

    assert client.session["seat"] == nanning.seat("station").pk


@pytest.mark.clause("NN-三(二)")
def test_a_company_at_the_expert_entrance_is_refused(nanning: World) -> None:
    client = Client()

    response = knock(client, nanning, "expert", "contractor")

    assert response.status_code == 403
    assert clauses() == ["三（二）"]
    assert "_auth_user_id" not in client.session


@pytest.mark.clause("NN-三(三)")
def test_an_expert_at_the_company_entrance_is_refused(nanning: World) -> None:
    client = Client()

    response = knock(client, nanning, "company", "expert:0")

    assert response.status_code == 403
    assert clauses() == ["三（三）"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("seat", "clause"), [("contractor", "三（二）"), ("expert:0", "三（三）")])
def test_others_at_the_office_entrance_are_refused(nanning: World, seat: str, clause: str) -> None:
    assert knock(Client(), nanning, "office", seat).status_code == 403
    assert clauses() == [clause]


@pytest.mark.clause("QD-三(一)")
def test_a_password_is_refused_where_the_city_asks_for_the_identity_service(qingdao: World) -> None:
    response = knock(Client(), qingdao, "company", "contractor")

    assert response.status_code == 403
    assert clauses() == ["三（一）"]


@pytest.mark.clause("QD-三(一)")
def test_login_and_logout_are_kept(nanning: World) -> None:
    client = Client()
    knock(client, nanning, "expert", "expert:0")
    client.post("/logout/")

    account = nanning.seat("expert:0").account.reference
    kept = Access.objects.filter(account=account).order_by("id").values_list("kind", "what", "allowed")
    assert list(kept) == [("login", "南宁市专家端", True), ("logout", "退出登录", True)]


def test_a_wrong_password_is_kept_without_saying_whose(nanning: World) -> None:
    knock(Client(), nanning, "expert", "expert:0", "wrong")

    last = Access.objects.latest("id")
    assert (last.kind, last.account, last.allowed) == ("login", "public", False)


def test_the_session_gets_a_new_key_at_login(nanning: World) -> None:
    client = Client()
    client.get("/login/company/?city=nanning")
    before = client.session.session_key

    knock(client, nanning, "company", "contractor")

    assert client.session.session_key != before


def test_the_page_that_was_asked_for_opens_after_login(nanning: World) -> None:
    client = Client()
    client.get("/login/?next=/manual/company/")

    assert knock(client, nanning, "company", "contractor")["location"] == "/manual/company/"


def test_a_page_of_another_site_does_not_open_after_login(nanning: World) -> None:
    client = Client()
    client.get("/login/?next=https://elsewhere.example/")

    assert knock(client, nanning, "company", "contractor")["location"] == "/desk/"


def test_the_sixth_wrong_password_is_not_looked_at(nanning: World, clock: FixedClock) -> None:
    for _ in range(5):
        assert knock(Client(), nanning, "expert", "expert:0", "wrong").status_code == 422

    response = knock(Client(), nanning, "expert", "expert:0")

    assert (response.status_code, response["Retry-After"]) == (429, "300")


def test_after_five_minutes_the_right_password_works_again(nanning: World, clock: FixedClock) -> None:
    for _ in range(6):
        knock(Client(), nanning, "expert", "expert:0", "wrong")
    clock.advance(minutes=5)

    assert knock(Client(), nanning, "expert", "expert:0").status_code == 302


def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(nanning: World) -> None:
    for _ in range(6):
        knock(Client(REMOTE_ADDR="192.0.2.7"), nanning, "expert", "expert:0", "wrong")

    assert knock(Client(), nanning, "expert", "expert:0").status_code == 302


def test_the_right_password_clears_the_wrong_ones(nanning: World) -> None:
    for _ in range(4):
        knock(Client(), nanning, "expert", "expert:0", "wrong")
    knock(Client(), nanning, "expert", "expert:0")

    for _ in range(4):
        assert knock(Client(), nanning, "expert", "expert:0", "wrong").status_code == 422


def test_no_password_is_hashed_once_the_limit_is_reached(
    nanning: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        knock(Client(), nanning, "expert", "expert:0", "wrong")
    hashed: list[str] = []
    monkeypatch.setattr(
        "lunheng.accounts.models.Account.check_password", lambda self, raw: hashed.append(raw)
    )
    monkeypatch.setattr("lunheng.accounts.models.Account.set_password", lambda self, raw: hashed.append(raw))

    knock(Client(), nanning, "expert", "expert:0", "wrong")

    assert hashed == []


def test_a_number_nobody_has_costs_as_many_hashes(nanning: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    Client().post("/login/expert/?city=nanning", {"phone": "19900099999", "password": "unknown"})
    knock(Client(), nanning, "expert", "expert:0", "known")

    assert hashed == ["unknown", "known"]


def test_a_number_nobody_has_is_answered_like_a_wrong_password(nanning: World) -> None:
    unknown = Client().post("/login/expert/?city=nanning", {"phone": "19900099999", "password": "wrong"})
    known = knock(Client(), nanning, "expert", "expert:0", "wrong")

    assert unknown.status_code == known.status_code == 422
    for response in (unknown, known):
        assert "手机号码或密码不正确" in response.content.decode()


def test_behind_a_proxy_of_ours_the_address_of_the_person_counts(nanning: World, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    for _ in range(6):
        knock(
            Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.7"),
            nanning,
            "expert",
            "expert:0",
            "x",
        )

    owner = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.8")
    assert knock(owner, nanning, "expert", "expert:0").status_code == 302


def test_an_address_that_anyone_may_write_does_not_count(nanning: World) -> None:
    for number in range(5):
        knock(Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}"), nanning, "expert", "expert:0", "x")

    assert knock(Client(HTTP_X_FORWARDED_FOR="192.0.2.9"), nanning, "expert", "expert:0").status_code == 429
