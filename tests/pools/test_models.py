"""The service record: one fact, written once."""

from lunheng.core.clauses import Clause
from lunheng.pools.models import ServiceRecord
from tests.plans.hand import Hand


def test_one_fact_is_written_once(qingdao: Hand) -> None:
    file, clause = qingdao.world.experts[0].file, Clause("虚构规则", "二（三）")

    first = ServiceRecord.write(file, "no_answer", qingdao.now, clause, "6小时内未确认", "LZ-1", True)
    again = ServiceRecord.write(file, "no_answer", qingdao.now, clause, "6小时内未确认", "LZ-1", True)

    assert first == again
    assert (first.clause, first.review, first.is_for_yearly_evaluation) == (
        "《虚构规则》二（三）",
        "LZ-1",
        True,
    )


def test_facts_of_two_reviews_are_two(qingdao: Hand) -> None:
    file = qingdao.world.experts[0].file
    cases = [qingdao.review().case, qingdao.review().case]

    for case in cases:
        ServiceRecord.write(file, "attended", qingdao.now, "《虚构规则》一", review=case)

    assert [record.review for record in file.service_records.order_by("id")] == [
        case.reference for case in cases
    ]
