"""What the components put on a page."""

import re
from datetime import datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, engines
from django.test import RequestFactory

from lunheng.core.clauses import Clause
from lunheng.core.deadlines import Due
from lunheng.core.verdict import allowed, for_a_person, refused
from lunheng.web import form_fields
from lunheng.web.wording import SHANGHAI

CLAUSE = Clause("某市规定（虚构）", "二（三）")
DUE = datetime(2026, 11, 25, tzinfo=SHANGHAI)


def show(markup: str, **context: Any) -> str:
    """Render the markup with the components loaded."""
    return Template("{% load lunheng_web %}" + markup).render(Context(context))


def words(markup: str, **context: Any) -> list[str]:
    """Render the markup and return its words without the tags, line by line."""
    text = re.sub(r"<[^>]*>", "\n", show(markup, **context))
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_a_refusal_says_what_was_not_done_why_by_which_clause_and_what_to_do() -> None:
    verdict = refused(CLAUSE, "可抽取的专家不足", "调整会议时间", "3 人")
    assert words("{% refusal verdict '抽取没有进行' %}", verdict=verdict) == [
        "抽取没有进行",
        "可抽取的专家不足（当前：",
        "3 人",
        "）",
        "依据：",
        "《某市规定（虚构）》二（三）",
        "现在可以：调整会议时间",
    ]


def test_a_question_for_a_person_is_not_called_a_refusal() -> None:
    verdict = for_a_person(CLAUSE, "申报的关系需要判断")
    assert words("{% refusal verdict '申请没有办理' %}", verdict=verdict)[0] == "申请没有办理：需要由人决定"


def test_warnings_of_a_permission_are_shown_with_their_clause() -> None:
    warning = refused(CLAUSE, "专业少于三个").reasons[0]
    verdict = allowed(CLAUSE, "人数符合", warnings=(warning,))
    assert words("{% reasons verdict %}", verdict=verdict) == [
        "人数符合",
        "依据：",
        "《某市规定（虚构）》二（三）",
        "提示",
        "专业少于三个",
        "依据：",
        "《某市规定（虚构）》二（三）",
    ]


def test_the_turn_card_says_whose_turn_until_when_by_which_clause_and_what_follows() -> None:
    markup = (
        "{% turn_card who='王某' until=due remaining='剩 2 小时' clause=clause otherwise='自动补位' %}"
        " {% endturn_card %}"
    )
    assert words(markup, due=DUE, clause=CLAUSE) == [
        "现在轮到：王某",
        "办理时限",
        "2026年11月24日（周二）24:00",
        "剩 2 小时",
        "依据",
        "《某市规定（虚构）》二（三）",
        "逾期未办",
        "自动补位",
    ]


def test_the_turn_cards_button_is_markup_and_what_a_person_typed_is_not() -> None:
    page = show("{% turn_card who=who %}<button>{{ who }}</button>{% endturn_card %}", who="<b>王</b>")
    assert page.count("<button>&lt;b&gt;王&lt;/b&gt;</button>") == 1
    assert "<b>" not in page


def test_a_meaning_that_is_none_of_the_four_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        show("{% badge 'purple' '已确认' %}")


def test_a_meaning_carries_its_word() -> None:
    assert words("{% badge 'good' '已确认' %}") == ["已确认"]


def test_a_deadline_unfolds_the_steps_of_its_count_and_says_when_it_is_provisional() -> None:
    due = Due(DUE, ("起算：2026年11月22日", "截止：2026年11月24日24:00"), provisional=True)
    assert words("{% deadline due %}", due=due) == [
        "2026年11月24日（周二）24:00",
        "（暂定）",
        "，查看计算步骤",
        "起算：2026年11月22日",
        "截止：2026年11月24日24:00",
    ]


def test_a_step_is_marked_by_a_word_and_not_by_colour_alone() -> None:
    steps = [
        {"label": "抽取", "state": "done"},
        {"label": "确认", "state": "now"},
        {"label": "会议", "state": "todo"},
    ]
    assert words("{% step_bar steps %}", steps=steps) == [
        "抽取",
        "（已完成）",
        "确认",
        "（进行中）",
        "会议",
        "（未开始）",
    ]


def test_an_empty_timeline_says_what_will_appear_there() -> None:
    assert words("{% timeline entries %}", entries=[])[0] == "还没有办理记录"


def test_a_written_clause_is_shown_as_it_is_written() -> None:
    assert words("{% clause_link clause %}", clause="《某市规定（虚构）》二（三）") == [
        "《某市规定（虚构）》二（三）"
    ]


def test_a_document_is_called_by_its_short_name_and_has_its_full_one_on_touch() -> None:
    full = "《危险性较大的分部分项工程安全管理规定》第十二条"
    page = show("{% clause_link clause %}", clause=full)
    assert words("{% clause_link clause %}", clause=full) == ["《37号令》第十二条"]
    assert re.findall(r'title="([^"]*)"', page) == [full]


