"""Addresses of this app."""

from django.urls import path

from lunheng.works import views

app_name = "works"
urlpatterns = [
    path("projects/", views.PROJECTS, name="projects"),
    path("projects/new/", views.register_project, name="register_project"),
    path("projects/<int:project_id>/", views.show_project, name="project"),
    path("projects/<int:project_id>/parties/new/", views.add_party, name="add_party"),
    path("projects/<int:project_id>/parties/<int:party_id>/remove/", views.remove_party, name="remove_party"),
    path("projects/<int:project_id>/works/new/", views.register_work, name="register_work"),
    path("projects/<int:project_id>/works/grade/", views.preview_grade, name="preview_grade"),
    path("works/<int:work_id>/", views.show_work, name="work"),
]
