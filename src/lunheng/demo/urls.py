"""Addresses of the demo."""

from django.urls import path

from lunheng.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.start, name="start"),
    path("clock/", views.move_clock, name="clock"),
]
