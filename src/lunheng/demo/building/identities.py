"""Numbers that pass their check digits and belong to nobody."""

import hashlib
import hmac

from django.conf import settings

from lunheng.core.identity import check_character, check_digit


def credit_code(division: str, number: int) -> str:
    """A unified social credit code with the right check character."""
    body = f"91{division}MA99{number:05d}"
    return body + check_character(body)


def identity_number(region: str, birth: str, *, is_woman: bool) -> str:
    """An identity number with the right check digit. 000 and 999 are given to nobody
    of this age, so that the number belongs to nobody."""
    order = "000" if is_woman else "999"
    body = f"{region}{birth}{order}"
    return body + check_digit(body)


def identity_digest(number: str) -> str:
    """The keyed digest under which a number is kept; the number itself is kept nowhere."""
    return hmac.new(settings.IDENTITY_KEY.encode(), number.encode(), hashlib.sha256).hexdigest()


def phone(number: int) -> str:
    """A mobile number of the demo in E.164: all zeros behind the prefix, then a running number."""
    return f"+86199{number:08d}"
