"""Addresses of this app."""

from django.urls import path

from lunheng.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.NOTICES, name="notices"),
    path("notices/<int:notice_id>/", views.show_notice, name="notice"),
]
