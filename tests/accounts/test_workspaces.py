"""Units and experts each in their own workspace, also by a typed address and through the interface."""

from typing import Any

import pytest
from django.test import Client

from lunheng.accounts.cities import city_by_key
from lunheng.accounts.models import ORGANIZATION_ROLES, Account, Seat
from lunheng.accounts.permissions import may_use_expert_workspace
from lunheng.accounts.sessions import CITY_KEY
from lunheng.accounts.workspaces import workspace
from lunheng.core.verdict import Outcome
from lunheng.jobs import clock as product_clock
from lunheng.ledger.models import RefusedAttempt
from tests.factories.world import World

pytestmark = pytest.mark.urls("tests.accounts.pages")


def clauses() -> list[str]:
    return [reason["number"] for reason in RefusedAttempt.objects.latest("id").reasons]


def through_the_door(city: World, seat: str) -> Client:
    """Logged in through the door of the city."""
    client = city.client(seat).http
    session = client.session
    session[CITY_KEY] = city.city
    session.save()
    return client


def as_natural(city: World, seat: str) -> Client:
    """The same seat, but its account is a person's and not the unit's."""
    Account.objects.filter(pk=city.seat(seat).account_id).update(kind="natural")
    return city.client(seat).http


@pytest.mark.parametrize("address", ["/works/", "/marked/units/"])
def test_a_person_who_opens_a_page_of_units_is_refused(qingdao: World, address: str) -> None:
    response = through_the_door(qingdao, "expert:0").get(address)

    assert (response.status_code, clauses()) == (403, ["三（二）"])
    assert "三（二）" in response.content.decode()


@pytest.mark.parametrize("address", ["/my/", "/marked/experts/"])
def test_a_unit_that_opens_a_page_of_experts_is_refused(qingdao: World, address: str) -> None:
    response = qingdao.client("contractor").http.get(address)

    assert (response.status_code, clauses()) == (403, ["三（三）"])


@pytest.mark.clause("NN-三(二)")
def test_a_company_that_opens_a_page_of_experts_is_refused_in_nanning(nanning: World) -> None:
    response = nanning.client("contractor").http.get("/my/")

    assert (response.status_code, clauses()) == (403, ["三（二）"])


def test_a_unit_opens_the_pages_of_units(qingdao: World) -> None:
    assert qingdao.client("contractor").http.get("/works/").status_code == 200


def test_an_expert_opens_the_pages_of_experts(qingdao: World) -> None:
    assert qingdao.client("expert:0").http.get("/my/").status_code == 200


def test_an_expert_file_of_another_identity_stays_shut(qingdao: World) -> None:
    Seat.objects.filter(pk=qingdao.seat("expert:0").pk).update(identity_digest="a" * 64)

    response = through_the_door(qingdao, "expert:0").get("/my/")

    assert (response.status_code, clauses()) == (403, ["三（三）"])


def test_the_seat_of_another_expert_is_not_the_persons_own(qingdao: World) -> None:
    city = city_by_key("qingdao", product_clock.now())
    assert city is not None
    another = qingdao.expert_seat(qingdao.add_expert())

    verdict = may_use_expert_workspace(qingdao.seat("expert:0").account, city.law, qingdao.seat(another))

    assert (verdict.outcome, verdict.reasons[0].clause.number) == (Outcome.REFUSED, "三（三）")


def test_a_person_in_the_seat_of_a_unit_performs_no_act(qingdao: World) -> None:
    client = as_natural(qingdao, "contractor")

    response: Any = client.post("/api/acts/works.register_project", {}, content_type="application/json")

    assert response.status_code == 403
    assert [reason["number"] for reason in response.json()["reasons"]] == ["三（二）"]


@pytest.mark.parametrize("role", sorted(ORGANIZATION_ROLES))
def test_every_role_of_a_unit_needs_the_legal_person(qingdao: World, role: str) -> None:
    Seat.objects.filter(pk=qingdao.seat("contractor").pk).update(role=role)

    assert as_natural(qingdao, "contractor").get("/elsewhere/").status_code == 403
    assert clauses() == ["三（二）"]


