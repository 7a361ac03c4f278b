"""Addresses of this app."""

app_name = "notices"
urlpatterns: list[object] = []
