"""Addresses of messages."""

from django.urls import path

from lunheng.messaging import views

app_name = "messaging"
urlpatterns = [
    path("my/letters/", views.LETTERS, name="letters"),
    path("messages/callback/<slug:name>/<str:token>/", views.callback, name="callback"),
    path("demo/messages/", views.SIMULATOR, name="simulator"),
    path("demo/messages/phones/", views.simulate_phone, name="simulate_phone"),
    path("demo/messages/<int:message_id>/report/", views.simulate_report, name="simulate_report"),
]
