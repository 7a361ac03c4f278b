"""Addresses: each app brings its own."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import include, path
from django.views.defaults import server_error

from lunheng.api.interface import interface
from lunheng.documents import auditing


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The process answers and its database too; what a person has to see to stands below the first line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("\n".join(["ok", *auditing.alarms()]), content_type="text/plain; charset=utf-8")


def fail(request: HttpRequest) -> HttpResponse:
    """A fault; but while the database is away, or two acts stood in each other's way, only a pause, and told as one."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    if request.path.startswith("/api/"):
        told = {"message": "数据库暂时无法连接。请稍后先查看事项的当前状态，再决定是否重新提交", "faults": []}
        answer: HttpResponse = JsonResponse(told, status=503)
    else:
        answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = "10"
    return answer


urlpatterns = [
    path("livez", alive, name="livez"),
    path("readyz", ready, name="readyz"),
    path("", include("lunheng.portal.urls")),
    path("", include("lunheng.accounts.urls")),
    path("", include("lunheng.desk.urls")),
    path("", include("lunheng.web.urls")),
    path("", include("lunheng.notices.urls")),
    path("", include("lunheng.procedures.urls")),
    path("", include("lunheng.pools.urls")),
    path("", include("lunheng.works.urls")),
    path("", include("lunheng.experts.urls")),
    path("", include("lunheng.plans.urls")),
    path("", include("lunheng.panels.urls")),
    path("", include("lunheng.meetings.urls")),
    path("", include("lunheng.reports.urls")),
    path("", include("lunheng.documents.urls")),
    path("", include("lunheng.messaging.urls")),
    path("demo/", include("lunheng.demo.urls")),
    path("api/", interface.urls),
]
handler403 = "django.views.defaults.permission_denied"
handler500 = fail
