"""Ways of a procedure that no city's text has yet, run as data: one level more, limits of three kinds, a step passed over,
the three levels of a region."""

from typing import Any

import pytest

from lunheng.cases.timeline import timeline
from lunheng.core.actor import Actor, Role
from lunheng.core.policy import Law
from lunheng.core.policy.offices import Office
from lunheng.core.policy.proceedings import Procedure
from lunheng.experts.models import Expert
from lunheng.jurisdictions.models import Division
from tests.procedures.matters import Matter
from tests.procedures.synthetic import beside, read_text

pytestmark = pytest.mark.django_db
LEVEL = """
[[step]]
id = "second"
kind = "check"
office = "bureau"
clause = "二（二）"
"""


def admission(nanning: Matter, *changes: tuple[str, str]) -> Procedure:
    """Nanning's own procedure of admission with pieces of its text changed."""
    from django.conf import settings

    text = (settings.PACKS_DIRECTORY / "nanning-2019/procedures/admission.toml").read_text("utf-8")
    text = text.replace('order = "admission.order"\n', "")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read_text("admission", text)


BEFORE_NOTICE = '[[step]]\nid = "notice"'


def test_five_lines_more_are_one_level_of_vetting_more_from_application_to_effect(nanning: Matter) -> None:
    assert len(LEVEL.strip().splitlines()) == 5
    with beside(admission=admission(nanning, (BEFORE_NOTICE, f"{LEVEL}\n{BEFORE_NOTICE}"))):
        nanning.apply()
        nanning.accept()
        assert nanning.standing == ("running", "second")
        assert (
            nanning.no_step("station", "second", "accept").reasons[0].message == "市住建局审核由市住建局办理"
        )
        nanning.step("bureau", "second", "accept")
        nanning.wait(until=nanning.post().ends_at)
        nanning.step("bureau", "publication", "publish")
        nanning.wait(minutes=1)

    assert nanning.standing == ("completed", "")
    assert Expert.objects.filter(name=nanning.account.name).count() == 1


@pytest.mark.parametrize(
    ("late", "more", "standing", "told"),
    [
        ("tell", "", ("running", "second"), "市住建局审核逾期未办理"),
        ("lapse", "", ("lapsed", ""), "市住建局审核逾期未办理，事项终止"),
        ("next", "no_skip = false\n", ("running", "notice"), "市住建局审核截止"),
    ],
)
def test_a_limit_tells_lapses_or_goes_on_as_the_pack_says(
    nanning: Matter, late: str, more: str, standing: tuple[str, str], told: str
) -> None:
    level = f'{LEVEL}{more}limit = {{ value = 3, unit = "days", late = "{late}" }}\n'
    with beside(admission=admission(nanning, (BEFORE_NOTICE, f"{level}\n{BEFORE_NOTICE}"))):
        nanning.apply()
        nanning.accept()
        nanning.wait(days=3)
        assert nanning.standing == ("running", "second"), "the third day is in time to its end"

        nanning.wait(days=1)

        assert nanning.standing == standing
        assert timeline(nanning.proceeding.case)[-1].label == told
        if late == "tell":
            nanning.step("bureau", "second", "accept")
            assert nanning.standing == ("running", "notice")


def test_a_step_that_may_be_passed_over_is_passed_over_with_a_reason(nanning: Matter) -> None:
    level = f"{LEVEL}no_skip = false\n"
    with beside(admission=admission(nanning, (BEFORE_NOTICE, f"{level}\n{BEFORE_NOTICE}"))):
        nanning.apply()
        nanning.accept()
        assert nanning.no_step("bureau", "second", "skip").reasons[0].message == "略过本步骤须写明理由"
        assert (
            nanning.no_step("bureau", "notice", "skip", reason="紧急").reasons[0].clause.number == "二（二）"
        )

        nanning.step("bureau", "second", "skip", reason="与上一步为同一机构")

    assert nanning.standing == ("running", "notice")
    assert nanning.proceeding.steps_taken.get(outcome="skip").reason == "与上一步为同一机构"


