"""Codes by which a person who has the number sets a new password (南住建〔2019〕104号 三（三）：可以重置).

The number of tries, the time and the requests are limited; codes are kept as keyed digests only. An unknown number is
answered like a known one and costs the same work.
"""

import secrets
from datetime import datetime, timedelta
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from lunheng.accounts.models import CODE_TRIES, Account, ResetCode
from lunheng.accounts.throttle import KEPT, Limit, key_of, try_once
from lunheng.ledger.registers import written

LIFE = timedelta(minutes=10)
DIGITS = 6
REQUESTS_OF_A_NUMBER = (
    Limit("code-minute", 1, timedelta(minutes=1)),
    Limit("code-hour", 5, timedelta(hours=1)),
)
REQUESTS_OF_AN_ADDRESS = Limit("code-address", 20, timedelta(hours=1))
CHECKS_OF_AN_ADDRESS = Limit("check-address", 30, timedelta(minutes=10))


class CodeSender(Protocol):
    """Whoever carries codes to telephones; the app that sends short messages installs itself as one."""

    def send_code(self, *, phone: str, code: str, is_known: bool, at: datetime) -> None:
        """Send the code to the number (E.164). Where ``is_known`` is false: the same work, and nothing is sent."""


class NoCodeSender(ImproperlyConfigured):
    """Nobody carries codes: no app called ``codes.install`` when it was made ready."""

    def __init__(self) -> None:
        super().__init__("未安装验证码发送渠道：短信应用须在启动时调用 accounts.codes.install()")


_installed: list[CodeSender] = []


def install(sender: CodeSender) -> None:
    """Let ``sender`` carry the codes of this process from now on."""
    _installed[:] = [sender]


def installed() -> CodeSender:
    """Whoever carries the codes.

    Raises:
        NoCodeSender: nobody does.
    """
    if not _installed:
        raise NoCodeSender
    return _installed[0]


def request_code(*, phone: str, address: str, at: datetime, is_open: bool = False) -> None:
    """Send a code to a number (E.164); the codes sent to it before are void. ``is_open``: also where nobody has it yet.

    Raises:
        TooManyAttempts: too many requests for this number or from this address.
        NoCodeSender: nobody carries codes.
    """
    sender = installed()
    limits = [(limit, key_of(phone)) for limit in REQUESTS_OF_A_NUMBER]
    try_once([*limits, (REQUESTS_OF_AN_ADDRESS, key_of(address))], at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with transaction.atomic():
        _replace(phone, code, at)
        is_known = is_open or Account.objects.filter(phone=phone, is_active=True).exists()
        sender.send_code(phone=phone, code=code, is_known=is_known, at=at)


def reset_password(*, phone: str, code: str, password: str, address: str, at: datetime) -> Account | None:
    """Set the password of whoever has the number and the code; None where the code is wrong, used, late or tried too
    often. All sessions of the account end with the old password.

    Raises:
        TooManyAttempts: too many codes were tried from this address.
    """
    try_once([(CHECKS_OF_AN_ADDRESS, key_of(address))], at)
    with transaction.atomic():
        if not _redeem(phone, code, at):
            return None
        account = Account.objects.select_for_update().filter(phone=phone, is_active=True).first()
        if account is not None:
            account.set_password(password)
            account.save(update_fields=["password"])
        return account


def register(
    *, phone: str, name: str, code: str, password: str, address: str, at: datetime
) -> Account | None:
    """The account of a person who applies (凭申请入库的手机号码和密码登录), made where the number has none; one that is
    there gets the new password and keeps its name. None where the code is wrong, used, late or tried too often.

    Raises:
        TooManyAttempts: too many codes were tried from this address.
    """
    try_once([(CHECKS_OF_AN_ADDRESS, key_of(address))], at)
    with written("登记申请人账号", at):
        if not _redeem(phone, code, at):
            return None
        account = Account.objects.select_for_update().filter(phone=phone).first()
        if account is None:
            return Account.objects.create_account(phone=phone, name=name, password=password, created_at=at)
        if not account.is_active:
            return None
        account.set_password(password)
        account.save(update_fields=["password"])
        return account


def _replace(phone: str, code: str, at: datetime) -> None:
    ResetCode.objects.filter(created_at__lt=at - KEPT).delete()
    ResetCode.objects.filter(phone_digest=key_of(phone), closed_at__isnull=True).update(closed_at=at)
    ResetCode.objects.create(
        phone_digest=key_of(phone), code_digest=_digest(phone, code), created_at=at, expires_at=at + LIFE
    )


def _redeem(phone: str, code: str, at: datetime) -> bool:
    """Use up one try of the open code, and the code itself where it is right."""
    row = (
        ResetCode.objects.select_for_update()
        .filter(phone_digest=key_of(phone), closed_at__isnull=True, expires_at__gt=at)
        .first()
    )
    is_right = constant_time_compare(row.code_digest if row else "", _digest(phone, code))
    if row is None:
        return False
    row.tries += 1
    row.closed_at = at if is_right or row.tries == CODE_TRIES else None
    row.save(update_fields=["tries", "closed_at"])
    return is_right


def _digest(phone: str, code: str) -> str:
    return salted_hmac("lunheng.accounts.codes", f"{phone}|{code}", algorithm="sha256").hexdigest()
