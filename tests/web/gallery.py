"""Every component on one page in each layout: what the tests of the shell look at in a browser."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from lunheng.core.clauses import Clause
from lunheng.core.verdict import for_a_person, refused

NOW = datetime(2026, 11, 24, 13, 48, tzinfo=ZoneInfo("Asia/Shanghai"))
CLAUSE = Clause("某市危大工程专家论证管理规定（虚构）", "二（三）", "专家确认参加")

PAGE = Path(__file__).with_suffix(".html")


class OpinionForm(forms.Form):
    """A form with one control of each kind."""

    place = forms.CharField(label="场所", help_text="写明图号或部位，例如：基坑东侧 3—5 轴。")
    problem = forms.CharField(label="问题", widget=forms.Textarea(attrs={"rows": 3}))
    weight = forms.ChoiceField(label="性质", choices=[("must", "必须修改"), ("should", "建议修改")])
    conclusion = forms.ChoiceField(
        label="结论",
        widget=forms.RadioSelect,
        choices=[("approved", "通过"), ("revised", "修改后通过"), ("rejected", "不通过")],
    )
    is_urgent = forms.BooleanField(label="需要会上讨论", required=False)


def example(request: HttpRequest, layout: str) -> dict[str, Any]:
    """Return what the page shows."""
    labels = ["预检", "审查", "抽取", "确认", "预审", "会议", "报告", "修改", "批准", "节点", "归档"]
    states = ["done"] * 3 + ["now"] + ["todo"] * 7
    due = NOW + timedelta(hours=3, minutes=12)
    menu = [
        {
            "title": "论证",
            "items": [
                {"label": "待办", "url": "/gallery/desk/", "is_current": True, "count": 12},
                {"label": "案件", "url": "#", "is_current": False, "count": None},
            ],
        },
        {"title": "专家库", "items": [{"label": "专家", "url": "#", "is_current": False, "count": None}]},
    ]
    return {
        "layout": f"web/layouts/{layout}.html",
        "menu": menu,
        "navigation": menu[0]["items"],
        "seat": "某市质安中心 经办人",
        "seats": ["某市质安中心 经办人"],
        "steps": [
            {"label": label, "state": state, "url": "#" if state == "done" else ""}
            for label, state in zip(labels, states, strict=True)
        ],
        "due": due,
        "left": "剩 3 小时 12 分",
        "clause": CLAUSE,
        "count": [
            "起算：2026年11月24日11:00",
            "通知送达后6小时，按自然小时连续计算",
            "截止：2026年11月24日17:00",
        ],
        "refused": refused(CLAUSE, "可抽取的岩土专业专家不足", "调整会议时间，或申请增加特邀专家", "3 人"),
        "person": for_a_person(CLAUSE, "申报的关系需要主管部门判断", "提交给辖区主管部门决定"),
        "form": OpinionForm(request.POST if request.method == "POST" else None),
        "page": Paginator(range(1, 301), 25).get_page(request.GET.get("page")),
        "heads": ["月份", "抽取次数"],
        "rows": [["九月", 21], ["十月", 17], ["十一月", 34]],
        "entries": [
            {
                "at": NOW,
                "who": "某市质安中心 经办人",
                "text": "抽取专家组",
                "clause": CLAUSE,
                "proof_url": "#",
            },
            {"at": NOW - timedelta(days=2), "who": "某某建设（虚构）", "text": "提交方案第 1 版"},
        ],
    }


def gallery(request: HttpRequest, layout: str) -> HttpResponse:
    """Show the components in one layout."""
    template = engines["django"].from_string(PAGE.read_text(encoding="utf-8"))
    return HttpResponse(template.render(example(request, layout), request))


urlpatterns = [path("gallery/<slug:layout>/", gallery), path("", include("lunheng.config.urls"))]
