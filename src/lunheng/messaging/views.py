"""Letters of the person who is logged in; what carriers call back; the simulator's page."""

import hmac

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lunheng.accounts.workspaces import for_everybody
from lunheng.messaging import queries
from lunheng.messaging.carriers import CARRIERS, carrier
from lunheng.messaging.models import Message, SimulatedPhone
from lunheng.messaging.sending import report

PAGE = 25


@for_everybody
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """我的消息: every message to this account, with its state of delivery; looking at the page reads them."""
    if not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}?next={request.path}")
    page = Paginator(queries.letters_of(request.user), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    unread = {message.pk for message in shown if message.read_at is None}
    Message.objects.filter(pk__in=unread, read_at__isnull=True).update(read_at=request.at)  # type: ignore[attr-defined]
    entries = queries.entries_of(shown)
    letters = [(message, entries.get(message.pk)) for message in shown]
    return render(request, "messaging/letters.html", {"page": page, "letters": letters, "unread": unread})


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


@for_everybody
@require_safe
def simulator(request: HttpRequest) -> HttpResponse:
    """What would be on people's phones, with buttons that stand for the carrier."""
    _require_simulator()
    page = Paginator(queries.simulated_messages(), PAGE).get_page(request.GET.get("page"))
    manners = dict(SimulatedPhone.objects.values_list("phone", "manner"))
    lines = [(message, manners.get(message.phone, "")) for message in page.object_list]
    context = {"page": page, "lines": lines, "manners": SimulatedPhone.Manner.choices}
    return render(request, "messaging/simulator.html", context)


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
