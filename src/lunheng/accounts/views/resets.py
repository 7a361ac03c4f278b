"""A new password by a code sent to the number (南住建〔2019〕104号 三（三）：可以重置)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lunheng.accounts import codes
from lunheng.accounts.forms import PhoneForm, ResetForm
from lunheng.accounts.throttle import TooManyAttempts, address_of
from lunheng.accounts.traces import record_access
from lunheng.accounts.views.landing import at_the_door, too_many

RESET_PHONE = "reset_phone"
SENT = "如果该号码已登记，验证码已经发出，请查看短信"
WRONG = "验证码不正确或已失效，请核对后再试，或重新获取验证码"
DONE = "密码已重置，请用新密码登录；此前在其他设备上的登录均已失效"


@never_cache
def request_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code; the answer is the same whether the number is known or not."""
    form = PhoneForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/reset.html", {"form": form}, status=422 if form.errors else 200)
    phone = form.cleaned_data["phone"]
    try:
        codes.request_code(phone=phone, address=address_of(request), at=request.at)  # type: ignore[attr-defined]
    except TooManyAttempts as limit:
        return too_many(request, limit, "accounts/reset.html", form, {})
    record_access(request, "password_code", "获取验证码", actor=at_the_door(request))
    request.session[RESET_PHONE] = phone
    messages.info(request, SENT)
    return HttpResponseRedirect(reverse("accounts:reset_password"))


@never_cache
@sensitive_post_parameters("code", "password", "again")
def reset_password(request: HttpRequest) -> HttpResponse:
    """Set a new password with the code; the old one and every session with it end."""
    if request.method != "POST":
        form = ResetForm(initial={"phone": request.session.get(RESET_PHONE, "").removeprefix("+86")})
        return render(request, "accounts/reset_password.html", {"form": form})
    form = ResetForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/reset_password.html", {"form": form}, status=422)
    try:
        account = codes.reset_password(
            phone=form.cleaned_data["phone"],
            code=form.cleaned_data["code"],
            password=form.cleaned_data["password"],
            address=address_of(request),
            at=request.at,  # type: ignore[attr-defined]
        )
    except TooManyAttempts as limit:
        return too_many(request, limit, "accounts/reset_password.html", form, {})
    actor = at_the_door(request, account)
    record_access(request, "password_reset", "重置密码", actor=actor, is_allowed=account is not None)
    if account is None:
        form.add_error("code", WRONG)
        return render(request, "accounts/reset_password.html", {"form": form}, status=422)
    request.session.pop(RESET_PHONE, None)
    messages.success(request, DONE)
    return HttpResponseRedirect(reverse("accounts:login"))
