"""A release does not re-judge: every pack ever released is still read, and answers as it did."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lunheng.core.policy import RULES, Law, PackError, ResolvedPack, formats, read_pack, resolve
from lunheng.core.policy.formats import Documents
from lunheng.core.policy.rules import Rule
from lunheng.core.policy.worked import WorkedCase, answer_fault, deadline_fault, read_cases
from lunheng.core.scope import grade
from tests.core.policy.small import CITY, city, files, floor
from tests.law.packs import calendar

RELEASED = Path(__file__).parents[2] / "vectors" / "packs"
FOLDERS = sorted(path for path in RELEASED.iterdir() if path.is_dir())
NAMES = [folder.name for folder in FOLDERS]


def stored(folder: Path) -> bytes:
    return gzip.decompress((folder / "pack.json.gz").read_bytes())


def law(folder: Path) -> Law:
    return Law(ResolvedPack.from_bytes(stored(folder)), calendar)


FACTS_SINCE: dict[str, dict[str, Any]] = {
    "report.consensus": {"activity": "plan_review"},
    "report.compiler": {"is_member": True, "is_organizer": False},
    "record.upload": {"mode": "on_site"},
    "record.scan": {"mode": "on_site"},
    "closure.works": {"over_scale": True},
    "closure.change": {"over_scale": True},
    "closure.leader_opinion": {"confirmed": 0},
}
"""Facts that judgements ask for since: what they were in the situations of the first releases."""


def asked_today(case: WorkedCase) -> WorkedCase:
    """The same situation in today's facts: places are told with everything above them, offices with their level."""
    if "places" in case.facts:
        return case
    facts = dict(case.facts)
    place = str(facts.pop("division", None) or facts.get("project_district") or "")
    if case.key == "scope.coverage" or case.key == "roles.supervision":
        facts["places"] = list(dict.fromkeys([place, f"{place[:4]}00", f"{place[:2]}0000"]))
    if case.key == "roles.supervision":
        facts["actor_level"] = "county" if facts["actor_role"] == "district" else "prefecture"
    elif place and case.key != "scope.coverage":
        facts["division"] = place
    facts = FACTS_SINCE.get(case.key, {}) | facts
    return case.model_copy(update={"facts": facts})


def test_the_first_released_packs_are_kept() -> None:
    assert {"nanning-2019-5fc553f9ad5ee5e1", "qingdao-2025-0db628635d268eb9"} <= set(NAMES)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_a_released_pack_keeps_its_bytes_and_its_digest(folder: Path) -> None:
    pack = ResolvedPack.from_bytes(stored(folder))

    assert pack.to_bytes() == stored(folder)
    assert pack.digest == (folder / "digest").read_text("utf-8").strip()
    assert folder.name == f"{pack.head.id}-{pack.digest[:16]}"


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_a_released_pack_answers_its_worked_cases_as_on_its_day(folder: Path) -> None:
    told, cases = law(folder), read_cases((folder / "cases.toml").read_text("utf-8"))
    faults = [answer_fault(told, asked_today(case)) for case in cases.case]
    faults += [deadline_fault(told, limit) for limit in cases.deadline]

    assert len(faults) > 80
    assert [fault for fault in faults if fault is not None] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_a_released_pack_keeps_its_annexes(folder: Path) -> None:
    """The first releases counted a point load without asking what it stands on; cases pinned to them still do."""
    pack = ResolvedPack.from_bytes(stored(folder))

    assert (len(pack.works.rows), len(pack.defects.defects), len(pack.hazards.hazards)) == (30, 80, 53)
    graded = grade("formwork", {"point_load": Decimal("8"), "is_load_bearing_support": False}, pack.works)
    assert graded.is_over_scale is (
        folder.name.rpartition("-")[2] in {"5fc553f9ad5ee5e1", "0db628635d268eb9"}
    )


class Weather(Rule):
    """A made-up rule, which a later release makes more demanding."""

    wind: int


class StrictWeather(Weather):
    """The same with one more required field."""

    gusts: int


WEATHER = '[weather.wind]\nclause = "一"\nwind = 6\n'


def with_gusts(documents: Documents) -> Documents:
    """Format 1 → 2: who said nothing of gusts meant the wind."""
    rules: dict[str, Any] = json.loads(json.dumps(documents["rules.toml"]))
    for table in rules.get("weather", {}).values():
        table["gusts"] = table["wind"]
    return {**documents, "rules.toml": rules}


@pytest.fixture
def weathered(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A pack stored by a release that knew the simple rule; afterwards the rule is the strict one."""
    monkeypatch.setitem(RULES, "weather.wind", Weather)
    kept = resolve(city(WEATHER), floor("")).to_bytes()
    monkeypatch.setitem(RULES, "weather.wind", StrictWeather)
    return kept


def test_a_new_required_field_without_a_step_would_make_stored_packs_unreadable(weathered: bytes) -> None:
    with pytest.raises(PackError, match="缺少必填项 gusts"):
        ResolvedPack.from_bytes(weathered)


def test_with_its_step_a_stored_pack_is_read_and_stays_what_it_was(
    weathered: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "FORMAT", 2)
    monkeypatch.setitem(formats.UPGRADES, 1, with_gusts)

    pack = ResolvedPack.from_bytes(weathered)

    rule = pack.rules["weather.wind"]
    assert isinstance(rule, StrictWeather)
    assert (rule.wind, rule.gusts, pack.to_bytes()) == (6, 6, weathered)


def test_a_layer_in_todays_format_takes_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "weather.wind", StrictWeather)
    monkeypatch.setattr(formats, "FORMAT", 2)
    monkeypatch.setitem(formats.UPGRADES, 1, with_gusts)

    pack = city(WEATHER + "gusts = 9\n", head=CITY + "format = 2\n")

    assert getattr(pack.rules["weather.wind"], "gusts", None) == 9


@pytest.mark.parametrize("written", ["2", "0", "true", '"一"'])
def test_a_format_that_this_release_does_not_know_is_refused(written: str) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(files(head=CITY + f"format = {written}\n"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.key, problem.remedy) == (
        "pack.toml",
        "format",
        "写不大于 1 的格式号，或升级程序",
    )


def test_every_step_up_to_todays_format_is_there() -> None:
    assert sorted(formats.UPGRADES) == list(range(1, formats.FORMAT))
