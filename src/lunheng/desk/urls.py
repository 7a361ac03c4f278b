"""Addresses of the desk."""

from django.urls import path

from lunheng.desk import audit, lists, views

app_name = "desk"
urlpatterns = [
    path("desk/", views.home, name="home"),
    path("my/", views.home, name="my"),
    path("desk/findings/", views.show_findings, name="findings"),
    path("records/refusals/", audit.REFUSALS, name="refusals"),
    path("records/accesses/", audit.ACCESSES, name="accesses"),
    path("records/mine/refusals/", audit.OWN_REFUSALS, name="own_refusals"),
    path("records/mine/accesses/", audit.OWN_ACCESSES, name="own_accesses"),
    path("cases/", lists.CASES, name="cases"),
    path("cases/<int:case_id>/", views.show_case, name="case"),
    path("cases/<int:case_id>/timeline/", views.show_timeline, name="record"),
    path("cases/<int:case_id>/timeline.json", views.export_timeline, name="timeline"),
    path("cases/<int:case_id>/file.zip", views.export_case_file, name="case_file"),
]
