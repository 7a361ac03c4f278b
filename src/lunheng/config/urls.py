"""Addresses: each app brings its own."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from lunheng.api.interface import interface


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The process answers and its database too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("livez", alive, name="livez"),
    path("readyz", ready, name="readyz"),
    path("", include("lunheng.portal.urls")),
    path("", include("lunheng.accounts.urls")),
    path("", include("lunheng.desk.urls")),
    path("", include("lunheng.web.urls")),
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
