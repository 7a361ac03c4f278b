"""Codes that pass their check digits and belong to nobody."""

from functools import lru_cache

from stdnum.cn import uscc

FICTITIOUS = "虚构"
"""In every made-up name, so that nobody takes it for a real one."""


@lru_cache(maxsize=4096)
def credit_code(number: int, division: str = "370200") -> str:
    """A unified social credit code with the right check character; the body is all nines and the number."""
    body = f"91{division}MA99{number:05d}"
    return body + str(uscc.calc_check_digit(body))


def phone(number: int) -> str:
    """A mobile number of a range that no carrier has handed out to people, in E.164."""
    return f"+86199{number:08d}"
