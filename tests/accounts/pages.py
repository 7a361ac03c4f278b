"""Addresses of the product, and in front of them a page of units, one of experts, and marked ones elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lunheng.accounts.workspaces import for_everybody, workspace
from lunheng.config.urls import handler403
from lunheng.config.urls import urlpatterns as product

__all__ = ["handler403"]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@workspace("organization")
def page_of_units(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@workspace("expert")
def page_of_experts(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


@for_everybody
def public_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [
    path("works/", page),
    path("my/", page),
    path("elsewhere/", page),
    path("marked/units/", page_of_units),
    path("marked/experts/", page_of_experts),
    path("marked/public/", public_page),
    *product,
]
