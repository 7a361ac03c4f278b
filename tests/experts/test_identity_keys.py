"""G1, G7, G12 at the doors of the pool: admission by form and by interface, the register, and rows of before."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lunheng.accounts.identity import identity_digest
from lunheng.accounts.models import Account
from lunheng.core.identity import check_digit
from lunheng.experts.models import Expert
from lunheng.organizations.models import Organization
from tests.experts.test_actions import candidate
from tests.experts.test_pages import admission
from tests.plans.hand import Hand

REGISTER = "/experts/"


def number(body: str) -> str:
    return body + check_digit(body)


def found(hand: Hand, text: str) -> int:
    """How many the register shows for these words."""
    page: str = hand.world.client("station").get(REGISTER, text=text).content.decode()
    return page.count('data-label="编号"')


@pytest.mark.parametrize(
    "body",
    ["37020219650304000", "45010219680229000", "81000019700101000", "83000019700101000", "93784019700101000"],
)
def test_g1_a_person_of_an_old_district_or_with_a_permit_is_admitted(qingdao: Hand, body: str) -> None:
    expert = qingdao.act(
        "station", "experts.admit_expert", **candidate(qingdao, identity_number=number(body))
    )

    assert expert.identity_digest == identity_digest(number(body))


def test_g1_the_same_number_in_another_width_is_the_same_person(qingdao: Hand) -> None:
    whole = candidate(qingdao)["identity_number"]
    qingdao.act("station", "experts.admit_expert", **candidate(qingdao))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in whole)
    again = candidate(qingdao, identity_number=f" {wide} ", phone="+8619900099002")

    assert qingdao.why("station", "experts.admit_expert", **again) == "该专家已在库内"


@pytest.mark.parametrize(
    "given", ["370202********101X", "370202650304001", "😀", "\ud800", "٣" * 18, "3" * 100_000]
)
def test_g1_strange_numbers_are_refused_in_words(qingdao: Hand, given: str) -> None:
    assert qingdao.why("station", "experts.admit_expert", **candidate(qingdao, identity_number=given))
    assert Expert.objects.count() == 12


@pytest.mark.parametrize("phone", ["0532-85000001", "1990099888", "4006000001", "139000011112", "", "😀"])
def test_g7_the_act_itself_refuses_what_takes_no_message(qingdao: Hand, phone: str) -> None:
    message = qingdao.why("station", "experts.admit_expert", **candidate(qingdao, phone=phone))

    assert "号码" in message
    assert Account.objects.filter(phone=phone).count() == 0


@pytest.mark.parametrize("phone", ["19900099001", "１９９０００９９００１", "+86 199 0009 9001"])
def test_g7_a_number_is_kept_in_its_one_spelling_by_whatever_door(qingdao: Hand, phone: str) -> None:
    expert = qingdao.act("station", "experts.admit_expert", **candidate(qingdao, phone=phone))

    assert (expert.phone, expert.account.phone) == ("+8619900099001", "+8619900099001")


def test_g7_the_form_shows_an_example_at_the_field(qingdao: Hand) -> None:
    given = {**admission(qingdao), "phone": "0532-85000001"}

    response = qingdao.world.client("station").http.post("/experts/new/", given)

    assert response.status_code == 422
    assert "例如 13900001111" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("name", "张😀三", "U+1F600"), ("identity_number", "370202********101X", "不完整")],
)
def test_g12_the_page_says_what_is_wrong(qingdao: Hand, field: str, value: str, words: str) -> None:
    response = qingdao.world.client("station").http.post(
        "/experts/new/", {**admission(qingdao), field: value}
    )

    assert response.status_code in (403, 422)
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "typed",
    ["阿依虚・买买提拟", "阿依虚 • 买买提拟", "阿依虚.买买提拟", "阿依虚\u200b·\u3000买买提拟"],
    ids=ascii,
)
def test_g12_a_name_is_kept_in_one_way_and_found_however_it_is_typed(qingdao: Hand, typed: str) -> None:
    expert = qingdao.act("station", "experts.admit_expert", **candidate(qingdao, name=typed))

    assert (expert.name, expert.account.name) == ("阿依虚·买买提拟", "阿依虚·买买提拟")
    for asked in ("阿依虚·买买提拟", "阿依虚买买提拟", "阿依虚・买买", "依虚 ‧ 买", "阿依虚\u200b买买提"):
        assert found(qingdao, asked) == 1, asked


@pytest.mark.parametrize("sign", ["😀", "\ue000", "\u202e", "\ud800"], ids=ascii)
def test_g12_the_act_says_which_sign_cannot_stand_in_a_name(qingdao: Hand, sign: str) -> None:
    message = qingdao.why("station", "experts.admit_expert", **candidate(qingdao, name=f"张{sign}三"))

    assert message.startswith("姓名第2个字符")


def test_g12_a_unit_is_found_by_its_code_however_it_is_typed(qingdao: Hand) -> None:
    unit = qingdao.world.unit("expert-unit-new")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in unit.code.lower())

    expert = qingdao.act(
        "station", "experts.admit_expert", **candidate(qingdao, organization_code=f" {wide}")
    )

    assert expert.unit == unit


def test_g12_the_register_finds_latin_names_of_any_case_and_width(qingdao: Hand) -> None:
    qingdao.act("station", "experts.admit_expert", **candidate(qingdao, name="Ｊｏｈｎ　Ｓｍｉｔｈ"))

    assert [found(qingdao, text) for text in ("john smith", "JOHNSMITH", "ｊｏｈｎ")] == [1, 1, 1]


@pytest.mark.parametrize(
    "text", ["\u3000", "\u200b", "😀" * 1000, "%", "_", "\\", "'"], ids=lambda one: ascii(one)[:12]
)
def test_g12_strange_words_find_what_they_find(qingdao: Hand, text: str) -> None:
    assert found(qingdao, text) in (0, 12)


def test_g12_rows_of_before_are_found_after_the_upgrade(qingdao: Hand) -> None:
    expert, unit = qingdao.world.experts[0], qingdao.world.unit("contractor")
    Expert.objects.filter(pk=expert.pk).update(name="阿依虚•买买提拟", name_key="", phone="199 0009 9555")
    Organization.objects.filter(pk=unit.pk).update(name="虚构ＡＢ公司", name_key="")
    Account.objects.filter(experts=expert).update(phone="１９９０００９９５５５")
    loader = MigrationExecutor(connection).loader
    apps = loader.project_state().apps

    for app, name in (
        ("accounts", "0003_usual_phones"),
        ("experts", "0005_usual_phones"),
        ("experts", "0007_fill_name_key"),
        ("organizations", "0003_fill_name_key"),
    ):
        [step] = loader.get_migration(app, name).operations
        step.code(apps, None)  # type: ignore[attr-defined]

    kept: Any = Expert.objects.get(pk=expert.pk)
    assert (kept.name_key, kept.phone, kept.account.phone) == (
        "阿依虚买买提拟",
        "+8619900099555",
        "+8619900099555",
    )
    assert Organization.objects.get(pk=unit.pk).name_key == "虚构ab公司"
    assert found(qingdao, "阿依虚·买买提拟") == 1
