"""The acts of opinions, votes, defects, the report, its upload and the closing."""

from lunheng.reports.actions.compiling import attach_document, compile_report, correct_report
from lunheng.reports.actions.defects import answer_defects, clear_defect
from lunheng.reports.actions.invalidating import invalidate_review
from lunheng.reports.actions.opinions import attach_form, record_missing_opinions, submit_opinion
from lunheng.reports.actions.revising import (
    answer_item,
    approve_revision,
    recheck_revision,
    submit_revision,
)
from lunheng.reports.actions.sealing import seal_document
from lunheng.reports.actions.signing import sign_report, upload_signed_report
from lunheng.reports.actions.uploading import (
    record_overdue,
    record_service,
    remind_upload,
    submit_results,
    upload_outside_conclusion,
    upload_result,
)
from lunheng.reports.actions.voting import cast_vote, reopen_votes, settle_votes
from lunheng.reports.actions.works import change_plan, start_works

__all__ = [
    "answer_defects",
    "answer_item",
    "approve_revision",
    "attach_document",
    "attach_form",
    "cast_vote",
    "change_plan",
    "clear_defect",
    "compile_report",
    "correct_report",
    "invalidate_review",
    "recheck_revision",
    "record_missing_opinions",
    "record_overdue",
    "record_service",
    "remind_upload",
    "reopen_votes",
    "seal_document",
    "settle_votes",
    "sign_report",
    "start_works",
    "submit_opinion",
    "submit_results",
    "submit_revision",
    "upload_outside_conclusion",
    "upload_result",
    "upload_signed_report",
]
