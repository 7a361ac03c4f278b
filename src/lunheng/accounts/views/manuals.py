"""The manuals at the door; they open without a log-in (青建质安字〔2025〕3号 三（二）、（三）)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def company_manual(request: HttpRequest) -> HttpResponse:
    """For units."""
    return render(request, "accounts/manual_company.html")


@require_safe
def expert_manual(request: HttpRequest) -> HttpResponse:
    """For experts."""
    return render(request, "accounts/manual_expert.html")
