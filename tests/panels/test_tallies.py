"""What a draw adds to the statistics: one worked example, and sums that must come out."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from lunheng.core import draw as lottery
from lunheng.panels.models import Draw
from lunheng.panels.queries.tallies import band_of, tally_of
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]
SEED = bytes(32)


def test_expected_variance_and_actual_of_four_experts_and_one_seat() -> None:
    people = [lottery.Candidate(f"e{one}", f"u{one}", ("a",)) for one in range(4)]
    document = lottery.committed(
        people, lottery.Request(size=1, quota={"a": (1, 1)}), occasion=lottery.Occasion()
    )
    document, outcome = lottery.completed({**document, "contributors": []}, [])
    found = tally_of(document, outcome.probabilities)
    assert found["specialties"] == {"a": [4, 1_000_000, 750_000, 1]}
    assert found["bands"][5] == [4, 1_000_000, 750_000, 1]
    assert sum(band[0] for band in found["bands"]) == 4


@pytest.mark.parametrize(("chance", "band"), [("0", 0), ("1/20", 1), ("99/2000", 0), ("1/2", 10), ("1", 19)])
def test_a_chance_belongs_to_the_band_that_it_begins(chance: str, band: int) -> None:
    assert band_of(Fraction(chance)) == band


def test_a_completed_draw_keeps_its_tally(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 5, False), ("structure", 2, True)])
    scene.draw()
    kept = Draw.objects.get().tally
    assert sum(band[3] for band in kept["bands"]) == 7
    assert sum(band[1] for band in kept["bands"]) == pytest.approx(7_000_000, abs=20)
    assert set(kept["specialties"]) == {"geotechnics", "structure"}


def test_who_sat_already_does_not_count_in_a_redraw(qingdao: Tell) -> None:
    scene = qingdao()
    lost = scene.draw()[0]
    scene.act("decline_seat", scene.seat(lost), member_id=lost.pk, reason="出差")
    scene.sweep()
    kept = Draw.objects.get(number=2).tally["specialties"]["geotechnics"]
    assert kept == [11, 1_000_000, 909_091, 1]


def test_a_push_counts_every_tag_of_an_expert(nanning: Tell) -> None:
    scene = nanning()
    scene.push()
    kept = Draw.objects.get().tally
    assert all("+" not in word for word in kept["specialties"])
    assert sum(band[3] for band in kept["bands"]) == len(Draw.objects.get().document["result"])
