"""How an account proves that it is itself."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from lunheng.accounts.models import Account
from lunheng.accounts.throttle import Limit, forget, key_of, try_once

WRONG_FROM_ONE_PLACE = Limit("login", 5, timedelta(minutes=5))
TRIES_OF_A_NUMBER = Limit("login-number", 50, timedelta(minutes=5))
TRIES_OF_AN_ADDRESS = Limit("login-address", 200, timedelta(minutes=5))


class AccountBackend(BaseBackend):
    """Finds the account of a session; proofs are the work of the other backends."""

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()


class PhoneBackend(AccountBackend):
    """Mobile number and password (南住建〔2019〕104号 三（三）)."""

    def authenticate(
        self, request: HttpRequest | None, phone: str | None = None, password: str | None = None, **_: Any
    ) -> Account | None:
        account = Account.objects.filter(phone=phone, is_active=True).first() if phone else None
        if account is None:
            Account().set_password(password)  # the same work whether the number is known or not
            return None
        return account if password and account.check_password(password) else None


def prove_by_password(*, phone: str, password: str, address: str, at: datetime) -> Account | None:
    """The account that has this number (E.164) and password; tries are counted before any hash is computed.

    Raises:
        TooManyAttempts: too many wrong tries for the number from this address, or for either of them alone.
    """
    pair = key_of(phone, address)
    limits = [
        (WRONG_FROM_ONE_PLACE, pair),
        (TRIES_OF_A_NUMBER, key_of(phone)),
        (TRIES_OF_AN_ADDRESS, key_of(address)),
    ]
    ticket = try_once(limits, at)
    account = PhoneBackend().authenticate(None, phone=phone, password=password)
    if account is not None:
        ticket.give_back()
        forget(WRONG_FROM_ONE_PLACE, pair)
    return account
