"""The account of somebody who wants to enter a pool and has none: by a code sent to the number of the application
(南住建〔2019〕104号 三（三）：凭申请入库的手机号码和密码登录)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from lunheng.accounts import codes
from lunheng.accounts.cities import City
from lunheng.accounts.forms import ApplicantForm, ResetForm
from lunheng.accounts.permissions import Entrance, may_enter, may_log_in_by
from lunheng.accounts.throttle import TooManyAttempts, address_of
from lunheng.accounts.traces import record_access
from lunheng.accounts.views.doors import PHONE
from lunheng.accounts.views.landing import admit, at_the_door, chosen_city, too_many, turn_away
from lunheng.accounts.views.resets import WRONG

NEW_NAME, NEW_PHONE = "applicant_name", "applicant_phone"
SENT = "验证码已经发出，请查看短信"


@never_cache
def request_code(request: HttpRequest) -> HttpResponse:
    """Name and number; the code goes to it, whether the number is known or not."""
    city = chosen_city(request)
    if city is None:
        return HttpResponseRedirect(reverse("accounts:applicant"))
    if refusal := _refused(request, city):
        return refusal
    form, context = ApplicantForm(request.POST or None), {"city": city}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/new_applicant.html", {**context, "form": form}, status=status)
    phone = form.cleaned_data["phone"]
    try:
        codes.request_code(phone=phone, address=address_of(request), at=request.at, is_open=True)  # type: ignore[attr-defined]
    except TooManyAttempts as limit:
        return too_many(request, limit, "accounts/new_applicant.html", form, context)
    record_access(request, "password_code", f"{city.name}：申请人获取验证码", actor=at_the_door(request))
    request.session[NEW_NAME], request.session[NEW_PHONE] = form.cleaned_data["name"], phone
    messages.info(request, SENT)
    return HttpResponseRedirect(reverse("accounts:register_applicant"))


@never_cache
@sensitive_post_parameters("code", "password", "again")
def register(request: HttpRequest) -> HttpResponse:
    """The code and a password; then the person is logged in and goes on to the application."""
    city, name = chosen_city(request), str(request.session.get(NEW_NAME, ""))
    if city is None or not name:
        return HttpResponseRedirect(reverse("accounts:new_applicant"))
    if refusal := _refused(request, city):
        return refusal
    context = {"city": city}
    if request.method != "POST":
        form = ResetForm(initial={"phone": request.session[NEW_PHONE].removeprefix("+86")})
        return render(request, "accounts/register_applicant.html", {**context, "form": form})
    form = ResetForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/register_applicant.html", {**context, "form": form}, status=422)
    try:
        return _register(request, form, city, name)
    except TooManyAttempts as limit:
        return too_many(request, limit, "accounts/register_applicant.html", form, context)


def _register(request: HttpRequest, form: ResetForm, city: City, name: str) -> HttpResponse:
    what = f"{city.name}{Entrance.APPLICANT.label}"
    account = codes.register(
        phone=form.cleaned_data["phone"],
        name=name,
        code=form.cleaned_data["code"],
        password=form.cleaned_data["password"],
        address=address_of(request),
        at=request.at,  # type: ignore[attr-defined]
    )
    if account is None:
        record_access(request, "login", f"{what}：登记未成", actor=at_the_door(request), is_allowed=False)
        form.add_error("code", WRONG)
        return render(request, "accounts/register_applicant.html", {"city": city, "form": form}, status=422)
    verdict = may_enter(Entrance.APPLICANT, account, city.law)
    if not verdict.is_allowed:
        return turn_away(request, verdict, what=what, account=account, how=PHONE)
    del request.session[NEW_NAME], request.session[NEW_PHONE]
    return admit(request, account, how=PHONE, city=city, entrance=Entrance.APPLICANT)


def _refused(request: HttpRequest, city: City) -> HttpResponse | None:
    """Where the city proves identities by a service, nobody makes an account by a number."""
    verdict = may_log_in_by(PHONE, city.law)
    if verdict.is_allowed:
        return None
    return turn_away(request, verdict, what=f"{city.name}{Entrance.APPLICANT.label}", how=PHONE)
