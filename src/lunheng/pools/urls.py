"""Addresses of this app."""

app_name = "pools"
urlpatterns: list[object] = []
