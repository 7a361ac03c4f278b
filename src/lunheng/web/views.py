"""The shell's one switch: 大字模式."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

LARGE_TYPE = "large_type"
ONE_YEAR = 365 * 24 * 60 * 60


@require_POST
def switch_large_type(request: HttpRequest) -> HttpResponse:
    """Turn 大字模式 on or off on this device, and for the account where one is logged in; then go back."""
    is_on = request.POST.get("on") == "1"
    response = HttpResponseRedirect(came_from(request))
    if is_on:
        response.set_cookie(LARGE_TYPE, "1", max_age=ONE_YEAR, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(LARGE_TYPE, samesite="Lax")
    if request.user.is_authenticated:
        request.user.has_large_type = is_on
        request.user.save(update_fields=["has_large_type"])
    return response


def came_from(request: HttpRequest) -> str:
    """Return the page on this site that the form names, or the first page."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "/"
