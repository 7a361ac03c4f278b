"""Addresses of this app."""

from django.urls import path

from lunheng.accounts.permissions import Entrance
from lunheng.accounts.views import demo, doors, identity, manuals, registering, resets, seats

app_name = "accounts"
urlpatterns = [
    path("login/", doors.login, name="login"),
    path("login/company/", doors.enter, {"entrance": Entrance.COMPANY}, name="company"),
    path("login/expert/", doors.enter, {"entrance": Entrance.EXPERT}, name="expert"),
    path("login/applicant/", doors.enter, {"entrance": Entrance.APPLICANT}, name="applicant"),
    path("login/applicant/new/", registering.request_code, name="new_applicant"),
    path("login/applicant/new/code/", registering.register, name="register_applicant"),
    path("login/office/", doors.enter, {"entrance": Entrance.OFFICE}, name="office"),
    path("login/identity/<slug:city>/", identity.begin, name="identity"),
    path("login/identity/<slug:city>/callback/", identity.callback, name="identity_callback"),
    path("login/reset/", resets.request_code, name="request_code"),
    path("login/reset/password/", resets.reset_password, name="reset_password"),
    path("logout/", seats.logout, name="logout"),
    path("seat/", seats.switch_seat, name="switch_seat"),
    path("manual/company/", manuals.company_manual, name="company_manual"),
    path("manual/expert/", manuals.expert_manual, name="expert_manual"),
    path("demo/login/", demo.demo_login, name="demo_login"),
]
