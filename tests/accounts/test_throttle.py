"""Limits hold however many try at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from lunheng.accounts.models import Attempt
from lunheng.accounts.throttle import Limit, TooManyAttempts, address_of, key_of, try_once

AT = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
FIVE = Limit("test", 5, timedelta(minutes=5))


def attempt(at: datetime = AT, key: str = "one") -> bool:
    """Whether a try got through."""
    try:
        try_once([(FIVE, key_of(key))], at)
    except TooManyAttempts:
        return False
    finally:
        connection.close() if not connection.in_atomic_block else None
    return True


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_no_more_than_the_limit_get_through() -> None:
    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(lambda _: attempt(), range(40)))

    assert passed <= 5
    assert Attempt.objects.count() == passed


@pytest.mark.django_db
def test_a_try_too_many_does_not_lengthen_the_wait() -> None:
    for second in range(5):
        attempt(AT + timedelta(seconds=second))
    attempt(AT + timedelta(minutes=4))

    assert attempt(AT + timedelta(minutes=5))


@pytest.mark.django_db
def test_the_wait_is_until_the_oldest_try_no_longer_counts() -> None:
    for minute in range(5):
        attempt(AT + timedelta(minutes=minute))

    with pytest.raises(TooManyAttempts) as refused:
        try_once([(FIVE, key_of("one"))], AT + timedelta(minutes=4))
    assert refused.value.wait == timedelta(minutes=1)


@pytest.mark.django_db
def test_another_key_has_its_own_limit() -> None:
    for _ in range(6):
        attempt()

    assert attempt(key="two")


@pytest.mark.django_db
def test_old_tries_are_not_kept() -> None:
    attempt(key="two")
    attempt(AT + timedelta(days=1, seconds=1))

    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("asking", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:1:2:3", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_the_many_addresses_of_one_connection_count_as_one(asking: str, counted: str) -> None:
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=asking)) == counted
