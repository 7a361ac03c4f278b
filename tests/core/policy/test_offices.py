"""岗位与权力: who may do what is said by the pack's own tables, else by its rules; what nobody says is refused."""

import pytest

from lunheng.core.calendar import WorkCalendar
from lunheng.core.policy import POWERS, Law, Office, Pack, PackError, ResolvedPack, read_pack, resolve
from lunheng.core.policy.offices import SAID_BY_RULES
from lunheng.core.verdict import Outcome
from tests.core.policy.small import files

OFFICES = """
[offices.region_bureau]
title = "虚疆住建厅"
level = "region"
function = "authority"
charge = "territory"

[offices.center]
title = "虚疆建管中心"
level = "region"
function = "center"
commissioned_by = "region_bureau"

[offices.county_bureau]
title = "县住建局"
level = "county"
function = "authority"
charge = "territory"

[powers.remove_member]
clause = "八"
offices = ["region_bureau", "county_bureau"]

[powers.change_pool]
clause = "三"
offices = ["center"]

[powers.erase_content]
clause = "九"
offices = []
"""
SUPERVISION = """
[roles.supervision]
clause = "二"
city_run = "station"
other = "district"
overall = ["bureau"]
[roles.pool]
clause = "二（二）"
managers = ["station"]
publishers = ["bureau"]
"""
WORDS = '[roles]\nstation = "站"\nbureau = "局"\ndistrict = "区"\n'


def city(rules: str, offices: str, words: str = WORDS) -> Pack:
    """A layer with these rules and tables."""
    return read_pack(files(rules, words=words) | ({"offices.toml": offices} if offices else {}))


def law_of(*layers: str, rules: str = "") -> Law:
    """Layers of offices, highest first, the lowest with these rules."""
    packs = [city("", text, words="") for text in layers[:-1]]
    return Law(ResolvedPack(layers=(*packs, city(rules, layers[-1]))), lambda: WorkCalendar({}))


def outcome(law: Law, act: str, capacity: str) -> tuple[Outcome, str]:
    verdict = law.may(act, capacity)
    return verdict.outcome, verdict.reasons[0].clause.number


def test_offices_are_told_with_level_function_and_whom_they_serve() -> None:
    assert law_of(OFFICES).offices == {
        "region_bureau": Office(title="虚疆住建厅", level="region", function="authority", charge="territory"),
        "center": Office(
            title="虚疆建管中心", level="region", function="center", commissioned_by="region_bureau"
        ),
        "county_bureau": Office(title="县住建局", level="county", function="authority", charge="territory"),
    }


def test_an_office_has_what_the_table_gives_it_and_nothing_else() -> None:
    law = law_of(OFFICES)
    asked = {
        (act, office): outcome(law, act, office)
        for act in ("remove_member", "change_pool", "erase_content")
        for office in law.offices
    }
    yes, no = Outcome.ALLOWED, Outcome.REFUSED
    assert asked == {
        ("remove_member", "region_bureau"): (yes, "八"),
        ("remove_member", "center"): (no, "八"),
        ("remove_member", "county_bureau"): (yes, "八"),
        ("change_pool", "region_bureau"): (no, "三"),
        ("change_pool", "center"): (yes, "三"),
        ("change_pool", "county_bureau"): (no, "三"),
        ("erase_content", "region_bureau"): (no, "九"),
        ("erase_content", "center"): (no, "九"),
        ("erase_content", "county_bureau"): (no, "九"),
    }


def test_the_refusal_names_who_may_and_who_asked() -> None:
    reason = law_of(OFFICES).may("change_pool", "county_bureau").reasons[0]
    assert (reason.message, reason.remedy, reason.value) == (
        "变更专家库只能由虚疆建管中心办理", "请由虚疆建管中心的用户操作", "县住建局",
    )  # fmt: skip


@pytest.mark.parametrize("act", POWERS)
@pytest.mark.parametrize("capacity", ["station", "bureau", "district", "center", "expert", "contractor", ""])
def test_silence_refuses(act: str, capacity: str) -> None:
    assert law_of("").may(act, capacity).outcome is Outcome.REFUSED


def test_silence_says_where_it_would_be_written() -> None:
    reason = law_of("").may("remove_member", "station").reasons[0]
    assert reason.message == "各层规则都没有写明由谁把专家移出专家组，不能办理"
    assert reason.remedy == "请在政策包的 offices.toml 中写明 [powers] 后再办理"


def test_a_pack_without_the_table_is_read_by_its_rules() -> None:
    """The packs of the first storey, also those that cases are pinned to."""
    law = law_of("", rules=SUPERVISION)
    told = {act: law.power(act) for act in POWERS}
    assert {act: power.offices if power else None for act, power in told.items()} == {
        "admit_member": ("station",),
        "change_pool": ("station",),
        "publish_pool": ("bureau",),
        "contribute_chance": ("bureau",),
        "decide_off_platform": None,
        **dict.fromkeys(
            ("read_pool", "register_project", "decide_sister", "report_loss", "remove_member", "file_leak",
             "erase_content"), ("station", "district", "bureau"),
        ),
    }  # fmt: skip
    assert [str(power.clause.number) for power in (told["change_pool"], told["remove_member"]) if power] == [
        "二（二）", "二",
    ]  # fmt: skip


