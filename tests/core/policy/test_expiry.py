"""A rule whose time has ended says what goes on; the answer names its days and what follows it."""

from datetime import date

import pytest

from lunheng.core.policy import Pack, choose
from lunheng.core.policy.expiry import Matter
from lunheng.core.policy.rulebook import described
from lunheng.core.verdict import Verdict
from tests.core.policy.small import city, law
from tests.core.policy.test_choose import PLATFORM, covering, told

COVERAGE = (
    '[scope.coverage]\nclause = "二"\nfrom_clause = "十八"\nproject_kinds = ["municipal"]\n'
    'territory = "530100"\nfrom_on = 2025-09-19\nto_on = 2027-09-18\n'
)
GOES_ON = 'on_expiry = {{ clause = "十九", running_cases = {running_cases}, terms = {terms}, new_acts = {new_acts} }}\n'
PLACES = ["530102", "530100", "530000"]
LAST_DAY, AFTER = date(2027, 9, 18), date(2027, 9, 19)
TRIAL = covering("trial", "530100", '"municipal"', "2025-09-19", to_on="2027-09-18")


def on_expiry(*matters: Matter) -> str:
    named = {name: str(name in matters).lower() for name in ("running_cases", "terms", "new_acts")}
    return GOES_ON.format(**named)


def chosen(*packs: Pack, on: date = AFTER) -> Pack | Verdict:
    return choose([PLATFORM, *packs], PLACES, "municipal", on)


def test_a_rule_that_has_ended_is_told_as_ended_with_its_days() -> None:
    assert told(chosen(TRIAL)) == (
        "《示例市专家论证办法》自2025-09-19起至2027-09-18施行，现已期满，2027-09-19提出的论证不适用；"
        "平台尚未载入接替的规则（当前：2027-09-19） "
        "待接替的规则施行后办理，或请主管部门明确期满后如何办理［《示例市专家论证办法》一（一）］"
    )


def test_what_follows_is_named() -> None:
    formal = covering("formal", "530100", '"municipal"', "2027-10-01")

    assert "接替的《示例市专家论证办法》自2027-10-01起施行" in told(chosen(TRIAL, formal))
    assert chosen(TRIAL, formal, on=date(2027, 10, 1)) is formal


def test_of_two_rules_that_have_ended_the_last_is_told() -> None:
    first = covering("first", "530100", '"municipal"', "2023-01-01", to_on="2025-09-18")

    assert "自2025-09-19起至2027-09-18施行，现已期满" in told(chosen(first, TRIAL))


def test_before_its_first_day_a_rule_is_told_as_coming() -> None:
    assert "自2025-09-19起至2027-09-18施行，2025-09-18提出的论证不适用" in told(
        chosen(TRIAL, on=date(2025, 9, 18))
    )


def test_a_rule_that_lets_new_acts_go_on_is_still_chosen_until_another_is_in_force() -> None:
    lasting = city(COVERAGE + on_expiry("running_cases", "terms", "new_acts"))
    formal = covering("formal", "530100", '"municipal"', "2027-10-01")

    assert chosen(lasting) is lasting
    assert chosen(lasting, formal) is lasting
    assert chosen(lasting, formal, on=date(2027, 10, 1)) is formal


def test_a_rule_that_ends_everything_is_not_chosen() -> None:
    assert "现已期满" in told(chosen(city(COVERAGE + on_expiry())))


def judged(rules: str, on: date) -> Verdict:
    return law(rules).judge("scope.coverage", project_kind="municipal", places=PLACES, on=on)


def test_new_acts_after_the_last_day_carry_the_mark() -> None:
    lasting = COVERAGE + on_expiry("new_acts")

    assert [reason.message for reason in judged(lasting, AFTER).warnings] == ["规则已过试行期"]
    assert judged(lasting, AFTER).is_allowed
    assert judged(lasting, LAST_DAY).warnings == ()


def test_without_leave_the_rule_does_not_apply_after_its_last_day() -> None:
    assert (judged(COVERAGE, LAST_DAY).is_allowed, judged(COVERAGE, AFTER).is_allowed) == (True, False)


MATTERS: list[Matter] = ["running_cases", "terms", "new_acts"]


@pytest.mark.parametrize("matter", MATTERS)
def test_each_matter_goes_on_by_itself(matter: Matter) -> None:
    ended = law(COVERAGE + on_expiry(matter)).expired(AFTER)
    assert ended is not None

    assert [ended.judge(one).is_allowed for one in MATTERS] == [one == matter for one in MATTERS]
    assert [reason.message for reason in ended.judge(matter).warnings] == ["规则已过试行期"]
    assert ended.judge(matter).reasons[0].clause.number == "十九"


def test_a_silent_rule_lets_running_cases_and_terms_go_on() -> None:
    ended = law(COVERAGE).expired(AFTER)
    assert ended is not None

    assert (ended.goes_on, ended.mark) == (frozenset({"running_cases", "terms"}), "规则已过有效期")
    assert str(ended.judge("new_acts")) == (
        "本规则自2025-09-19起至2027-09-18施行，现已期满，不再受理新的办理（当前：自2025-09-19起至2027-09-18） "
        "请主管部门载入接替的规则，或写明期满后如何办理［《示例市专家论证办法》二］"
    )


def test_up_to_its_last_day_nothing_has_ended() -> None:
    assert law(COVERAGE).expired(LAST_DAY) is None
    assert law(COVERAGE.replace("to_on = 2027-09-18\n", "")).expired(AFTER) is None
    assert law("").expired(AFTER) is None


def test_the_rulebook_says_what_goes_on() -> None:
    pack = law(COVERAGE + on_expiry("terms")).pack

    assert "期满之后：已受理的案件停止，聘期继续，新的办理停止（注明“规则已过试行期”，十九）" in described(
        pack, pack.rules["scope.coverage"]
    )
