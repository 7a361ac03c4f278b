"""Addresses of opinions, the report, its upload and the closing."""

from django.urls import path

from lunheng.reports.views import closing, opinions, report

app_name = "reports"
urlpatterns = [
    path("my/reviews/<int:case_id>/", opinions.prereview, name="prereview"),
    path("my/reviews/<int:case_id>/vote/", opinions.vote, name="vote"),
    path("cases/<int:case_id>/report/", report.show_report, name="report"),
    path("cases/<int:case_id>/report/defects/", opinions.defects, name="defects"),
    path("cases/<int:case_id>/report/defects/<str:item>/clear/", opinions.clear_defect, name="clear_defect"),
    path("cases/<int:case_id>/report/compile/", report.compile_report, name="compile"),
    path("cases/<int:case_id>/report/sign/", report.sign, name="sign"),
    path("cases/<int:case_id>/report/upload/", report.upload, name="upload"),
    path("cases/<int:case_id>/report/submit/", report.submit, name="submit"),
    path("cases/<int:case_id>/report/reopen/", report.reopen, name="reopen"),
    path("cases/<int:case_id>/report/revision/", closing.revision, name="revision"),
    path("cases/<int:case_id>/report/revision/<int:item>/", closing.answer_item, name="answer_item"),
    path("cases/<int:case_id>/report/recheck/", closing.recheck, name="recheck"),
    path("cases/<int:case_id>/report/approval/", closing.approval, name="approval"),
    path("cases/<int:case_id>/report/works/", closing.works, name="works"),
    path("cases/<int:case_id>/report/change/", closing.change, name="change"),
    path("cases/<int:case_id>/report/outside/", closing.outside, name="outside"),
]
