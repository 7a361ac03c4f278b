"""QD-四(二)5: an expert asks the bureau's consent to act under the title of its review expert, for a purpose and for some days."""

from typing import Any

import pytest

from lunheng.experts.models import Expert
from tests.procedures.matters import Matter

pytestmark = pytest.mark.django_db
ASKED = {"purpose": "受邀为职工授课", "starts_on": "2026-12-01", "ends_on": "2026-12-03"}


def asked(matter: Matter, **data: str) -> dict[str, Any]:
    return {"pool_id": matter.hand.world.pool.pk, "procedure": "title_use", "data": {**ASKED, **data}}


@pytest.mark.parametrize(("outcome", "state"), [("approve", "completed"), ("reject", "refused")])
def test_the_bureau_consents_with_purpose_and_dates(qingdao: Matter, outcome: str, state: str) -> None:
    made = qingdao.act("expert:0", "pools.open_proceeding", **asked(qingdao))
    qingdao.proceeding_id = made.pk
    for seat in ("station", "district", "expert:0", "expert:1"):
        verdict = qingdao.no_step(seat, "consent", outcome, reason="不符合规定")
        assert verdict.reasons[0].message == "市局同意由市住房城乡建设局办理"

    qingdao.step("bureau", "consent", outcome, reason="不符合规定" if outcome == "reject" else "")

    assert qingdao.standing == (state, "")
    kept = qingdao.proceeding.candidates.get()
    assert (kept.file_id, kept.data) == (qingdao.hand.world.experts[0].file_id, ASKED)


@pytest.mark.parametrize("seat", ["applicant", "station", "contractor"])
def test_only_who_is_in_the_pool_asks_and_for_himself(qingdao: Matter, seat: str) -> None:
    other = Expert.objects.get(pk=qingdao.hand.world.experts[1].pk)
    given = {**asked(qingdao), "file_id": other.file_id}

    assert qingdao.refused(seat, "pools.open_proceeding", **given).reasons[0].clause.number == "四（二）5"
    verdict = qingdao.refused("expert:0", "pools.open_proceeding", **given)
    assert verdict.reasons[0].clause.number == "四（二）5"


def test_the_days_follow_each_other(qingdao: Matter) -> None:
    verdict = qingdao.refused("expert:0", "pools.open_proceeding", **asked(qingdao, ends_on="2026-12-01"))

    assert [one.message for one in verdict.reasons] == ["截止日须晚于起始日（2026-12-01）"]


def test_the_expert_begins_on_the_own_file(qingdao: Matter) -> None:
    expert = qingdao.hand.world.experts[0]
    client = qingdao.hand.world.client("expert:0")

    page = client.get(f"/experts/{expert.pk}/").content.decode()

    address = f"/apply/qingdao/title_use/?file={expert.file_id}"
    assert address in page
    assert client.http.post(address, ASKED).status_code == 302
