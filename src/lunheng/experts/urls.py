"""Addresses of this app."""

from django.urls import path

from lunheng.experts import views

app_name = "experts"
urlpatterns = [
    path("experts/", views.REGISTER, name="register"),
    path("experts/new/", views.admit_expert, name="admit"),
    path("experts/export/", views.REGISTER.workbook_of, name="export"),
    path("experts/<int:expert_id>/", views.show_file, name="file"),
    path("experts/<int:expert_id>/<slug:change>/", views.change_file, name="change"),
    path("my/file/", views.show_my_file, name="my_file"),
]
