"""Numbers of the demo pass every check and belong to nobody."""

from stdnum.cn import ric, uscc

from lunheng.demo.building.chance import Chance
from lunheng.demo.building.identities import credit_code, identity_digest, identity_number, phone
from lunheng.demo.building.names import MARKS, person, unit, western_person


def test_a_credit_code_has_the_right_check_character() -> None:
    assert uscc.validate(credit_code("370200", 17)) == credit_code("370200", 17)


def test_an_identity_number_has_the_right_check_digit() -> None:
    number = identity_number("370202", "19700101", is_woman=False)
    assert (len(number), number[-1]) == (18, ric.calc_check_digit(number))


def test_the_order_code_is_one_that_nobody_has() -> None:
    numbers = [identity_number("370202", "19700101", is_woman=one) for one in (True, False)]
    assert [number[14:17] for number in numbers] == ["000", "999"]


def test_only_a_keyed_digest_of_the_number_is_kept(settings: object) -> None:
    first = identity_digest("370202197001010008")
    settings.IDENTITY_KEY = "another"  # type: ignore[attr-defined]
    assert first != identity_digest("370202197001010008")


def test_a_phone_is_of_the_demo_range() -> None:
    assert phone(17) == "+8619900000017"


def test_every_name_shows_that_it_is_invented() -> None:
    chance = Chance("test")
    names = [person(chance) for _ in range(200)] + [western_person(chance) for _ in range(50)]
    assert [name for name in names if not set(name) & set(MARKS)] == []


def test_no_two_units_share_a_name() -> None:
    chance, taken = Chance("test"), set[str]()
    names = [unit(chance, "青岛", taken) for _ in range(300)]
    assert len(set(names)) == 300


def test_chance_falls_the_same_way_every_time() -> None:
    assert [Chance("a").below(1000) for _ in range(3)] == [Chance("a").below(1000)] * 3


def test_every_label_has_chances_of_its_own() -> None:
    assert Chance("a").take(8) != Chance("b").take(8)
