"""The demo's own pages: what to try, and the demo's clock. They exist in demo mode only."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lunheng.demo import queries
from lunheng.demo.clock import demo_clock
from lunheng.demo.forms import ClockForm


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What to try, as whom, and what time it is in the demo."""
    _only_in_demo()
    context = {"trials": queries.trials(), "lead": demo_clock().lead, "form": ClockForm()}
    return render(request, "demo/start.html", context)


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Let the demo's time run ahead; what falls due is answered by the worker a moment later."""
    _only_in_demo()
    form = ClockForm(request.POST)
    if form.is_valid():
        hours = form.cleaned_data["hours"]
        demo_clock().move(timedelta(hours=hours))
        messages.success(request, f"演示时间已前进 {hours} 小时；到期的事项会在几秒内自动办理。")
    else:
        messages.error(request, "演示时间没有变动：请选择列出的时长。")
    return redirect("demo:start")


def _only_in_demo() -> None:
    if not settings.IS_DEMO:
        raise Http404
