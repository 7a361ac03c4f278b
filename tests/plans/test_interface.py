"""The same acts through the programming interface, with real files."""

from typing import Any

import pytest

from lunheng.panels.models import PanelRequest
from tests.factories.story import Story
from tests.factories.world import EVERY_CITY
from tests.plans.hand import Hand


def story(hand: Hand) -> Story:
    """A review that waits for its panel, told over HTTP."""
    told = Story(hand.world, hand.clock)
    told.ready()
    return told


@pytest.mark.parametrize("city", EVERY_CITY)
def test_a_plan_becomes_ready_and_its_panel_is_requested(city: str, request: pytest.FixtureRequest) -> None:
    told = story(request.getfixturevalue(city))
    assert told.state() == "ready"

    told.request()

    assert told.panel_request().state == "open"


@pytest.mark.clause("QD-二(三)1b")
def test_fewer_than_five_are_refused_here_too(qingdao: Hand) -> None:
    told = story(qingdao)
    needs = [{"specialty": "geotechnics", "count": 4}]

    clauses = told.as_("contractor").refused("plans.request_panel", **told.request_body(needs=needs))

    assert clauses[0].endswith("》二（三）")
    assert PanelRequest.objects.count() == 0


@pytest.mark.clause("QD-二(三)1a/specialty", "QD-二(三)1a/number")
@pytest.mark.parametrize(
    "needs",
    [[], [{"specialty": "geotechnics"}], [{"count": 5}], [{"specialty": "geotechnics", "count": None}]],
)
def test_what_is_left_out_is_refused_by_the_rule_and_not_as_malformed(
    qingdao: Hand, needs: list[dict[str, Any]]
) -> None:
    told = story(qingdao)

    clauses = told.as_("contractor").refused("plans.request_panel", **told.request_body(needs=needs))

    assert clauses[0].endswith("》二（三）")


def test_an_unknown_state_of_an_expert_is_malformed(qingdao: Hand) -> None:
    body = {"expert_id": qingdao.world.experts[0].pk, "state": "dancing", "reason": "无"}

    assert qingdao.world.client("station").act("experts.change_state", **body).status_code == 422
