"""Real names through an identity service: natural and legal persons (青岛 三), against a certified provider."""

from typing import Any

import pytest
from django.test import Client

from lunheng.accounts.cities import city_by_key
from lunheng.accounts.identity import (
    IdentityFlow,
    UnusableIdentity,
    account_for,
    identity_digest,
    read_claims,
)
from lunheng.accounts.models import Account, Seat
from lunheng.jobs import clock as product_clock
from lunheng.ledger.models import Access, RefusedAttempt
from tests.factories.world import World
from tests.harness.oidc import EXPERT_NUMBER, UNIT_CODE, IdentityService


def come_in(client: Client, service: IdentityService, identity: str, entrance: str = "") -> Any:
    """The whole way: our door, the service, and back."""
    begun = client.get(f"/login/identity/qingdao/?entrance={entrance}")
    assert begun.status_code == 302, begun.content.decode()[:500]
    return client.get(service.log_in(begun["location"], identity).replace("http://testserver", ""))


def bind_expert(city: World) -> Seat:
    """The pool knows the expert's identity number, by its digest."""
    seat = city.seat("expert:0")
    digest = identity_digest(EXPERT_NUMBER)
    Account.objects.filter(pk=seat.account_id).update(identity_digest=digest, verified_by="")
    Seat.objects.filter(pk=seat.pk).update(identity_digest=digest)
    return Seat.objects.get(pk=seat.pk)


def clauses() -> list[str]:
    return [reason["number"] for reason in RefusedAttempt.objects.latest("id").reasons]


@pytest.mark.clause("QD-三(二)/unit workspace")
def test_a_legal_person_comes_in_for_its_unit(qingdao: World, identity_service: IdentityService) -> None:
    client = Client()

    response = come_in(client, identity_service, "unit", "company")

    seat = Seat.objects.get(pk=client.session["seat"])
    assert response.status_code == 302
    assert seat.organization is not None
    assert (seat.account.kind, seat.organization.code, seat.role) == ("legal", UNIT_CODE, "contractor")
    assert seat.account.verified_by == "oidc:qingdao"
    assert client.get("/projects/").status_code == 200


@pytest.mark.clause("QD-三(二)/unit workspace")
def test_a_unit_that_is_known_keeps_the_role_it_is_known_in(
    qingdao: World, identity_service: IdentityService
) -> None:
    unit = qingdao.unit("supervisor")
    unit.code = UNIT_CODE
    unit.save()

    come_in(Client(), identity_service, "unit", "company")

    assert [seat.role for seat in Account.objects.get(subject="qingdao:unit").seats.all()] == ["supervisor"]


def test_the_same_legal_person_is_one_account(qingdao: World, identity_service: IdentityService) -> None:
    for _ in range(2):
        come_in(Client(), identity_service, "unit", "company")

    account = Account.objects.get(subject="qingdao:unit")
    assert account.seats.count() == 1


@pytest.mark.clause("QD-三(三)/expert workspace")
def test_an_expert_is_bound_to_the_file_of_the_identity_number(
    qingdao: World, identity_service: IdentityService
) -> None:
    seat, client = bind_expert(qingdao), Client()

    response = come_in(client, identity_service, "expert", "expert")

    assert response.status_code == 302
    assert client.session["seat"] == seat.pk
    assert Account.objects.get(pk=seat.account_id).subject == "qingdao:expert"
    assert client.get("/my/").status_code == 200


@pytest.mark.clause("QD-三(二)/individual refused")
def test_an_expert_who_came_in_does_not_open_the_pages_of_units(
    qingdao: World, identity_service: IdentityService
) -> None:
    bind_expert(qingdao)
    client = Client()
    come_in(client, identity_service, "expert", "expert")

    assert client.get("/my/").status_code == 200
    assert client.get("/projects/").status_code == 403
    assert clauses() == ["三（二）"]


@pytest.mark.clause("QD-三(三)/legal person refused")
def test_a_unit_that_came_in_does_not_open_the_pages_of_experts(
    qingdao: World, identity_service: IdentityService
) -> None:
    client = Client()
    come_in(client, identity_service, "unit", "company")

    assert client.get("/projects/").status_code == 200
    assert client.get("/my/").status_code == 403
    assert clauses() == ["三（三）"]


@pytest.mark.clause("QD-三(三)/expert workspace")
def test_a_person_without_an_expert_file_is_refused_at_the_expert_entrance(
    qingdao: World, identity_service: IdentityService
) -> None:
    bind_expert(qingdao)
    client = Client()

    response = come_in(client, identity_service, "stranger", "expert")

    assert (response.status_code, clauses()) == (403, ["三（三）"])
    assert "_auth_user_id" not in client.session


@pytest.mark.clause("QD-三(二)/individual refused")
def test_a_person_at_the_company_entrance_is_refused(
    qingdao: World, identity_service: IdentityService
) -> None:
    response = come_in(Client(), identity_service, "expert", "company")

    assert (response.status_code, clauses()) == (403, ["三（二）"])


@pytest.mark.clause("QD-三(三)/legal person refused")
def test_a_legal_person_at_the_expert_entrance_is_refused(
    qingdao: World, identity_service: IdentityService
) -> None:
    response = come_in(Client(), identity_service, "unit", "expert")

    assert (response.status_code, clauses()) == (403, ["三（三）"])


