"""Letters of the person who is logged in; what carriers call back; the simulator's page."""

import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lunheng.accounts.workspaces import for_everybody
from lunheng.cases.listing import Asked, Column, Listing
from lunheng.messaging import queries
from lunheng.messaging.carriers import CARRIERS, carrier
from lunheng.messaging.models import Message, SimulatedPhone
from lunheng.messaging.sending import report
from lunheng.web.narrowing import Choice, Days


@dataclass(frozen=True)
class Letter:
    """A message with the entry that wrote it, and whether it is looked at for the first time."""

    message: Message
    entry_id: UUID | None
    is_new: bool


def _read(asked: Asked, shown: list[Any]) -> list[Letter]:
    unread = {message.pk for message in shown if message.read_at is None}
    Message.objects.filter(pk__in=unread, read_at__isnull=True).update(read_at=asked.at)
    entries = queries.entries_of(shown)
    return [Letter(message, entries.get(message.pk), message.pk in unread) for message in shown]


LETTERS = Listing(
    name="messaging.letters",
    address="messaging:letters",
    title="我的消息",
    is_for_everybody=True,
    needs_person=True,
    rows=lambda asked: queries.letters_of(asked.request.user),  # type: ignore[arg-type]
    dress=_read,
    search=("text", "case__reference"),
    search_label="消息内容或案件编号",
    filters=(
        Choice("state", "发送状态", Message.State.choices, "state"),
        Days("since", "日期从", "created_at"),
        Days("until", "到", "created_at", is_last=True),
    ),
    columns=(
        Column("时间", lambda one: one.message.created_at),
        Column("方式", lambda one: one.message.get_channel_display()),
        Column("内容", lambda one: one.message.words),
        Column("状态", lambda one: one.message.get_state_display()),
        Column("案件", lambda one: one.message.case.reference if one.message.case else None),
    ),
    empty=("还没有消息", "论证邀请、会议通知和办理结果会显示在这里，同时以短信发送。"),
    nothing_found="没有符合条件的消息",
    card="messaging/letter.html",
)
"""我的消息: every message to this account, with its state of delivery; looking at the page reads them."""


@csrf_exempt
@require_POST
def callback(request: HttpRequest, name: str, token: str) -> HttpResponse:
    """A carrier reports. The address holds a token that only the carrier was given."""
    expected = str(getattr(settings, "SMS_CALLBACK_TOKEN", ""))
    if name != settings.SMS_BACKEND or name not in CARRIERS or not expected:
        raise Http404
    if not hmac.compare_digest(token.encode(), expected.encode()):
        raise Http404
    backend = carrier()
    try:
        reports = backend.reports(request.body)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"fault": "回执格式无法识别"}, status=400)
    known = [(queries.reported_message(line), line) for line in reports]
    for message, line in known:
        if message is not None:
            report(message, is_delivered=line.is_delivered, fault=line.fault, at=request.at)  # type: ignore[attr-defined]
    # A report that came before our row named its reference is asked for again.
    is_complete = all(message is not None for message, _ in known)
    return JsonResponse(dict(backend.thanks()), status=200 if is_complete else 404)


def _held(asked: Asked, shown: list[Any]) -> list[tuple[Message, str]]:
    phones = {message.phone for message in shown}
    manners = dict(SimulatedPhone.objects.filter(phone__in=phones).values_list("phone", "manner"))
    return [(message, manners.get(message.phone, "")) for message in shown]


SIMULATOR = Listing(
    name="messaging.simulator",
    address="messaging:simulator",
    title="模拟短信",
    is_for_everybody=True,
    about=lambda request: _require_simulator(),
    rows=lambda asked: queries.simulated_messages(),
    dress=_held,
    search=("phone", "account__name", "case__reference"),
    search_label="号码、姓名或案件编号",
    columns=(),
    empty=("还没有短信", "抽取专家、发出会议通知等办理之后，短信会出现在这里。"),
    nothing_found="没有符合条件的短信",
    layout="web/layouts/public.html",
    template="messaging/simulator.html",
    card="messaging/simulated.html",
    is_exported=False,
    more=lambda asked: {"manners": SimulatedPhone.Manner.choices},
)
"""What would be on people's phones, with buttons that stand for the carrier."""


@for_everybody
@require_POST
def simulate_report(request: HttpRequest, message_id: int) -> HttpResponseRedirect:
    """Deliver a message, or fail it for good."""
    _require_simulator()
    message = get_object_or_404(Message, pk=message_id)
    is_delivered = request.POST.get("outcome") == "deliver"
    at = request.at  # type: ignore[attr-defined]
    done = report(message, is_delivered=is_delivered, fault="" if is_delivered else "号码停机（模拟）", at=at)
    words = ("已送达" if is_delivered else "已记为发送失败") if done else "这条短信已有结果，没有改变"
    messages.success(request, words)
    return HttpResponseRedirect(reverse("messaging:simulator"))


@for_everybody
@require_POST
def simulate_phone(request: HttpRequest) -> HttpResponseRedirect:
    """Treat a number otherwise from now on, or as usual again."""
    _require_simulator()
    phone, manner = request.POST.get("phone", ""), request.POST.get("manner", "")
    if manner in SimulatedPhone.Manner.values:
        SimulatedPhone.objects.update_or_create(phone=phone, defaults={"manner": manner})
    else:
        SimulatedPhone.objects.filter(phone=phone).delete()
    messages.success(request, f"号码 {phone} 的模拟方式已更改")
    return HttpResponseRedirect(reverse("messaging:simulator"))


def _require_simulator() -> None:
    if settings.SMS_BACKEND != "simulator" or settings.MODE == "production":
        raise Http404
