"""自动补位: at once, by chance, of the same specialty, with its own six hours, until nobody is left."""

from collections.abc import Callable
from datetime import timedelta

from lunheng.messaging.models import Message
from lunheng.panels import queries
from lunheng.panels.models import Draw, Member
from lunheng.verifiers import verify_draw
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def decline(scene: Scene, member: Member) -> Member:
    """A member declines, the platform answers; returns the replacement."""
    scene.act("decline_seat", scene.seat(member), member_id=member.pk, reason="出差")
    scene.sweep()
    return Member.objects.select_related("expert").get(replaces=member)


def test_a_decline_is_refilled_at_once_with_an_own_six_hours(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.deliver()
    scene.clock.advance(hours=3)
    replacement = decline(scene, member)
    assert (replacement.seat, replacement.specialty, replacement.state) == (
        member.seat,
        member.specialty,
        "invited",
    )
    scene.deliver()
    due = next(
        one for one in scene.deadlines("panels.expire_invitation") if one.subject == replacement.subject
    )
    assert due.due_at == scene.clock.now() + timedelta(hours=6)


def test_the_replacement_holds_the_specialty_and_was_not_asked_before(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 5, False), ("monitoring", 1, True)], experts=20)
    extra = next(one for one in scene.draw() if one.is_extra)
    replacement = decline(scene, extra)
    assert "monitoring" in {one.specialty for one in replacement.expert.specialties.all()}
    assert (replacement.specialty, replacement.is_extra) == ("monitoring", True)
    experts = [one.expert_id for one in scene.members()]
    assert len(experts) == len(set(experts))


def test_a_chain_of_declines_and_silences_is_refilled_each_time_by_a_fresh_draw(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    second = decline(scene, member)
    scene.deliver()
    scene.confirm(*[one for one in scene.members("invited") if one.pk != second.pk])
    scene.sweep(hours=6)
    third = Member.objects.get(replaces=second)
    assert scene.member(second).state == "silent"
    assert [(draw.kind, draw.because) for draw in Draw.objects.order_by("number")] == [
        ("first", ""),
        ("backfill", "declined"),
        ("backfill", "silent"),
    ]
    assert len(set(Draw.objects.values_list("seed", flat=True))) == 3
    scene.deliver()
    scene.confirm(third)
    assert scene.case.state == "preparing"


def test_every_round_can_be_recomputed_and_follows_the_one_before(qingdao: Tell) -> None:
    scene = qingdao()
    decline(scene, decline(scene, scene.draw()[0]))
    documents = [queries.transcript_of(draw) for draw in Draw.objects.order_by("number")]
    assert [verify_draw.verify(one) for one in documents] == [[], [], []]
    assert [one["previous"] for one in documents] == ["", documents[0]["commit"], documents[1]["commit"]]


def test_who_sits_already_stays_on_the_seat(qingdao: Tell) -> None:
    scene = qingdao()
    drawn = scene.draw()
    scene.confirm(*drawn[1:])
    decline(scene, drawn[0])
    assert [(one.pk, one.seat, one.state) for one in scene.members("confirmed")] == [
        (one.pk, one.seat, "confirmed") for one in drawn[1:]
    ]


def test_staff_of_a_party_is_not_drawn_in_a_backfill_either(qingdao: Tell) -> None:
    scene = qingdao(experts=7)  # six of geotechnics
    for _ in range(3):
        scene.world.add_expert(unit="monitor")
    drawn = scene.draw()
    last = decline(scene, drawn[0])
    scene.act("decline_seat", scene.seat(last), member_id=last.pk, reason="出差")
    scene.sweep()
    assert scene.world.unit("monitor").pk not in {one.expert.unit_id for one in scene.members()}
    assert Member.objects.filter(replaces=last).count() == 0


def test_when_none_is_left_contractor_and_station_are_told_with_the_numbers(qingdao: Tell) -> None:
    scene = qingdao(experts=7)  # six of geotechnics
    last = decline(scene, scene.draw()[0])
    scene.act("decline_seat", scene.seat(last), member_id=last.pk, reason="生病")
    scene.sweep()
    letters = Message.objects.filter(template="panel.exhausted", channel="letter")
    told = {letter.account.name for letter in letters if letter.account}
    assert told == {"虚构·contractor", "虚构·technical_director", "虚构·station"}
    text = letters[0].text
    assert (
        "现有符合条件且未抽取过的专家0人，已抽取6人（不参加2人、逾期未确认0人、未送达0人、回避0人）" in text
    )
    assert (scene.case.state, len(scene.request.warnings)) == ("confirming", 1)


def test_nothing_is_refilled_after_the_request_was_withdrawn(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.act("decline_seat", scene.seat(member), member_id=member.pk, reason="出差")
    request = scene.request
    request.state = "cancelled"
    request.save()
    scene.sweep()
    assert Draw.objects.count() == 1


def test_the_whole_record_verifies_and_breaks_when_any_line_is_altered(qingdao: Tell) -> None:
    scene = qingdao()
    replacement = decline(scene, scene.draw()[0])
    scene.deliver()
    scene.confirm(replacement)
    document = queries.transcript(scene.request)
    assert verify_draw.verify(queries.transcript(scene.request)) == []
    labels = [line["event"]["label"] for line in document["events"]]
    assert labels[:5] == [
        "提出抽取申请",
        "承诺第1次抽取，待揭示",
        "申请人揭示第1次抽取的随机数",
        "系统随机抽取专家",
        "专家答复不能参加",
    ]
    assert {"系统自动补抽（不参加）", "短信送达", "专家确认参加"} < set(labels)
    assert all(line["event"]["at"] and line["event"]["actor"] for line in document["events"])
    for number in range(len(document["events"])):
        altered = queries.transcript(scene.request)
        altered["events"][number]["event"]["at"] = "2026-11-24T08:00:00+08:00"
        assert verify_draw.verify(altered) != []
