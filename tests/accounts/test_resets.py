"""A new password by a code sent to the number of the application (南宁 三（三）)."""

from typing import Any

import pytest
from django.test import Client

from lunheng.accounts import codes
from lunheng.accounts.models import ResetCode
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access
from tests.accounts.conftest import PASSWORD, Telephones, phone_of
from tests.factories.world import World

NEW = "另一个-虚构的-密码"
pytestmark = pytest.mark.clause("NN-三(三)")


def ask(phone: str, client: Client | None = None) -> Any:
    return (client or Client()).post("/login/reset/", {"phone": phone})


def redeem(phone: str, code: str, password: str = NEW, again: str | None = None) -> Any:
    form = {"phone": phone, "code": code, "password": password, "again": password if again is None else again}
    return Client().post("/login/reset/password/", form)


def can_log_in(city: World, password: str) -> bool:
    form = {"phone": phone_of(city, "expert:0"), "password": password}
    return Client().post("/login/expert/?city=nanning", form).status_code == 302


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_sent_to_the_number_sets_a_new_password(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    [(receiver, code)] = telephones.sent

    response = redeem(phone, code)

    assert receiver == f"+86{phone}"
    assert response["location"] == "/login/"
    assert can_log_in(nanning, NEW)


def test_the_old_password_stops_working(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    redeem(phone, telephones.sent[0][1])

    assert not can_log_in(nanning, PASSWORD)


def test_sessions_that_were_open_end(nanning: World, telephones: Telephones) -> None:
    phone, elsewhere = phone_of(nanning, "expert:0"), Client()
    elsewhere.post("/login/expert/?city=nanning", {"phone": phone, "password": PASSWORD})
    ask(phone)

    redeem(phone, telephones.sent[0][1])

    assert not elsewhere.get("/login/").context["request"].user.is_authenticated


def test_a_code_works_once(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    redeem(phone, telephones.sent[0][1])

    assert redeem(phone, telephones.sent[0][1], "第三个-虚构的-密码").status_code == 422
    assert can_log_in(nanning, NEW)


def test_a_code_is_void_after_ten_minutes(nanning: World, telephones: Telephones, clock: FixedClock) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    clock.advance(minutes=10)

    assert redeem(phone, telephones.sent[0][1]).status_code == 422


def test_a_code_works_until_ten_minutes_have_passed(
    nanning: World, telephones: Telephones, clock: FixedClock
) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    clock.advance(minutes=10, seconds=-1)

    assert redeem(phone, telephones.sent[0][1]).status_code == 302


def test_a_newer_code_voids_the_one_before(nanning: World, telephones: Telephones, clock: FixedClock) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    clock.advance(minutes=1)
    ask(phone)
    first, second = (code for _, code in telephones.sent)

    assert redeem(phone, first).status_code == 422 or first == second
    assert redeem(phone, second).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_void(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    code = telephones.sent[0][1]
    for _ in range(5):
        assert redeem(phone, other_than(code)).status_code == 422

    assert redeem(phone, code).status_code == 422


def test_after_four_wrong_codes_the_right_one_works(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    code = telephones.sent[0][1]
    for _ in range(4):
        redeem(phone, other_than(code))

    assert redeem(phone, code).status_code == 302


def test_a_code_of_one_number_does_not_work_for_another(nanning: World, telephones: Telephones) -> None:
    ask(phone_of(nanning, "expert:0"))

    assert redeem(phone_of(nanning, "contractor"), telephones.sent[0][1]).status_code == 422


def test_the_code_is_not_kept_as_it_is(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)

    row = ResetCode.objects.values().get()
    assert telephones.sent[0][1] not in (row["code_digest"], row["phone_digest"])
    assert len(row["code_digest"]) == 64
    assert phone not in row["phone_digest"]


def test_a_code_has_six_digits(nanning: World, telephones: Telephones) -> None:
    ask(phone_of(nanning, "expert:0"))

    code = telephones.sent[0][1]
    assert (len(code), code.isdigit()) == (6, True)


def test_a_second_request_within_a_minute_is_refused(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)

    response = ask(phone)

    assert (response.status_code, response["Retry-After"], len(telephones.sent)) == (429, "60", 1)


def test_a_sixth_request_within_an_hour_is_refused(
    nanning: World, telephones: Telephones, clock: FixedClock
) -> None:
    phone = phone_of(nanning, "expert:0")
    for _ in range(5):
        assert ask(phone).status_code == 302
        clock.advance(minutes=2)

    assert ask(phone).status_code == 429


def test_requests_for_many_numbers_from_one_address_are_limited(
    nanning: World, telephones: Telephones
) -> None:
    answers = [ask(f"199000{number:05d}").status_code for number in range(21)]

    assert answers == [302] * 20 + [429]


def test_codes_tried_for_many_numbers_from_one_address_are_limited(
    nanning: World, telephones: Telephones
) -> None:
    answers = [redeem(f"199000{number:05d}", "000000").status_code for number in range(31)]

    assert answers == [422] * 30 + [429]


def test_an_unknown_number_is_answered_like_a_known_one(nanning: World, telephones: Telephones) -> None:
    known, unknown = Client(), Client()
    answers = [ask(phone_of(nanning, "expert:0"), known), ask("19900099999", unknown)]

    assert [(answer.status_code, answer["location"]) for answer in answers] == [
        (302, "/login/reset/password/"),
        (302, "/login/reset/password/"),
    ]
    pages = [
        client.get("/login/reset/password/").content.decode().count("如果该号码已登记，验证码已经发出")
        for client in (known, unknown)
    ]
    assert pages == [1, 1]


def test_an_unknown_number_costs_the_same_work_and_gets_no_message(
    nanning: World, telephones: Telephones
) -> None:
    ask("19900099999")

    assert telephones.asked == [("+8619900099999", False)]
    assert telephones.sent == []
    assert ResetCode.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_a_weak_password_is_not_taken(nanning: World, telephones: Telephones, password: str) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)

    assert redeem(phone, telephones.sent[0][1], password).status_code == 422
    assert can_log_in(nanning, PASSWORD)


def test_two_different_new_passwords_are_not_taken(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)

    assert redeem(phone, telephones.sent[0][1], NEW, "不同的-虚构的-密码").status_code == 422


def test_whoever_reset_is_kept(nanning: World, telephones: Telephones) -> None:
    phone = phone_of(nanning, "expert:0")
    ask(phone)
    redeem(phone, telephones.sent[0][1])

    last = Access.objects.latest("id")
    assert (last.kind, last.account, last.allowed) == (
        "password_reset",
        nanning.seat("expert:0").account.reference,
        True,
    )


def test_without_a_carrier_nothing_is_promised(nanning: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_installed", [])

    with pytest.raises(codes.NoCodeSender):
        ask(phone_of(nanning, "expert:0"))
    assert ResetCode.objects.count() == 0
