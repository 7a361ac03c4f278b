"""The shell's own addresses."""

from django.urls import path

from lunheng.web import views

app_name = "web"
urlpatterns = [path("display/large-type/", views.switch_large_type, name="large_type")]
