"""An impossible request is refused with the seats that are missing and with changes that were tried."""

import pytest

from lunheng.core.draw import (
    Candidate,
    Category,
    Group,
    Infeasible,
    Request,
    Seat,
    UnitSupply,
    certificate,
    probabilities,
)

ELECTRIC = [Candidate(f"e{index}", f"U{index % 3}", (("消防", "机电")[index % 2],)) for index in range(21)]
CIVIL = [Candidate(f"c{index}", f"V{index}", ("土建",)) for index in range(9)]
POOL = ELECTRIC + CIVIL


def test_a_shortage_names_specialties_seats_and_units() -> None:
    request = Request(size=7, quota={"消防": (2, 3), "机电": (2, 3), "土建": (0, 7)}, per_unit=1)

    proof = certificate(POOL, request)

    assert proof is not None
    assert (set(proof.specialties), proof.need, proof.supply, proof.eligible) == ({"消防", "机电"}, 4, 3, 21)
    assert proof.units == tuple(UnitSupply(f"U{index}", 7, 1) for index in range(3))
    assert proof.fixes == (
        "专业「机电」最少席位由 2 减为 1",
        "专业「消防」最少席位由 2 减为 1",
        "同一单位人数上限由 1 增为 2",
    )


def test_the_explanation_is_plain_chinese() -> None:
    request = Request(size=7, quota={"消防": (2, 3), "机电": (2, 3), "土建": (0, 7)}, per_unit=1)

    with pytest.raises(Infeasible) as refused:
        probabilities(POOL, request)

    assert refused.value.explain().splitlines() == [
        "「机电」、「消防」需要 4 个席位；符合条件的专家 21 人，来自 3 家单位，最多只能坐满 3 席，差 1 席。",
        "要求：专业「机电」至少 2 席",
        "要求：专业「消防」至少 2 席",
        "限制：其中 3 家单位受“同一单位至多 1 人”限制",
        "涉及单位：U0（7 人）、U1（7 人）、U2（7 人）",
        "以下任一调整后即可抽取：",
        "· 专业「机电」最少席位由 2 减为 1",
        "· 专业「消防」最少席位由 2 减为 1",
        "· 同一单位人数上限由 1 增为 2",
    ]


def test_a_specialty_that_nobody_has_is_named() -> None:
    proof = certificate(POOL, Request(size=5, quota={"燃气": (1, 1), "土建": (0, 5)}))

    assert proof is not None
    assert (proof.specialties, proof.need, proof.supply, proof.eligible) == (("燃气",), 1, 0, 0)
    assert proof.fixes == ("专业「燃气」最少席位由 1 减为 0",)


def test_a_fixed_number_of_seats_is_lowered_together_with_the_panel() -> None:
    proof = certificate(POOL, Request(size=14, quota={"土建": (11, 11), "消防": (3, 3)}))

    assert proof is not None
    assert [(one.kind, one.name, one.before, one.after) for one in proof.changes] == [
        ("seats", "土建", 11, 9)
    ]
    assert proof.fixes == ("专业「土建」由 11 席减为 9 席，专家组由 14 人减为 12 人",)


def test_ranges_that_contradict_the_size_blame_no_specialty() -> None:
    proof = certificate(POOL, Request(size=3, quota={"消防": (2, 3), "土建": (2, 3)}))

    assert proof is not None
    assert (proof.specialties, proof.need, proof.supply) == ((), 4, 3)
    assert "专家组人数由 3 改为 4" in proof.fixes
    assert proof.explain().startswith("各项要求不能同时满足：要求至少 4，至多只能达到 3，差 1。")


def test_lifting_an_exclusion_is_proposed_only_where_it_helps() -> None:
    excluded = ("c0", "c1", "e0")
    proof = certificate(CIVIL[:5] + ELECTRIC, Request(size=4, quota={"土建": (4, 4)}, excluded=excluded))

    assert proof is not None
    assert "「c0」不再回避" in proof.fixes
    assert "「c1」不再回避" in proof.fixes
    assert "「e0」不再回避" not in proof.fixes


def test_two_confirmed_members_of_one_unit_contradict_the_cap() -> None:
    request = Request(size=5, quota={"消防": (0, 2), "土建": (0, 5)}, per_unit=1, fixed=("e0", "e6"))

    proof = certificate(POOL, request)

    assert proof is not None
    assert proof.demands == ("已确定人选「e0」必须参加", "已确定人选「e6」必须参加")
    assert proof.fixes == (
        "同一单位人数上限由 1 增为 2",
        "不再保留已确定人选「e0」",
        "不再保留已确定人选「e6」",
    )


def test_a_member_on_a_settled_seat_can_be_the_one_too_many() -> None:
    request = Request(
        size=2,
        quota={"消防": (0, 2)},
        per_unit=1,
        fixed=("e0", "e6"),
        seated=(Seat("e0", "消防"), Seat("e6", "消防")),
    )

    proof = certificate(POOL, request)

    assert proof is not None
    assert proof.fixes[-2:] == ("不再保留已确定人选「e0」", "不再保留已确定人选「e6」")


def test_no_change_takes_the_specialty_from_under_a_member_who_sits() -> None:
    """Two specialties lack one each; to give up the seats of the first would not do, and somebody sits on one."""
    pool = [Candidate("sits", "U1", ("机电",)), Candidate("other", "U0", ("消防",))]
    quota = {"机电": (2, 2), "消防": (2, 2)}

    proof = certificate(pool, Request(4, quota, fixed=("sits",), seated=(Seat("sits", "机电"),)))

    assert proof is not None
    assert (proof.need, proof.supply, proof.fixes) == (4, 2, ())


def test_category_and_group_ranges_can_be_loosened() -> None:
    request = Request(
        size=5,
        quota={"消防": (0, 5), "土建": (0, 5)},
        categories=(Category("设备", ("消防",), 3, 5),),
        groups=(Group("集团", ("U0", "U1", "U2"), 0, 2),),
    )

    proof = certificate(POOL, request)

    assert proof is not None
    assert (proof.specialties, proof.need, proof.supply) == (("消防",), 3, 2)
    assert proof.fixes == (
        "专业大类「设备」最少席位由 3 减为 2",
        "单位分组「集团」最多人数由 2 增为 3",
    )


def test_a_possible_request_has_no_certificate() -> None:
    assert certificate(POOL, Request(size=5, quota={"土建": (5, 5)}, per_unit=1)) is None
