"""Place, kind of project and day of the request decide which pack applies."""

from datetime import date

import pytest

from lunheng.core.policy import Pack, choose
from lunheng.core.verdict import Verdict
from tests.core.policy.small import CITY, city

PLATFORM = city(
    '[platform.coverage]\nclause = "第一条"\n', head=CITY.replace("example-2026", "platform"), words=""
)


def covering(
    identifier: str, territory: str, kinds: str, from_on: str, *, to_on: str = "", status: str = "in_force"
) -> Pack:
    last = f"to_on = {to_on}\n" if to_on else ""
    return city(
        f'[scope.coverage]\nclause = "一（二）"\nfrom_clause = "一（一）"\nproject_kinds = [{kinds}]\n'
        f'territory = "{territory}"\nfrom_on = {from_on}\n{last}',
        head=CITY.replace("example-2026", identifier).replace("in_force", status),
    )


SHINAN = ["370203", "370200", "370000"]
MUNICIPAL = covering("city-2025", "370200", '"municipal"', "2025-01-08")
PROVINCE = covering("province-2024", "370000", '"municipal"', "2024-01-01")


def told(answer: Pack | Verdict) -> str:
    assert isinstance(answer, Verdict)
    return str(answer)


def test_the_pack_of_the_city_applies_from_its_first_day() -> None:
    assert choose([PLATFORM, MUNICIPAL], SHINAN, "municipal", date(2025, 1, 8)) is MUNICIPAL


def test_the_day_before_it_does_not() -> None:
    answer = choose([PLATFORM, MUNICIPAL], SHINAN, "municipal", date(2025, 1, 7))

    assert told(answer) == (
        "《示例市专家论证办法》自2025-01-08起施行，2025-01-07提出的论证不适用（当前：2025-01-07） "
        "按申请当日有效的规定办理［《示例市专家论证办法》一（一）］"
    )


def test_a_kind_of_project_that_no_pack_covers_is_told_so() -> None:
    answer = choose([PLATFORM, MUNICIPAL], SHINAN, "housing", date(2025, 6, 1))

    assert told(answer) == (
        "示例市没有覆盖房屋建筑工程的政策包；现有规则只适用于市政工程（当前：房屋建筑工程） "
        "房屋建筑工程的论证请向示例市主管部门另行办理，不得套用本规则［《示例市专家论证办法》一（二）］"
    )


def test_a_place_without_a_pack_is_told_so_by_the_platform() -> None:
    answer = choose([PLATFORM, MUNICIPAL], ["110101", "110000"], "municipal", date(2025, 6, 1))

    assert told(answer) == (
        "平台没有适用于该地区的政策包（当前：行政区划 110101） "
        "请平台管理员先载入当地规则的政策包［《示例市专家论证办法》第一条］"
    )


def test_without_the_platform_pack_nobody_can_say_so() -> None:
    with pytest.raises(LookupError, match="缺少平台自身的政策包"):
        choose([MUNICIPAL], ["110101", "110000"], "municipal", date(2025, 6, 1))


def test_a_draft_is_never_chosen() -> None:
    draft = covering("draft", "370200", '"municipal"', "2025-01-08", status="draft")

    assert isinstance(choose([PLATFORM, draft], SHINAN, "municipal", date(2025, 6, 1)), Verdict)


def test_the_city_precedes_its_province() -> None:
    assert choose([PROVINCE, MUNICIPAL, PLATFORM], SHINAN, "municipal", date(2025, 6, 1)) is MUNICIPAL


def test_a_county_directly_below_its_region_precedes_it_whatever_the_codes_look_like() -> None:
    region = covering("region-2024", "650000", '"municipal"', "2024-01-01")
    county = covering("county-2020", "659001", '"municipal"', "2020-01-01")
    packs = [region, county, PLATFORM]

    assert choose(packs, ["659001", "650000"], "municipal", date(2025, 6, 1)) is county
    assert choose(packs, ["653101", "653100", "650000"], "municipal", date(2025, 6, 1)) is region
    assert choose(packs, ["900800", "650000"], "municipal", date(2025, 6, 1)) is region
    assert isinstance(choose(packs, ["659002"], "municipal", date(2025, 6, 1)), Verdict)


def test_the_province_serves_before_the_city_speaks() -> None:
    assert choose([PROVINCE, MUNICIPAL, PLATFORM], SHINAN, "municipal", date(2024, 6, 1)) is PROVINCE


def test_of_two_versions_the_later_one_applies() -> None:
    later = covering("city-2026", "370200", '"municipal"', "2026-01-01")

    assert choose([MUNICIPAL, later, PLATFORM], SHINAN, "municipal", date(2026, 1, 1)) is later


def test_a_rule_that_has_run_out_no_longer_applies() -> None:
    trial = covering("trial", "530100", '"municipal"', "2025-09-19", to_on="2027-09-18")

    assert choose([PLATFORM, trial], ["530102", "530100", "530000"], "municipal", date(2027, 9, 18)) is trial
    assert "自2025-09-19起至2027-09-18施行" in told(
        choose([PLATFORM, trial], ["530102", "530100", "530000"], "municipal", date(2027, 9, 19))
    )


@pytest.mark.parametrize(
    ("on", "chosen"),
    [
        ("2027-09-18", "trial"),
        ("2027-09-19", ""),
        ("2027-09-30", ""),
        ("2027-10-01", "next"),
        ("2028-01-01", "next"),
    ],
)
def test_between_the_end_of_a_rule_and_its_successor_nothing_is_chosen(on: str, chosen: str) -> None:
    trial = covering("trial", "530100", '"municipal"', "2025-09-19", to_on="2027-09-18")
    following = covering("next", "530100", '"municipal"', "2027-10-01")
    answer = choose([PLATFORM, trial, following], ["530102", "530100"], "municipal", date.fromisoformat(on))
    if chosen:
        assert isinstance(answer, Pack) and answer.id == chosen
    else:
        assert "现已期满" in told(answer)
        assert "接替的《示例市专家论证办法》自2027-10-01起施行" in told(answer)


@pytest.mark.parametrize("first", [0, 1])
def test_a_rule_that_still_takes_acts_after_its_end_gives_way_to_one_in_force(first: int) -> None:
    ended = city(
        '[scope.coverage]\nclause = "一（二）"\nfrom_clause = "一（一）"\nproject_kinds = ["municipal"]\n'
        'territory = "530102"\nfrom_on = 2025-01-01\nto_on = 2026-01-01\n'
        '[scope.coverage.on_expiry]\nclause = "末条"\nmark = "期满待修订"\nrunning_cases = true\nterms = true\nnew_acts = true\n',
        head=CITY.replace("example-2026", "ended"),
    )
    alive = covering("alive", "530100", '"municipal"', "2026-01-02")
    places = ["530102", "530100"]
    packs = [PLATFORM, *([ended, alive] if first else [alive, ended])]
    assert choose(packs, places, "municipal", date(2026, 1, 1)) is ended
    assert choose(packs, places, "municipal", date(2026, 1, 2)) is alive
    assert choose([PLATFORM, ended], places, "municipal", date(2026, 1, 2)) is ended
