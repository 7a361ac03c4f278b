"""Who may be drawn: parties, relations at any depth, interests, earlier reviews, sisters."""

from collections.abc import Mapping
from pathlib import Path as File

import pytest

from lunheng.core.calendar import load_calendar
from lunheng.core.eligibility import Candidate, Ground, Path, sift
from lunheng.core.policy import Law, read_pack, resolve

PACKS = File(__file__).parents[2] / "packs"
PARTIES = [("contractor", "91370200MA99000019"), ("monitor", "91370200MA99000027")]


def texts(name: str) -> Mapping[str, str]:
    folder = PACKS / name
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.toml")}


def law_of(name: str) -> Law:
    calendar = load_calendar(
        [path.read_text("utf-8") for path in sorted((PACKS / "cn" / "calendar").rglob("*.toml"))]
    )
    return Law(
        resolve(read_pack(texts(name)), read_pack(texts("cn")), read_pack(texts("platform"))),
        lambda: calendar,
    )


@pytest.fixture(scope="module")
def qingdao() -> Law:
    return law_of("qingdao-2025")


@pytest.fixture(scope="module")
def nanning() -> Law:
    return law_of("nanning-2019")


def expert(reference: str = "e1", unit: str = "91370200MA99000035", **facts: object) -> Candidate:
    return Candidate(reference, "虚构专家", unit, "虚构设计院", ("geotechnics",), **facts)  # type: ignore[arg-type]


def found(law: Law, candidate: Candidate, **given: object) -> tuple[Ground, str, str] | None:
    sifted = sift([candidate], law, parties=PARTIES, organizer="虚构总包", **given)  # type: ignore[arg-type]
    return next(((one.ground, one.clause.number, one.path) for one in sifted.excluded), None)


def test_an_expert_of_an_unrelated_unit_is_included(qingdao: Law) -> None:
    assert sift([expert()], qingdao, parties=PARTIES, organizer="虚构总包").included == (expert(),)


def test_the_staff_of_any_party_is_excluded_by_the_citys_clause(qingdao: Law, nanning: Law) -> None:
    monitor = expert(unit="91370200MA99000027")
    assert found(qingdao, monitor) == (Ground.PARTY, "二（四）", "虚构设计院")
    assert found(nanning, monitor) == (Ground.PARTY, "二（三）", "虚构设计院")


def test_a_subsidiary_at_any_depth_is_excluded_with_its_path(qingdao: Law) -> None:
    below = expert(paths=(Path("control", ("虚构孙公司", "虚构子公司", "虚构总包")),))
    assert found(qingdao, below) == (Ground.RELATION, "二（四）", "虚构孙公司 → 虚构子公司 → 虚构总包")


def test_a_sister_company_waits_for_a_person_and_is_excluded_until_then(qingdao: Law) -> None:
    sister = expert(paths=(Path("sibling", ("虚构甲", "虚构集团", "虚构总包")),))
    sifted = sift([sister], qingdao, parties=PARTIES, organizer="虚构总包")
    assert sifted.included == ()
    assert [(one.reference, one.path) for one in sifted.undecided] == [("e1", "虚构甲 → 虚构集团 → 虚构总包")]


def test_the_persons_decision_admits_or_excludes_a_sister(qingdao: Law) -> None:
    sister = expert(paths=(Path("sibling", ("虚构甲", "虚构集团", "虚构总包")),))
    assert found(qingdao, sister, decisions={"e1": True}) is None
    assert found(qingdao, sister, decisions={"e1": False}) == (
        Ground.SISTER,
        "二（四）",
        "虚构甲 → 虚构集团 → 虚构总包",
    )
    decided = sift([sister], qingdao, parties=PARTIES, organizer="虚构总包", decisions={"e1": False})
    assert decided.undecided == ()


def test_a_decision_on_a_sister_does_not_lift_a_subsidiary(qingdao: Law) -> None:
    both = expert(paths=(Path("sibling", ("甲", "集团", "乙")), Path("control", ("甲", "乙"))))
    assert found(qingdao, both, decisions={"e1": True}) == (Ground.RELATION, "二（四）", "甲 → 乙")


def test_a_recorded_interest_excludes_in_every_city(qingdao: Law, nanning: Law) -> None:
    holder = expert(interests=("持有虚构总包股份",))
    assert found(qingdao, holder) == (Ground.INTEREST, "二（四）", "持有虚构总包股份")
    assert found(nanning, holder) == (Ground.INTEREST, "第十二条", "持有虚构总包股份")


def test_an_earlier_review_of_the_plan_for_another_organizer_excludes_in_nanning_only(
    qingdao: Law, nanning: Law
) -> None:
    earlier = expert(earlier=({"name": "虚构专家", "organiser": "虚构论证机构"},))
    excluded = found(nanning, earlier)
    assert excluded is not None
    assert excluded[:2] == (Ground.SAME_PLAN, "二（三）")
    assert found(qingdao, earlier) is None


def test_an_earlier_review_for_the_same_organizer_does_not_exclude(nanning: Law) -> None:
    assert found(nanning, expert(earlier=({"name": "虚构专家", "organiser": "虚构总包"},))) is None


def test_who_was_drawn_before_or_does_not_serve_is_not_drawn(qingdao: Law) -> None:
    assert found(qingdao, expert(), asked=frozenset({"e1"})) == (Ground.ASKED, "四（一）1", "")
    assert found(qingdao, expert(is_serving=False)) == (Ground.NOT_SERVING, "四（一）1", "")
