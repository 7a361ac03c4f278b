"""Pool and request as files."""

from fractions import Fraction

import pytest

from lunheng.core.draw import Candidate, Category, Group, Request, RequestError, Seat
from lunheng.core.draw.reading import check_excluded, probability_lines, read_pool, read_request

HEADER = "id,unit,territory,specialties\n"
REQUEST = """
size = 7
per_unit = 1
tiers = ["650100", "650200"]
fixed = ["e1"]
excluded = ["e2"]

[quota]
geotechnics = [2, 3]
structure = 4

[category.structural]
specialties = ["geotechnics", "structure"]
range = [5, 7]

[group.holding]
units = ["u1", "u2"]
range = [0, 1]
"""


def test_a_pool_is_read_line_by_line() -> None:
    text = "\ufeff" + HEADER + "e1,u1,650100,geotechnics;structure\ne2,u2,,\n"

    assert read_pool(text) == (
        Candidate("e1", "u1", ("geotechnics", "structure"), "650100"),
        Candidate("e2", "u2", (), ""),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,unit\n", "专家名单缺少栏目：territory、specialties"),
        ("", "专家名单缺少栏目：id、unit、territory、specialties"),
        (HEADER + "e1,u1,650100\n", "专家名单第 2 行的栏目数与表头不符"),
        (HEADER + "e1,u1,650100,a,b\n", "专家名单第 2 行的栏目数与表头不符"),
        (HEADER + "e1,,650100,a\n", "专家名单第 2 行缺少编号或单位"),
        (HEADER + 'e1,"u1,650100,a\n', "专家名单第 1 行之后不是有效的 CSV"),
    ],
)
def test_a_pool_that_cannot_be_read_says_where(text: str, message: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_pool(text)

    assert str(refused.value) == message


def test_settled_seats_conflicts_and_the_hash_are_read() -> None:
    text = """
        size = 2
        fixed = ["e1"]
        conflicts = [["e2", "e3"]]
        hash = "sm3"
        [quota]
        a = 2
        [seated]
        e1 = "a"
    """

    assert read_request(text) == Request(
        2, {"a": (2, 2)}, fixed=("e1",), seated=(Seat("e1", "a"),), conflicts=(("e2", "e3"),), hash="sm3"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('conflicts = ["e1", "e2"]', "conflicts 应为由两个编号组成的列表"),
        ('conflicts = [["e1", "e2", "e3"]]', "conflicts 应为由两个编号组成的列表"),
        ("conflicts = [[1, 2]]", "conflicts 应为文字列表"),
        ("hash = 3", "hash 应为文字列表"),
        ("seated = {e1 = 3}", "seated 应为文字列表"),
        ('hash = "md5"', "不认识的杂凑算法：md5"),
    ],
)
def test_a_wrong_form_of_these_is_refused(line: str, message: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_request(f"size = 1\n{line}\n[quota]\na = 1\n")

    assert str(refused.value) == message


def test_a_request_is_read_whole() -> None:
    assert read_request(REQUEST) == Request(
        size=7,
        quota={"geotechnics": (2, 3), "structure": (4, 4)},
        per_unit=1,
        categories=(Category("structural", ("geotechnics", "structure"), 5, 7),),
        groups=(Group("holding", ("u1", "u2"), 0, 1),),
        tiers=("650100", "650200"),
        fixed=("e1",),
        excluded=("e2",),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("size = 5", "抽取要求缺少人数 size 或席位 [quota]"),
        ("size = 5\nseats = 3\n[quota]\n", "抽取要求中有不认识的项目：seats"),
        ("size = true\n[quota]\n", "size 应为整数"),
        ("size = 5\nquota = 3\n", "quota 应为表"),
        ("size = 5\n[quota]\na = [1]\n", "quota.a 应为 [最少, 最多]"),
        ("size = 5\n[quota]\na = [1, 2.0]\n", "quota.a 应为整数"),
        ("size = 5\ntiers = [1]\n[quota]\n", "tiers 应为文字列表"),
        ("size = 5\n[quota]\n[group.g]\nunits = []\n", "group.g 应只有 units 和 range 两项"),
    ],
)
def test_a_request_that_cannot_be_read_says_why(text: str, message: str) -> None:
    with pytest.raises(RequestError) as refused:
        read_request(text)

    assert str(refused.value) == message


def test_a_repeated_key_is_an_error() -> None:
    with pytest.raises(RequestError, match="抽取要求不是有效的 TOML"):
        read_request("size = 5\nsize = 7\n[quota]\n")


def test_a_misspelled_exclusion_is_refused() -> None:
    pool = (Candidate("e1", "u1", ("a",)),)

    with pytest.raises(RequestError, match="回避人选不在名单中：e3"):
        check_excluded(pool, Request(size=1, quota={"a": (1, 1)}, excluded=("e3", "e1")))


def test_chances_are_written_in_lowest_terms_for_everyone() -> None:
    pool = (Candidate("e2", "u1", ("a",)), Candidate("e1", "u2", ("a",)), Candidate("e3", "u3", ()))

    text = probability_lines(pool, {"e1": Fraction(1), "e2": Fraction(2, 4), "e3": Fraction(0)})

    assert text == "e2,1/2\ne1,1/1\ne3,0/1\n"
