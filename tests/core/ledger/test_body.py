"""The bytes of the ledger: canonical, hashed, chained."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from lunheng.core.ledger import (
    EMPTY_LEAF,
    Body,
    CanonicalError,
    ChainBreak,
    canonical,
    check_chain,
    commitment,
    leaf_hash,
    make_body,
    parse_body,
    uuid7,
)

AT = datetime(2025, 6, 10, 1, 2, 3, 456789, UTC)


def body(n: int = 1, prev: str = EMPTY_LEAF, **fields: Any) -> bytes:
    values = {
        "log": "lunheng.example/ledger",
        "id": "0197d0a8-0000-7000-8000-000000000001",
        "at": AT,
        "tenant": "370200",
        "type": "panel.drawn/1",
        "subject": "LZ-370200-2025-000001",
        "n": n,
        "prev": prev,
        "actor": "a1",
        "role": "contractor",
        "auth": "oidc",
        "req": "r1",
        "pay": "0" * 64,
        **fields,
    }
    return make_body(Body(**values))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z"))),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_019", max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=500, deadline=None)
def test_canonical_bytes_are_those_of_the_standard(value: Any) -> None:
    try:
        ours = canonical(value)
    except CanonicalError:  # text that is not NFC has no form of ours
        return
    assert ours == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": 1.5}, "$.a"),
        ([2**53], "$[0]"),
        ({"钥": 1}, "$"),
        ({1: 1}, "$"),
        ("\ud800", "$"),
        ("e\u0301", "$"),
        ({"a": object()}, "$.a"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(CanonicalError, match=rf"^{place.replace('$', '[$]').replace('[0]', '.0.')}:"):
        canonical(value)


def test_a_leaf_is_the_hash_of_zero_and_the_body() -> None:
    assert leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()


def test_a_body_states_the_moment_in_universal_time() -> None:
    assert parse_body(body())["at"] == "2025-06-10T01:02:03.456789Z"


def test_a_body_with_an_unknown_field_is_refused() -> None:
    fields = {**json.loads(body()), "note": ""}
    with pytest.raises(CanonicalError):
        parse_body(canonical(fields))


def test_a_body_that_is_not_canonical_is_refused() -> None:
    with pytest.raises(CanonicalError, match="canonical form"):
        parse_body(json.dumps(json.loads(body())).encode())


def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(CanonicalError, match="not JSON"):
        parse_body(b"{")


def test_a_commitment_changes_with_the_salt() -> None:
    assert commitment(b"a" * 32, b"{}") != commitment(b"b" * 32, b"{}")


def test_an_identifier_of_version_seven_holds_the_millisecond() -> None:
    identifier = uuid7(AT, b"\xff" * 10)
    assert (identifier.version, identifier.variant, identifier.int >> 80) == (
        7,
        "specified in RFC 4122",
        int(AT.timestamp() * 1000),
    )


def test_an_identifier_needs_ten_random_bytes() -> None:
    with pytest.raises(ValueError, match="ten random bytes"):
        uuid7(AT, b"short")


def test_an_identifier_cannot_be_older_than_its_epoch() -> None:
    with pytest.raises(ValueError, match="before 1970"):
        uuid7(datetime(1969, 1, 1, tzinfo=UTC), b"\x00" * 10)


def chain(length: int = 3) -> list[tuple[bytes, bytes]]:
    links: list[tuple[bytes, bytes]] = []
    previous = EMPTY_LEAF
    for number in range(1, length + 1):
        raw = body(number, previous)
        links.append((raw, leaf_hash(raw)))
        previous = leaf_hash(raw).hex()
    return links


def test_a_whole_chain_holds() -> None:
    assert check_chain("LZ-370200-2025-000001", chain()) == []


def test_a_changed_body_is_found_at_its_place_and_breaks_the_next() -> None:
    links = chain()
    changed = body(2, leaf_hash(links[0][0]).hex(), actor="someone-else")
    links[1] = (changed, links[1][1])
    assert [broken.number for broken in check_chain("LZ-370200-2025-000001", links)] == [2, 3]


def test_a_missing_entry_is_found() -> None:
    links = chain()
    del links[1]
    assert [broken.number for broken in check_chain("LZ-370200-2025-000001", links)] == [2, 2]


def test_a_body_that_cannot_be_read_is_a_break() -> None:
    assert check_chain("s", [(b"{", b"")])[0] == ChainBreak(1, check_chain("s", [(b"{", b"")])[0].reason)


def test_a_body_that_no_bundle_could_give_to_outsiders_is_not_made() -> None:
    whole = len(body(req=""))
    assert len(body(req="x" * (65_535 - whole))) == 65_535
    with pytest.raises(CanonicalError, match="65536 bytes"):
        body(req="x" * (65_536 - whole))


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_what_the_verifiers_call_too_deep_has_no_canonical_form() -> None:
    assert canonical(nested(64)) == b"[" * 64 + b"1" + b"]" * 64
    with pytest.raises(CanonicalError, match="deeper"):
        canonical(nested(65))


@pytest.mark.parametrize("depth", [400, 100_000])
def test_a_stored_body_of_any_depth_is_told_not_to_be_canonical(depth: int) -> None:
    with pytest.raises(CanonicalError):
        parse_body(body().replace(b'"files":[]', b'"files":' + b"[" * depth + b"]" * depth))
