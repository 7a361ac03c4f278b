"""身份: the keys and names of people and units, each read by one function and written in one way.

Every door (form, act, interface, identity service, table of ``lunheng city init``) reads through here. A reader takes
anything at all and gives the canonical text, or raises `Unfit` with words for the person; it raises nothing else.
"""

from lunheng.core.identity.credit import check_character, credit_code
from lunheng.core.identity.faults import Masked, Unfit, read, unfit
from lunheng.core.identity.names import clean_name, clean_unit_name, folded
from lunheng.core.identity.numbers import Holder, area_hint, check_digit, holder_of, person_number
from lunheng.core.identity.phones import MOBILE_EXAMPLE, contact_number, mobile_number
from lunheng.core.identity.signs import canonical

__all__ = [
    "MOBILE_EXAMPLE",
    "Holder",
    "Masked",
    "Unfit",
    "area_hint",
    "canonical",
    "check_character",
    "check_digit",
    "clean_name",
    "clean_unit_name",
    "contact_number",
    "credit_code",
    "folded",
    "holder_of",
    "mobile_number",
    "person_number",
    "read",
    "unfit",
]
