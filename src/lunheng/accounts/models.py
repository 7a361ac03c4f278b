"""People who log in, and the capacities (seats) in which they may act."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lunheng.core.actor import Role


def new_reference() -> str:
    """A pseudonym under which the ledger knows an account."""
    return uuid.uuid4().hex


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; a password is optional because some people come from an identity service."""

    def create_account(
        self, *, phone: str | None, name: str, password: str | None = None, **fields: object
    ) -> "Account":
        account = self.model(phone=phone, name=name, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One person, or one legal person's log-in. Public pages need none."""

    class Kind(models.TextChoices):
        NATURAL = "natural", "个人"
        LEGAL = "legal", "法人"

    reference = models.CharField(max_length=32, unique=True, default=new_reference)
    phone = models.CharField(max_length=20, unique=True, null=True, help_text="E.164")
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NATURAL)
    identity_digest = models.CharField(
        max_length=64, blank=True, help_text="keyed digest of the identity number"
    )
    subject = models.CharField(
        max_length=128, unique=True, null=True, help_text="subject at the identity service"
    )
    verified_by = models.CharField(max_length=32, blank=True, help_text="who proved the real name")
    is_active = models.BooleanField(default=True)
    has_large_type = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "reference"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A capacity of an account: a role for an organization, for an office of a division, or as an expert."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=24, choices=[(role.value, role.label) for role in Role])
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, null=True, related_name="seats"
    )
    division = models.ForeignKey(
        "jurisdictions.Division", on_delete=models.PROTECT, null=True, related_name="seats"
    )
    position = models.CharField(
        max_length=32, blank=True, help_text="e.g. technical_director, chief_supervisor"
    )
    expert = models.CharField(max_length=32, blank=True, help_text="reference of the expert file")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "role", "organization", "division", "expert", "position"),
                name="one_seat_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()}"
