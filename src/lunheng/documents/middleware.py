"""A stored file that is gone or changed is told in words, noted, and never handed out under its old digest."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lunheng.documents import auditing
from lunheng.documents.store import Missing, StoreFault

GONE = "文件缺失：存储中找不到这份文件"
CHANGED = "文件已被改动：存储中的内容与存证的摘要不符，不能提供"
ADVICE = "平台已记录并告警；请与监督机构或平台运维人员联系，告知文件摘要，由其从备份恢复原文件"


class DamageMiddleware:
    """Turns ``StoreFault`` into a page, or a JSON answer, with status 503: our store failed, the request was right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StoreFault):
            return None
        auditing.note(exception, request.at)  # type: ignore[attr-defined]
        told = GONE if isinstance(exception, Missing) else CHANGED
        if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
            data = {"message": told, "advice": ADVICE, "digest": exception.digest}
            return JsonResponse(data, status=503)
        context = {"told": told, "advice": ADVICE, "digest": exception.digest}
        return render(request, "documents/damaged.html", context, status=503)
