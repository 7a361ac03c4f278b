"""The request for a panel: what the rule asks of it, every reason at once."""

from datetime import timedelta
from typing import Any

import pytest

from lunheng.jurisdictions import law
from lunheng.jurisdictions.models import PackRecord
from lunheng.panels.models import Draw, PanelRequest
from lunheng.plans.models import Review
from tests.factories.story import NINE_PARTS
from tests.plans.hand import Hand

MAIN = {"specialty": "geotechnics", "count": 5, "is_extra": False}


def extra(count: int) -> dict[str, Any]:
    """So many experts of a touched specialty."""
    return {"specialty": "structure", "count": count, "is_extra": True}


def refused(hand: Hand, review: Review, **fields: Any) -> list[str]:
    """The clauses by which a request is refused; nobody was drawn."""
    clauses = hand.refused("contractor", "plans.request_panel", **hand.request(review, **fields))
    assert (PanelRequest.objects.count(), Draw.objects.count()) == (0, 0)
    return clauses


def accepted(hand: Hand, review: Review, **fields: Any) -> PanelRequest:
    """A request that the rule lets through."""
    made: PanelRequest = hand.act("contractor", "plans.request_panel", **hand.request(review, **fields))
    return made


@pytest.mark.clause("QD-四(一)1a", "QD-二(四)1b")
def test_a_lawful_request_is_kept_with_its_needs_and_its_risk(qingdao: Hand) -> None:
    review = qingdao.ready()

    request = accepted(qingdao, review)

    assert (request.mode, request.number, request.state) == ("direct", 1, "open")
    assert (request.risk_level, request.is_risk_confirmed) == ("重大风险", True)
    assert request.organizer == qingdao.world.unit("contractor")
    assert request.project == review.plan.work.project.file.reference
    assert [(one.specialty, one.count, one.is_extra) for one in request.needs.all()] == [
        ("geotechnics", 5, False)
    ]
    assert qingdao.case(review).state == "ready"


@pytest.mark.clause("QD-四(一)1a")
@pytest.mark.parametrize("seat", ["subcontractor", "owner", "supervisor", "agency", "stranger", "station"])
def test_only_the_contractor_of_the_project_requests(qingdao: Hand, seat: str) -> None:
    review = qingdao.ready()

    assert qingdao.refused(seat, "plans.request_panel", **qingdao.request(review)) == ["四（一）1"]


@pytest.mark.clause("QD-二(二)a", "QD-二(三)1b")
class TestHowMany:
    """不少于5名所涉专业专家."""

    def test_four_are_refused(self, qingdao: Hand) -> None:
        assert refused(qingdao, qingdao.ready(), needs=[{**MAIN, "count": 4}]) == ["二（三）", "二（二）"]

    @pytest.mark.parametrize("count", [5, 6, 7])
    def test_five_or_more_are_accepted_even_or_odd(self, qingdao: Hand, count: int) -> None:
        assert accepted(qingdao, qingdao.ready(), needs=[{**MAIN, "count": count}]).needs.get().count == count

    def test_extras_do_not_count_among_the_five(self, qingdao: Hand) -> None:
        needs = [{**MAIN, "count": 4}, extra(2)]

        assert refused(qingdao, qingdao.ready(), needs=needs, touches_other_specialties=True) == ["二（二）"]

    def test_five_may_come_from_several_fitting_specialties(self, qingdao: Hand) -> None:
        needs = [{**MAIN, "count": 3}, {"specialty": "foundation", "count": 2}]

        assert accepted(qingdao, qingdao.ready(), needs=needs).needs.count() == 2

    def test_lines_of_one_specialty_are_added_up(self, qingdao: Hand) -> None:
        needs = [{**MAIN, "count": 3}, {**MAIN, "count": 2}]

        assert accepted(qingdao, qingdao.ready(), needs=needs).needs.get().count == 5


@pytest.mark.clause("QD-二(二)b")
class TestExtras:
    """可增选涉及专业1-2名."""

    @pytest.mark.parametrize("count", [1, 2])
    def test_one_or_two_are_accepted(self, qingdao: Hand, count: int) -> None:
        request = accepted(
            qingdao, qingdao.ready(), needs=[MAIN, extra(count)], touches_other_specialties=True
        )

        assert request.needs.get(is_extra=True).count == count

    def test_three_are_refused(self, qingdao: Hand) -> None:
        needs = [MAIN, extra(3)]

        assert refused(qingdao, qingdao.ready(), needs=needs, touches_other_specialties=True) == ["二（二）"]

    def test_without_a_touched_specialty_they_are_refused(self, qingdao: Hand) -> None:
        assert refused(qingdao, qingdao.ready(), needs=[MAIN, extra(1)]) == ["二（二）"]