def test_a_unit_in_the_seat_of_an_expert_performs_no_act(qingdao: World) -> None:
    Account.objects.filter(pk=qingdao.seat("expert:0").account_id).update(kind="legal")

    response: Any = through_the_door(qingdao, "expert:0").get("/api/cases/1")

    assert response.status_code == 403
    assert [reason["number"] for reason in response.json()["reasons"]] == ["三（三）"]


@pytest.mark.clause("QD-三(一)")
@pytest.mark.parametrize("address", ["/works/", "/elsewhere/", "/api/cases/1"])
def test_an_account_without_proof_of_the_real_name_gets_no_page(qingdao: World, address: str) -> None:
    Account.objects.filter(pk=qingdao.seat("contractor").account_id).update(verified_by="")

    response = qingdao.client("contractor").http.get(address)

    assert (response.status_code, clauses()) == (403, ["三（一）"])


@pytest.mark.clause("QD-三(一)")
@pytest.mark.parametrize("address", ["/login/", "/manual/company/", "/marked/public/"])
def test_an_account_without_proof_of_the_real_name_gets_the_public_pages(
    qingdao: World, address: str
) -> None:
    Account.objects.filter(pk=qingdao.seat("contractor").account_id).update(verified_by="")

    assert qingdao.client("contractor").http.get(address).status_code == 200


def test_nanning_asks_for_no_identity_service(nanning: World) -> None:
    Account.objects.filter(pk=nanning.seat("contractor").account_id).update(verified_by="")

    assert nanning.client("contractor").http.get("/works/").status_code == 200


def test_an_office_opens_the_pages_of_units(qingdao: World) -> None:
    assert qingdao.client("station").http.get("/works/").status_code == 200


def test_nobody_in_particular_is_left_to_the_page_itself(qingdao: World) -> None:
    assert Client().get("/works/").status_code == 200


def test_where_the_city_is_not_known_all_of_them_judge(qingdao: World) -> None:
    qingdao.client("expert:0").http.get("/works/")

    reasons = RefusedAttempt.objects.latest("id").reasons
    assert len({reason["document"] for reason in reasons}) == 2


def test_the_city_of_the_door_judges_a_unit_from_elsewhere(qingdao: World) -> None:
    client = as_natural(qingdao, "contractor")
    session = client.session
    session[CITY_KEY] = "nanning"
    session.save()

    client.get("/works/")

    reasons = RefusedAttempt.objects.latest("id").reasons
    assert [("南宁" in reason["document"], reason["number"]) for reason in reasons] == [(True, "三（二）")]


def test_a_seat_is_switched(qingdao: World) -> None:
    seat = qingdao.seat("contractor")
    other = Seat.objects.create(account=seat.account, role="supervisor", organization=seat.organization)
    client = qingdao.client("contractor").http

    response = client.post("/seat/", {"seat": other.pk, "next": "/works/"})

    assert (response.status_code, response["location"]) == (302, "/works/")
    assert client.session["seat"] == other.pk


def test_a_seat_of_the_wrong_kind_is_not_taken(qingdao: World) -> None:
    seat = qingdao.seat("contractor")
    other = Seat.objects.create(account=seat.account, role="expert", expert="虚构档案")
    client = through_the_door(qingdao, "contractor")

    response = client.post("/seat/", {"seat": other.pk})

    assert (response.status_code, clauses()) == (403, ["三（三）"])
    assert client.session["seat"] == seat.pk


def test_a_seat_of_somebody_else_is_not_found(qingdao: World) -> None:
    client = qingdao.client("contractor").http

    assert client.post("/seat/", {"seat": qingdao.seat("station").pk}).status_code == 404


def test_a_workspace_has_one_of_two_names() -> None:
    with pytest.raises(ValueError, match="office"):
        workspace("office")
