"""What an identity service says is read whole or not at all; an account belongs to one subject. Against the reader and the
account alone: the protocol is tried elsewhere."""

from typing import Any

import pytest
from django.test import Client

from lunheng.accounts.cities import City, city_by_key
from lunheng.accounts.identity import (
    INCOMPLETE,
    TAKEN,
    UnusableIdentity,
    account_for,
    identity_digest,
    read_claims,
)
from lunheng.accounts.models import Account, Seat
from lunheng.core.deadlines import CHINA
from lunheng.core.identity import check_character, check_digit
from lunheng.jobs import clock
from tests.factories.world import World

pytestmark = pytest.mark.django_db
BODY = "37020219650304000"
NUMBER = BODY + check_digit(BODY)
UNIT = "N2370202MF9900001"
CODE = UNIT + check_character(UNIT)


def claims(subject: Any = "one", **told: Any) -> Any:
    """What the service says of a person; a legal person where a code is told."""
    kind = "legal" if "uscc" in told else "natural"
    given = {
        "identity_type": kind,
        "name": "虚构·甲",
        "identity_number": NUMBER,
        "real_name_verified": True,
        **told,
    }
    on = clock.now().astimezone(CHINA).date()
    return read_claims({"id_token": {"sub": subject}, "userinfo": {"sub": subject, **given}}, on)


def why(subject: Any = "one", **told: Any) -> str:
    with pytest.raises(UnusableIdentity) as found:
        claims(subject, **told)
    return str(found.value)


@pytest.fixture
def city(qingdao: World) -> City:
    found = city_by_key("qingdao", clock.now())
    assert found is not None
    return found


@pytest.mark.parametrize("prefix", ["N2", "N1", "G1", "A1", "Y1", "91", "12"])
def test_g1_a_unit_of_any_registrar_comes_in(city: City, prefix: str) -> None:
    body = f"{prefix}370202MF9900001"
    code = body + check_character(body)

    account = account_for(claims(name="虚构农村股份经济合作社", uscc=code), city, clock.now())

    assert Seat.objects.get(account=account).organization.code == code  # type: ignore[union-attr]


def test_g1_width_and_case_of_the_service_make_no_other_person(city: City) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in NUMBER)
    first = account_for(claims(identity_number=f" {wide} "), city, clock.now())

    assert account_for(claims(), city, clock.now()) == first
    assert first.identity_digest == identity_digest(NUMBER)


@pytest.mark.parametrize(
    "number",
    ["370202********101X", "3702**********101X", "37020219650304****", "＊" * 18, "", None, 0, [], {}],
)
def test_g5_a_number_that_is_not_whole_names_nobody(city: City, number: Any) -> None:
    assert why(identity_number=number) == INCOMPLETE
    assert why(uscc=number or "*") == INCOMPLETE


def test_g5_a_masked_name_names_nobody(city: City) -> None:
    assert why(name="虚*") == INCOMPLETE


@pytest.mark.parametrize("subject", ["x" * 200, 7, ["one"], "one\ud800", "one\x00", {"a": 1}])
def test_g5_a_subject_that_cannot_be_kept_names_nobody(city: City, subject: Any) -> None:
    assert why(subject) == INCOMPLETE


@pytest.mark.parametrize("part", [None, [], "text", 5])
def test_g5_an_answer_of_another_shape_names_nobody(city: City, part: Any) -> None:
    with pytest.raises(UnusableIdentity):
        read_claims({"id_token": part, "userinfo": part})


def test_g5_a_second_subject_never_takes_an_account_over(city: City) -> None:
    first = account_for(claims("one", name="虚构·甲"), city, clock.now())

    with pytest.raises(UnusableIdentity, match=TAKEN):
        account_for(claims("two", name="虚构·乙"), city, clock.now())

    kept = Account.objects.get(pk=first.pk)
    assert (kept.subject, kept.name) == ("qingdao:one", "虚构·甲")


def test_g5_a_second_subject_never_takes_a_units_account_over(city: City) -> None:
    first = account_for(claims("one", name="虚构公司", uscc=CODE), city, clock.now())

    with pytest.raises(UnusableIdentity, match=TAKEN):
        account_for(claims("two", name="虚构另一公司", uscc=CODE), city, clock.now())

    assert Account.objects.get(pk=first.pk).subject == "qingdao:one"


def test_g5_the_service_of_another_city_lets_in_and_changes_nothing(city: City) -> None:
    first = account_for(claims("one"), city, clock.now())
    other = City("elsewhere", city.digest)

    assert account_for(claims("nine", name="虚构·丙"), other, clock.now()) == first

    kept = Account.objects.get(pk=first.pk)
    assert (kept.subject, kept.name, kept.verified_by) == ("qingdao:one", "虚构·甲", "oidc:qingdao")


def test_g5_the_account_of_an_admitted_person_is_bound_once(city: City) -> None:
    known = Account.objects.create_account(
        phone="+8619900077001", name="虚构·旧名", identity_digest=identity_digest(NUMBER)
    )

    assert account_for(claims("one"), city, clock.now()) == known
    assert Account.objects.get(pk=known.pk).subject == "qingdao:one"


@pytest.mark.parametrize(
    ("told", "kept"), [("虚构　・ 甲\u200b", "虚构·甲"), ("虚 构 甲", "虚构甲"), ("Ｊｏｈｎ", "John")]
)
def test_g12_the_name_of_the_service_is_kept_in_one_way(city: City, told: str, kept: str) -> None:
    assert account_for(claims(name=told), city, clock.now()).name == kept


@pytest.mark.parametrize("sign", ["\ue863", "😀", "\u202e"], ids=ascii)
def test_g12_a_sign_that_nobody_can_print_is_told(city: City, sign: str) -> None:
    assert f"U+{ord(sign):04X}" in why(name=f"虚构{sign}")


@pytest.mark.parametrize("phone", ["0532-85000001", "1990099888", "4006000001", "139000011112", "95588"])
def test_g7_at_the_doors_a_number_without_messages_is_told_with_an_example(
    nanning: World, phone: str
) -> None:
    client = Client()
    for path, more in (
        ("/login/reset/", {}),
        ("/login/expert/?city=nanning", {"password": "any"}),
        ("/login/applicant/new/?city=nanning", {"name": "虚构·申请人"}),
    ):
        response = client.post(path, {"phone": phone, **more})
        assert response.status_code == 422, path
        assert "例如 13900001111" in response.content.decode(), path


def test_g12_at_the_door_of_applicants_a_name_is_read_as_everywhere(nanning: World) -> None:
    given = {"phone": "１９９０００９９００７", "name": "张😀三"}

    page = Client().post("/login/applicant/new/?city=nanning", given).content.decode()

    assert "姓名第2个字符“😀”" in page
