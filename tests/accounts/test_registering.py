"""Who wants to enter a pool has no expert file yet: the door for applicants, and an account by the number of the
application (南宁 三（三）；青岛 三（三）)."""

from typing import Any

import pytest
from django.test import Client

from lunheng.accounts.models import Account
from lunheng.ledger.models import RefusedAttempt
from tests.accounts.conftest import PASSWORD, Telephones, phone_of
from tests.factories.world import World

NUMBER = "19900000888"
CODE_PAGE = "/login/applicant/new/code/"


def ask(client: Client, phone: str = NUMBER, name: str = "虚构·新人", city: str = "nanning") -> Any:
    return client.post(f"/login/applicant/new/?city={city}", {"phone": phone, "name": name})


def redeem(client: Client, code: str, phone: str = NUMBER) -> Any:
    return client.post(CODE_PAGE, {"phone": phone, "code": code, "password": PASSWORD, "again": PASSWORD})


def knock(phone: str) -> Any:
    form = {"phone": phone, "password": PASSWORD}
    return Client().post("/login/applicant/?city=nanning", form)


@pytest.mark.clause("NN-三(三)")
def test_somebody_new_comes_from_the_list_of_matters_to_the_application(
    nanning: World, telephones: Telephones
) -> None:
    client = Client()
    assert 'href="/login/applicant/?city=nanning&next=/apply/nanning/admission/"' in _read(client, "/apply/")
    assert "登记申请人账号" in _read(client, "/login/applicant/?city=nanning&next=/apply/nanning/admission/")
    ask(client)
    response = redeem(client, telephones.sent[0][1])

    assert response["location"] == "/apply/nanning/admission/"
    assert "专家入库申请表" in _read(client, response["location"])
    assert Account.objects.get(phone=f"+86{NUMBER}").kind == Account.Kind.NATURAL
    assert knock(NUMBER).status_code == 302


def test_without_the_code_nobody_is_made(nanning: World, telephones: Telephones) -> None:
    client = Client()
    ask(client)
    code = telephones.sent[0][1]

    assert redeem(client, f"{(int(code) + 1) % 1_000_000:06}").status_code == 422
    assert not Account.objects.filter(phone=f"+86{NUMBER}").exists()


def test_a_number_that_has_an_account_keeps_its_name_and_is_told_nothing_else(
    nanning: World, telephones: Telephones
) -> None:
    expert, client = nanning.seat("expert:0").account, Client()
    new, known = ask(Client()), ask(client, phone_of(nanning, "expert:0"), "另一姓名")
    redeem(client, telephones.sent[1][1], phone_of(nanning, "expert:0"))

    assert (new.status_code, new["location"]) == (known.status_code, known["location"])
    assert Account.objects.get(pk=expert.pk).name == expert.name


@pytest.mark.clause("NN-三(二)")
def test_a_unit_does_not_apply(nanning: World) -> None:
    assert knock(phone_of(nanning, "contractor")).status_code == 403
    assert RefusedAttempt.objects.latest("id").reasons[0]["number"] == "三（三）"


@pytest.mark.clause("QD-三(一)")
def test_where_an_identity_service_proves_people_nobody_registers_by_a_number(
    qingdao: World, telephones: Telephones
) -> None:
    assert 'href="/login/identity/qingdao/?entrance=applicant"' in _read(Client(), "/login/?city=qingdao")
    assert ask(Client(), city="qingdao").status_code == 403
    assert telephones.sent == []


def _read(client: Client, path: str) -> str:
    return client.get(path).content.decode()
