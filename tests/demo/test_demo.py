"""The whole demo on a small pool: every state is there, every chain holds, nothing waits that should have happened."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from lunheng.accounts.models import Seat
from lunheng.cases.models import Case, Deadline
from lunheng.cases.queries import chain_faults
from lunheng.core.workflow import ReviewState
from lunheng.demo import database, queries
from lunheng.demo.building.demo import fill
from lunheng.demo.building.divisions import cities
from lunheng.demo.building.people import PASSWORD
from lunheng.demo.clock import demo_clock
from lunheng.experts.models import Expert
from lunheng.jobs import clock
from lunheng.ledger.queries import subjects
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw, Member
from lunheng.verifiers import verify_draw

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOLD: list[str] = []
"""What the building said of itself."""
STAGED = set(ReviewState) - {ReviewState.CANCELLED}


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The demo on a Friday afternoon."""
    settings.IS_DEMO, settings.VAR, settings.FILES_DIRECTORY = True, tmp_path, tmp_path / "files"
    TOLD.clear()
    fill(NOW, experts=800, tell=TOLD.append)
    clock.install(clock.FixedClock(NOW))
    yield
    clock.install(clock.SystemClock())


def states(division: str) -> set[str]:
    """The states of a city's reviews."""
    found = Case.objects.filter(kind=Case.Kind.REVIEW, division_id=division)
    return set(found.values_list("state", flat=True))


def test_the_demo(demo: None) -> None:
    """Built once, looked at from all sides: building takes longer than looking."""
    _the_building_told_how_far_it_had_come()
    _every_state_is_there_in_both_cities()
    _every_chain_holds()
    _every_draw_can_be_verified_by_outsiders()
    _nothing_is_overdue_but_what_the_stories_left_so()
    _one_expert_is_invited_now_and_hours_are_left()
    _the_seat_was_lost_three_times_before()
    _every_expert_of_the_pools_is_there()
    _the_terminal_names_the_people()
    _the_first_page_offers_things_to_try()
    _a_click_logs_in_as_somebody()
    _a_click_logs_in_as_somebody_who_wants_to_enter_a_pool()
    _the_clock_moves_forward()
    assert database.is_built()


def _the_building_told_how_far_it_had_come() -> None:
    pools, stories = TOLD[:5], TOLD[5:]
    assert [line.removeprefix("专家库：") for line in pools] == [city.name for city in cities()]
    assert stories[-1] == "论证案件：办到 2026年11月20日（100%）"
    assert len(stories) >= 6


def _every_state_is_there_in_both_cities() -> None:
    assert (STAGED - states("370200"), STAGED - states("450100")) == (set(), set())


def _every_chain_holds() -> None:
    assert [fault for name in subjects() for fault in chain_faults(name)] == []


def _nothing_is_overdue_but_what_the_stories_left_so() -> None:
    waiting = Deadline.objects.filter(met_at__isnull=True, performed_at__isnull=True)
    assert waiting.filter(due_at__lte=NOW).count() == 0
    assert Message.objects.filter(state=Message.State.WAITING).count() == 0


def _one_expert_is_invited_now_and_hours_are_left() -> None:
    deadline = Deadline.objects.get(
        name="panels.expire_invitation", met_at__isnull=True, performed_at__isnull=True
    )
    assert timedelta(hours=1) < deadline.due_at - NOW < timedelta(hours=6)


def _the_seat_was_lost_three_times_before() -> None:
    gone = Member.objects.filter(case__division_id="370200", case__state=ReviewState.CONFIRMING)
    counted = Counter(gone.values_list("state", flat=True))
    assert counted == {"confirmed": 4, "silent": 1, "declined": 1, "recused": 1, "invited": 1}


def _every_expert_of_the_pools_is_there() -> None:
    assert Expert.objects.values_list("pool__key").distinct().count() == 5
    assert Expert.objects.count() == 800


def _the_terminal_names_the_people() -> None:
    lines = "\n".join(queries.login_lines())
    assert [word for word in ("青岛市", "南宁市", "待确认邀请", PASSWORD) if word not in lines] == []


def _the_first_page_offers_things_to_try() -> None:
    page = Client().get(reverse("demo:start")).content.decode()
    titles = (
        "申请进入专家库",
        "启动专家换届",
        "答复邀请",
        "故意只申请4名专家",
        "故意确认双数名单",
        "抽取专家并核验",
        "演示时间",
    )
    assert [title for title in titles if title not in page] == []


def _a_click_logs_in_as_somebody() -> None:
    trial = next(one for one in queries.trials() if "答复邀请" in one.title)
    client = Client()
    assert trial.seat is not None
    answer = client.post(f"{reverse('accounts:demo_login')}?next={trial.path}", {"seat": trial.seat.pk})
    assert answer.headers["Location"] == trial.path
    assert Seat.objects.get(pk=trial.seat.pk).account.name.endswith("（专家，待确认邀请）")


def _a_click_logs_in_as_somebody_who_wants_to_enter_a_pool() -> None:
    trial = next(one for one in queries.trials() if one.account is not None)
    assert trial.account is not None
    client = Client()
    assert f'value="{trial.account.reference}"' in client.get(reverse("accounts:demo_login")).content.decode()
    address = f"{reverse('accounts:demo_login')}?next={trial.path}"
    client.post(address, {"account": trial.account.reference})
    assert "专家入库申请表" in client.get(trial.path).content.decode()
    assert client.post(address, {"account": "虚构"}).status_code == 404


def _the_clock_moves_forward() -> None:
    Client().post(reverse("demo:clock"), {"hours": 6})
    Client().post(reverse("demo:clock"), {"hours": -6})
    assert demo_clock().lead == timedelta(hours=6)


def test_outside_the_demo_there_are_no_such_pages() -> None:
    paths = [reverse("demo:start"), reverse("demo:clock")]
    assert [Client().get(paths[0]).status_code, Client().post(paths[1], {"hours": 6}).status_code] == [
        404,
        404,
    ]


def _every_draw_can_be_verified_by_outsiders() -> None:
    documents = [draw.document for draw in Draw.objects.all()]
    assert {tuple(verify_draw.verify(document)) for document in documents} == {()}
