"""What does not fit, in words for whoever typed it; and the refusal that a fault becomes under a clause."""

from collections.abc import Callable

from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused
from lunheng.core.verdict import Verdict, refused


class Unfit(ValueError):
    """A key or a name that cannot be taken: what is wrong, what to do next, and what was found (never the number)."""

    def __init__(self, message: str, remedy: str, value: str = "") -> None:
        super().__init__(message)
        self.remedy, self.value = remedy, value

    @property
    def in_one_line(self) -> str:
        """For a field of a form: what is wrong and what to do."""
        return f"{self}。{self.remedy}"


class Masked(Unfit):
    """Part of it is hidden by stars: it names nobody."""


def unfit(clause: Clause, fault: Unfit) -> Verdict:
    """The refusal of a fault under a clause."""
    return refused(clause, str(fault), fault.remedy, fault.value)


def read(reader: Callable[[object], str], given: object, clause: Clause) -> str:
    """What an act was given, in its one spelling. Raises Refused under the clause where it does not fit."""
    try:
        return reader(given)
    except Unfit as fault:
        raise Refused(unfit(clause, fault)) from None
