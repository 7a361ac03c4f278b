"""Writing messages: once per cause, in the hours of the pack, signed, and stopped for who declined."""

from datetime import datetime

import pytest
from django.conf import settings

from lunheng.accounts.models import Account
from lunheng.cases.models import Case
from lunheng.cases.running import ActError
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.policy import read_pack, resolve
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import packs
from lunheng.jurisdictions.models import PackRecord
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_RELEASED, TEXTS, MissingWords, write_text
from tests.messaging.conftest import Post, stop_messages

pytestmark = pytest.mark.django_db


def test_a_message_waits_with_its_signed_text(post: Post) -> None:
    message = post()
    assert (message.state, message.phone, message.text) == (
        "waiting",
        "+8619900000001",
        "【论衡】邀请您作为专家参加“深基坑专项施工方案”专家论证会，时间：2026年12月1日（周二）09:00，地点：虚构路 1 号，"
        "组织单位：虚构建设集团，联系方式：虚构·丙 139 0000 0002。请在本短信送达后6小时内打开链接答复：点“确认参加”；"
        f"不能参加的，点“不能参加”并写明理由。逾期未确认视为不参与。 办理：{settings.SITE_ADDRESS}/my/invitations/1/",
    )


def test_one_cause_gives_one_message(post: Post) -> None:
    first, second = post(key="one"), post(key="one", template="panel.released", context={})
    assert (first.pk, second.template, Message.objects.count()) == (second.pk, "panel.invitation", 1)


def with_hours(*, at: datetime) -> PackRecord:
    """The pack of Qingdao with its hours for messages switched on."""
    texts = packs.folder_texts(settings.PACKS_DIRECTORY / "qingdao-2025")
    head, mark, tail = texts["panels.toml"].partition("[confirmation.send_window]")
    texts["panels.toml"] = head + mark + tail.replace("enabled = false", "enabled = true", 1)
    return packs.record(resolve(read_pack(texts), packs.read("cn"), packs.read("platform")), at=at)


def test_a_message_leaves_when_the_pack_lets_it(post: Post, case: Case, clock: FixedClock) -> None:
    """An office lets short messages leave between 8:00 and 16:00: what is written at night waits, a letter and what
    would do harm by waiting do not."""
    clock.set(night := datetime(2026, 11, 24, 3, 53, tzinfo=CHINA))
    case.pack = with_hours(at=night)
    case.save(update_fields=("pack",))
    opens = night.replace(hour=8, minute=0)
    assert [post().send_after, post().is_held_back] == [opens, True]
    code = {"template": "report.upload_reminder", "context": {"until": "24:00", "missing": "签到表"}}
    letter = {"template": "panel.exhausted", "context": {"message": "无人可补"}}
    assert [post(**code).send_after, post(**letter).send_after] == [night, night]


def test_the_address_to_open_stands_in_the_text(post: Post) -> None:
    assert post().text.endswith(f" 办理：{settings.SITE_ADDRESS}/my/invitations/1/")


def test_who_has_no_number_gets_a_letter_that_is_there_at_once(post: Post, clock: FixedClock) -> None:
    nobody = Account.objects.create_account(phone=None, name="虚构·乙")
    letter = post(account=nobody)
    assert (letter.channel, letter.state, letter.delivered_at) == ("letter", "delivered", clock.now())


def test_nothing_is_written_outside_an_act(case: Case, clock: FixedClock) -> None:
    with pytest.raises(ActError):
        draft = Message.draft(
            PANEL_RELEASED, key="x", case=case, phone="+8619900000001", at=clock.now(), member=1
        )
        Message.post(draft)


def test_who_declined_is_not_written_to_again(post: Post, case: Case, clock: FixedClock) -> None:
    waiting, other = post(subject="member:7"), post(subject="member:8")
    sent = post(subject="member:7")
    Message.objects.filter(pk=sent.pk).update(state="sent")
    stop_messages(case_id=case.pk, subject="member:7", actor=Actor.system(), at=clock.now())
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "stopped", other.pk: "waiting", sent.pk: "sent"}


@pytest.mark.parametrize("template", TEXTS)
def test_a_text_with_a_hole_is_never_written(template: str) -> None:
    with pytest.raises(MissingWords, match=template):
        write_text(template, {})


def test_a_template_of_another_app_says_its_own_words() -> None:
    assert write_text("report.sign", {"text": "请签名。"}) == "【论衡】请签名。"


def test_a_template_without_words_says_that_there_is_something_to_see() -> None:
    assert (
        write_text("x", {"title": "深基坑"}) == "【论衡】“深基坑”有需要您办理或知悉的事项，请登录平台查看。"
    )
