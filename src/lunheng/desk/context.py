"""The menu and the layout of a page, by the seat that looks at it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lunheng.core.actor import OFFICES, Role

OWN_RECORDS = ("我的记录", (("查阅", "desk:own_accesses"), ("被拒", "desk:own_refusals")))
OFFICE_MENU = (
    ("工作", (("工作台", "desk:home"), ("论证案件", "desk:cases"), ("工程", "works:projects"))),
    (
        "专家库",
        (
            ("专家名册", "experts:register"),
            ("办理事项", "procedures:proceedings"),
            ("工作日历", "pools:calendar"),
        ),
    ),
    ("监督留痕", (("查阅记录", "desk:accesses"), ("被拒记录", "desk:refusals"))),
    OWN_RECORDS,
    (
        "公开",
        (
            ("规则", "portal:rules"),
            ("公示公告", "notices:notices"),
            ("抽取公示", "portal:draws"),
            ("核验", "portal:verify"),
        ),
    ),
)
UNIT_MENU = (
    (
        "工作",
        (
            ("要我做的", "desk:home"),
            ("论证案件", "desk:cases"),
            ("工程", "works:projects"),
            ("站内信", "messaging:letters"),
        ),
    ),
    OWN_RECORDS,
    ("公开", (("规则", "portal:rules"), ("抽取公示", "portal:draws"), ("核验", "portal:verify"))),
)
EXPERT_NAVIGATION = (
    ("要我做的", "desk:my"),
    ("邀请", "panels:invitations"),
    ("抽取", "panels:my_draws"),
    ("我的论证", "desk:cases"),
    ("办理事项", "procedures:proceedings"),
    ("站内信", "messaging:letters"),
    ("查阅记录", "desk:own_accesses"),
)
PUBLIC_NAVIGATION = (
    ("首页", "portal:home"),
    ("规则", "portal:rules"),
    ("专家名册", "portal:register"),
    ("公示公告", "notices:notices"),
    ("申请入库", "pools:openings"),
    ("抽取公示", "portal:draws"),
    ("核验", "portal:verify"),
)
PERSON_NAVIGATION = (("我的办理事项", "procedures:proceedings"), ("站内信", "messaging:letters"))
"""Of somebody who is logged in and has no seat yet."""
OF_A_CITY = frozenset({"pools:calendar"})
"""What only the offices of a whole city keep; a district has no page of it."""
HAS_OFFICE_MENU = OFFICES | {Role.ADMINISTRATOR}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """``layout``, ``menu`` and ``navigation`` for the base templates."""
    seat = getattr(request, "seat", None)
    if seat is None:
        is_known = request.user.is_authenticated
        shown = (*PERSON_NAVIGATION, *PUBLIC_NAVIGATION[1:]) if is_known else PUBLIC_NAVIGATION
        return {"layout": "web/layouts/public.html", "navigation": _items(shown, request.path)}
    if seat.role == Role.EXPERT:
        return {"layout": "web/layouts/phone.html", "navigation": _items(EXPERT_NAVIGATION, request.path)}
    groups = OFFICE_MENU if seat.role in HAS_OFFICE_MENU else UNIT_MENU
    left_out = OF_A_CITY if seat.role == Role.DISTRICT else frozenset()
    menu = [
        {"title": title, "items": _items(tuple(one for one in items if one[1] not in left_out), request.path)}
        for title, items in groups
    ]
    return {"layout": "web/layouts/desk.html", "menu": menu}


def _items(items: tuple[tuple[str, str], ...], path: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": (url := reverse(name)), "is_current": url == path, "count": None}
        for label, name in items
    ]
