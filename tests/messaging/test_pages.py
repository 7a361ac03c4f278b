"""Letters of a person, the carrier's way in, and the simulator's buttons."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from lunheng.accounts.models import Account
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry
from lunheng.messaging import queries, sending
from lunheng.messaging.models import Message, SimulatedPhone
from tests.messaging.conftest import Post

pytestmark = pytest.mark.django_db

TOKEN = "a-token-that-only-the-carrier-has"


@pytest.fixture
def reader(account: Account) -> Client:
    """A browser in which the account is logged in."""
    client = Client()
    client.force_login(account, backend="lunheng.accounts.authentication.PhoneBackend")
    return client


@pytest.fixture
def tencent(settings: Settings) -> None:
    """A site whose carrier is Tencent."""
    settings.SMS_BACKEND = "tencent"
    settings.SMS_CALLBACK_TOKEN = TOKEN


def call_back(token: str = TOKEN, name: str = "tencent", reference: str = "5000:1") -> Any:
    """The carrier reports one delivery."""
    lines = [{"sid": reference, "report_status": "SUCCESS"}]
    return Client().post(f"/messages/callback/{name}/{token}/", json.dumps(lines), "application/json")


def again(message: Message) -> Message:
    """The row as it is now."""
    return Message.objects.get(pk=message.pk)


def test_a_person_reads_what_was_said_to_them_and_only_that(
    post: Post, reader: Client, account: Account, clock: FixedClock
) -> None:
    message = post()
    stranger = Account.objects.create_account(phone="+8619900000002", name="虚构·乙")
    other = post(account=stranger, context={**message.context, "place": "别处"})
    page = reader.get("/my/letters/").content.decode()
    assert (message.words in page, other.words in page) == (True, False)


def test_a_letter_leads_to_the_receipt_of_the_act_that_wrote_it(post: Post, reader: Client) -> None:
    post()
    entry = Entry.objects.get(event="trial.message_posted/1")
    assert f'href="/ledger/receipt/{entry.pk}/">存证回执</a>' in reader.get("/my/letters/").content.decode()


def test_a_letter_has_a_button_instead_of_an_address(post: Post, reader: Client, clock: FixedClock) -> None:
    message = post(link="/my/invitations/1/")
    page = reader.get("/my/letters/").content.decode()
    assert (message.words in page, message.text in page, 'href="/my/invitations/1/"' in page) == (
        True,
        False,
        True,
    )


def test_looking_at_letters_reads_them(
    post: Post, reader: Client, account: Account, clock: FixedClock
) -> None:
    post()
    before = queries.unread_count(account)
    reader.get("/my/letters/")
    assert (before, queries.unread_count(account)) == (1, 0)


def test_a_code_to_log_in_is_no_letter(post: Post, account: Account, clock: FixedClock) -> None:
    post(template="account.code", context={"code": "123456"})
    assert list(queries.letters_of(account)) == []


def test_who_is_not_logged_in_is_asked_to(clock: FixedClock) -> None:
    response = Client().get("/my/letters/")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/my/letters/")


@pytest.mark.usefixtures("tencent")
def test_the_carriers_report_delivers_the_message(post: Post, clock: FixedClock) -> None:
    message = post()
    Message.objects.filter(pk=message.pk).update(state="sent", carrier_reference="5000:1")
    response = call_back()
    assert (response.status_code, response.json()) == (200, {"result": 0, "errmsg": "OK"})
    assert (again(message).state, again(message).delivered_at) == ("delivered", clock.now())
    assert call_back().status_code == 200


@pytest.mark.usefixtures("tencent")
@pytest.mark.parametrize(("token", "name"), [("guess", "tencent"), (TOKEN, "aliyun"), (TOKEN, "nobody")])
def test_nobody_but_the_carrier_finds_the_way_in(token: str, name: str, post: Post) -> None:
    message = post()
    Message.objects.filter(pk=message.pk).update(state="sent", carrier_reference="5000:1")
    assert (call_back(token, name).status_code, again(message).state) == (404, "sent")


def test_without_a_token_there_is_no_way_in(settings: Settings, post: Post) -> None:
    settings.SMS_BACKEND, settings.SMS_CALLBACK_TOKEN = "tencent", ""
    assert call_back("-").status_code == 404


@pytest.mark.usefixtures("tencent")
def test_a_report_that_came_too_early_is_asked_for_again() -> None:
    assert call_back(reference="unknown").status_code == 404


@pytest.mark.usefixtures("tencent")
def test_a_body_that_is_no_report_is_told_so() -> None:
    response = Client().post(f"/messages/callback/tencent/{TOKEN}/", "?", "application/json")
    assert response.status_code == 400


@pytest.mark.parametrize(("outcome", "state"), [("deliver", "delivered"), ("fail", "failed")])
def test_a_button_stands_for_the_carrier(outcome: str, state: str, post: Post, clock: FixedClock) -> None:
    message = post()
    Message.objects.filter(pk=message.pk).update(state="sent")
    Client().post(f"/demo/messages/{message.pk}/report/", {"outcome": outcome})
    assert again(message).state == state


def test_a_number_can_be_made_silent_and_usual_again(post: Post, clock: FixedClock) -> None:
    states = []
    for manner in ("silence", ""):
        Client().post("/demo/messages/phones/", {"phone": "+8619900000001", "manner": manner})
        message = post()
        sending.send_due(clock.now())
        states.append(again(message).state)
    assert (states, SimulatedPhone.objects.count()) == (["sent", "delivered"], 0)


def test_the_page_shows_every_short_message(post: Post, clock: FixedClock) -> None:
    message = post(link="/my/invitations/1/")
    page = Client().get("/demo/messages/").content.decode()
    assert (message.text in page, 'href="/my/invitations/1/"' in page) == (True, True)


@pytest.mark.parametrize("setting", [{"MODE": "production"}, {"SMS_BACKEND": "aliyun"}])
def test_a_site_with_a_real_carrier_has_no_simulator(setting: dict[str, str], settings: Settings) -> None:
    for name, value in setting.items():
        setattr(settings, name, value)
    assert Client().get("/demo/messages/").status_code == 404
