"""An address that always fails, beside those of the product."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lunheng.config.urls import urlpatterns as product

SECRET = "虚构密钥-不可示人"


def fail(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise RuntimeError(SECRET)


urlpatterns = [path("broken/", fail), *product]
