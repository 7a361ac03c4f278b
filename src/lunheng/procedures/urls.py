"""Addresses of this app."""

from django.urls import path

from lunheng.procedures.views import matters, steps

app_name = "procedures"
urlpatterns = [
    path("procedures/", matters.list_proceedings, name="proceedings"),
    path("procedures/<int:proceeding_id>/", matters.show_proceeding, name="proceeding"),
    path("procedures/<int:proceeding_id>/withdraw/", steps.withdraw, name="withdraw"),
    path("procedures/<int:proceeding_id>/step/<slug:step>/", steps.take_step, name="step"),
    path("procedures/objections/<int:objection_id>/", steps.answer_objection, name="objection"),
]
