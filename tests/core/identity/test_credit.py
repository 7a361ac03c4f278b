"""Codes of units (GB 32100-2015): any registrar, the check character decides."""

import pytest
from stdnum.cn import uscc

from lunheng.core.identity import Masked, Unfit, check_character, credit_code

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(body: str) -> str:
    """A code with the check character that the standard's own formula gives (another writing than the product's)."""
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, weights, strict=True))
    return body + SIGNS[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    "registrar",
    [
        "11",
        "12",
        "13",
        "21",
        "31",
        "51",
        "52",
        "91",
        "92",
        "93",
        "N1",
        "N2",
        "N3",
        "A1",
        "G1",
        "Y1",
        "41",
        "54",
        "61",
        "72",
        "81",
    ],
)
def test_g1_every_registrar_is_known(registrar: str) -> None:
    whole = code(f"{registrar}370202MA99TEST0"[:17].replace("S", "5").ljust(17, "0"))
    assert credit_code(whole) == whole


def test_g1_the_check_character_is_the_one_of_another_library() -> None:
    bodies = [f"91370202MA99{index:05}" for index in range(0, 99_999, 977)]
    assert [check_character(body) for body in bodies] == [str(uscc.calc_check_digit(body)) for body in bodies]


def test_g1_every_wrong_check_character_is_refused() -> None:
    whole = code("N2370202MF0000001")
    taken = []
    for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        try:
            taken.append(credit_code(whole[:17] + sign))
        except Unfit:
            continue
    assert taken == [whole]


def test_g1_width_case_and_spaces_make_no_other_code() -> None:
    whole = code("N2370202MF0000001")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in whole)
    spellings = [whole.lower(), wide, f" {whole[:8]} {whole[8:]}\u200b", wide.lower()]
    assert {credit_code(one) for one in spellings} == {whole}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("91370202MA990000I1", "不用I、O、Z、S、V"),
        ("9137A202MA99000001", "不用I、O、Z、S、V"),
        ("370200228000001", "旧的15位注册号"),
        ("16305123-4", "旧的15位注册号"),
        ("", "没有填写统一社会信用代码"),
    ],
)
def test_g1_what_is_wrong_with_a_code_is_said(given: str, words: str) -> None:
    with pytest.raises(Unfit) as found:
        credit_code(given)
    assert words in found.value.in_one_line


def test_g5_a_masked_code_names_nobody() -> None:
    with pytest.raises(Masked):
        credit_code("91370202********01")
