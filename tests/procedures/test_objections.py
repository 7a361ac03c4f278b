"""Objections to a public notice: anybody files one, the matter waits, the office answers with its reason."""

from datetime import timedelta

import pytest

from lunheng.cases.timeline import timeline
from lunheng.core.actor import Actor, Role
from lunheng.notices.models import Notice, Objection
from tests.procedures.matters import Matter, clauses

pytestmark = pytest.mark.django_db
NEIGHBOR = Actor("public", Role.PUBLIC)
WORDS = {"name": "虚构·邻居", "phone": "13900001111", "text": "该申请人的职称证书与登记不符，请核实。"}


def noticed(matter: Matter) -> Notice:
    """The application is up for five days."""
    matter.apply()
    matter.accept()
    return matter.post(days=5)


def object_to(matter: Matter, notice: Notice, **words: str) -> Objection:
    """Somebody objects."""
    made: Objection = matter.act(
        NEIGHBOR, "notices.file_objection", notice_id=notice.pk, **{**WORDS, **words}
    )
    return made


def answer(matter: Matter, objection: Objection, *, is_upheld: bool, seat: str = "bureau") -> None:
    """The office answers."""
    given = {"objection_id": objection.pk, "is_upheld": is_upheld, "answer": "经核实原件并查询登记系统"}
    matter.act(seat, "procedures.answer_objection", **given)


@pytest.mark.clause("NN-二(二)a")
def test_an_open_objection_holds_the_matter_at_the_notice(nanning: Matter) -> None:
    notice = noticed(nanning)
    objection = object_to(nanning, notice)
    assert (objection.number, objection.answered_at) == (1, None)

    nanning.wait(until=notice.ends_at)

    assert nanning.standing == ("running", "notice")
    assert timeline(nanning.proceeding.case)[-1].label == "公示期满，有异议尚未处理"
    assert clauses(nanning.no_step("bureau", "publication", "publish")) == ["二（二）"]

    answer(nanning, objection, is_upheld=False)
    assert nanning.standing == ("running", "publication")


def test_an_objection_answered_in_time_changes_nothing_about_the_end(nanning: Matter) -> None:
    notice = noticed(nanning)
    objection = object_to(nanning, notice)
    answer(nanning, objection, is_upheld=False)
    assert nanning.standing == ("running", "notice")

    nanning.wait(until=notice.ends_at)

    assert nanning.standing == ("running", "publication")


def test_of_two_objections_the_last_answer_lets_the_matter_go_on(nanning: Matter) -> None:
    notice = noticed(nanning)
    first, second = object_to(nanning, notice), object_to(nanning, notice, name="虚构·另一人")
    nanning.wait(until=notice.ends_at)

    answer(nanning, first, is_upheld=False)
    assert nanning.standing == ("running", "notice")
    answer(nanning, second, is_upheld=False)
    assert nanning.standing == ("running", "publication")


def test_an_objection_that_is_right_ends_the_matter(nanning: Matter) -> None:
    notice = noticed(nanning)

    answer(nanning, object_to(nanning, notice), is_upheld=True)

    assert nanning.standing == ("refused", "")
    nanning.wait(until=notice.ends_at)
    assert nanning.standing == ("refused", "")


def test_the_last_moment_of_the_notice_is_in_time_and_the_next_is_not(nanning: Matter) -> None:
    notice = noticed(nanning)
    assert notice.ends_at is not None
    nanning.hand.clock.set(notice.ends_at - timedelta(seconds=1))
    object_to(nanning, notice)

    nanning.hand.clock.set(notice.ends_at)
    verdict = nanning.refused(NEIGHBOR, "notices.file_objection", notice_id=notice.pk, **WORDS)

    assert verdict.reasons[0].message == "公示期已经结束，不能再提出异议"
    assert clauses(verdict) == ["二（二）"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"name": " "}, "提出异议须写明姓名和联系电话"),
        ({"phone": ""}, "提出异议须写明姓名和联系电话"),
        ({"text": "不好"}, "异议理由须为5至2000字"),
    ],
)
def test_an_objection_has_a_name_a_number_and_a_reason(
    nanning: Matter, words: dict[str, str], message: str
) -> None:
    notice = noticed(nanning)

    verdict = nanning.refused(NEIGHBOR, "notices.file_objection", notice_id=notice.pk, **{**WORDS, **words})

    assert verdict.reasons[0].message == message
    assert Objection.objects.count() == 0


@pytest.mark.parametrize("seat", ["station", "applicant", "district", "contractor", "expert:0"])
def test_nobody_but_the_office_of_the_notice_answers(nanning: Matter, seat: str) -> None:
    objection = object_to(nanning, noticed(nanning))
    given = {"objection_id": objection.pk, "is_upheld": False, "answer": "没有根据"}

    verdict = nanning.refused(seat, "procedures.answer_objection", **given)

    assert verdict.reasons[0].message == "公示由市住建局办理"


def test_an_answer_has_its_reason_and_is_given_once(nanning: Matter) -> None:
    objection = object_to(nanning, noticed(nanning))
    given = {"objection_id": objection.pk, "is_upheld": False}
    assert nanning.refused("bureau", "procedures.answer_objection", **given, answer=" ").reasons[
        0
    ].message == ("答复异议须写明理由")

    nanning.act("bureau", "procedures.answer_objection", **given, answer="经核实不成立")

    again = nanning.refused("bureau", "procedures.answer_objection", **given, answer="改变主意")
    assert again.reasons[0].message == "这件异议已经答复"


def test_the_entry_tells_neither_name_nor_text_of_who_objects(nanning: Matter) -> None:
    object_to(nanning, noticed(nanning))

    line = timeline(nanning.proceeding.case)[-1]

    assert (line.label, {**line.data, "at": ""}) == ("对公示提出异议（第1号）", {"number": 1, "at": ""})


def test_nobody_objects_to_an_announcement(nanning: Matter) -> None:
    nanning.to_publication()
    nanning.step("bureau", "publication", "publish")
    told = Notice.objects.get(kind="announcement")

    verdict = nanning.refused(NEIGHBOR, "notices.file_objection", notice_id=told.pk, **WORDS)

    assert verdict.reasons[0].value == "不接受异议"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ({"name": "邻居・拟　名", "phone": "139 0000 1111"}, ("邻居·拟名", "+8613900001111")),
        ({"phone": "０５３２－８５００００１２"}, ("虚构·邻居", "0532-85000012")),
    ],
)
def test_g12_name_and_number_of_an_objection_are_kept_in_one_way(
    nanning: Matter, words: dict[str, str], kept: tuple[str, str]
) -> None:
    objection = object_to(nanning, noticed(nanning), **words)

    assert (objection.name, objection.phone) == kept


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"phone": "4006000001"}, "联系电话不正确"),
        ({"phone": "1990099888"}, "联系电话不正确"),
        ({"name": "张\u202e三"}, "姓名第2个字符（U+202E，文字方向控制符）不能使用"),
    ],
)
def test_g7_an_objection_that_reaches_nobody_is_refused(
    nanning: Matter, words: dict[str, str], message: str
) -> None:
    notice = noticed(nanning)

    verdict = nanning.refused(NEIGHBOR, "notices.file_objection", notice_id=notice.pk, **{**WORDS, **words})

    assert verdict.reasons[0].message == message
