"""A request that contradicts itself or its pool is refused before anything is drawn."""

from typing import Any

import pytest

from lunheng.core.draw import Candidate, Category, Group, Request, RequestError, probabilities

POOL = [Candidate("e0", "u0", ("a",)), Candidate("e1", "u1", ("a", "b")), Candidate("e2", "u2", ("b",))]

CROSSING = (Group("g", ("u0", "u1"), 0, 1), Group("h", ("u1", "u2"), 0, 1))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": 0}, "专家组人数至少为 1"),
        ({"per_unit": 0}, "同一单位人数上限至少为 1"),
        ({"quota": {"a": (2, 1)}}, "专业「a」的席位范围 2 至 1 不成立"),
        ({"quota": {"a": (-1, 1)}}, "专业「a」的席位范围 -1 至 1 不成立"),
        ({"categories": (Category("c", ("a",), 1, 0),)}, "专业大类「c」的席位范围 1 至 0 不成立"),
        ({"groups": (Group("g", ("u0",), 1, 0),)}, "单位分组「g」的席位范围 1 至 0 不成立"),
        ({"groups": (Group("g", ("u0",), 0, 1),) * 2}, "单位分组重复：g"),
        ({"tiers": ("x", "x")}, "地域顺序重复：x"),
        ({"fixed": ("e0",), "excluded": ("e0",)}, "既列为已确定人选又列为回避人选：e0"),
    ],
)
def test_a_contradiction_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError) as refused:
        Request(**{"size": 2, "quota": {"a": (0, 2)}, **change})

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("pool", "change", "message"),
    [
        ([*POOL, POOL[0]], {}, "专家编号重复：e0"),
        ([Candidate("e9", "", ("a",))], {}, "专家「e9」缺少编号或单位"),
        (POOL, {"fixed": ("e7",)}, "已确定人选不在库中，或不具备本次抽取的专业：e7"),
        (POOL, {"fixed": ("e2",)}, "已确定人选不在库中，或不具备本次抽取的专业：e2"),
        (
            POOL,
            {"quota": {"a": (0, 2), "b": (0, 2)}, "groups": CROSSING},
            "单位分组「h」与另一项交叉；只允许互相包含或互不相交",
        ),
    ],
)
def test_a_pool_that_does_not_fit_is_named(
    pool: list[Candidate], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError) as refused:
        probabilities(pool, Request(**{"size": 1, "quota": {"a": (0, 2), "b": (0, 0)}, **change}))

    # unit u2 has nobody for specialty a, so the crossing groups are judged with b drawn as well
    assert str(refused.value) == message


def test_an_excluded_id_outside_the_pool_does_no_harm() -> None:
    assert probabilities(POOL, Request(size=1, quota={"b": (1, 1)}, excluded=("e1", "gone"))) == {
        "e0": 0,
        "e1": 0,
        "e2": 1,
    }
