"""What the interface lets in, the ledger can write."""

import pytest
from pydantic import TypeAdapter, ValidationError

from lunheng.api.bounds import bounded
from lunheng.core.ledger import canonical

NUMBER = TypeAdapter(bounded("number", int))


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1])
def test_the_largest_numbers_are_let_in_and_written(number: int) -> None:
    assert canonical({"number": NUMBER.validate_python(number)}) == f'{{"number":{number}}}'.encode()


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_a_number_that_the_ledger_cannot_write_is_not_let_in(number: int) -> None:
    with pytest.raises(ValidationError):
        NUMBER.validate_python(number)