class LimitsForm(forms.Form):
    """Every kind of fault that Django words by itself."""

    sheet = forms.FileField(label="方案")
    sure = forms.BooleanField(label="我已阅读")
    day = forms.DateField(label="会议日期")
    when = forms.DateTimeField(label="会议时间")
    count = forms.IntegerField(label="人数", max_value=9)
    more = forms.IntegerField(label="增选人数")
    code = forms.CharField(label="信用代码", min_length=18)
    short = forms.CharField(label="姓名", max_length=2)
    kind = forms.ChoiceField(label="形式", choices=[("on_site", "现场会议")])
    own = forms.CharField(label="手机号码", error_messages={"required": "须填写能接收短信的号码"})


def test_what_is_wrong_with_a_field_names_it_and_says_what_to_do() -> None:
    given = {
        "day": "明天",
        "when": "下午",
        "count": "10",
        "more": "三",
        "code": "91",
        "short": "王小明",
        "kind": "other",
    }
    form = LimitsForm(given)
    assert {bound.name: form_fields.errors_of(bound) for bound in form} == {
        "sheet": ["请上传“方案”"],
        "sure": ["请勾选“我已阅读”"],
        "day": ["“会议日期”不是有效的日期，请按 2026-12-01 的写法填写"],
        "when": ["“会议时间”不是有效的时间，请按 2026-12-01 09:00 的写法填写"],
        "count": ["“人数”不能大于9"],
        "more": ["“增选人数”须填写整数"],
        "code": ["“信用代码”至少18字，现在2字，请补全"],
        "short": ["“姓名”最多2字，现在3字，请精简"],
        "kind": ["“形式”没有这一选项，请重新选择"],
        "own": ["须填写能接收短信的号码"],
    }
    assert form_fields.named_errors_of(form["own"]) == ["手机号码：须填写能接收短信的号码"]


class ReasonForm(forms.Form):
    """One required text, one optional text, one group of choices, one tick."""

    ground = forms.CharField(label="理由", help_text="写明事实。")
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    answer = forms.ChoiceField(label="答复", choices=[("yes", "同意")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="我已阅读", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse the form as a whole."""
        raise forms.ValidationError("论证会已经开始")


def test_a_field_is_described_by_its_error_and_its_hint() -> None:
    form = ReasonForm({})
    assert form_fields.described_by(form["ground"]) == "id_ground_error id_ground_helptext"
    control = form_fields.draw_control(form["ground"])
    assert 'aria-describedby="id_ground_error id_ground_helptext"' in control


def test_a_field_shows_label_errors_and_hint_around_its_control() -> None:
    form = ReasonForm({})
    assert words("{% field field %}", field=form["ground"]) == ["理由", "请填写“理由”", "写明事实。"]


def test_an_optional_field_says_so() -> None:
    assert words("{% field field %}", field=ReasonForm()["note"]) == ["备注", "（选填）"]


def test_a_group_of_choices_has_its_label_as_legend() -> None:
    assert "<legend>答复</legend>" in show("{% field field %}", field=ReasonForm()["answer"])


def test_a_tick_has_its_label_beside_it() -> None:
    assert words("{% field field %}", field=ReasonForm()["sure"]) == ["我已阅读"]


def test_the_error_summary_links_every_error_to_its_field() -> None:
    page = show("{% error_summary form %}", form=ReasonForm({"note": "有"}))
    assert re.findall(r'href="([^"]*)">([^<]*)<', page) == [
        ("#id_ground", "请填写“理由”"),
        ("#id_answer", "请选择“答复”"),
    ]
    assert "<li>论证会已经开始</li>" in page


def test_a_form_that_was_not_sent_has_no_error_summary() -> None:
    assert words("{% error_summary form %}", form=ReasonForm()) == []


def test_the_pager_keeps_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/cases/", {"state": "draw", "page": "2"})
    page = Paginator(range(60), 25).get_page(2)
    template = engines["django"].from_string("{% load lunheng_web %}{% pager page %}")
    markup = template.template.render(Context({"request": request, "page": page}))  # type: ignore[attr-defined]
    assert re.findall(r'href="([^"]*)"', markup) == [
        "?state=draw&amp;page=1",
        "?state=draw&amp;page=1",
        "?state=draw&amp;page=3",
        "?state=draw&amp;page=3",
    ]
    assert "共 60 条，第 2 / 3 页" in markup


def test_a_chart_brings_the_table_it_is_drawn_from() -> None:
    page = words("{% chart 'bar' '十月最多。' heads rows %}", heads=["月份", "次数"], rows=[["十月", 3]])
    assert page == ["十月最多。", "数据表", "月份", "次数", "十月", "3"]
