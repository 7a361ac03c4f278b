"""Telephone numbers: one spelling, and what cannot take a short message is told with an example."""

import pytest

from lunheng.core.identity import Masked, Unfit, contact_number, mobile_number

SPELLINGS = (
    "13900001111", " 139 0000 1111 ", "139-0000-1111", "１３９００００１１１１", "+8613900001111", "+86 139 0000 1111", "＋８６１３９００００１１１１",
    "8613900001111", "008613900001111", "(+86)13900001111", "（+86）139 0000 1111", "\u200b139\u30000000\u00a01111", "139‑0000–1111",
)  # fmt: skip


@pytest.mark.parametrize("given", SPELLINGS)
def test_g7_one_number_has_one_spelling(given: str) -> None:
    assert mobile_number(given) == "+8613900001111"


@pytest.mark.parametrize(
    "segment",
    [
        "130",
        "145",
        "149",
        "153",
        "162",
        "165",
        "167",
        "172",
        "178",
        "190",
        "191",
        "192",
        "193",
        "195",
        "196",
        "197",
        "199",
    ],
)
def test_g7_new_segments_are_numbers(segment: str) -> None:
    assert mobile_number(f"{segment}00001111") == f"+86{segment}00001111"


@pytest.mark.parametrize(
    "given",
    [
        "0532-85000001", "053285000001", "85000001", "010 65000001", "1990099888", "139000011112", "013900001111", "4006000001",
        "400-600-0001", "8008100001", "95588", "110", "12345", "12900001111", "11000001111", "10086", "1064899123456", "+85291234567",
        "+1 212 555 0100", "0085291234567", "139000011a1", "１３９００００１１１", "13900001111,13900002222", "13900001111转8",
    ],
)  # fmt: skip
def test_g7_what_takes_no_message_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(Unfit) as found:
        mobile_number(given)
    assert "例如 13900001111" in found.value.remedy


def test_g7_why_a_landline_will_not_do_is_said() -> None:
    with pytest.raises(Unfit, match="固定电话和客服号码不能接收短信"):
        mobile_number("0532-85000001")


def test_g7_a_number_with_stars_is_not_whole() -> None:
    with pytest.raises(Masked):
        mobile_number("139****1111")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("13900001111", "+8613900001111"),
        ("199 0000 0000", "+8619900000000"),
        ("0532-85000001", "0532-85000001"),
        ("（0532）85000001", "0532-85000001"),
        ("０５３２－８５００００１", "0532-8500001"),
        ("010-65000001 转 8012", "010-65000001转8012"),
        ("0532-85000001-12", "0532-85000001转12"),
        ("+86 532 85000001", "0532-85000001"),
    ],
)
def test_g7_where_a_landline_will_do_it_is_kept_with_its_area_code(given: str, kept: str) -> None:
    assert contact_number(given) == kept


@pytest.mark.parametrize(
    "given", ["85000001", "4006000001", "139", "01380000111122", "", None, b"13900001111", "😀"]
)
def test_g7_what_reaches_nobody_is_no_number(given: object) -> None:
    with pytest.raises(Unfit) as found:
        contact_number(given)
    assert "0532-85000001" in found.value.remedy