def test_every_power_says_which_rule_was_its_first_home() -> None:
    assert sorted(SAID_BY_RULES) == sorted(POWERS)


def test_a_higher_layer_says_it_anew_and_adds_offices() -> None:
    upper = (
        '[offices.prefecture_bureau]\ntitle = "州住建局"\nlevel = "prefecture"\nfunction = "authority"\n'
        '[powers.remove_member]\nclause = "十"\noffices = ["prefecture_bureau"]\n'
    )
    law = law_of(upper, OFFICES)
    assert sorted(law.offices) == ["center", "county_bureau", "prefecture_bureau", "region_bureau"]
    assert outcome(law, "remove_member", "prefecture_bureau") == (Outcome.ALLOWED, "十")
    assert outcome(law, "remove_member", "region_bureau") == (Outcome.REFUSED, "十")
    assert outcome(law, "change_pool", "center") == (Outcome.ALLOWED, "三")


def test_an_office_is_a_word_that_rules_may_use_and_keeps_a_city_s_own_word_for_it() -> None:
    law = law_of(OFFICES.replace("center]", "station]").replace('"center"]', '"station"]'))
    assert (law.label("roles", "county_bureau"), law.label("roles", "station")) == ("县住建局", "站")


def test_levels_of_offices() -> None:
    first, second = law_of("", rules=SUPERVISION), law_of(OFFICES)
    assert [first.level_of(one) for one in ("district", "bureau", "station")] == ["county", "", ""]
    assert [second.level_of(one) for one in ("county_bureau", "center", "nobody")] == ["county", "region", ""]


MISTAKES = {
    "a level that nobody knows": ('level = "county"', 'level = "village"', "offices.county_bureau"),
    "no title": ('title = "县住建局"\n', "", "offices.county_bureau"),
    "a field that nobody knows": ('level = "county"', 'level = "county"\nrank = 3', "offices.county_bureau"),
    "serves an office that is not there": ('"region_bureau"\n\n[offices.county', '"mayor"\n\n[offices.county', "offices.center"),
    "serves itself": ('"region_bureau"\n\n[offices.county', '"center"\n\n[offices.county', "offices.center"),
    "an act that nobody knows": ("[powers.remove_member]", "[powers.move_member]", "powers.move_member"),
    "a power without a clause": ('clause = "八"\n', "", "powers.remove_member"),
    "a power of an office that is not there": ('"county_bureau"]', '"mayor"]', "powers.remove_member"),
    "a document that is not there": ('clause = "八"', 'clause = "八"\nsource = "nothing"', "powers.remove_member"),
    "a table of another kind": ("[powers.remove_member]", "[people.remove_member]", ""),
}  # fmt: skip


def problems_of(offices: str, rules: str = "") -> list[tuple[str, str]]:
    try:
        resolve(city(rules, offices))
    except PackError as error:
        return [(one.file, one.key) for one in error.problems if one.message and one.remedy]
    return []


def test_the_tables_as_they_are_have_no_mistake() -> None:
    assert problems_of(OFFICES) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_tables_is_told_with_its_place_and_remedy(mistake: str) -> None:
    before, after, key = MISTAKES[mistake]
    assert before in OFFICES
    assert problems_of(OFFICES.replace(before, after, 1)) == [("offices.toml", key)]


@pytest.mark.parametrize(
    ("rules", "keys"),
    [
        ('[roles.pool]\nclause = "二"\nmanagers = ["center"]\npublishers = ["center"]\n', []),
        ('[roles.pool]\nclause = "二"\nmanagers = ["county_bureau"]\npublishers = ["center"]\n', ["powers.change_pool"]),
        (
            '[roles.supervision]\nclause = "二"\ncity_run = "region_bureau"\nother = "county_bureau"\noverall = []\n', [],
        ),
        (
            '[roles.supervision]\nclause = "二"\ncity_run = "center"\nother = "county_bureau"\noverall = []\n',
            ["offices.center"],
        ),
        ('[roles.supervision]\nclause = "二"\ncity_run = "station"\nother = "county_bureau"\noverall = []\n', [""]),
    ],
)  # fmt: skip
def test_rules_and_tables_tell_one_truth(rules: str, keys: list[str]) -> None:
    assert [key for _, key in problems_of(OFFICES, rules)] == keys


def test_a_power_that_is_our_reading_says_so_where_it_refuses() -> None:
    reading = 'assumption = { reading = "由厅办理", trap = "T1", setting = "powers.change_pool", effect = "中心不能办理" }\n'
    law = law_of(OFFICES.replace('offices = ["center"]\n', f'offices = ["center"]\n{reading}'))

    refusal, plain = law.may("change_pool", "county_bureau"), law.may("remove_member", "center")

    assert (refusal.reasons[0].reading, plain.reasons[0].reading) == ("由厅办理", "")
    assert "本平台的理解：由厅办理" in str(refusal.reasons[0])
    assert law.may("change_pool", "center").is_allowed


def test_an_assumption_of_a_power_is_told_when_it_is_incomplete() -> None:
    text = OFFICES.replace(
        'offices = ["center"]\n', 'offices = ["center"]\nassumption = { reading = "由厅办理" }\n'
    )
    with pytest.raises(PackError) as refusal:
        resolve(city(SUPERVISION, text))
    assert {(one.file, one.key) for one in refusal.value.problems} == {("offices.toml", "powers.change_pool")}
