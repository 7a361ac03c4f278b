"""People who log in, the capacities (seats) in which they may act, and what is kept to keep others out."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lunheng.core.actor import OFFICES, Role
from lunheng.organizations.models import Organization

OFFICE_ROLES = OFFICES | {Role.ADMINISTRATOR}
ORGANIZATION_ROLES = frozenset(Role) - OFFICE_ROLES - {Role.SYSTEM, Role.PUBLIC, Role.EXPERT}
"""Whoever is neither an office nor an expert speaks for a unit, so that a new role is judged as one."""
CODE_TRIES = 5


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
    """One person, or one log-in of a legal person. Public pages need none."""

    class Kind(models.TextChoices):
        NATURAL = "natural", "个人"
        LEGAL = "legal", "法人"

    reference = models.CharField(max_length=32, unique=True, default=new_reference)
    phone = models.CharField(max_length=20, unique=True, null=True, help_text="E.164")
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NATURAL)
    identity_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="keyed digest of the identity number, of a legal person: of its credit code",
    )
    subject = models.CharField(
        max_length=128, unique=True, null=True, help_text="city and subject at its identity service"
    )
    verified_by = models.CharField(max_length=32, blank=True, help_text="who proved the real name")
    is_active = models.BooleanField(default=True)
    has_large_type = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "reference"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "identity_digest"),
                condition=~models.Q(identity_digest=""),
                name="one_account_of_an_identity",
            ),
        )

    def __str__(self) -> str:
        return self.name


class SeatManager(models.Manager["Seat"]):
    """Gives seats; each only once."""

    def give(self, account: Account, role: Role, organization: Organization) -> "Seat":
        """The seat of an account for a unit in a role, made if it is not there yet."""
        seat, _ = self.get_or_create(
            account=account, role=role.value, organization=organization, division=None, position="", expert=""
        )
        return seat

    def give_units(self, parties: Sequence[tuple[Organization, str]]) -> list["Seat"]:
        """The seats of every log-in of these legal persons in the role that each unit has taken on (two statements)."""
        units = [organization.pk for organization, _ in parties]
        own = self.filter(
            organization__in=units, position="", expert="", division=None,
            account__kind=Account.Kind.LEGAL, account__is_active=True,
        )  # fmt: skip
        held: dict[int, set[tuple[int, str]]] = {}
        for seat in own:
            held.setdefault(seat.organization_id or 0, set()).add((seat.account_id, seat.role))
        wanted = {
            (account, role, organization.pk)
            for organization, role in parties
            for account, _ in held.get(organization.pk, ())
            if (account, role) not in held[organization.pk]
        }
        return self.bulk_create(
            Seat(account_id=account, role=role, organization_id=unit)
            for account, role, unit in sorted(wanted)
        )


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
    office = models.CharField(
        max_length=32,
        null=True,
        help_text="the office by its identifier in the pack; null where the role names it",
    )
    expert = models.CharField(max_length=32, blank=True, help_text="reference of the expert file")
    identity_digest = models.CharField(
        max_length=64, blank=True, help_text="of the expert file; a log-in of another identity is refused"
    )
    is_active = models.BooleanField(default=True)

    objects: ClassVar[SeatManager] = SeatManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "role", "organization", "division", "expert", "position"),
                name="one_seat_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()}"

    @property
    def is_office(self) -> bool:
        """Whether the seat belongs to an authority or to the platform."""
        return Role(self.role) in OFFICE_ROLES

    @property
    def is_of_organization(self) -> bool:
        """Whether the seat speaks for a unit."""
        return Role(self.role) in ORGANIZATION_ROLES

    def matches(self, account: Account) -> bool:
        """Whether an expert's seat belongs to the identity that logged in."""
        is_same_person = self.identity_digest in ("", account.identity_digest)
        return bool(self.expert) and self.account_id == account.pk and is_same_person


class Attempt(models.Model):
    """One try at something that is limited; rows, so that all processes count the same tries."""

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=64, help_text="keyed digest of a number or an address")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("kind", "key", "at"), name="attempts_to_count"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class ResetCode(models.Model):
    """A code sent to a number, or made without being sent where nobody has that number."""

    phone_digest = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("phone_digest",),
                condition=models.Q(closed_at__isnull=True),
                name="one_open_code_of_a_number",
            ),
            models.CheckConstraint(condition=models.Q(tries__lte=CODE_TRIES), name="code_has_few_tries"),
        )

    def __str__(self) -> str:
        return f"code of {self.created_at}"
