"""Addresses of this app."""

from django.urls import path

from lunheng.procedures.views import matters, sessions, steps

app_name = "procedures"
urlpatterns = [
    path("procedures/", matters.PROCEEDINGS, name="proceedings"),
    path("procedures/<int:proceeding_id>/", matters.show_proceeding, name="proceeding"),
    path("procedures/<int:proceeding_id>/withdraw/", steps.withdraw, name="withdraw"),
    path("procedures/<int:proceeding_id>/step/<slug:step>/", steps.take_step, name="step"),
    path("procedures/<int:proceeding_id>/step/<slug:step>/draft/", steps.keep_draft, name="draft"),
    path("procedures/<int:proceeding_id>/sample/<slug:step>/", steps.draw_sample, name="sample"),
    path("procedures/session/<slug:procedure>/<slug:step>/", sessions.review, name="session"),
    path("procedures/objections/<int:objection_id>/", steps.answer_objection, name="objection"),
]