@pytest.mark.clause(
    "QD-二(三)1a/class", "QD-二(三)1a/specialty", "QD-二(三)1a/number", "QD-二(三)1a/plan file"
)
class TestWhatARequestMustHold:
    """填写项目信息、设置专业和数量、上传方案."""

    def message(self, hand: Hand, review: Review, **fields: Any) -> str:
        """What the refusal by 二（三） says is missing."""
        verdict = hand.why("contractor", "plans.request_panel", **hand.request(review, **fields))
        return verdict

    def test_a_need_without_specialty(self, qingdao: Hand) -> None:
        needs = [MAIN, {"count": 2}]

        assert refused(qingdao, qingdao.ready(), needs=needs) == ["二（三）"]
        assert self.message(qingdao, Review.objects.get(), needs=needs) == "抽取申请缺少：专业类别"

    @pytest.mark.parametrize("count", [None, 0, -1])
    def test_a_need_without_number(self, qingdao: Hand, count: int | None) -> None:
        needs = [MAIN, {"specialty": "foundation", "count": count}]

        assert self.message(qingdao, qingdao.ready(), needs=needs) == "抽取申请缺少：各专业类别的专家数量"

    def test_a_request_without_the_class_of_the_pool(self, qingdao: Hand) -> None:
        assert self.message(qingdao, qingdao.ready(), pool_key="") == "抽取申请缺少：专家库类别"

    def test_a_request_without_needs(self, qingdao: Hand) -> None:
        review = qingdao.ready()

        assert self.message(qingdao, review, needs=[]) == "抽取申请缺少：专业类别、各专业类别的专家数量"

    def test_a_request_without_a_plan(self, qingdao: Hand) -> None:
        assert refused(qingdao, qingdao.review())[-1] == "二（三）"


@pytest.mark.clause("QD-二(四)1a")
def test_a_pit_needs_a_specialty_that_fits_it(qingdao: Hand) -> None:
    review = qingdao.ready()

    assert refused(qingdao, review, needs=[{**MAIN, "specialty": "curtain_wall"}]) == ["二（四）"]


@pytest.mark.clause("QD-二(四)1a")
def test_a_fitting_extra_does_not_make_the_main_specialties_fit(qingdao: Hand) -> None:
    needs = [{**MAIN, "specialty": "curtain_wall"}, {**MAIN, "count": 1, "is_extra": True}]

    assert refused(qingdao, qingdao.ready(), needs=needs, touches_other_specialties=True) == ["二（四）"]


@pytest.mark.clause("QD-二(四)1b")
def test_qingdao_demands_that_the_risk_is_confirmed(qingdao: Hand) -> None:
    assert refused(qingdao, qingdao.ready(), is_risk_confirmed=False) == ["二（四）"]


@pytest.mark.clause("NN-二(三)d")
def test_nanning_only_warns_when_the_risk_is_not_confirmed(nanning: Hand) -> None:
    request = accepted(nanning, nanning.ready(), is_risk_confirmed=False)

    assert [one["clause"].partition("》")[2] for one in request.warnings] == ["二（三）"]
    assert (request.is_risk_confirmed, request.risk_level) == (False, "重大风险")


@pytest.mark.clause("QD-四(一)2a", "NN-四(一)")
@pytest.mark.parametrize("part", NINE_PARTS)
def test_each_of_the_nine_parts_is_asked_for(qingdao: Hand, part: str) -> None:
    review = qingdao.review()
    parts = {name: 1 for name in NINE_PARTS if name != part}
    qingdao.approve(qingdao.version(review, parts=parts))

    assert refused(qingdao, review) == ["四（一）2"]


@pytest.mark.clause("QD-四(一)2a")
@pytest.mark.parametrize("seat", ["technical_director", "chief_supervisor"])
def test_both_approvals_are_asked_for(qingdao: Hand, seat: str) -> None:
    review = qingdao.review()
    qingdao.approve(qingdao.version(review), seat)

    assert refused(qingdao, review)[0] == "四（一）2"


@pytest.mark.clause("QD-四(一)2b")
def test_the_statement_that_the_plan_fits_the_site_is_asked_for(qingdao: Hand) -> None:
    review = qingdao.review()
    qingdao.approve(qingdao.version(review, has_site_statement=False))

    assert refused(qingdao, review)[0] == "四（一）2"


@pytest.mark.clause("NN-四(一)")
def test_nanning_asks_for_the_same_by_its_own_clause(nanning: Hand) -> None:
    review = nanning.review()
    nanning.approve(nanning.version(review, parts={"overview": 1}, has_site_statement=False))

    assert refused(nanning, review)[0] == "四（一）"


@pytest.mark.parametrize(("mode", "place"), [("on_site", ""), ("on_site", "  ")])
def test_a_meeting_on_site_has_a_place(qingdao: Hand, mode: str, place: str) -> None:
    assert len(refused(qingdao, qingdao.ready(), meeting_mode=mode, meeting_place=place)) == 1


def test_a_meeting_lies_ahead(qingdao: Hand) -> None:
    review = qingdao.ready()
    arguments = qingdao.request(review, meeting_at=qingdao.now)

    assert qingdao.why("contractor", "plans.request_panel", **arguments) == "论证会时间已过"


@pytest.mark.clause("NN-四(三)a/two days")
def test_nanning_refuses_a_meeting_before_which_the_plan_could_not_arrive_in_time(nanning: Hand) -> None:
    review = nanning.ready()

    assert refused(nanning, review, meeting_at=nanning.now + timedelta(days=1)) == ["四（三）"]
    assert accepted(nanning, review, meeting_at=nanning.now + timedelta(days=2)).state == "open"


