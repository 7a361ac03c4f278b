"""What every answer shares: a refusal that nobody caught becomes a page, or a JSON answer, that says why and what to do;
what was accepted is followed by its receipt."""

from collections.abc import Callable

from django.contrib import messages
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import bad_request

from lunheng.cases.refusals import record_refusal
from lunheng.core.errors import Refused
from lunheng.core.verdict import reasons_of


class RefusalMiddleware:
    """Turns ``Refused`` into an answer with status 403 and the reasons, and data that the database cannot hold into a
    400; nothing was changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError):
            # A zero byte in an address, a text longer than its column: nothing was changed, nothing can be kept.
            return bad_request(request, exception)
        if not isinstance(exception, Refused):
            return None
        keep_refusal(request, exception)
        status = 503 if exception.is_passing else 403
        if request.path.startswith("/api/"):
            return JsonResponse(refusal_data(exception), status=status)
        return render(request, "cases/refused.html", {"verdict": exception.shown}, status=status)


class ReceiptMiddleware:
    """After an accepted act the next page offers the receipt of what it entered, as soon as the log has signed it."""

    TAG = "receipt"
    AT_ONCE = 3
    """Who acts on many files at once finds the other receipts in their timelines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if 300 <= response.status_code < 400:
            for entry_id in getattr(request, "receipts", ())[: self.AT_ONCE]:
                messages.info(request, str(entry_id), extra_tags=self.TAG)
        return response


def keep_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Write down what was refused outside of an act, where nobody has done so yet."""
    if refusal.is_kept:
        return
    match = request.resolver_match
    name = match.view_name if match else request.path
    arguments = {**match.kwargs, "actor": request.actor, "at": request.at} if match else {}  # type: ignore[attr-defined]
    record_refusal(name[:64], refusal, arguments, is_read=request.method in ("GET", "HEAD"))


def refusal_data(refusal: Refused) -> dict[str, object]:
    """The refusal as the interface gives it."""
    return {"outcome": refusal.shown.outcome.value, "reasons": reasons_of(refusal.shown)}
