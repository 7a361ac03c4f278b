"""Addresses of this app."""

app_name = "procedures"
urlpatterns: list[object] = []