def test_several_faults_are_told_at_once_in_the_order_of_the_work(qingdao: Hand) -> None:
    review = qingdao.review()
    qingdao.approve(qingdao.version(review, has_site_statement=False))

    clauses = refused(
        qingdao,
        review,
        needs=[{"specialty": "curtain_wall", "count": 4}, extra(3)],
        is_risk_confirmed=False,
        meeting_place="",
    )

    assert clauses[:4] == ["四（一）2", "二（四）", "二（二）", "二（二）"]
    assert clauses[4] == "二（四）"


def test_a_case_has_one_request_at_a_time(qingdao: Hand) -> None:
    review = qingdao.ready()
    accepted(qingdao, review)

    arguments = qingdao.request(review)
    assert qingdao.why("contractor", "plans.request_panel", **arguments) == "本案已有抽取申请"


class TestTakingItBack:
    """撤回抽取申请."""

    def test_before_the_draw_it_may_be_taken_back_and_asked_again(self, qingdao: Hand) -> None:
        review = qingdao.ready()
        request = accepted(qingdao, review)

        qingdao.act("contractor", "plans.cancel_request", request_id=request.pk, reason="会议改期")

        assert PanelRequest.objects.get().state == "cancelled"
        assert accepted(qingdao, review, reason="会议改期").number == 2

    def test_after_the_draw_it_stands(self, qingdao: Hand) -> None:
        request = accepted(qingdao, qingdao.ready())
        PanelRequest.objects.update(state="drawn")

        assert qingdao.refused(
            "contractor", "plans.cancel_request", request_id=request.pk, reason="想换人"
        ) == ["四（一）1"]

    def test_a_reason_is_needed(self, qingdao: Hand) -> None:
        request = accepted(qingdao, qingdao.ready())

        message = qingdao.why("contractor", "plans.cancel_request", request_id=request.pk, reason=" ")
        assert message == "撤回申请须写明理由"

    def test_others_do_not_take_it_back(self, qingdao: Hand) -> None:
        request = accepted(qingdao, qingdao.ready())

        assert qingdao.refused("owner", "plans.cancel_request", request_id=request.pk, reason="反对") == [
            "四（一）1"
        ]


def newer_pack() -> PackRecord:
    """A later wording of Qingdao's pack, in force from 2026-12-01."""
    from lunheng.jurisdictions import packs

    city = packs.read("qingdao-2025")
    documents = {**city.documents, "pack.toml": {**city.documents["pack.toml"], "version": "2026.2"}}
    coverage = {**documents["scope.toml"]["scope"]["coverage"], "from_on": "2026-12-01"}
    documents["scope.toml"] = {
        **documents["scope.toml"],
        "scope": {**documents["scope.toml"]["scope"], "coverage": coverage},
    }
    from lunheng.core.policy import resolve
    from lunheng.core.policy.load import build

    pack = resolve(build(documents), packs.read("cn"), packs.read("platform"))
    return packs.record(pack, at=PackRecord.objects.earliest("loaded_at").loaded_at)


@pytest.mark.clause("QD-一(一)b/running", "NN-一c/running")
def test_the_request_takes_the_version_in_force_on_its_day_and_keeps_it(qingdao: Hand) -> None:
    newer_pack()
    review = qingdao.ready()
    other = qingdao.ready(review.plan.work)
    accepted(qingdao, other)
    qingdao.clock.advance(days=10)
    law.forget()

    accepted(qingdao, review)

    assert qingdao.case(review).law.version == "2026.2"
    assert qingdao.case(other).law.version == "2025.1"
    assert qingdao.case(review).requested_on == qingdao.now.date()


@pytest.mark.clause("QD-一(一)b/running")
def test_a_request_that_is_repeated_keeps_the_law_of_the_first(qingdao: Hand) -> None:
    newer_pack()
    review = qingdao.ready()
    request = accepted(qingdao, review)
    qingdao.act("contractor", "plans.cancel_request", request_id=request.pk, reason="会议改期")
    qingdao.clock.advance(days=10)
    law.forget()

    accepted(qingdao, review)

    assert qingdao.case(review).law.version == "2025.1"


class TestPush:
    """南宁: 系统推送 10 人."""

    def test_without_needs_the_candidates_spread_over_the_fitting_specialties(self, nanning: Hand) -> None:
        request = accepted(nanning, nanning.ready(), needs=[])

        assert request.mode == "push"
        assert {one.specialty: one.count for one in request.needs.all()} == {
            "geotechnics": 2,
            "foundation": 2,
            "hydrogeology": 2,
            "monitoring": 2,
            "structure": 2,
        }

    @pytest.mark.clause("NN-二(二)b/plan file")
    def test_without_a_plan_nothing_is_pushed(self, nanning: Hand) -> None:
        assert "二（二）" in refused(nanning, nanning.review())

    def test_fewer_than_five_are_refused(self, nanning: Hand) -> None:
        assert refused(nanning, nanning.ready(), needs=[{**MAIN, "count": 4}]) == ["二（二）"]
