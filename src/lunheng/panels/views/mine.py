"""我的抽取: the expert's own view of every draw of the pool, drawn or not."""

from typing import Any

from django.http import HttpRequest

from lunheng.cases.listing import Asked, Column, Listing
from lunheng.cases.views import actor_of
from lunheng.experts.models import Expert
from lunheng.panels.models import Draw
from lunheng.panels.queries import mine
from lunheng.web.narrowing import Days

ROWS = 10
"""Every row reads the pool of a whole draw."""


def _expert(request: HttpRequest) -> Expert | None:
    return Expert.objects.filter(reference=actor_of(request).expert or "-").first()


def _rows(asked: Asked) -> Any:
    return Draw.objects.none() if asked.about is None else mine.draws_for(asked.about)


def _own(asked: Asked, draws: list[Any]) -> list[mine.OwnDraw]:
    return mine.own_draws(asked.about, draws) if draws else []


DRAWS = Listing(
    name="panels.my_draws",
    address="panels:my_draws",
    title="我的抽取",
    needs_person=True,
    about=_expert,
    rows=_rows,
    dress=_own,
    size=ROWS,
    filters=(Days("since", "日期从", "drawn_at"), Days("until", "到", "drawn_at", is_last=True)),
    columns=(
        Column("日期", lambda row: row.draw.drawn_at),
        Column("抽取", lambda row: row.purpose),
        Column("结果", lambda row: row.outcome[1]),
        Column("机会", lambda row: row.chance.percent if row.chance else None),
        Column("未列入的原因", lambda row: row.exclusion),
        Column("依据", lambda row: row.clause),
    ),
    empty=("还没有抽取", "您所在的专家库完成抽取后，您的机会和结果列在这里。"),
    nothing_found="这段时间没有抽取",
    layout="web/layouts/phone.html",
    template="panels/mine.html",
    card="panels/own_draw.html",
    more=lambda asked: {"expert": asked.about},
)
"""Own leaf, chance and outcome in every completed draw of the pool; nobody else's."""
