"""Numbers of people: what makes one is its length, its day and its check character, never the place of its issue."""

from datetime import date
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_2

from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused
from lunheng.core.identity import (
    Holder,
    Masked,
    Unfit,
    area_hint,
    credit_code,
    holder_of,
    mobile_number,
    person_number,
    read,
)

ON = date(2026, 12, 1)
CLAUSE = Clause("虚构规则", "第一条")


def number(body: str) -> str:
    """Eighteen signs with the check character of another library."""
    return body + str(mod_11_2.calc_check_digit(body))


def why(given: Any, on: date | None = ON) -> str:
    with pytest.raises(Unfit) as found:
        person_number(given, on)
    return found.value.in_one_line


@pytest.mark.parametrize(
    "area", ["370202", "450102", "110109", "142201", "652101", "370283", "000000", "990000"]
)
@pytest.mark.parametrize("birth", ["19650304", "19680229", "19801231"])
def test_g1_the_area_is_never_a_reason_to_refuse(area: str, birth: str) -> None:
    whole = number(f"{area}{birth}000")
    assert person_number(whole, ON) == whole


def test_g1_a_place_that_is_no_province_is_hinted_at() -> None:
    assert area_hint(number("37020219650304000")) == ""
    assert area_hint(number("00000019650304000")) == "号码前两位“00”不是现行的省级代码，请核对"


@pytest.mark.parametrize(
    ("area", "holder"),
    [
        ("370202", Holder.CITIZEN),
        ("810000", Holder.HONG_KONG),
        ("820000", Holder.MACAU),
        ("830000", Holder.TAIWAN),
        ("937840", Holder.FOREIGNER),
    ],
)
def test_g1_residents_and_foreigners_have_numbers_too(area: str, holder: Holder) -> None:
    whole = number(f"{area}19790102000")
    assert (person_number(whole, ON), holder_of(whole), area_hint(whole)) == (whole, holder, "")


def test_g1_the_older_card_of_a_foreigner_is_a_number() -> None:
    assert person_number("usa 3702 680229 01", ON) == "USA370268022901"
    assert holder_of("USA370268022901") is Holder.FOREIGNER
    assert "出生日期不存在" in why("USA370268023001")


def test_g1_width_case_and_spaces_make_no_other_number() -> None:
    whole = next(
        one for one in (number(f"370202196503{day:02}000") for day in range(1, 29)) if one[-1] == "X"
    )
    spellings = [
        whole.lower(),
        f"  {whole[:6]} {whole[6:14]}\u3000{whole[14:]} ",
        "".join(chr(ord(sign) + 0xFEE0) for sign in whole),
        f"\u200b{whole[:9]}\ufeff{whole[9:]}",
    ]
    assert {person_number(one, ON) for one in spellings} == {whole}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("37020219650230000", "出生日期不存在"),
        ("37020219651301000", "出生日期不存在"),
        ("37020219000229000", "出生日期不存在"),
        ("37020220261202000", "出生日期晚于今天"),
        ("37020220991201000", "出生日期晚于今天"),
        ("37020220150101000", "年龄须为16至130岁"),
        ("37020218500101000", "年龄须为16至130岁"),
    ],
)
def test_g1_a_day_on_which_nobody_here_was_born_is_refused(body: str, words: str) -> None:
    assert why(number(body)).startswith("身份证号码不正确")
    assert words in why(number(body))


def test_g1_every_wrong_check_character_is_refused() -> None:
    whole = number("37020219650304000")
    taken = []
    for sign in "0123456789X":
        try:
            taken.append(person_number(whole[:17] + sign, ON))
        except Unfit:
            continue
    assert taken == [whole]


def test_g1_fifteen_digits_are_told_that_they_ended() -> None:
    assert why("370202650304001") == "15位的旧身份证号码已停止使用。填写现行证件上的18位号码"


STRANGE: tuple[Any, ...] = (
    "", " ", "\u3000", "\x00", "\ud800", "😀", "١" * 18, "१" * 18, "𝟏" * 18, "①" * 18, "3" * 1_000_000, "😀" * 1_000_000,
    "X" * 18, "-" * 18, "370202196503040001; DROP", None, b"370202196503040001", 370202196503040001, 1.5, float("nan"),
    [], {}, Ellipsis, True,
)  # fmt: skip


@pytest.mark.parametrize("given", STRANGE, ids=lambda one: ascii(one)[:30])
@pytest.mark.parametrize("reader", [person_number, credit_code, mobile_number])
def test_g1_strange_input_is_refused_and_never_an_exception(reader: Any, given: Any) -> None:
    with pytest.raises(Unfit) as found:
        reader(given)
    assert str(found.value)
    assert found.value.remedy
    assert found.value.in_one_line.encode()  # it can be shown and stored


@pytest.mark.parametrize("stars", ["********", "＊＊＊＊＊＊＊＊", "××××××××", "●●●●●●●●", "########"])
def test_g5_a_masked_number_names_nobody(stars: str) -> None:
    with pytest.raises(Masked, match="证件号码不完整"):
        person_number(f"370202{stars}101X", ON)


def test_g1_an_act_refuses_under_its_clause_and_tells_no_number() -> None:
    with pytest.raises(Refused) as found:
        read(person_number, "370202196503040001", CLAUSE)
    [reason] = found.value.verdict.reasons
    assert (reason.clause, reason.message, reason.value) == (CLAUSE, "身份证号码不正确", "18位")
