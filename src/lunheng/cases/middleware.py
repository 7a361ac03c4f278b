"""A refusal that nobody caught becomes a page, or a JSON answer, that says why and what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lunheng.cases.refusals import reasons_of
from lunheng.core.errors import Refused


class RefusalMiddleware:
    """Turns ``Refused`` into an answer with status 403 and the reasons; nothing was changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(refusal_data(exception), status=403)
        return render(request, "cases/refused.html", {"verdict": exception.verdict}, status=403)


def refusal_data(refusal: Refused) -> dict[str, object]:
    """The refusal as the interface gives it."""
    return {"outcome": refusal.verdict.outcome.value, "reasons": reasons_of(refusal.verdict)}
