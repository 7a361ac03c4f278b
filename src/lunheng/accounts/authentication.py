"""How an account proves that it is itself."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from lunheng.accounts.models import Account


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
