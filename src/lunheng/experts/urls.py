"""Addresses of this app."""

from django.urls import URLPattern

app_name = "experts"
urlpatterns: list[URLPattern] = []