@pytest.fixture
def region(nanning: Matter, monkeypatch: pytest.MonkeyPatch) -> Matter:
    """Nanning's pool as a region keeps one: offices of three levels vet one after the other."""
    Division.objects.create(code="450000", name="虚构自治区", level="region")
    Division.objects.filter(pk="450100").update(level="prefecture", parent="450000")
    Division.objects.filter(pk__in=("450102", "450103")).update(level="county", parent="450100")
    own = Law.offices.func  # type: ignore[attr-defined]

    def offices(law: Law) -> dict[str, Office]:
        levels = {"county_bureau": "county", "department": "region"}
        made = {
            key: Office(title=title, level=levels[key], function="authority")  # type: ignore[arg-type]
            for key, title in (("county_bureau", "县住建局"), ("department", "自治区住建厅"))
        }
        return {**own(law), **made}

    monkeypatch.setattr(Law, "offices", property(offices))
    return nanning


COUNTY = '[[step]]\nid = "county"\nkind = "check"\noffice = "county_bureau"\nclause = "二（二）"\n'
REGION = '[[step]]\nid = "region"\nkind = "check"\noffice = "department"\nclause = "二（二）"\n'
FIRST = '[[step]]\nid = "approval"'


def office(name: str, division: str) -> Actor:
    return Actor(f"{name}{division}".ljust(32, "x")[:32], Role.OFFICE, jurisdiction=division, office=name)


def levels(nanning: Matter, more: str = "") -> Any:
    changes = ((FIRST, f"{COUNTY}{more}\n{FIRST}"), (BEFORE_NOTICE, f"{REGION}\n{BEFORE_NOTICE}"))
    return beside(admission=admission(nanning, *changes))


def test_county_prefecture_and_region_vet_the_applicant_of_their_own_place(region: Matter) -> None:
    unit = region.hand.world.unit("newcomer-unit")
    unit.division_id = "450102"
    unit.save()
    with levels(region):
        region.apply()
        assert region.proceeding.place_id == "450102"
        other = region.no_step(office("county_bureau", "450103"), "county", "accept")
        assert other.reasons[0].message == "county_bureau审核由本县（区）county_bureau办理"
        assert region.no_step(office("county_bureau", "450100"), "county", "accept").reasons[0].remedy
        region.step(office("county_bureau", "450102"), "county", "return", reason="请补充社保记录")
        assert region.standing == ("running", "application")
        region.wait(days=1)
        region.step("applicant", "application", "submit", data=region.form())
        region.step(office("county_bureau", "450102"), "county", "accept")
        region.accept()
        region.no_step(office("department", "370000"), "region", "accept")
        region.step(office("department", "450000"), "region", "accept")

        assert region.standing == ("running", "notice")
    days = [(one.step, one.outcome, str(one.taken_at.date())) for one in region.proceeding.steps_taken.all()]
    assert days == [
        ("application", "submit", "2026-11-24"), ("county", "return", "2026-11-24"),
        ("application", "submit", "2026-11-25"), ("county", "accept", "2026-11-25"),
        ("approval", "accept", "2026-11-25"), ("region", "accept", "2026-11-25"),
    ]  # fmt: skip
    turns = {one.office: one.division_id for one in region.proceeding.case.readers.exclude(office="")}
    assert turns == {
        "county_bureau": "450102", "station": "450100", "bureau": "450100", "department": "450000",
    }  # fmt: skip


def test_who_has_no_county_is_told_at_once_or_passes_where_the_pack_lets_him(region: Matter) -> None:
    with levels(region):
        verdict = region.refused(
            "applicant",
            "pools.open_proceeding",
            pool_id=region.hand.world.pool.pk,
            procedure="admission",
            data=region.form(),
        )
        assert verdict.reasons[0].message.endswith("不能按本流程办理")
    with levels(region, "no_skip = false\n"):
        region.apply()

        assert region.standing == ("running", "approval")
        assert [one.outcome for one in region.proceeding.steps_taken.all()] == ["submit", "skip"]
