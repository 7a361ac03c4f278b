"""A review under a city of three files: nobody compiles its report and nobody hands in its results."""

import pytest

from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.jurisdictions import packs
from lunheng.meetings.queries import leader_of
from lunheng.reports.permissions import may_compile, may_upload
from tests.law import three_files
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db

UNSAID = "第十五条"


def hollow(panel: Seated) -> Case:
    """The same review, had it been pinned to the three files."""
    record = packs.record(three_files.resolved(), at=panel.clock.now())
    Case.objects.filter(pk=panel.case.pk).update(pack=record)
    return Case.objects.get(pk=panel.case.pk)


def told(matter: str) -> str:
    return f"{three_files.LAYERS}都没有规定“{matter}”，在规则写明之前不得办理"


def test_nobody_compiles_the_report_not_even_the_leader(panel: Seated) -> None:
    panel.hold()
    case = hollow(panel)
    leader = leader_of(case)
    assert leader is not None
    actor = Actor("leader", Role.EXPERT, name="虚构·组长", expert=leader.expert.reference)

    reason = may_compile(actor, case).reasons[0]

    assert (reason.clause.number, reason.message) == (UNSAID, told("论证报告的汇总"))


def test_nobody_hands_in_the_results_not_even_the_contractor_of_the_review(panel: Seated) -> None:
    panel.hold()
    panel.sign(panel.compile())
    panel.upload("report", "sign_in")
    hollow(panel)

    assert panel.clauses("contractor", "reports.submit_results", case_id=panel.case.pk) == [UNSAID]


@pytest.mark.parametrize("role", [Role.CONTRACTOR, Role.AGENCY, Role.OWNER])
def test_an_unrelated_unit_uploads_nothing(panel: Seated, role: Role) -> None:
    panel.hold()
    stranger = Actor("stranger", role, name="虚构·外人", organization="91370200000000000X")

    reason = may_upload(stranger, hollow(panel), "record.upload").reasons[0]

    assert (reason.clause.number, reason.message) == (UNSAID, told("论证资料的上传"))
