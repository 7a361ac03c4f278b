"""Addresses of this app."""

from django.urls import path

from lunheng.pools import views

app_name = "pools"
urlpatterns = [
    path("calendar/", views.show_calendar, name="calendar"),
    path("calendar/days/", views.enter_days, name="enter_days"),
    path("calendar/year/", views.declare_year, name="declare_year"),
    path("apply/", views.list_openings, name="openings"),
    path("apply/<slug:key>/<slug:procedure>/", views.open_proceeding, name="open"),
    path("apply/<slug:key>/<slug:procedure>/draft/", views.keep_draft, name="draft"),
]
