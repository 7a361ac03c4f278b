"""Addresses of documents."""

from django.urls import path

from lunheng.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/upload/", views.upload, name="upload"),
    path("documents/<int:document_id>/", views.detail, name="detail"),
    path("documents/<int:document_id>/download/", views.download, name="download"),
    path("documents/<int:document_id>/show/", views.show, name="show"),
    path("cases/<int:case_id>/papers/<slug:paper>/", views.print_paper, name="paper"),
]
