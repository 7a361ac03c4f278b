"""Somebody new in a pool: file, log-in, seat and standing, inside the act that lets him in."""

from datetime import date, datetime
from typing import Any

from lunheng.accounts.models import Account, Seat
from lunheng.cases.models import Case
from lunheng.cases.opening import open_case
from lunheng.core.actor import Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused
from lunheng.core.policy import Law
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.experts.models import Expert, ExpertSpecialty
from lunheng.organizations import queries as units
from lunheng.organizations.models import Organization
from lunheng.pools.models import Membership, Pool


def enroll(
    pool: Pool,
    specialties: list[str],
    at: datetime,
    *,
    ends_on: date | None,
    account: Account | None = None,
    route: str = "keeper",
    **fields: Any,
) -> Expert:
    """The file, the log-in, the expert and the membership of somebody new."""
    on = at.astimezone(CHINA).date()
    file = open_case(Case.Kind.EXPERT, title=fields["name"], division=pool.division, at=at)
    file.title = file.reference
    file.save(update_fields=("title",))
    account = _account(
        fields["name"], fields["phone"], fields["identity_digest"], file.reference, at, account
    )
    standing = Membership.objects.create(pool=pool, file=file, appointed_on=on, ends_on=ends_on, route=route)
    expert = Expert.objects.create(
        file=file, reference=file.reference, pool=pool, membership=standing, account=account, **fields
    )
    ExpertSpecialty.objects.bulk_create(
        ExpertSpecialty(expert=expert, specialty=one) for one in dict.fromkeys(specialties)
    )
    return expert


def take_back(
    expert: Expert,
    specialties: list[str],
    account: Account | None,
    at: datetime,
    *,
    unit: Organization,
    ends_on: date | None,
) -> None:
    """Somebody who was removed comes back to the own file, with a new term; expert and file are locked."""
    standing = Membership.objects.select_for_update(of=("self",)).get(pk=expert.membership_id)
    standing.state, standing.appointed_on = Membership.State.ACTIVE, at.astimezone(CHINA).date()
    standing.ends_on, standing.route = ends_on, "procedure"
    standing.save(update_fields=("state", "appointed_on", "ends_on", "route"))
    expert.unit = unit
    expert.account = account or expert.account
    expert.save(update_fields=("unit", "account"))
    expert.specialties.all().delete()
    ExpertSpecialty.objects.bulk_create(
        ExpertSpecialty(expert=expert, specialty=one) for one in dict.fromkeys(specialties)
    )
    seats = Seat.objects.filter(role=Role.EXPERT.value, expert=expert.reference)
    if expert.account is not None and not seats.filter(account=expert.account).exists():
        Seat.objects.create(account=expert.account, role=Role.EXPERT.value, expert=expert.reference)


def years_before(on: date, years: int) -> date:
    """The day from which the years count; a leap day's anniversary is the last of February."""
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    return date(on.year - years, on.month, day)


def known_specialties(specialties: list[str], law: Law, clause: Clause) -> Verdict:
    labels = law.choices("specialties")
    unknown = [one for one in specialties if one not in labels]
    if unknown or not specialties:
        return refused(clause, "专业须从专业目录中选择", "重新选择专业", "、".join(unknown) or "未选择")
    return allowed(clause, "专业在目录之内")


def is_new(pool: Pool, digest: str, clause: Clause) -> Verdict:
    if Expert.objects.filter(pool=pool, identity_digest=digest).exists():
        return refused(clause, "该专家已在库内", "在其档案中办理续聘或恢复", pool.name)
    return allowed(clause, "库内没有此人")


def is_own_phone(phone: str, digest: str, clause: Clause) -> Verdict:
    holder = Account.objects.filter(phone=phone).first()
    if holder is not None and holder.identity_digest not in ("", digest):
        return refused(clause, "该手机号已由另一人登记", "核对手机号和身份证号码", f"尾号{phone[-4:]}")
    return allowed(clause, "手机号属于本人或尚未登记")


def _account(
    name: str, phone: str, digest: str, reference: str, at: datetime, known: Account | None = None
) -> Account:
    """The person's log-in, known by identity wherever it was made, or by phone; made when there is none."""
    people = Account.objects.filter(kind=Account.Kind.NATURAL, identity_digest=digest)
    account = (
        known
        or people.first()
        or Account.objects.filter(phone=phone).first()
        or Account.objects.create_account(phone=phone, name=name, identity_digest=digest, created_at=at)
    )
    if known is not None and not known.identity_digest:
        known.identity_digest = digest
        known.save(update_fields=("identity_digest",))
    Seat.objects.create(account=account, role=Role.EXPERT.value, expert=reference)
    return account


def organization(code: str, clause: Clause) -> Organization:
    """The unit with this credit code, however it was typed.

    Raises:
        Refused: there is none.
    """
    found = units.by_given_code(code)
    if found is None:
        raise Refused(units.unknown(code, clause))
    return found
