"""Addresses of this app."""

from django.urls import path

from lunheng.plans.views import approvals, entrustment, plan, request, reviews

app_name = "plans"
urlpatterns = [
    path("reviews/", reviews.REVIEWS, name="reviews"),
    path("works/<int:work_id>/reviews/", reviews.reviews_of_work, name="reviews_of_work"),
    path("works/<int:work_id>/reviews/new/", reviews.open_review, name="open_review"),
    path("works/<int:work_id>/reviews/legacy/", reviews.enter_legacy_review, name="enter_legacy_review"),
    path("cases/<int:case_id>/plan/", plan.show_plan, name="plan"),
    path("cases/<int:case_id>/plan/submit/", plan.submit_version, name="submit_version"),
    path("cases/<int:case_id>/plan/review/", approvals.review_version, name="review_version"),
    path("cases/<int:case_id>/plan/secret/", plan.mark_secret, name="mark_secret"),
    path("cases/<int:case_id>/plan/open/", plan.open_version, name="open_version"),
    path("cases/<int:case_id>/panel-request/", request.request_panel, name="request_panel"),
    path("cases/<int:case_id>/panel-request/depth/", request.show_depth, name="depth"),
    path("cases/<int:case_id>/panel-request/cancel/", request.cancel_request, name="cancel_request"),
    path("cases/<int:case_id>/entrustment/", entrustment.show_entrustment, name="entrustment"),
    path("cases/<int:case_id>/entrustment/accept/", entrustment.accept_entrustment, name="accept"),
    path("cases/<int:case_id>/entrustment/end/", entrustment.end_entrustment, name="end"),
]