@pytest.mark.clause("QD-三(一)")
def test_without_proof_of_the_real_name_nobody_comes_in(
    qingdao: World, identity_service: IdentityService
) -> None:
    client = Client()

    response = come_in(client, identity_service, "unproven")

    assert (response.status_code, clauses()) == (403, ["三（一）"])
    assert "_auth_user_id" not in client.session
    assert not Account.objects.filter(subject="qingdao:unproven").exists()
    assert client.get("/login/").status_code == 200


@pytest.mark.clause("QD-三(一)")
def test_login_through_the_service_is_kept(qingdao: World, identity_service: IdentityService) -> None:
    client = Client()
    come_in(client, identity_service, "unit", "company")
    client.post("/logout/")

    account = Account.objects.get(subject="qingdao:unit").reference
    kept = Access.objects.filter(account=account).order_by("id").values_list("kind", "what")
    assert list(kept) == [("login", "青岛市企业端"), ("logout", "退出登录")]


@pytest.mark.parametrize("identity", ["nameless", "false_code"])
def test_an_identity_that_is_incomplete_does_not_come_in(
    qingdao: World, identity_service: IdentityService, identity: str
) -> None:
    client = Client()

    response = come_in(client, identity_service, identity)

    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_account_that_was_closed_does_not_come_in(
    qingdao: World, identity_service: IdentityService
) -> None:
    come_in(Client(), identity_service, "unit", "company")
    Account.objects.filter(subject="qingdao:unit").update(is_active=False)
    client = Client()

    assert come_in(client, identity_service, "unit", "company").status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_answer_of_the_service_works_only_in_the_session_that_asked(
    qingdao: World, identity_service: IdentityService
) -> None:
    begun = Client().get("/login/identity/qingdao/")
    address = identity_service.log_in(begun["location"], "unit").replace("http://testserver", "")
    thief = Client()

    assert thief.get(address).status_code == 403
    assert "_auth_user_id" not in thief.session


def test_a_token_that_was_changed_on_the_way_does_not_come_in(
    qingdao: World, identity_service: IdentityService, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = IdentityFlow.get_access_token_data

    def change(self: IdentityFlow, *given: Any, **named: Any) -> Any:
        answer = received(self, *given, **named)
        head, body, signature = answer["id_token"].split(".")
        other = "B" if signature[0] == "A" else "A"
        return {**answer, "id_token": f"{head}.{body}.{other}{signature[1:]}"}

    monkeypatch.setattr(IdentityFlow, "get_access_token_data", change)
    client = Client()

    assert come_in(client, identity_service, "unit", "company").status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_request_carries_a_challenge(qingdao: World, identity_service: IdentityService) -> None:
    address = Client().get("/login/identity/qingdao/")["location"]

    assert "code_challenge_method=S256" in address


def test_an_answer_without_code_does_not_come_in(qingdao: World, identity_service: IdentityService) -> None:
    response = Client().get("/login/identity/qingdao/callback/?error=access_denied&state=x")

    assert response.status_code == 403


def test_a_service_that_is_not_connected_says_so(qingdao: World) -> None:
    response = Client().get("/login/identity/qingdao/")

    assert response.status_code == 503
    assert "尚未接入" in response.content.decode()


def test_a_service_that_does_not_answer_says_so(qingdao: World, settings: Any) -> None:
    service = {"server": "http://127.0.0.1:9", "client": "lunheng", "secret": "only-for-tests"}
    settings.IDENTITY_SERVICES = {"qingdao": service}

    response = Client().get("/login/identity/qingdao/")

    assert response.status_code == 503
    assert "暂时无法连接" in response.content.decode()


def test_a_city_of_numbers_and_passwords_has_no_such_door(nanning: World) -> None:
    assert Client().get("/login/identity/nanning/").status_code == 404


def test_two_answers_that_contradict_each_other_identify_nobody() -> None:
    userinfo = {"sub": "other", "identity_type": "natural", "name": "虚构", "identity_number": EXPERT_NUMBER}

    with pytest.raises(UnusableIdentity):
        read_claims({"id_token": {"sub": "one"}, "userinfo": userinfo})


def test_a_proof_that_is_not_literally_true_is_none() -> None:
    userinfo = {"sub": "one", "identity_type": "natural", "name": "虚构", "identity_number": EXPERT_NUMBER}

    claims = read_claims(
        {"id_token": {"sub": "one"}, "userinfo": {**userinfo, "real_name_verified": "false"}}
    )

    assert claims.is_proven is False


def test_a_subject_that_becomes_somebody_else_is_refused(qingdao: World) -> None:
    city = city_by_key("qingdao", product_clock.now())
    assert city is not None
    person = {"sub": "one", "identity_type": "natural", "name": "虚构", "real_name_verified": True}
    first = read_claims(
        {"id_token": {"sub": "one"}, "userinfo": {**person, "identity_number": EXPERT_NUMBER}}
    )
    second = read_claims(
        {"id_token": {"sub": "one"}, "userinfo": {**person, "identity_number": "37020019000101002X"}}
    )
    account_for(first, city, product_clock.now())

    with pytest.raises(UnusableIdentity):
        account_for(second, city, product_clock.now())


def test_the_identity_number_is_not_kept(qingdao: World, identity_service: IdentityService) -> None:
    come_in(Client(), identity_service, "stranger")

    row = Account.objects.filter(subject="qingdao:stranger").values().get()
    assert row["identity_digest"] == identity_digest("37020019000101002X")
    assert "37020019000101002X" not in [str(value) for value in row.values()]
